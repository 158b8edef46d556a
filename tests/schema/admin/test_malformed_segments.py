"""Malformed segments at the admin door: each refused with every path and remedy."""

from __future__ import annotations

from typing import Any

from gateway.personalize.grammar import Limits
from gateway.storage.database import Database
from tests.schema.admin.asking import SAVE_SEGMENT, Ask, an_input
from tests.shops import contents

Refused = list[tuple[str, str, str]]

A_KEY = "Write 1 to 64 of a-z, 0-9, '-' and '_', beginning with a letter or digit."
A_TEXT = "Write a text."
QUOTED = "Write a text in quotes."
A_TREE = 'Write {"all": [...]}.'
A_CONDITION = (
    'Write {"all": [...]} or {"attribute": ..., "operator": ..., "value": ...}.'
)
A_SHAPE = (
    "Write one of the members attribute, found, not_found, sum, average, count,"
    " all, any."
)
A_FLAG = "Write true or false."
A_NUMBER = "Write a number such as 12 or 12.5."
A_DAY = "Write it as year-month-day, such as 2026-12-24."
A_VALUE = "Write at least one value."
OF_NUMBERS = (
    "Write one of: at_least, at_most, greater_than, is, is_not, is_not_one_of,"
    " is_one_of, less_than."
)
OF_LINES = (
    "Write one of: item.price, item.quantity, item.row_total,"
    " product.attribute_set, product.category, product.name, product.price,"
    " product.sku, product.type."
)
OF_ORDERS = (
    "Write one of: order.country, order.created_at, order.days_ago,"
    " order.grand_total, order.quantity, order.status."
)
MEASURED = (
    "Write one of: item.price, item.quantity, item.row_total, order.days_ago,"
    " order.grand_total, order.quantity, ordered.days_ago, ordered.quantity,"
    " viewed.days_ago, viewed.views."
)
LISTED = (
    "Write one of: cart.items, customer.addresses, customer.order_addresses,"
    " customer.orders, products.ordered, products.viewed, wishlist."
)
IN_ITEMS = 'Ask it of the elements of a list: {"found": "cart.items", "all": [...]}.'
IN_ADDRESSES = (
    'Ask it of the elements of a list: {"found": "customer.addresses", "all": [...]}.'
)
OF_ADDRESSES = (
    "Write one of: address.city, address.company, address.country,"
    " address.default_billing, address.default_shipping, address.dock,"
    " address.fax, address.first_name, address.last_name, address.middle_name,"
    " address.postcode, address.prefix and 6 more."
)
OF_COUPONS = (
    "Write one of: contains, does_not_contain, is, is_not, is_not_one_of, is_one_of."
)
A_VALUE_INSTEAD = "Write a 'value'; only products to display know a matched product."
NO_CUSTOMERS = "Leave it out, or set appliesTo to 'registered' or 'both'."
OF_VISITORS = (
    "A segment that considers visitors can only look at the cart, its products, the"
    " session, products viewed and other segments; set appliesTo to 'registered' to"
    " look at customers."
)


def asks(attribute: Any, operator: Any, value: Any) -> dict[str, Any]:
    return {"attribute": attribute, "operator": operator, "value": value}


