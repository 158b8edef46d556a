"""What rules can be written with."""

from __future__ import annotations

from gateway.personalize.attributes import ATTRIBUTES
from gateway.personalize.discounts import DISCOUNT_ACTIONS
from gateway.personalize.element_lists import LISTS
from gateway.personalize.events import EVENT_TYPES
from gateway.personalize.operators import OPERATORS
from gateway.storage.database import Database
from tests.schema.admin.asking import Ask


async def test_an_editor_can_be_built_of_what_the_door_tells(
    ask: Ask, shop: Database
) -> None:
    async with shop.connection() as connection:
        await connection.execute(
            """insert into attribute_declaration (entity, code, kind, label,
                                                  in_conditions)
               values ('product', 'season', 'select', 'Season', true),
                      ('customer', 'club', 'boolean', '', true),
                      ('address', 'dock', 'boolean', '', true),
                      ('customer', 'note', 'text', '', false)"""
        )

    answer = await ask(
        """{
          conditionAttributes {
            key label kind scope operators takesList isOwn movesWithDay
          }
          operators { key symbol label kinds takesList }
          conditionLists { key label elementScope measures }
          discountActions { key label description amount step takesStep }
        }"""
    )

    told = answer["data"]
    attributes = {one["key"]: one for one in told["conditionAttributes"]}
    own = {"product.season", "customer.club", "address.dock"}
    assert attributes.keys() == {*ATTRIBUTES, *own}
    assert attributes["product.season"] == {
        "key": "product.season",
        "label": "Season",
        "kind": "SELECT",
        "scope": "PRODUCT",
        "operators": ["is", "is_not", "is_one_of", "is_not_one_of"],
        "takesList": False,
        "isOwn": True,
        "movesWithDay": False,
    }
    assert attributes["customer.age"]["movesWithDay"] is True
    assert attributes["product.category"]["takesList"] is True
    assert [one["key"] for one in told["operators"]] == [*OPERATORS]
    assert told["operators"][2] == {
        "key": "at_least",
        "symbol": ">=",
        "label": "Equals or greater than",
        "kinds": ["TEXT", "NUMBER", "DATE"],
        "takesList": False,
    }
    assert [one["key"] for one in told["conditionLists"]] == [*LISTS]
    assert told["conditionLists"][0] == {
        "key": "cart.items",
        "label": "Lines of the shopping cart",
        "elementScope": "ITEM",
        "measures": ["item.quantity", "item.price", "item.row_total"],
    }
    actions = {one["key"]: one for one in told["discountActions"]}
    assert [*actions] == [*DISCOUNT_ACTIONS]
    assert actions["buy_x_get_y"]["step"] == "The units to buy before some are free."
    assert actions["buy_x_get_y"]["amount"].startswith("Y, the units that are free")
    assert actions["to_fixed"]["takesStep"] is False


async def test_every_attribute_has_some_operator(ask: Ask) -> None:
    answer = await ask("{ conditionAttributes { key operators } }")

    told = answer["data"]["conditionAttributes"]
    assert [one["key"] for one in told if not one["operators"]] == []


async def test_attributes_can_be_narrowed(ask: Ask) -> None:
    answer = await ask(
        '{ conditionAttributes(scope: CART, search: "SUBTOTAL") { key } }'
    )

    keys = [one["key"] for one in answer["data"]["conditionAttributes"]]
    assert keys == [
        "cart.subtotal",
        "cart.subtotal_after_discounts",
        "cart.subtotal_including_tax",
    ]


async def test_the_event_types_are_told_with_who_may_send_them(ask: Ask) -> None:
    answer = await ask("{ eventTypes { key label xdm aliases sender } }")

    told = {one["key"]: one for one in answer["data"]["eventTypes"]}
    assert told.keys() == EVENT_TYPES.keys()
    assert told["orderCancelled"] == {
        "key": "orderCancelled",
        "label": "An order is cancelled, for good",
        "xdm": "commerce.backofficeOrderCancelled",
        "aliases": ["orderCanceled"],
        "sender": "SERVER",
    }
    assert told["productPageView"]["sender"] == "STOREFRONT"
