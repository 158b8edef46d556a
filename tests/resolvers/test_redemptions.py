"""Uses of coupons: reserved, committed, released, and never more than there are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from typing import Any, TypeVar

import pytest

from gateway.personalize.errors import Conflict, Forbidden, InvalidInput, Problem
from gateway.resolvers import cart_price_rules, events, redemptions
from gateway.resolvers.coupon_terms import CouponTerms
from gateway.resolvers.shoppers import Shopper
from gateway.resolvers.visits import Visit
from gateway.storage.database import Database, connected
from gateway.storage.opened import Storage
from gateway.storage.redemptions import State, expire, find
from tests.coupons import (
    a_coupon_rule,
    a_kept_cart,
    assert_counted,
    committed,
    counters,
    let_reservations_end,
    live,
)
from tests.events import an_event, an_order, of_order
from tests.factories import NOW, a_comparison
from tests.resolvers.conftest import Visiting
from tests.rows import Shop
from tests.waiting import UNHURRIED, until_waiting

Done = TypeVar("Done")


@pytest.fixture
def server(storage: Storage) -> Visit:
    """A visit of the shop's server."""
    return a_server(storage)


@pytest.fixture(autouse=True)
async def _counted(database: Database) -> AsyncIterator[None]:
    """Whatever a test does: the counters are what the redemptions say."""
    yield
    await assert_counted(database)


def a_server(storage: Storage, **terms: Any) -> Visit:
    coupons = CouponTerms(secret=b"secret", **terms)
    shopper = Shopper("base", "default", is_server=True)
    return Visit(storage, shopper, NOW, keep_seconds=60, coupons=coupons)


def asked(cart_id: str, key: str = "one", **also: Any) -> dict[str, Any]:
    return {"key": key, "cart_id": cart_id, **also}


async def applied(server: Visit, cart_id: str) -> tuple[str, ...]:
    """The coupons of a cart that take part now."""
    decision = await server.afresh().decision(cart_id=cart_id)
    return decision.discounts.coupon_codes


async def at_once(work: Iterable[Coroutine[Any, Any, Done]]) -> list[Done]:
    """Do it side by side, as much of it as there are connections."""
    turns = asyncio.Semaphore(4)

    async def take_turn(one: Coroutine[Any, Any, Done]) -> Done:
        async with turns:
            return await one

    return await asyncio.gather(*map(take_turn, work))


async def test_what_takes_part_is_reserved(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, "SPRING", uses_per_rule=2)
    await a_coupon_rule(shop, "LATER", to_day=NOW.date().replace(year=2025))
    cart_id = await a_kept_cart(server, "spring", "later", "nonsense")

    held = await redemptions.reserve(server.afresh(), asked(cart_id))

    assert (held.state, held.order_id) == (State.RESERVED, None)
    assert [use.code for use in held.uses] == ["spring"]
    assert await counters(database) == {"rule": 1, "code:spring": 1}