MALFORMED: dict[str, tuple[dict[str, Any], Refused]] = {
    "no key": ({"key": ""}, [("key", "it is missing.", A_TEXT)]),
    "a key with capitals": ({"key": "Big"}, [("key", "'Big' is not a key.", A_KEY)]),
    "a key with a space": (
        {"key": "big carts"},
        [("key", "'big carts' is not a key.", A_KEY)],
    ),
    "no name": ({"name": ""}, [("name", "it is missing.", A_TEXT)]),
    "a name that is too long": (
        {"name": "n" * 256},
        [("name", "it has 256 characters.", "Write at most 255.")],
    ),
    "a description that is too long": (
        {"description": "d" * 2001},
        [("description", "it has 2001 characters.", "Write at most 2000.")],
    ),
    "no website": (
        {"websites": []},
        [("websites", "it is empty.", "Write at least one.")],
    ),
    "a website that is none": (
        {"websites": ["moon"]},
        [("websites.0", "there is no website 'moon'.", "Write one of: base, us.")],
    ),
    "a website twice": (
        {"websites": ["base", "base"]},
        [("websites.1", "'base' stands there twice.", "Keep one.")],
    ),
    "a website that is no code": (
        {"websites": ["Base!"]},
        [("websites.0", "'Base!' is not a key.", A_KEY)],
    ),
    "days that end before they begin": (
        {"from": "2026-03-11", "to": "2026-03-10"},
        [("to", "2026-03-10 is before 2026-03-11.", "Write the later day here.")],
    ),
    "a member of visitors": (
        {"appliesTo": "VISITOR", "include": {"base": ["1"]}},
        [("include", "a segment of visitors has no customers in it.", NO_CUSTOMERS)],
    ),
    "a member of another website": (
        {"include": {"us": ["1"]}},
        [
            (
                "include.us",
                "the segment is not of the website 'us'.",
                "Leave it out, or add the website to 'websites'.",
            )
        ],
    ),
    "members that are no lists": (
        {"exclude": {"base": "1"}},
        [("exclude.base", "'1' is not a list.", "Write a list: [...].")],
    ),
    "members that are no object": (
        {"exclude": ["1"]},
        [("exclude", "a list is not an object.", "Write {...}.")],
    ),
    "a member without an id": (
        {"include": {"base": ["1", ""]}},
        [("include.base.1", "it is missing.", A_TEXT)],
    ),
    "a member who is a number": (
        {"include": {"base": [1]}},
        [("include.base.0", "1 is not text.", QUOTED)],
    ),
    "customers who are kept at the login": (
        {"appliesTo": "REGISTERED", "keepsAfterLogin": True},
        [
            (
                "keepsAfterLogin",
                "only a segment of visitors ends at the login.",
                "Leave it out, or set appliesTo to 'visitor'.",
            )
        ],
    ),
    "a tree that is a list": (
        {"conditions": []},
        [("conditions", "a condition tree is an object.", A_TREE)],
    ),
    "a tree that is a text": (
        {"conditions": "cart.lines"},
        [("conditions", "a condition tree is an object.", A_TREE)],
    ),
    "a tree that is a number": (
        {"conditions": 7},
        [("conditions", "a condition tree is an object.", A_TREE)],
    ),
    "a child that is null": (
        {"conditions": {"all": [None]}},
        [("conditions.all.0", "a condition is an object.", A_CONDITION)],
    ),
    "a child that is a text": (
        {"conditions": {"all": ["cart.lines"]}},
        [("conditions.all.0", "a condition is an object.", A_CONDITION)],
    ),
    "a child that is empty": (
        {"conditions": {"all": [{}]}},
        [("conditions.all.0", "this is not a condition.", A_SHAPE)],
    ),
    "a misspelt combination": (
        {"conditions": {"alle": []}},
        [("conditions", "this is not a condition.", A_SHAPE)],
    ),
    "all and any together": (
        {"conditions": {"all": [], "any": []}},
        [("conditions", "'all' and 'any' stand together.", "Keep one.")],
    ),
    "children that are no list": (
        {"conditions": {"all": {"attribute": "cart.lines"}}},
        [("conditions.all", "an object is no list.", 'Write "all": [...].')],
    ),
    "children that are null": (
        {"conditions": {"any": None}},
        [("conditions.any", "null is no list.", 'Write "any": [...].')],
    ),
    "are that is a word": (
        {"conditions": {"all": [], "are": "yes"}},
        [("conditions.are", "'yes' is neither true nor false.", A_FLAG)],
    ),
    "are that is null": (
        {"conditions": {"all": [], "are": None}},
        [("conditions.are", "null is neither true nor false.", A_FLAG)],
    ),
    "an unknown member of a combination": (
        {"conditions": {"all": [asks("cart.lines", "is", 1)], "al": []}},
        [("conditions.al", "'al' is unknown here.", "Did you mean 'all'?")],
    ),
    "an unknown member of a comparison": (
        {
            "conditions": {
                "attribute": "cart.lines",
                "operator": "is",
                "value": 1,
                "valeu": 2,
            }
        },
        [("conditions.valeu", "'valeu' is unknown here.", "Did you mean 'value'?")],
    ),
    "an unknown member of a look into a list": (
        {"conditions": {"found": "cart.items", "all": [], "value": 1}},
        [
            (
                "conditions.value",
                "'value' is unknown here.",
                "Write one of: all, any, are, found.",
            )
        ],
    ),
    "a comparison beside children": (
        {
            "conditions": {
                "attribute": "cart.lines",
                "operator": "is",
                "value": 1,
                "all": [],
            }
        },
        [
            (
                "conditions.all",
                "'all' is unknown here.",
                "Write one of: attribute, operator, value.",
            )
        ],
    ),
    "a misspelt attribute": (
        {"conditions": asks("cart.subtotl", "is", 1)},
        [
            (
                "conditions.attribute",
                "no condition attribute is called 'cart.subtotl'.",
                "Did you mean 'cart.subtotal'?",
            )
        ],
    ),
    "an attribute like no other": (
        {"conditions": {"found": "cart.items", "all": [asks("weather", "is", 1)]}},
        [
            (
                "conditions.all.0.attribute",
                "no condition attribute is called 'weather'.",
                OF_LINES,
            )
        ],
    ),
    "an attribute that is a list": (
        {
            "conditions": {
                "found": "customer.orders",
                "all": [asks(["order.status"], "is", 1)],
            },
            "appliesTo": "REGISTERED",
        },
        [
            (
                "conditions.all.0.attribute",
                "no condition attribute is called a list.",
                OF_ORDERS,
            )
        ],
    ),
    "an attribute that is null": (
        {
            "conditions": {"found": "customer.orders", "any": [asks(None, "is", 1)]},
            "appliesTo": "REGISTERED",
        },
        [
            (
                "conditions.any.0.attribute",
                "no condition attribute is called null.",
                OF_ORDERS,
            )
        ],
    ),
    "an attribute of customers for visitors": (
        {"conditions": asks("customer.email", "is", "a"), "appliesTo": "VISITOR"},
        [
            (
                "conditions.attribute",
                "'customer.email' cannot be asked here.",
                OF_VISITORS,
            )
        ],
    ),
    "an attribute of customers for both": (
        {"conditions": asks("customer.newsletter", "is", value=True)},
        [
            (
                "conditions.attribute",
                "'customer.newsletter' cannot be asked here.",
                OF_VISITORS,
            )
        ],
    ),
    "an audience for both": (
        {"conditions": asks("customer.audience", "is", ["x"])},
        [
            (
                "conditions.attribute",
                "'customer.audience' cannot be asked here.",
                OF_VISITORS,
            )
        ],
    ),
    "an attribute of a line outside of lines": (
        {"conditions": asks("item.quantity", "is", 1)},
        [("conditions.attribute", "'item.quantity' cannot be asked here.", IN_ITEMS)],
    ),
    "an attribute of an address outside of addresses": (
        {"conditions": asks("address.city", "is", "a"), "appliesTo": "REGISTERED"},
        [
            (
                "conditions.attribute",
                "'address.city' cannot be asked here.",
                IN_ADDRESSES,
            )
        ],
    ),
    "an attribute of orders within addresses": (
        {
            "conditions": {
                "found": "customer.addresses",
                "all": [asks("order.status", "is", "a")],
            },
            "appliesTo": "REGISTERED",
        },
        [
            (
                "conditions.all.0.attribute",
                "'order.status' cannot be asked here.",
                OF_ADDRESSES,
            )
        ],
    ),
    "an attribute of an order's address within orders": (
        {
            "conditions": {
                "found": "customer.orders",
                "all": [asks("order_address.type", "is", "billing")],
            },
            "appliesTo": "REGISTERED",
        },
        [
            (
                "conditions.all.0.attribute",
                "'order_address.type' cannot be asked here.",
                OF_ORDERS,
            )
        ],
    ),
    "an attribute of the cart within a list": (
        {"conditions": {"found": "cart.items", "all": [asks("cart.lines", "is", 1)]}},
        [
            (
                "conditions.all.0.attribute",
                "'cart.lines' cannot be asked here.",
                OF_LINES,
            )
        ],
    ),
    "an attribute that is not for conditions": (
        {"conditions": asks("customer.note", "is", "a"), "appliesTo": "REGISTERED"},
        [
            (
                "conditions.attribute",
                "'customer.note' is declared, but not for conditions.",
                "Import its declaration with 'in_conditions' as true.",
            )
        ],
    ),
    "an attribute nobody declared": (
        {
            "conditions": {
                "found": "customer.addresses",
                "all": [asks("address.dok", "is", value=True)],
            },
            "appliesTo": "REGISTERED",
        },
        [
            (
                "conditions.all.0.attribute",
                "no condition attribute is called 'address.dok'.",
                "Did you mean 'address.dock'?",
            )
        ],
    ),
    "no operator": (
        {"conditions": {"attribute": "cart.lines", "value": 1}},
        [("conditions.operator", "the operator is missing.", OF_NUMBERS)],
    ),
    "a misspelt operator": (
        {"conditions": asks("cart.lines", "at_lest", 1)},
        [
            (
                "conditions.operator",
                "no operator is called 'at_lest'.",
                "Did you mean 'at_least'?",
            )
        ],
    ),
    "an operator by its symbol": (
        {"conditions": asks("cart.lines", ">=", 1)},
        [("conditions.operator", "no operator is called '>='.", OF_NUMBERS)],
    ),
    "an operator that is a list": (
        {"conditions": asks("cart.lines", ["is"], 1)},
        [("conditions.operator", "no operator is called a list.", OF_NUMBERS)],
    ),
    "more than of a country": (
        {"conditions": asks("cart.country", "greater_than", "DE")},
        [
            (
                "conditions.operator",
                "'greater_than' does not fit a select.",
                "Write one of: is, is_not, is_not_one_of, is_one_of.",
            )
        ],
    ),
    "contains of a number": (
        {"conditions": asks("cart.lines", "contains", 1)},
        [("conditions.operator", "'contains' does not fit a number.", OF_NUMBERS)],
    ),
    "less than of a boolean": (
        {
            "conditions": asks("customer.newsletter", "less_than", value=True),
            "appliesTo": "REGISTERED",
        },
        [
            (
                "conditions.operator",
                "'less_than' does not fit a boolean.",
                "Write one of: is, is_not.",
            )
        ],
    ),
    "less than of coupons": (
        {"conditions": asks("cart.coupon", "less_than", ["A"])},
        [
            (
                "conditions.operator",
                "'less_than' does not fit a multiselect.",
                OF_COUPONS,
            )
        ],
    ),
    "no value": (
        {"conditions": {"attribute": "cart.lines", "operator": "is"}},
        [("conditions.value", "the value to compare with is missing.", "Write one.")],
    ),
    "a number that is a word": (
        {"conditions": asks("cart.subtotal", "is", "fifty")},
        [("conditions.value", "'fifty' is not a number.", A_NUMBER)],
    ),
    "a number that is true": (
        {"conditions": asks("cart.subtotal", "is", value=True)},
        [("conditions.value", "true is not a number.", A_NUMBER)],
    ),
    "a number that is null": (
        {"conditions": asks("cart.subtotal", "is", None)},
        [("conditions.value", "null is not a number.", A_NUMBER)],
    ),
    "a number that is a list": (
        {"conditions": asks("cart.subtotal", "is", [50])},
        [("conditions.value", "a list is not a number.", A_NUMBER)],
    ),
    "a number that is an object": (
        {"conditions": asks("cart.subtotal", "is", {"amount": 50})},
        [("conditions.value", "an object is not a number.", A_NUMBER)],
    ),
    "a number that is too large": (
        {"conditions": asks("cart.subtotal", "is", "1e15")},
        [("conditions.value", "'1e15' is too large.", "Write a number below 10^15.")],
    ),
    "a number with too many decimals": (
        {"conditions": asks("cart.subtotal", "is", "0.1" + "1" * 30)},
        [
            (
                "conditions.value",
                "'0.1111111111111111111111111111111' has too many decimals.",
                "Write at most 30.",
            )
        ],
    ),
    "a number that is not one": (
        {"conditions": asks("cart.subtotal", "is", "NaN")},
        [("conditions.value", "'NaN' is not a number.", A_NUMBER)],
    ),
    "a day that never was": (
        {
            "conditions": asks("customer.since", "is", "2026-02-30"),
            "appliesTo": "REGISTERED",
        },
        [("conditions.value", "'2026-02-30' is not a date.", A_DAY)],
    ),
    "a day with a time": (
        {
            "conditions": asks("customer.since", "at_least", "2026-02-03T10:00:00Z"),
            "appliesTo": "REGISTERED",
        },
        [("conditions.value", "'2026-02-03T10:00:00Z' is not a date.", A_DAY)],
    ),
    "a day in another order": (
        {
            "conditions": asks("customer.since", "at_least", "03.02.2026"),
            "appliesTo": "REGISTERED",
        },
        [("conditions.value", "'03.02.2026' is not a date.", A_DAY)],
    ),
    "a boolean that is a word": (
        {"conditions": asks("cart.coupon_applied", "is", "perhaps")},
        [("conditions.value", "'perhaps' is neither true nor false.", A_FLAG)],
    ),
    "a boolean that is two": (
        {"conditions": asks("cart.coupon_applied", "is", 2)},
        [("conditions.value", "2 is neither true nor false.", A_FLAG)],
    ),
    "a text that is a list": (
        {"conditions": asks("cart.region", "is", ["Texas"])},
        [("conditions.value", "a list is not text.", QUOTED)],
    ),
    "a text that is too long": (
        {"conditions": asks("cart.region", "is", "x" * 1001)},
        [
            (
                "conditions.value",
                "the text has 1001 characters.",
                "At most 1000 are allowed.",
            )
        ],
    ),
    "an empty list of values": (
        {"conditions": asks("cart.country", "is_one_of", [])},
        [("conditions.value", "the list is empty.", A_VALUE)],
    ),
    "a list of separators": (
        {"conditions": asks("cart.country", "is_one_of", ",;")},
        [("conditions.value", "the list is empty.", A_VALUE)],
    ),
    "null in a list of values": (
        {"conditions": asks("cart.country", "is_one_of", ["DE", None])},
        [("conditions.value.1", "null is not text.", QUOTED)],
    ),
    "a list in a list of values": (
        {"conditions": asks("cart.country", "is_one_of", ["DE", ["AT"]])},
        [("conditions.value.1", "a list is not text.", QUOTED)],
    ),
    "one of a list at fault": (
        {"conditions": asks("cart.lines", "is_one_of", [1, "two", 3])},
        [("conditions.value.1", "'two' is not a number.", A_NUMBER)],
    ),
    "a misspelt list": (
        {"conditions": {"found": "cart.item"}},
        [
            (
                "conditions.found",
                "'cart.item' is not a list that can be looked into here.",
                "Did you mean 'cart.items'?",
            )
        ],
    ),
    "a list like no other": (
        {"conditions": {"found": "weather"}, "appliesTo": "REGISTERED"},
        [
            (
                "conditions.found",
                "'weather' is not a list that can be looked into here.",
                LISTED,
            )
        ],
    ),
    "a list that is a list": (
        {"conditions": {"not_found": ["wishlist"]}, "appliesTo": "REGISTERED"},
        [
            (
                "conditions.not_found",
                "a list is not a list that can be looked into here.",
                LISTED,
            )
        ],
    ),
    "the wishlist of visitors": (
        {"conditions": {"found": "wishlist"}, "appliesTo": "VISITOR"},
        [
            (
                "conditions.found",
                "'wishlist' is not a list that can be looked into here.",
                OF_VISITORS,
            )
        ],
    ),
    "the orders of visitors": (
        {"conditions": {"count": "customer.orders", "operator": "is", "value": 0}},
        [
            (
                "conditions.count",
                "'customer.orders' is not a list that can be looked into here.",
                OF_VISITORS,
            )
        ],
    ),
    "a list within a list": (
        {
            "conditions": {"found": "cart.items", "all": [{"found": "wishlist"}]},
            "appliesTo": "REGISTERED",
        },
        [
            (
                "conditions.all.0.found",
                "'wishlist' is not a list that can be looked into here.",
                "Lists do not nest; put it beside this one.",
            )
        ],
    ),
    "a sum of texts": (
        {"conditions": {"sum": "product.sku", "operator": "is", "value": 1}},
        [
            (
                "conditions.sum",
                "'product.sku' is not a number of a list's elements.",
                MEASURED,
            )
        ],
    ),
    "a sum of the cart": (
        {"conditions": {"sum": "cart.subtotal", "operator": "is", "value": 1}},
        [
            (
                "conditions.sum",
                "'cart.subtotal' is not a number of a list's elements.",
                MEASURED,
            )
        ],
    ),
    "an average of nothing": (
        {
            "conditions": {"average": None, "operator": "is", "value": 1},
            "appliesTo": "REGISTERED",
        },
        [
            (
                "conditions.average",
                "null is not a number of a list's elements.",
                MEASURED,
            )
        ],
    ),
    "a count without an operator": (
        {"conditions": {"count": "cart.items", "value": 1}},
        [("conditions.operator", "the operator is missing.", OF_NUMBERS)],
    ),
    "a count without a value": (
        {"conditions": {"count": "cart.items", "operator": "is"}},
        [("conditions.value", "the value to compare with is missing.", "Write one.")],
    ),
    "a count that is a word": (
        {"conditions": {"count": "cart.items", "operator": "is", "value": "few"}},
        [("conditions.value", "'few' is not a number.", A_NUMBER)],
    ),
    "a count of what contains": (
        {"conditions": {"count": "cart.items", "operator": "contains", "value": 1}},
        [("conditions.operator", "'contains' does not fit a number.", OF_NUMBERS)],
    ),
    "the same as no product": (
        {
            "conditions": {
                "found": "cart.items",
                "all": [
                    {
                        "attribute": "product.sku",
                        "operator": "is",
                        "same_as_matched": True,
                    }
                ],
            }
        },
        [
            (
                "conditions.all.0",
                "there is no matched product to compare with here.",
                A_VALUE_INSTEAD,
            )
        ],
    ),
    "a segment that is not there": (
        {"conditions": asks("customer.segment", "is_one_of", ["big"])},
        [
            (
                "conditions.value.0",
                "there is no segment 'big'.",
                "Save the segment first.",
            )
        ],
    ),
    "itself": (
        {"conditions": asks("customer.segment", "is_one_of", ["mine"])},
        [
            (
                "conditions.value.0",
                "there is no segment 'mine'.",
                "Save the segment first.",
            )
        ],
    ),
    "an audience that is not there": (
        {
            "conditions": asks("customer.audience", "is_one_of", ["x", "y"]),
            "appliesTo": "REGISTERED",
        },
        [
            (
                "conditions.value.0",
                "there is no audience 'x'.",
                "Save the audience first.",
            ),
            (
                "conditions.value.1",
                "there is no audience 'y'.",
                "Save the audience first.",
            ),
        ],
    ),
    "several faults at once": (
        {
            "key": "mine",
            "name": "",
            "from": "2026-02-02",
            "to": "2026-02-01",
            "conditions": {
                "all": [
                    asks("cart.lins", "is", 1),
                    asks("cart.lines", "is", "x"),
                    {"found": "cart.itms"},
                ]
            },
        },
        [
            ("to", "2026-02-01 is before 2026-02-02.", "Write the later day here."),
            ("name", "it is missing.", A_TEXT),
            (
                "conditions.all.0.attribute",
                "no condition attribute is called 'cart.lins'.",
                "Did you mean 'cart.lines'?",
            ),
            ("conditions.all.1.value", "'x' is not a number.", A_NUMBER),
            (
                "conditions.all.2.found",
                "'cart.itms' is not a list that can be looked into here.",
                "Did you mean 'cart.items'?",
            ),
        ],
    ),
}


