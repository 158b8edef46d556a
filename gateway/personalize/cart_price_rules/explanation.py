"""Why each cart price rule gave what it gave, or nothing; told by the evaluator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.personalize.because import Reason, because
from gateway.personalize.cart_price_rules.charges import Charge, Line
from gateway.personalize.cart_price_rules.result import CartDiscounts
from gateway.personalize.cart_price_rules.rule import CartPriceRule, LeftOut
from gateway.personalize.cart_price_rules.tally import apply
from gateway.personalize.cart_price_rules.trace import Given
from gateway.personalize.context import Context


class Outcome(StrEnum):
    """What became of a rule, or of one line that a rule has looked at."""

    APPLIED = "applied"
    COUPON = "coupon"
    LIMIT = "limit"
    CUSTOMER_GROUP = "customer_group"
    DAYS = "days"
    BUDGET = "budget"
    EVALUATION_GROUP = "evaluation_group"
    CONDITIONS = "conditions"
    ITEM_CONDITIONS = "item_conditions"
    STEP = "step"
    DISCARDED = "discarded"
    NO_PRICE = "no_price"
    NO_ITEMS = "no_items"


@dataclass(frozen=True)
class LineOutcome:
    """What became of one line; *discarded_by* is the key of a rule."""

    at: int
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    discarded_by: str | None = None


@dataclass(frozen=True)
class RuleOutcome:
    """What became of one rule; *reasons* are those of its conditions."""

    rule: CartPriceRule
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    lines: tuple[LineOutcome, ...] = ()


@dataclass(frozen=True)
class Amount:
    """What a rule gave on a line, on a *child* of one, or on shipping."""

    rule_key: str
    given: Given
    child: int | None = None


@dataclass(frozen=True)
class Explanation:
    """What the rules gave, and why; *lines* and *shipping* are amounts, as given."""

    discounts: CartDiscounts
    rules: tuple[RuleOutcome, ...]
    lines: tuple[tuple[Amount, ...], ...]
    shipping: tuple[Amount, ...]


def explain(rules: Sequence[CartPriceRule], context: Context) -> Explanation:
    """Apply *rules* as ``apply`` does, and tell what happened."""
    told = _Told()
    discounts = apply(rules, context, told)
    return told.explanation(discounts)


@dataclass
class _Told:
    """A trace that remembers."""

    lines: Sequence[Line] = ()
    rules: list[RuleOutcome] = field(default_factory=list)
    on_lines: list[list[Amount]] = field(default_factory=list)
    on_shipping: list[Amount] = field(default_factory=list)

    def begin(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.rules = []
        self.on_lines = [[] for _ in lines]
        self.on_shipping = []

    def left_out(self, rule: CartPriceRule, reason: LeftOut) -> None:
        self.rules.append(RuleOutcome(rule, Outcome(reason.value)))

    def failed(self, rule: CartPriceRule, context: Context) -> None:
        reasons = tuple(because(rule.condition, context, "conditions"))
        self.rules.append(RuleOutcome(rule, Outcome.CONDITIONS, reasons))

    def took_turn(
        self, rule: CartPriceRule, matched: Sequence[Line], taken: Sequence[Line]
    ) -> None:
        has = {id(line.owner) for line in taken}
        stepped = {id(line.owner) for line in matched}
        outcomes = []
        for at, line in enumerate(self.lines):
            if id(line) in has:
                outcomes.append(LineOutcome(at, Outcome.APPLIED))
            elif id(line) in stepped:
                outcomes.append(LineOutcome(at, Outcome.STEP))
            else:
                outcomes.append(_passed_over(rule, at, line))
        self.rules.append(RuleOutcome(rule, Outcome.APPLIED, lines=tuple(outcomes)))

    def gave(self, rule: CartPriceRule, charge: Charge, given: Given) -> None:
        if not isinstance(charge, Line):
            self.on_shipping.append(Amount(rule.key, given))
            return
        owner = charge.owner
        at = next(at for at, line in enumerate(self.lines) if line is owner)
        parts = enumerate(owner.parts)
        child = next((place for place, part in parts if part is charge), None)
        self.on_lines[at].append(Amount(rule.key, given, child))

    def explanation(self, discounts: CartDiscounts) -> Explanation:
        return Explanation(
            discounts,
            tuple(_settled(one, discounts) for one in self.rules),
            tuple(map(tuple, self.on_lines)),
            tuple(self.on_shipping),
        )


def _passed_over(rule: CartPriceRule, at: int, line: Line) -> LineOutcome:
    if line.closed_by is not None:
        return LineOutcome(at, Outcome.DISCARDED, discarded_by=line.closed_by.key)
    if not line.is_open:
        return LineOutcome(at, Outcome.NO_PRICE)
    reasons = tuple(_missed(rule, line))
    return LineOutcome(at, Outcome.ITEM_CONDITIONS, reasons)


def _missed(rule: CartPriceRule, line: Line) -> Iterator[Reason]:
    if rule.of_gifts is not None and not rule.of_gifts.holds(line.item):
        yield from because(rule.of_gifts, line.item, "gifts")
    else:
        yield from because(rule.own_item_condition, line.item, "item_conditions")


def _settled(told: RuleOutcome, discounts: CartDiscounts) -> RuleOutcome:
    """Say why a rule whose conditions hold was not applied after all."""
    if told.outcome is not Outcome.APPLIED or _is_among(told.rule, discounts.applied):
        return told
    found = {line.outcome for line in told.lines}
    nearest = (Outcome.STEP, Outcome.DISCARDED, Outcome.ITEM_CONDITIONS)
    outcome = next((one for one in nearest if one in found), Outcome.NO_ITEMS)
    return RuleOutcome(told.rule, outcome, told.reasons, told.lines)


def _is_among(rule: CartPriceRule, applied: Sequence[CartPriceRule]) -> bool:
    return any(one is rule for one in applied)
