"""Carts are mirrored: who may, what may be said of them, and under which id."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.errors import Forbidden, InvalidInput, NotFound
from gateway.resolvers import carts
from gateway.resolvers.visits import Visit
from tests.resolvers.conftest import Visiting
from tests.rows import Shop

ITEMS = [{"sku": "mug", "quantity": 1}]

# Who does what to whose cart. The published words differ for a cart that is somebody
# else's and for one that is not there; an id of 192 random bits is found by nobody.
FORBIDDEN, MISSING, ALLOWED = "forbidden", "missing", "allowed"
MATRIX = [
    # who, on which website, reads and writes: a visitor's cart | customer 1's cart
    ("visitor", "base", ALLOWED, ALLOWED, FORBIDDEN, FORBIDDEN),
    ("1", "base", ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    ("2", "base", ALLOWED, ALLOWED, FORBIDDEN, FORBIDDEN),
    ("server", "base", ALLOWED, ALLOWED, ALLOWED, FORBIDDEN),
    ("server for 1", "base", ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    ("server for 2", "base", ALLOWED, ALLOWED, ALLOWED, FORBIDDEN),
    ("visitor", "other", MISSING, MISSING, MISSING, MISSING),
    ("1", "other", MISSING, MISSING, MISSING, MISSING),
    ("server", "other", MISSING, FORBIDDEN, MISSING, FORBIDDEN),
    ("server for 1", "other", MISSING, FORBIDDEN, MISSING, FORBIDDEN),
]


def visit_of(visiting: Visiting, who: str, website: str = "base") -> Visit:
    if who.startswith("server"):
        return visiting(session=None, website=website, is_server=True)
    return visiting(None if who == "visitor" else who, website=website)


def given_by(who: str, cart_id: str) -> dict[str, Any]:
    _, _, owner = who.partition(" for ")
    also = {"customer_id": owner} if owner else {}
    return {"cart_id": cart_id, "items": ITEMS, **also}


async def outcome(work: Any) -> str:
    try:
        await work
    except Forbidden:
        return FORBIDDEN
    except NotFound:
        return MISSING
    return ALLOWED


@pytest.mark.parametrize(
    ("who", "website", "reads", "writes", "reads_owned", "writes_owned"),
    MATRIX,
    ids=[f"{who} on {website}" for who, website, *_ in MATRIX],
)
async def test_a_cart_is_its_owners(
    visiting: Visiting,
    shop: Shop,
    who: str,
    website: str,
    reads: str,
    writes: str,
    reads_owned: str,
    writes_owned: str,
) -> None:
    await shop.website("other")
    unowned = await carts.sync(visiting(), {"items": ITEMS})
    owned = await carts.sync(visiting("1"), {"items": ITEMS})

    found = []
    for cart_id in (unowned, owned):
        reading = visit_of(visiting, who, website).decision(cart_id=cart_id)
        found.append(await outcome(reading))
        visit = visit_of(visiting, who, website)
        found.append(await outcome(carts.sync(visit, given_by(who, cart_id))))

    assert found == [reads, writes, reads_owned, writes_owned]
    kept = await shop.value("select customer_id from cart where id = $1", owned)
    assert kept == "1"


async def test_a_refusal_changes_nothing(visiting: Visiting, shop: Shop) -> None:
    cart_id = await carts.sync(visiting("1"), {"items": ITEMS})
    before = await shop.value("select to_jsonb(c) from cart c")

    with pytest.raises(Forbidden) as refused:
        await carts.sync(visiting("2"), {"cart_id": cart_id, "items": []})

    assert str(refused.value) == (
        f'The current user cannot perform operations on cart "{cart_id}"'
    )
    assert await shop.value("select to_jsonb(c) from cart c") == before


async def test_a_shopper_cannot_choose_an_id(visiting: Visiting, shop: Shop) -> None:
    with pytest.raises(NotFound, match=r'^Could not find a cart with ID "mine"$'):
        await carts.sync(visiting(), {"cart_id": "mine", "items": ITEMS})

    assert await shop.value("select count(*) from cart") == 0


async def test_a_server_brings_an_id_that_cannot_be_guessed(
    visiting: Visiting, shop: Shop
) -> None:
    server = visiting(session=None, is_server=True)
    own = "A" * 32

    assert await carts.sync(server, {"cart_id": own, "items": ITEMS}) == own
    with pytest.raises(InvalidInput) as refused:
        await carts.sync(server, {"cart_id": "1234", "items": ITEMS})

    assert str(refused.value) == (
        "cart_id: '1234' could be guessed. Write 22 to 64 letters, digits, '-' or '_'"
        " that hold at least 128 random bits, or leave it out to have one made."
    )
    assert await shop.value("select count(*) from cart") == 1


async def test_ids_that_are_made_hold_192_random_bits(visiting: Visiting) -> None:
    made = [await carts.sync(visiting(), {"items": []}) for _ in range(100)]

    assert len(set(made)) == 100
    assert {len(urlsafe_b64decode(cart_id)) for cart_id in made} == {24}


async def test_who_takes_a_cart_between_check_and_writing_keeps_it(
    visiting: Visiting, shop: Shop
) -> None:
    cart_id = await carts.sync(visiting(), {"items": ITEMS})
    slow = visiting("2")
    await slow.kept_cart(cart_id)

    await carts.sync(visiting("1"), {"cart_id": cart_id, "items": ITEMS})

    with pytest.raises(Forbidden):
        await carts.sync(slow, {"cart_id": cart_id, "items": []})
    assert await shop.value("select customer_id from cart") == "1"


SERVERS_ONLY = "Leave it out: only a server token may state amounts."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(
            {"items": [{"sku": "mug", "quantity": 1, "price": "0.01"}]},
            f"items.0.price: a shopper cannot state it. {SERVERS_ONLY}",
            id="price",
        ),
        pytest.param(
            {"items": [], "tax": "1"},
            f"tax: a shopper cannot state it. {SERVERS_ONLY}",
            id="tax",
        ),
        pytest.param(
            {"items": [], "shipping": {"method": "m", "amount": "0"}},
            f"shipping.amount: a shopper cannot state it. {SERVERS_ONLY}",
            id="shipping",
        ),
        pytest.param(
            {"items": [], "customer_id": "1"},
            "customer_id: whose cart it is comes from the customer's token. Leave it"
            " out, and send the token.",
            id="owner",
        ),
    ],
)
async def test_only_a_server_states_amounts_and_owners(
    visiting: Visiting, shop: Shop, given: Mapping[str, Any], said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await carts.sync(visiting("1"), given)
    assert str(refused.value) == said
    assert await shop.value("select count(*) from cart") == 0

    await carts.sync(visiting(session=None, is_server=True), given)
    assert await shop.value("select count(*) from cart") == 1


async def test_what_a_server_states_counts_for_the_shopper(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.product("mug", "10")
    server = visiting(session=None, is_server=True)
    cart_id = await carts.sync(
        server,
        {
            "customer_id": "1",
            "items": [
                {"sku": "mug", "quantity": 2, "price": "8.50"},
                {"sku": "engraving", "quantity": 1, "price": "3"},
            ],
            "shipping": {"method": "flatrate_flatrate", "amount": "4.95"},
            "tax": "1.05",
            "coupon_codes": ["TEN"],
            "payment_method": "checkmo",
            "address": {"country": "de", "postcode": "10115"},
        },
    )

    cart = (await visiting("1").decision(cart_id=cart_id)).context.cart

    assert (cart.subtotal, cart.shipping.amount, cart.tax) == (
        Decimal("20.00"),
        Decimal("4.95"),
        Decimal("1.05"),
    )
    assert cart.address.country == "DE"
    assert [item.known for item in cart.items] == [True, False]


async def test_a_shopper_pays_the_catalogues_price(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.product("mug", "10")
    cart_id = await carts.sync(
        visiting(),
        {
            "items": [
                {"sku": "mug", "quantity": 2},
                {"sku": "never-heard-of", "quantity": 5},
            ]
        },
    )

    cart = (await visiting().decision(cart_id=cart_id)).context.cart

    assert cart.subtotal == 20
    assert [(item.product.sku, item.price, item.known) for item in cart.items] == [
        ("mug", Decimal(10), True),
        ("never-heard-of", None, False),
    ]


@pytest.mark.parametrize("who", ["visitor", "1", "server for 1"])
async def test_no_cart_is_kept_on_a_website_that_is_gone(
    visiting: Visiting, shop: Shop, who: str
) -> None:
    visit = visit_of(visiting, who)
    await visit.website()
    await shop.execute("delete from website")
    given = given_by(who, "c" * 32)
    if not visit.shopper.is_server:
        del given["cart_id"]

    with pytest.raises(NotFound, match=r"^there is no website 'base'\.$"):
        await carts.sync(visit, given)