async def refusal(ask: Ask, limits: Limits | None = None, **also: Any) -> Refused:
    """What is wrong with a segment; nothing where it is saved."""
    given = {"input": an_input(**{"key": "mine", **also})}
    answer = await ask(SAVE_SEGMENT, given, limits=limits)
    saved = answer["data"]["saveSegment"]
    assert saved.get("__typename", "InvalidInput") == "InvalidInput"
    return [
        (one["path"], one["message"], one["remedy"])
        for one in saved.get("problems", ())
    ]


async def test_every_malformed_segment_is_refused_with_its_paths_and_remedies(
    ask: Ask, shop: Database
) -> None:
    async with shop.connection() as connection:
        await connection.execute(
            "insert into attribute_declaration (entity, code, kind, in_conditions)"
            " values ('customer', 'note', 'text', false),"
            " ('address', 'dock', 'boolean', true)"
        )
    before = await contents(shop)

    found = {
        what: await refusal(ask, **given) for what, (given, _) in MALFORMED.items()
    }

    assert len(MALFORMED) >= 60
    for what, (_, told) in MALFORMED.items():
        assert (what, found[what]) == (what, told)
    assert await contents(shop) == before


async def test_a_tree_may_be_as_large_as_the_limits_and_not_larger(ask: Ask) -> None:
    limits = Limits(depth=3, nodes=4, list_values=2)
    leaf = asks("cart.lines", "is", 1)

    def countries(*codes: str) -> dict[str, Any]:
        return asks("cart.country", "is_one_of", list(codes))

    async def told(tree: dict[str, Any]) -> Refused:
        return await refusal(ask, limits, conditions=tree)

    assert await told({"all": [{"any": [leaf]}]}) == []
    assert await told({"all": [{"any": [{"all": [leaf]}]}]}) == [
        (
            "conditions.all.0.any.0.all.0",
            "the tree is nested too deep.",
            "Conditions may nest 3 deep.",
        )
    ]
    assert await told({"all": [leaf, leaf, leaf]}) == []
    assert await told({"all": [leaf, leaf, leaf, leaf]}) == [
        (
            "conditions.all.3",
            "the tree has too many conditions.",
            "A tree may have 4 conditions.",
        )
    ]
    assert await told(countries("DE", "AT")) == []
    assert await told(countries("DE", "AT", "CH")) == [
        (
            "conditions.value",
            "3 values are too many.",
            "A list may have 2 values.",
        )
    ]
