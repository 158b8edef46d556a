"""Which category a shopper has been drawn to: the one they viewed most, lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gateway.personalize.history import ViewedProduct
from gateway.personalize.operators import Values
from gateway.personalize.products import Catalogue

DAYS = 30
"""How many days ago a view may be, where nobody has said otherwise."""


@dataclass
class _Tally:
    """How often a category was viewed, and on which day last."""

    path: str
    views: int = 0
    last: date = date.min

    def add(self, view: ViewedProduct) -> None:
        self.views += view.views
        self.last = max(self.last, view.day)

    @property
    def order(self) -> tuple[int, int, str]:
        """Viewed more comes first; then viewed later; then by name."""
        return -self.views, -self.last.toordinal(), self.path


def top_category(
    viewed: Iterable[ViewedProduct], catalogue: Catalogue, today: date, days: int = DAYS
) -> Values:
    """Return the most viewed category up to *days* ago, after those above it.

    It is found from the top: the most viewed of all, then the most viewed below that
    one, until nothing below was viewed. So two views of family tents and two of light
    ones are more tents than three jackets are clothing. Among equals the one that was
    viewed on a later day comes first, then the first by its path.
    """
    below: dict[str, dict[str, _Tally]] = {}
    for view in viewed:
        if (today - view.day).days > days:
            continue
        for path in catalogue.find(view.sku).categories_with_ancestors:
            siblings = below.setdefault(str(path).rpartition("/")[0], {})
            siblings.setdefault(str(path), _Tally(str(path))).add(view)
    found: list[str] = []
    while siblings := below.get(found[-1] if found else "", {}):
        found.append(min(siblings.values(), key=lambda one: one.order).path)
    return Values(found)