async def test_a_reservation_becomes_the_orders(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING", customer_id="7")
    await redemptions.reserve(server.afresh(), asked(cart_id))

    given = asked(cart_id, order_id="1001")
    held = await redemptions.commit(server.afresh(), given)

    assert (held.state, held.order_id) == (State.COMMITTED, "1001")
    assert held.shopper == "customer:7"
    assert await counters(database) == {
        "rule": 1,
        "code:spring": 1,
        "customer:7": 1,
    }


async def test_the_same_key_has_the_same_answer(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    given = asked(cart_id, order_id="1001")

    reserved = [await redemptions.reserve(server.afresh(), asked(cart_id))] * 2
    first = await redemptions.commit(server.afresh(), given)
    again = await redemptions.commit(server.afresh(), given)

    assert reserved[0] == reserved[1]
    assert again == first
    assert await counters(database) == {"rule": 1, "code:spring": 1}


async def test_one_order_takes_one_use_under_however_many_keys(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    given = [asked(cart_id, f"key {n}", order_id="1001") for n in range(20)]

    held = await at_once(redemptions.commit(server.afresh(), one) for one in given)

    assert {one.id for one in held} == {held[0].id}
    assert await counters(database) == {"rule": 1, "code:spring": 1}
    assert await live(database) == 1


@pytest.mark.parametrize(
    ("other", "path", "message"),
    [
        pytest.param(
            {"cart_id": "OTHER"},
            "order_id",
            "it belongs to another cart or shopper.",
            id="another cart",
        ),
        pytest.param(
            {"order_id": "1002"},
            "key",
            "it was committed with the order '1001'.",
            id="another order",
        ),
    ],
)
async def test_a_key_with_something_else_is_a_conflict(
    server: Visit, shop: Shop, other: dict[str, str], path: str, message: str
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    other_cart = await a_kept_cart(server, "SPRING")
    given = asked(cart_id, order_id="1001")
    await redemptions.commit(server.afresh(), given)
    changed = {
        name: other_cart if one == "OTHER" else one for name, one in other.items()
    }

    with pytest.raises(Conflict) as refused:
        await redemptions.commit(server.afresh(), {**given, **changed})

    (problem,) = refused.value.problems
    assert (problem.path, problem.message) == (path, message)


async def test_a_limit_is_held_by_rule_by_code_and_by_customer(
    server: Visit, shop: Shop
) -> None:
    await a_coupon_rule(shop, "RULE", uses_per_rule=1)
    await a_coupon_rule(shop, "CODE", uses_per_coupon=1)
    await a_coupon_rule(shop, "EACH", uses_per_customer=1)
    for code in ("RULE", "CODE", "EACH"):
        cart_id = await a_kept_cart(server, code, customer_id="1")
        await committed(server, cart_id, f"first {code}")

    again = [await a_kept_cart(server, code, customer_id="1") for code in CODES]
    other = [await a_kept_cart(server, code, customer_id="2") for code in CODES]

    assert [await applied(server, one) for one in again] == [(), (), ()]
    assert [await applied(server, one) for one in other] == [(), (), ("EACH",)]


CODES = ("RULE", "CODE", "EACH")


async def test_uses_per_customer_are_counted_over_all_codes_of_the_rule(
    server: Visit, shop: Shop
) -> None:
    id = await shop.cart_price_rule(
        "gifts", generated_coupons=True, uses_per_coupon=1, uses_per_customer=1
    )
    for code in ("GIFT-A", "GIFT-B"):
        await shop.coupon(id, code)
    first = await a_kept_cart(server, "gift-a", customer_id="1")
    await committed(server, first, "1001")

    second = await a_kept_cart(server, "gift-b", customer_id="1")
    others = await a_kept_cart(server, "gift-b", customer_id="2")

    assert await applied(server, second) == ()
    assert await applied(server, others) == ("gift-b",)


async def test_a_use_that_somebody_took_meanwhile_is_refused(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, uses_per_rule=1)
    carts = [await a_kept_cart(server, "SPRING") for _ in range(2)]
    late = server.afresh()
    await late.decision(cart_id=carts[1])
    await committed(server, carts[0], "1001")

    with pytest.raises(InvalidInput) as refused:
        await redemptions.commit(late, asked(carts[1], order_id="1002"))

    assert refused.value.problems == (
        Problem("", "the coupon 'SPRING' has no use left."),
    )
    assert await live(database) == 1


async def test_of_several_coupons_all_are_held_or_none(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, "FIRST", uses_per_rule=1)
    await a_coupon_rule(shop, "SECOND")
    carts = [await a_kept_cart(server, "FIRST", "SECOND") for _ in range(2)]
    late = server.afresh()
    await late.decision(cart_id=carts[1])
    await committed(server, carts[0], "1001")

    with pytest.raises(InvalidInput):
        await redemptions.reserve(late, asked(carts[1]))

    assert await live(database) == 2


async def test_what_is_released_can_be_used_again(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, uses_per_rule=1)
    carts = [await a_kept_cart(server, "SPRING") for _ in range(2)]
    await committed(server, carts[0], "1001")

    released = await redemptions.release(server, {"order_id": "1001"})

    assert released is not None
    assert released.state is State.RELEASED
    assert await counters(database) == {}
    assert await committed(server, carts[1], "1002") is State.COMMITTED


async def test_a_release_gives_back_once(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    carts = [await a_kept_cart(server, "SPRING") for _ in range(2)]
    for number, cart_id in enumerate(carts):
        await redemptions.reserve(server.afresh(), asked(cart_id, f"key {number}"))

    await at_once(redemptions.release(server, {"key": "key 0"}) for _ in range(10))

    assert await counters(database) == {"rule": 1, "code:spring": 1}


@pytest.mark.parametrize("named", [{"key": "one"}, {"order_id": "1001"}], ids=str)
async def test_a_release_has_the_same_answer_however_often_it_is_asked_for(
    server: Visit, shop: Shop, database: Database, named: dict[str, str]
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    await redemptions.commit(server.afresh(), asked(cart_id, order_id="1001"))

    first = await redemptions.release(server, named)
    others = await at_once(redemptions.release(server, named) for _ in range(3))

    assert first is not None
    assert (first.key, first.order_id) == ("one", "1001")
    assert first.state is State.RELEASED
    assert others == [first] * 3
    assert await counters(database) == {}


async def test_an_order_that_is_not_known_has_nothing_to_release(
    server: Visit, shop: Shop
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    await redemptions.reserve(server.afresh(), asked(cart_id))

    released = await redemptions.release(server, {"order_id": "1001"})

    assert released is None


async def test_an_order_that_was_released_is_committed_under_another_key_only(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    given = asked(cart_id, order_id="1001")
    await redemptions.commit(server.afresh(), given)
    await redemptions.release(server, {"order_id": "1001"})

    with pytest.raises(Conflict, match="key: it was released"):
        await redemptions.commit(server.afresh(), given)
    other = await redemptions.commit(server.afresh(), {**given, "key": "two"})
    released = await redemptions.release(server, {"order_id": "1001"})
    again = await redemptions.release(server, {"order_id": "1001"})

    assert (other.state, other.order_id) == (State.COMMITTED, "1001")
    assert released is not None
    assert (released.key, released.state) == ("two", State.RELEASED)
    assert again == released
    assert await counters(database) == {}


async def test_a_key_that_was_released_is_not_used_again(
    server: Visit, shop: Shop
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    await redemptions.reserve(server.afresh(), asked(cart_id))
    await redemptions.release(server, {"key": "one"})

    with pytest.raises(Conflict, match="key: it was released"):
        await redemptions.commit(server.afresh(), asked(cart_id, order_id="1001"))
    with pytest.raises(Conflict, match="key: it was released"):
        await redemptions.reserve(server.afresh(), asked(cart_id))


async def test_a_reservation_that_was_committed_is_answered_as_it_is(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    given = asked(cart_id, order_id="1001")
    committed = await redemptions.commit(server.afresh(), given)

    reserved = await redemptions.reserve(server.afresh(), asked(cart_id))

    assert reserved == committed
    assert await counters(database) == {"rule": 1, "code:spring": 1}


async def test_an_order_that_is_told_to_be_cancelled_gives_its_coupons_back(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    for order_id in ("1001", "1002"):
        await committed(server, await a_kept_cart(server, "SPRING"), order_id)
    told = of_order("1", "orderCancelled", "1001")

    await events.record(server.afresh(), [told])
    await events.record(server.afresh(), [told])

    assert await counters(database) == {"rule": 1, "code:spring": 1}


async def test_an_order_that_is_told_to_be_placed_has_what_its_cart_reserved(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    await redemptions.reserve(server.afresh(), asked(cart_id))

    await events.record(server.afresh(), [an_order("1", "1001", cart_id=cart_id)])
    await events.record(server.afresh(), [an_order("1", "1001", cart_id=cart_id)])
    await events.record(server.afresh(), [an_order("2", "1001", cart_id=cart_id)])
    await let_reservations_end(database)
    again = await redemptions.commit(server.afresh(), asked(cart_id, order_id="1001"))

    assert (again.state, again.order_id) == (State.COMMITTED, "1001")
    assert await counters(database) == {"rule": 1, "code:spring": 1}


async def test_an_order_that_has_its_coupons_takes_none_that_are_reserved_later(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    await committed(server, cart_id, "1001")
    held = await redemptions.reserve(server.afresh(), asked(cart_id))

    await events.record(server.afresh(), [an_order("1", "1001", cart_id=cart_id)])

    assert held.state is State.RESERVED
    released = await redemptions.release(server, {"key": "one"})
    assert released is not None
    assert (released.state, released.order_id) == (State.RELEASED, None)
    assert await counters(database) == {"rule": 1, "code:spring": 1}


async def test_an_order_takes_nothing_that_its_cart_does_not_hold(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    carts = [await a_kept_cart(server, "SPRING") for _ in range(3)]
    for number, cart_id in enumerate(carts):
        await redemptions.reserve(server.afresh(), asked(cart_id, str(number)))
    await redemptions.release(server, {"key": "0"})
    cancelled = of_order("1", "orderCancelled", "1001")

    await events.record(server.afresh(), [cancelled])
    told = [
        an_order("2", "1000", cart_id=carts[0]),
        an_order("3", "1001", cart_id=carts[1]),
        an_order("4", "1002"),
        an_order("5", "1003", cart_id="no-cart"),
    ]
    await events.record(server.afresh(), told)

    committed_orders = "select count(*) from coupon_reservation where order_id <> ''"
    assert await shop.value(committed_orders) == 0
    assert await counters(database) == {"rule": 2, "code:spring": 2}


DELETED = an_event("1", "accountDeleted", {}, customer_id="ada")


@pytest.mark.parametrize("is_told", [True, False], ids=["told of", "row deleted"])
async def test_who_is_deleted_is_named_by_no_coupon_while_counts_hold(
    server: Visit, shop: Shop, database: Database, *, is_told: bool
) -> None:
    await a_coupon_rule(shop, uses_per_customer=2)
    for customer_id in ("ada", "ben"):
        await shop.customer(customer_id)
        cart_id = await a_kept_cart(server, "SPRING", customer_id=customer_id)
        await committed(server, cart_id, f"of {customer_id}")
    cart_id = await a_kept_cart(server, "SPRING", customer_id="ada")
    await redemptions.reserve(server.afresh(), asked(cart_id))

    if is_told:
        await events.record(server.afresh(), [DELETED])
    else:
        await shop.execute("delete from customer where customer_id = 'ada'")

    assert await counters(database) == {"rule": 3, "code:spring": 3, "customer:ben": 1}
    for table in ("coupon_reservation", "coupon_counter"):
        told = f"select count(*) from {table} t where t::text like '%customer:ada%'"
        assert await shop.value(told) == 0, table
    await redemptions.release(server, {"key": "one"})
    await redemptions.release(server, {"order_id": "of ada"})
    assert await counters(database) == {"rule": 1, "code:spring": 1, "customer:ben": 1}


async def test_a_namesake_of_another_website_keeps_their_uses(
    server: Visit, shop: Shop, database: Database
) -> None:
    await shop.website("outlet")
    await shop.customer("ada")
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING", customer_id="ada")
    await committed(server, cart_id, "1001")
    await shop.execute(
        "insert into customer (website, customer_id) values ('outlet', 'ada')"
    )

    await shop.execute("delete from customer where website = 'outlet'")

    counted = {"rule": 1, "code:spring": 1, "customer:ada": 1}
    assert await counters(database) == counted


async def test_coupons_that_are_only_tried_leave_nothing_behind(
    server: Visit, visiting: Visiting, shop: Shop
) -> None:
    asks = a_comparison("cart.coupon", "is", ["GUESS"])
    keeps = {"applies_to": "visitor", "keeps_after_login": True}
    await shop.segment("guessers", asks, **keeps)
    cart_id = await a_kept_cart(server)

    tried = await visiting().decision(cart_id=cart_id, coupon_codes=("GUESS",))

    assert [segment.key for segment in tried.segments] == ["guessers"]
    assert await shop.value("select count(*) from remembered_segments") == 0


async def test_releasing_what_nobody_knows_is_no_fault(server: Visit) -> None:
    assert await redemptions.release(server, {"order_id": "1001"}) is None
    assert await redemptions.release(server, {"key": "one"}) is None


async def test_what_is_late_stands_in_nobodys_way(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, uses_per_rule=1)
    carts = [await a_kept_cart(server, "SPRING") for _ in range(2)]
    await redemptions.reserve(server.afresh(), asked(carts[0]))
    before = await applied(server, carts[1])

    await let_reservations_end(database)

    assert before == ()
    assert await applied(server, carts[1]) == ("SPRING",)
    assert await committed(server, carts[1], "1002") is State.COMMITTED


async def test_a_payment_that_takes_too_long_still_gets_a_use_that_is_left(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, uses_per_rule=1)
    cart_id = await a_kept_cart(server, "SPRING")
    await redemptions.reserve(server.afresh(), asked(cart_id))
    await let_reservations_end(database)

    held = await redemptions.commit(server.afresh(), asked(cart_id, order_id="1001"))

    assert held.state is State.COMMITTED
    assert await counters(database) == {"rule": 1, "code:spring": 1}


async def test_a_payment_that_takes_too_long_loses_the_last_use_to_another(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, uses_per_rule=1)
    carts = [await a_kept_cart(server, "SPRING") for _ in range(2)]
    await redemptions.reserve(server.afresh(), asked(carts[0]))
    await let_reservations_end(database)
    await committed(server, carts[1], "1002")

    with pytest.raises(InvalidInput, match="the coupon 'SPRING' has no use left"):
        await redemptions.commit(server.afresh(), asked(carts[0], order_id="1001"))

    assert await live(database) == 1


async def test_what_is_late_is_given_back_though_others_are_in_the_way(
    server: Visit, shop: Shop, database: Database, database_url: str
) -> None:
    await a_coupon_rule(shop, uses_per_rule=3)
    for key in ("a", "b", "c"):
        cart_id = await a_kept_cart(server, "SPRING")
        await redemptions.reserve(server.afresh(), asked(cart_id, key))
    await let_reservations_end(database)

    # Waiting for each other takes a while, which a busy machine makes longer.
    async with connected(database_url, pool_size=5, timeouts=UNHURRIED) as patient:
        async with patient.transaction() as connection:
            # It is not this transaction that gives way when both wait for each other.
            await connection.execute("set local deadlock_timeout = '1h'")
            await find(connection, "base", "c")
            async with patient.transaction() as other:
                await find(other, "base", "b")
                giving_back = asyncio.create_task(expire(patient))
                await until_waiting(database, 1)
                in_the_way = asyncio.create_task(find(connection, "base", "a"))
                await until_waiting(database, 2)
            await in_the_way
        ended = await giving_back

    assert ended == 3
    assert await counters(database) == {}


async def test_a_cart_is_not_in_its_own_way(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, uses_per_rule=1)
    cart_id = await a_kept_cart(server, "SPRING")
    await redemptions.reserve(server.afresh(), asked(cart_id, "first try"))

    shown = await applied(server, cart_id)
    held = await redemptions.reserve(server.afresh(), asked(cart_id, "second try"))

    assert shown == ("SPRING",)
    assert held.state is State.RESERVED
    assert await counters(database) == {"rule": 1, "code:spring": 1}


async def test_a_visitors_uses_are_counted_by_the_hash_of_their_address(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, uses_per_customer=1)
    carts = [await a_kept_cart(server, "SPRING") for _ in range(3)]
    await committed(server, carts[0], "1001", email="Ada@Example.com")

    with pytest.raises(InvalidInput, match="no use left"):
        await committed(server, carts[1], "1002", email=" ada@example.COM ")
    await committed(server, carts[2], "1003", email="bob@example.com")

    scopes = [one for one in await counters(database) if one.startswith("email:")]
    assert len(scopes) == 2
    assert not any("example" in one for one in scopes)


async def test_a_visitor_without_an_address_gets_nothing_that_counts_customers(
    server: Visit, shop: Shop
) -> None:
    await a_coupon_rule(shop, uses_per_customer=1)
    cart_id = await a_kept_cart(server, "SPRING")

    with pytest.raises(InvalidInput) as refused:
        await redemptions.reserve(server.afresh(), asked(cart_id))

    assert refused.value.problems == (
        Problem(
            "email",
            "it is missing, and a coupon counts its uses per customer.",
            "Write the visitor's address.",
        ),
    )


async def test_visitors_are_not_limited_where_the_operator_says_so(
    storage: Storage, shop: Shop, database: Database
) -> None:
    server = a_server(storage, limits_visitors=False)
    await a_coupon_rule(shop, uses_per_customer=1)
    carts = [await a_kept_cart(server, "SPRING") for _ in range(2)]

    for number, cart_id in enumerate(carts):
        await committed(server, cart_id, f"{number}", email="ada@example.com")

    assert await counters(database) == {"rule": 2, "code:spring": 2}


async def test_a_cart_without_coupons_is_committed_all_the_same(
    server: Visit, database: Database
) -> None:
    cart_id = await a_kept_cart(server)

    held = await redemptions.commit(server.afresh(), asked(cart_id, order_id="1001"))

    assert (held.state, held.uses) == (State.COMMITTED, ())
    assert await counters(database) == {}


async def test_a_shopper_may_do_nothing_of_it(visiting: Visiting) -> None:
    shopper = visiting()

    for work in (redemptions.reserve, redemptions.commit, redemptions.release):
        with pytest.raises(Forbidden, match="by the shop's server"):
            await work(shopper, {})


async def test_every_fault_is_told_at_once(server: Visit) -> None:
    with pytest.raises(InvalidInput) as refused:
        await redemptions.commit(server, {"email": "nobody", "cart": "x"})

    assert [str(problem) for problem in refused.value.problems] == [
        "key: it is missing. Write a text.",
        "cart_id: it is missing. Write a text.",
        "order_id: it is missing. Write a text.",
        "email: it is no e-mail address. Write one with an '@'.",
        "cart: there is no such field. Did you mean 'cart_id'?",
    ]


async def test_a_rule_with_live_redemptions_cannot_be_deleted(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop)
    cart_id = await a_kept_cart(server, "SPRING")
    await committed(server, cart_id, "1001")

    with pytest.raises(Conflict) as refused:
        await cart_price_rules.delete(database, "spring")
    await redemptions.release(server, {"order_id": "1001"})
    deleted = await cart_price_rules.delete(database, "spring")

    assert refused.value.problems == (
        Problem("key", "it is in use by the order '1001'.", "Remove it there first."),
    )
    assert deleted == "spring"


async def test_of_many_at_once_as_many_get_a_use_as_there_are(
    server: Visit, shop: Shop, database: Database
) -> None:
    await a_coupon_rule(shop, uses_per_rule=7)
    carts = [await a_kept_cart(server, "SPRING") for _ in range(40)]
    visits = [server.afresh() for _ in carts]
    for visit, cart_id in zip(visits, carts, strict=True):
        await visit.decision(cart_id=cart_id)

    async def place(visit: Visit, cart_id: str) -> bool:
        try:
            await redemptions.commit(visit, asked(cart_id, cart_id, order_id=cart_id))
        except InvalidInput:
            return False
        return True

    placed = await at_once(map(place, visits, carts))

    assert sum(placed) == 7
    assert await live(database) == 7
