"""Conditions on the parent of what is in a cart, or on its children, alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gateway.personalize.clocks import Clock
from gateway.personalize.conditions import Condition
from gateway.personalize.context import CartItem
from gateway.personalize.products import Product


class Relatives(StrEnum):
    """Of whom a product's attribute is asked, where a line is more than one product."""

    PARENT = "parent"
    CHILDREN = "children"

    def of(self, item: CartItem) -> Iterable[CartItem]:
        """Return the parent or the children; the line itself where it has none."""
        if self is Relatives.PARENT:
            return (item.own_parent,)
        return item.own_children


@dataclass(frozen=True)
class OfRelatives:
    """A condition that the parent satisfies, or one of the children.

    Adobe Commerce, cart price rules: attributes "(Parent Only)" and "(Children Only)".
    """

    relatives: Relatives
    condition: Condition

    @property
    def clocks(self) -> frozenset[Clock]:
        """The clocks of the condition."""
        return self.condition.clocks

    def holds(self, subject: CartItem) -> bool:
        """Whether the condition holds of one of them."""
        return any(self.condition.holds(one) for one in self.relatives.of(subject))

    def bound(self, matched: Product) -> OfRelatives:  # noqa: ARG002
        """Return itself: lines belong to the shopper, not to a product."""
        return self
