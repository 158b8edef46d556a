"""Dynamic blocks: content shown to the shoppers it is meant for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gateway.personalize import targets
from gateway.personalize.fields import Fields
from gateway.personalize.targets import Target

CONTENT_LENGTH = 200_000
"""Longest content of a block, in characters."""


class Location(StrEnum):
    """Where on a page a block may be placed."""

    CONTENT = "content"
    HEADER = "header"
    FOOTER = "footer"
    LEFT = "left"
    RIGHT = "right"


class BlockType(StrEnum):
    """Which blocks are asked for.

    Adobe Commerce, dynamic blocks: the three choices of "Dynamic Blocks to Display".
    """

    SPECIFIED = "specified"
    CART_PRICE_RULE_RELATED = "cart_price_rule_related"
    CATALOG_PRICE_RULE_RELATED = "catalog_price_rule_related"


@dataclass(frozen=True)
class DynamicBlockDefinition:
    """A dynamic block as an admin writes it; contents are HTML."""

    key: str
    name: str
    websites: tuple[str, ...]
    description: str = ""
    active: bool = True
    locations: tuple[Location, ...] = ()
    target: Target = field(default_factory=Target)
    cart_price_rules: tuple[str, ...] = ()
    catalogue_price_rules: tuple[str, ...] = ()
    position: int = 0
    content: str = ""
    content_by_store_view: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class DynamicBlock:
    """A dynamic block that can be asked."""

    id: int
    key: str
    locations: frozenset[Location]
    target: Target
    cart_price_rules: frozenset[str]
    position: int
    content: str
    content_by_store_view: Mapping[str, str] = field(default_factory=dict, hash=False)
    catalogue_price_rules: frozenset[str] = frozenset()

    def shows(
        self,
        segments: AbstractSet[str],
        applied: AbstractSet[str],
        priced: AbstractSet[str] = frozenset(),
    ) -> bool:
        """Whether it shows to a shopper in *segments* to whom rules were *applied*.

        *priced* are the catalogue price rules that are for the product of the page.

        Adobe Commerce, dynamic blocks: a block with related rules shows only while
        one of them applies, however the block is asked for.
        """
        if not self.target.reaches(segments):
            return False
        if not self.cart_price_rules and not self.catalogue_price_rules:
            return True
        return not (
            self.cart_price_rules.isdisjoint(applied)
            and self.catalogue_price_rules.isdisjoint(priced)
        )

    def content_in(self, store_view: str) -> str:
        """Return the content of *store_view*, or else the default one."""
        return self.content_by_store_view.get(store_view, self.content)


@dataclass(frozen=True)
class Wanted:
    """Which blocks a page asks for; an empty collection asks for any."""

    type: BlockType = BlockType.SPECIFIED
    locations: Collection[Location] = ()
    ids: Collection[int] = ()

    def covers(self, block: DynamicBlock) -> bool:
        """Whether *block* is among those asked for, whoever asks."""
        if self.type is BlockType.CATALOG_PRICE_RULE_RELATED:
            return bool(block.catalogue_price_rules) and self._is_placed(block)
        if self.type is BlockType.CART_PRICE_RULE_RELATED:
            return bool(block.cart_price_rules) and self._is_placed(block)
        return (not self.ids or block.id in self.ids) and self._is_placed(block)

    def _is_placed(self, block: DynamicBlock) -> bool:
        # A block without locations may be placed anywhere.
        return (
            not self.locations
            or not block.locations
            or not block.locations.isdisjoint(self.locations)
        )


def read(given: Mapping[str, Any]) -> DynamicBlockDefinition:
    """Read a definition from what an admin or a file wrote.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    definition = DynamicBlockDefinition(
        key=fields.key(),
        name=fields.text("name"),
        websites=fields.keys("websites", required=True),
        description=fields.text("description", longest=2000, required=False),
        active=fields.flag("active", default=True),
        locations=fields.choices("locations", Location),
        target=targets.read(fields),
        cart_price_rules=fields.keys("cart_price_rules"),
        catalogue_price_rules=fields.keys("catalogue_price_rules"),
        position=fields.whole("position", 0),
        content=fields.text("content", longest=CONTENT_LENGTH, required=False),
        content_by_store_view=fields.texts_by_key(
            "content_by_store_view", longest=CONTENT_LENGTH
        ),
    )
    fields.finish()
    return definition


def compile(definition: DynamicBlockDefinition, *, id: int = 0) -> DynamicBlock:
    """Make a definition into a block that can be asked."""
    return DynamicBlock(
        id,
        definition.key,
        frozenset(definition.locations),
        definition.target,
        frozenset(definition.cart_price_rules),
        definition.position,
        definition.content,
        definition.content_by_store_view,
        frozenset(definition.catalogue_price_rules),
    )


def choose(
    blocks: Iterable[DynamicBlock],
    wanted: Wanted,
    segments: AbstractSet[str],
    applied: AbstractSet[str],
    priced: AbstractSet[str] = frozenset(),
) -> tuple[DynamicBlock, ...]:
    """Return the wanted blocks that show, in the order given."""
    return tuple(
        block
        for block in blocks
        if wanted.covers(block) and block.shows(segments, applied, priced)
    )
