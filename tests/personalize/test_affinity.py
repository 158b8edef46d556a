"""Affinity: which category is the most viewed one, and how ties are settled."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from gateway.personalize.affinity import top_category
from gateway.personalize.history import ViewedProduct
from gateway.personalize.products import Catalogue
from tests.factories import a_product

TODAY = date(2026, 3, 10)
CATALOGUE = Catalogue.of(
    [
        a_product("family", categories=("gear/tents/family",)),
        a_product("light", categories=("gear/tents/light",)),
        a_product("stove", categories=("gear/cooking",)),
        a_product("jacket", categories=("clothing",)),
        a_product("poncho", categories=("clothing", "gear/tents")),
        a_product("voucher"),
    ]
)


def views(*written: str) -> list[ViewedProduct]:
    """Views, each written as "SKU day-of-March times"."""
    found = []
    for one in written:
        sku, day, times = one.split()
        found.append(ViewedProduct(sku, date(2026, 3, int(day)), int(times)))
    return found


@pytest.mark.parametrize(
    ("viewed", "expected"),
    [
        pytest.param([], (), id="nothing viewed"),
        pytest.param(["voucher 9 5"], (), id="in no category"),
        pytest.param(["gone 9 5"], (), id="no longer sold"),
        pytest.param(["jacket 9 1"], ("clothing",), id="one view"),
        pytest.param(
            ["jacket 9 3", "family 9 2", "light 9 2"],
            ("gear", "gear/tents", "gear/tents/family"),
            id="views below a category are its own",
        ),
        pytest.param(
            ["jacket 9 5", "family 9 2", "light 9 2"], ("clothing",), id="more views"
        ),
        pytest.param(
            ["stove 9 2", "jacket 8 2"], ("gear", "gear/cooking"), id="viewed later"
        ),
        pytest.param(["stove 9 2", "jacket 9 2"], ("clothing",), id="first by name"),
        pytest.param(
            ["stove 9 1", "stove 8 1", "jacket 9 1"],
            ("gear", "gear/cooking"),
            id="views of several days are added",
        ),
        pytest.param(
            ["poncho 9 1", "stove 8 1"],
            ("gear", "gear/tents"),
            id="a product in two categories counts in both",
        ),
    ],
)
def test_the_top_category_is_found_from_the_top(
    viewed: list[str], expected: tuple[str, ...]
) -> None:
    found = views(*viewed)

    assert top_category(found, CATALOGUE, TODAY) == expected
    # In whichever order they are remembered.
    Random(1).shuffle(found)
    assert top_category(found, CATALOGUE, TODAY) == expected


@pytest.mark.parametrize(("days", "expected"), [(9, ("clothing",)), (8, ())])
def test_only_views_of_the_last_days_count(
    days: int, expected: tuple[str, ...]
) -> None:
    viewed = views("jacket 1 9")

    assert top_category(viewed, CATALOGUE, TODAY, days) == expected
