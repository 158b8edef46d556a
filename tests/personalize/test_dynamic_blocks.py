"""Dynamic blocks: who sees which, where, and in which language."""

from typing import Any

import pytest

from gateway.personalize import dynamic_blocks
from gateway.personalize.dynamic_blocks import (
    BlockType,
    DynamicBlock,
    Location,
    Wanted,
)
from gateway.personalize.errors import InvalidInput

CONTENT, HEADER = Location.CONTENT, Location.HEADER


def a_block(key: str = "block", id: int = 1, **also: Any) -> DynamicBlock:
    given = {"key": key, "name": key, "websites": ["base"], **also}
    return dynamic_blocks.compile(dynamic_blocks.read(given), id=id)


def shown(
    *blocks: DynamicBlock,
    wanted: Wanted | None = None,
    segments: tuple[str, ...] = (),
    applied: tuple[str, ...] = (),
    priced: tuple[str, ...] = (),
) -> list[str]:
    chosen = dynamic_blocks.choose(
        blocks, wanted or Wanted(), set(segments), set(applied), set(priced)
    )
    return [block.key for block in chosen]


def test_a_block_for_everyone_is_shown_to_everyone() -> None:
    assert shown(a_block("b")) == ["b"]
    assert shown(a_block("b"), segments=("vip",)) == ["b"]


def test_a_block_for_segments_is_shown_in_any_one_of_them() -> None:
    block = a_block("b", shown_to="segments", segments=["vip", "new"])

    assert shown(block) == []
    assert shown(block, segments=("others",)) == []
    assert shown(block, segments=("new",)) == ["b"]


def test_a_block_with_rules_is_shown_only_while_one_of_them_applies() -> None:
    block = a_block("b", cart_price_rules=["ten", "free-shipping"])

    assert shown(block) == []
    assert shown(block, applied=("other",)) == []
    assert shown(block, applied=("ten",)) == ["b"]


def test_segments_and_rules_must_both_fit() -> None:
    block = a_block(
        "b", shown_to="segments", segments=["vip"], cart_price_rules=["ten"]
    )

    assert shown(block, segments=("vip",)) == []
    assert shown(block, applied=("ten",)) == []
    assert shown(block, segments=("vip",), applied=("ten",)) == ["b"]


def test_blocks_are_asked_for_by_id() -> None:
    blocks = [a_block("one", 1), a_block("two", 2)]

    assert shown(*blocks, wanted=Wanted(ids=(2, 99))) == ["two"]
    assert shown(*blocks, wanted=Wanted(ids=(99,))) == []


def test_blocks_are_asked_for_by_place_and_one_without_places_goes_anywhere() -> None:
    blocks = [
        a_block("header", locations=["header", "footer"]),
        a_block("content", locations=["content"]),
        a_block("anywhere"),
    ]

    found = shown(*blocks, wanted=Wanted(locations=(HEADER, Location.LEFT)))

    assert found == ["header", "anywhere"]


def test_only_blocks_with_rules_are_related_to_cart_price_rules() -> None:
    blocks = [
        a_block("plain"),
        a_block("ten", cart_price_rules=["ten"]),
        a_block("other", cart_price_rules=["other"]),
    ]
    wanted = Wanted(BlockType.CART_PRICE_RULE_RELATED)

    assert shown(*blocks, wanted=wanted, applied=("ten",)) == ["ten"]
    assert shown(*blocks, wanted=wanted) == []


def test_blocks_related_to_catalogue_price_rules_can_be_asked_for() -> None:
    wanted = Wanted(BlockType.CATALOG_PRICE_RULE_RELATED)
    blocks = (
        a_block("plain"),
        a_block("cart", cart_price_rules=["sale"]),
        a_block("sale", catalogue_price_rules=["sale"]),
        a_block("trade", catalogue_price_rules=["trade"]),
    )

    assert shown(*blocks, wanted=wanted, priced=("sale",)) == ["sale"]
    assert shown(*blocks, wanted=wanted, applied=("sale",)) == []


def test_of_rules_of_both_kinds_any_one_is_enough() -> None:
    block = a_block("b", cart_price_rules=["ten"], catalogue_price_rules=["sale"])

    assert shown(block) == []
    assert shown(block, applied=("sale",), priced=("ten",)) == []
    assert shown(block, applied=("ten",)) == ["b"]
    assert shown(block, priced=("sale",)) == ["b"]


def test_content_is_the_store_views_own_or_else_the_default_one() -> None:
    block = a_block(content="it", content_by_store_view={"german": "es"})

    assert block.content_in("german") == "es"
    assert block.content_in("english") == "it"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"locations": ["roof"]},
            (
                "locations.0: 'roof' is not a choice. Write one of: content, footer,"
                " header, left, right."
            ),
        ),
        (
            {"shown_to": "segments"},
            "segments: it is empty. Write at least one.",
        ),
        (
            {"segments": ["vip"]},
            (
                "segments: segments are listed, but it is shown to everyone. Write"
                " 'segments' as shown_to, or remove the list."
            ),
        ),
        (
            {"content": "x" * 200_001},
            "content: it has 200001 characters. Write at most 200000.",
        ),
        (
            {"content_by_store_view": {"Deutsch": "es"}},
            (
                "content_by_store_view: 'Deutsch' is not a key. Write 1 to 64 of a-z,"
                " 0-9, '-' and '_', beginning with a letter or digit."
            ),
        ),
    ],
)
def test_what_cannot_be_saved_is_said_with_its_remedy(
    given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        a_block(**given)

    assert str(refused.value) == said
