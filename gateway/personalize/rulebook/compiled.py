"""Makes a rule book of what is stored, without what is broken."""

from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from gateway.personalize import (
    cart_price_rules,
    catalogue_price_rules,
    dynamic_blocks,
    related_product_rules,
    segments,
)
from gateway.personalize.attributes import Attributes
from gateway.personalize.cart_price_rules import CartPriceRule
from gateway.personalize.catalogue_price_rules import CataloguePriceRule
from gateway.personalize.context import Website
from gateway.personalize.dynamic_blocks import DynamicBlock
from gateway.personalize.errors import GatewayError, Problem
from gateway.personalize.grammar import Limits
from gateway.personalize.related_product_rules import RelatedProductRule
from gateway.personalize.rulebook import requirements
from gateway.personalize.rulebook.book import Fault, RuleBook, StoreView
from gateway.personalize.segments import Segment

Compiled = TypeVar("Compiled")


@dataclass(frozen=True)
class Row:
    """One stored definition: *given* is what ``read`` of its subject takes."""

    id: int
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Rows:
    """The active definitions of a website, by subject.

    *audiences* are the keys of those there are; None is any that is asked for.
    """

    segments: Sequence[Row] = ()
    cart_price_rules: Sequence[Row] = ()
    dynamic_blocks: Sequence[Row] = ()
    related_product_rules: Sequence[Row] = ()
    catalogue_price_rules: Sequence[Row] = ()
    audiences: Collection[str] | None = None


def compile(
    website: Website,
    rows: Rows,
    attributes: Attributes,
    *,
    revision: int = 0,
    store_views: tuple[StoreView, ...] = (),
    limits: Limits | None = None,
) -> RuleBook:
    """Compile *rows* into a rule book, leaving out those that are broken.

    A row written by hand may be anything, and what it refers to may be gone: it
    becomes a fault, and the rest serves. What is left out is shown to nobody.

    Raises:
        ZoneInfoNotFoundError: the website's time zone is none, so no day is known.
    """
    zone = ZoneInfo(website.timezone).key
    required = partial(requirements.require_asked, website.code)
    require_any = partial(requirements.require_any, website.code)

    def segment(row: Row) -> Segment:
        definition = segments.read(row.given)
        required(definition.conditions, {"audience": rows.audiences})
        return segments.compile(
            definition,
            attributes,
            timezone=zone,
            website=website.code,
            id=row.id,
            limits=limits,
        )

    def cart_price_rule(row: Row) -> CartPriceRule:
        definition = cart_price_rules.read(row.given)
        # One that is gone has nobody in it, and "is not in it" would mean everybody.
        known = {"segment": segment_keys, "audience": rows.audiences}
        required(definition.conditions, known)
        return cart_price_rules.compile(
            definition, attributes, timezone=zone, id=row.id, limits=limits
        )

    def dynamic_block(row: Row) -> DynamicBlock:
        block = dynamic_blocks.compile(dynamic_blocks.read(row.given), id=row.id)
        require_any("segment", block.target.segments, segment_keys)
        # Of the rules of both kinds that it is tied to, one is enough.
        if price_rule_keys.isdisjoint(block.catalogue_price_rules):
            require_any("cart price rule", block.cart_price_rules, rule_keys)
        if rule_keys.isdisjoint(block.cart_price_rules):
            priced = block.catalogue_price_rules
            require_any("catalogue price rule", priced, price_rule_keys)
        return block

    def related_product_rule(row: Row) -> RelatedProductRule:
        rule = related_product_rules.compile(
            related_product_rules.read(row.given),
            attributes,
            timezone=zone,
            id=row.id,
            limits=limits,
        )
        require_any("segment", rule.target.segments, segment_keys)
        return rule

    def catalogue_price_rule(row: Row) -> CataloguePriceRule:
        rule = catalogue_price_rules.compile(
            catalogue_price_rules.read(row.given),
            attributes,
            timezone=zone,
            id=row.id,
            limits=limits,
        )
        require_any("segment", rule.segments, segment_keys)
        return rule

    sound = _Sound()
    compiled_segments, circles = segments.in_order(
        sound.of("segment", rows.segments, segment)
    )
    for key, circle in circles.items():
        said = f"it asks for itself: {' -> '.join(circle)}."
        sound.faults.append(Fault("segment", key, (Problem("", said),)))
    segment_keys = {one.key for one in compiled_segments}
    rules = sound.of("cart price rule", rows.cart_price_rules, cart_price_rule)
    rule_keys = {rule.key for rule in rules}
    priced = sound.of(
        "catalogue price rule", rows.catalogue_price_rules, catalogue_price_rule
    )
    price_rule_keys = {rule.key for rule in priced}
    blocks = sound.of("dynamic block", rows.dynamic_blocks, dynamic_block)
    related = sound.of(
        "related-product rule", rows.related_product_rules, related_product_rule
    )
    return RuleBook(
        website=website,
        revision=revision,
        store_views=store_views,
        segments=tuple(compiled_segments),
        cart_price_rules=tuple(sorted(rules, key=lambda rule: rule.order)),
        dynamic_blocks=tuple(sorted(blocks, key=lambda one: (one.position, one.id))),
        related_product_rules=tuple(sorted(related, key=lambda rule: rule.order)),
        catalogue_price_rules=tuple(sorted(priced, key=lambda rule: rule.order)),
        faults=tuple(sound.faults),
    )


class _Sound:
    """Compiles the rows that can be compiled, and notes *faults* of the others."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def of(
        self, subject: str, rows: Iterable[Row], make: Callable[[Row], Compiled]
    ) -> list[Compiled]:
        made = []
        for row in rows:
            try:
                made.append(make(row))
            except Exception as broken:  # noqa: BLE001  # Nobody checked it before.
                key = str(row.given.get("key"))
                self.faults.append(Fault(subject, key, _problems(broken)))
        return made


def _problems(broken: Exception) -> tuple[Problem, ...]:
    if isinstance(broken, GatewayError):
        return (*broken.problems,)
    return (Problem("", str(broken) or repr(broken)),)
