"""A visit: what is decided, what is kept of it, and that it stays its owner's."""

import asyncio
import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from gateway.personalize.carts import Line, MirroredCart
from gateway.personalize.errors import Forbidden, NotFound
from gateway.personalize.history import Client
from gateway.resolvers.shoppers import Shopper
from gateway.resolvers.visits import Visit
from gateway.storage import carts
from gateway.storage.database import Database
from gateway.storage.opened import Storage
from tests.factories import NOW, a_comparison
from tests.refreshing import FEMALE, adding, refresh
from tests.resolvers.conftest import Visiting, segments
from tests.rows import Shop
from tests.waiting import until_waiting

CART_ID = "c" * 32


@pytest.fixture
def cache_url(either_cache_url: str | None) -> str | None:
    return either_cache_url


def a_mirrored_cart(sku: str = "mug", quantity: int = 1, **also: Any) -> MirroredCart:
    return MirroredCart(lines=(Line(sku, Decimal(quantity)),), **also)


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


async def test_a_rule_of_which_nobody_told_is_seen_at_once_too(
    visiting: Visiting, shop: Shop
) -> None:
    assert await segments(visiting()) == []
    await shop.execute("alter table website disable trigger website_is_announced")

    try:
        await shop.segment("untold")
        seen = await segments(visiting())
    finally:
        await shop.execute("alter table website enable trigger website_is_announced")

    assert seen == ["untold"]


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


async def test_what_was_ordered_is_read_only_where_it_is_asked_for(
    visiting: Visiting, shop: Shop, reads: list[str]
) -> None:
    await shop.customer("1")
    await shop.order("1", "o")
    await shop.order_line("o", 1, "mug")
    await shop.segment("everyone")
    before = (await visiting("1").context()).customer

    conditions = {
        "found": "products.ordered",
        **a_comparison("product.sku", "is", "mug"),
    }
    await shop.segment("mugs", conditions, applies_to="registered")
    first = await segments(visiting("1"))
    reads.clear()
    later = await segments(visiting("1", session="another"))

    assert before is not None
    assert before.ordered == ()
    assert first == later == ["everyone", "mugs"]
    assert len(reads) == 1


async def test_what_was_ordered_is_the_owners_where_a_server_asks(
    visiting: Visiting, shop: Shop, storage: Storage
) -> None:
    await shop.customer("1")
    await shop.order("1", "o")
    await shop.order_line("o", 1, "mug")
    await shop.segment("mugs", {"found": "products.ordered"}, applies_to="registered")
    mirrored = a_mirrored_cart(id=CART_ID, customer_id="1")
    await carts.save(storage.database, mirrored, website="base", store_view="default")

    server = visiting(session=None, is_server=True)

    assert await segments(server, cart_id=CART_ID) == ["mugs"]
    assert await segments(visiting("2")) == []


async def test_consent_that_is_withdrawn_is_missing_from_the_next_answer(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.segment("mobile", a_comparison("session.device", "is", "mobile"))
    mobile, tablet = Client("mobile"), Client("tablet")

    found = [
        await segments(visiting(client=client, consents=consents))
        for client, consents in (
            (mobile, True),
            (mobile, False),
            (mobile, True),
            (tablet, True),
        )
    ]

    assert found == [["mobile"], [], ["mobile"], []]


async def test_days_of_affinity_come_from_the_settings(storage: Storage) -> None:
    shopper = Shopper("base", "default", session="session")
    visit = Visit(storage, shopper, NOW, keep_seconds=60, affinity_days=7)

    of_visits = [(await one.context()).affinity_days for one in (visit, visit.afresh())]

    assert of_visits == [7, 7]


async def test_a_kept_cart_is_abandoned_from_its_last_change_on(
    visiting: Visiting, shop: Shop, storage: Storage
) -> None:
    conditions = a_comparison("cart.hours_since_change", "at_least", 24)
    await shop.segment("abandoned", conditions)
    changed_at = NOW - timedelta(hours=23, minutes=59)
    for quantity in (1, 2, 2):
        cart = a_mirrored_cart(quantity=quantity, id=CART_ID)
        await carts.save(storage.database, cart, website="base", store_view="default")
        if quantity == 1:
            before = await shop.value("select updated_at from cart")
    now = await shop.value("select updated_at from cart")
    await shop.execute("update cart set updated_at = $1", changed_at)
    # The same cart is sent again, as each page may do.
    cart = a_mirrored_cart(quantity=2, id=CART_ID, customer_id="1")
    await carts.save(storage.database, cart, website="base", store_view="default")

    async def is_abandoned(minutes: int, *, consents: bool = True) -> bool:
        at = NOW + timedelta(minutes=minutes)
        visit = visiting("1", at=at, consents=consents)
        return await segments(visit, cart_id=CART_ID) == ["abandoned"]

    assert now > before
    assert await shop.value("select updated_at from cart") == changed_at
    assert [await is_abandoned(minutes) for minutes in (0, 1)] == [False, True]
    assert not await is_abandoned(1, consents=False)


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


async def test_shoppers_are_answered_rightly_while_a_refresh_stands_still(
    visiting: Visiting, database: Database, database_url: str, shop: Shop
) -> None:
    await shop.customer("ada", gender="female")
    await shop.segment("women", FEMALE, applies_to="registered")

    async with adding(database, "ada"):
        standing_still = asyncio.create_task(refresh(database_url))
        await until_waiting(database, 1)
        first = await segments(visiting("ada"))
        await shop.execute("update customer set gender = 'male'")
        changed = await segments(visiting("ada"))
        await shop.segment("all", applies_to="both")
        widened = await segments(visiting("ada"))
    await standing_still

    assert (first, changed, widened) == (["women"], [], ["all"])


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
    begun = 0

    async def visit_once() -> None:
        nonlocal begun
        begun += 1
        # While the others go on.
        changes_rules = begun <= 100 and begun % 10 == 0
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
        if changes_rules:
            never = a_comparison("cart.lines", "is", 999)
            await shop.segment(f"never-{begun}", never)
        seconds = 0.002 if chance.random() < 0.2 else 30
        try:
            async with asyncio.timeout(seconds):
                seen.append((expected, await segments(visit, **asked)))
        except TimeoutError:
            assert seconds < 30

    async def shop_around() -> None:
        for _ in range(40):
            await visit_once()

    await asyncio.gather(*(shop_around() for _ in range(8)))

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
