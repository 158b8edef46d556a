"""What a condition is once it is parsed: values that can be asked, totally.

``holds`` cannot raise: kinds, operators and values were settled when the tree was
parsed (``grammar.parse``). A condition is asked of one subject: the context, a
product, a line of the cart, an address or an order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from gateway.personalize.attributes import Scope
from gateway.personalize.clocks import Clock
from gateway.personalize.context import CartItem
from gateway.personalize.operators import Operator, Value, Values
from gateway.personalize.products import Product

Elements = Callable[[Any], Iterable[Any]]


class Condition(Protocol):
    """Something which holds, or does not, of a subject."""

    @property
    def clocks(self) -> frozenset[Clock]:
        """What strikes when it may begin to hold, or cease, by time alone."""
        ...

    def holds(self, subject: Any) -> bool:
        """Whether it holds."""
        ...

    def bound(self, matched: Product) -> Condition:
        """Return this condition with every "same as matched" made a constant.

        It is the condition itself where there is none.
        """
        ...


@dataclass(frozen=True)
class Combination:
    """ALL or ANY of *children* are TRUE or FALSE (*are*); none at all holds.

    Adobe Commerce, condition engine: a combination without children passes.
    """

    every: bool
    children: tuple[Condition, ...] = ()
    are: bool = True

    @property
    def clocks(self) -> frozenset[Clock]:
        """The clocks of every child."""
        return frozenset[Clock]().union(*(child.clocks for child in self.children))

    def holds(self, subject: Any) -> bool:
        """Whether the combination holds, asking no more children than it must."""
        every, are = self.every, self.are
        for child in self.children:
            if (child.holds(subject) is are) is not every:
                return not every
        return every or not self.children

    def bound(self, matched: Product) -> Combination:
        """Bind every child."""
        children = tuple(child.bound(matched) for child in self.children)
        if all(new is old for new, old in zip(children, self.children, strict=True)):
            return self
        return Combination(self.every, children, self.are)


ALWAYS = Combination(every=True)
NEVER = Combination(every=False, children=(ALWAYS,), are=False)


@dataclass(frozen=True)
class Comparison:
    """An attribute of the subject, compared with a constant.

    *scope* is what of the subject decides it: all of it where that is not said.
    """

    attribute: str
    read: Callable[[Any], Value]
    operator: Operator
    wanted: Value
    clocks: frozenset[Clock] = frozenset()
    scope: Scope = Scope.CONTEXT

    def holds(self, subject: Any) -> bool:
        """Whether the attribute's value compares as wanted."""
        return self.operator.holds(self.read(subject), self.wanted)

    def bound(self, matched: Product) -> Comparison:  # noqa: ARG002
        """Return itself: a constant needs no matched product."""
        return self


@dataclass(frozen=True)
class SameAsMatched:
    """An attribute of a candidate, compared with the matched product's own value.

    *read_matched* reads the latter. *percent* scales a number: 110 asks about 110
    percent of the matched price.
    """

    attribute: str
    read: Callable[[Any], Value]
    read_matched: Callable[[Any], Value]
    operator: Operator
    wants_list: bool
    percent: Decimal | None = None
    clocks: frozenset[Clock] = frozenset()

    def holds(self, subject: Any) -> bool:  # noqa: ARG002
        """Hold of nothing before it is bound."""
        return False

    def bound(self, matched: Product) -> Condition:
        """Compare with what *matched* has; hold of nothing if it has nothing."""
        value = self.read_matched(matched)
        if value is None or value == ():
            return NEVER
        if self.percent is not None and isinstance(value, Decimal):
            value = value * self.percent / 100
        if self.wants_list:
            value = Values(value if isinstance(value, tuple) else (value,))
        return Comparison(self.attribute, self.read, self.operator, value)


@dataclass(frozen=True)
class Found:
    """Some element of a list, or none of them, satisfies the *condition*.

    *scope* is what the list is a function of, and *asked* says what is looked for:
    "found cart.items".
    """

    elements: Elements
    condition: Condition
    found: bool = True
    scope: Scope = Scope.CONTEXT
    asked: str = ""

    @property
    def clocks(self) -> frozenset[Clock]:
        """The clocks of the condition."""
        return self.condition.clocks

    def holds(self, subject: Any) -> bool:
        """Whether one is found, or none is."""
        for one in self.elements(subject):
            if self.condition.holds(one):
                return self.found
        return not self.found

    def bound(self, matched: Product) -> Found:  # noqa: ARG002
        """Return itself: lists belong to the shopper, not to a product."""
        return self


@dataclass(frozen=True)
class OfLine:
    """A condition on a line of the cart, satisfied by one of the line's faces.

    Adobe Commerce, cart price rules: conditions are asked of a configurable product
    and, where they fail, of its child in the cart. All of them must hold of the same
    one; "is not" therefore fails only if both fail.
    """

    condition: Condition

    @property
    def clocks(self) -> frozenset[Clock]:
        """The clocks of the condition."""
        return self.condition.clocks

    def holds(self, subject: CartItem) -> bool:
        """Whether the condition holds of the product or of its configurable."""
        return any(self.condition.holds(face) for face in subject.faces)

    def bound(self, matched: Product) -> OfLine:  # noqa: ARG002
        """Return itself: lines belong to the shopper, not to a product."""
        return self


Fold = Callable[[Sequence[Decimal]], Decimal]

_1 = Decimal(1)


def once(_: Any) -> Value:
    """Return what each element counts where elements are counted."""
    return _1


@dataclass(frozen=True)
class Aggregate:
    """The number, sum or average over a list's fitting elements, compared.

    Over no elements every aggregate is 0, so that "fewer than 1 order" holds of a
    customer who never ordered. *scope* is what the list is a function of, and *asked*
    says what is compared: "sum item.quantity".
    """

    elements: Elements
    condition: Condition
    measure: Callable[[Any], Value]
    fold: Fold
    operator: Operator
    wanted: Value
    measure_clocks: frozenset[Clock] = frozenset()
    scope: Scope = Scope.CONTEXT
    asked: str = ""

    @property
    def clocks(self) -> frozenset[Clock]:
        """The clocks of the condition and of what is measured."""
        return self.measure_clocks | self.condition.clocks

    def holds(self, subject: Any) -> bool:
        """Whether the aggregate compares as wanted."""
        return self.operator.holds(self.value(subject), self.wanted)

    def value(self, subject: Any) -> Decimal:
        """Return the number, sum or average."""
        fitting = (
            self.measure(one)
            for one in self.elements(subject)
            if self.condition.holds(one)
        )
        numbers = [value for value in fitting if isinstance(value, Decimal)]
        return self.fold(numbers)

    def bound(self, matched: Product) -> Aggregate:  # noqa: ARG002
        """Return itself: lists belong to the shopper, not to a product."""
        return self


_ZERO = Decimal(0)


def _average(numbers: Sequence[Decimal]) -> Decimal:
    return sum(numbers, _ZERO) / len(numbers) if numbers else _ZERO


FOLDS: dict[str, Fold] = {
    "count": lambda numbers: Decimal(len(numbers)),
    "sum": lambda numbers: sum(numbers, _ZERO),
    "average": _average,
}
