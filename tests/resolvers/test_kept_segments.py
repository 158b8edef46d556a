"""Kept segments: used while every fact is the same, and otherwise left alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest

from gateway.personalize.context import (
    Address,
    Cart,
    CartItem,
    Context,
    Counted,
    Customer,
    Remembered,
    Shipping,
    Website,
)
from gateway.personalize.coupons import Coupon
from gateway.personalize.history import Client, History
from gateway.personalize.products import Catalogue
from gateway.personalize.rulebook import RuleBook
from gateway.resolvers import kept_segments
from gateway.resolvers.visits import Visit
from gateway.storage.opened import Storage
from tests.factories import a_cart, a_comparison, a_context, a_product, an_item
from tests.resolvers.conftest import Visiting, segments
from tests.rows import Shop


@pytest.fixture
def cache_url(either_cache_url: str | None) -> str | None:
    return either_cache_url


async def key_of(visit: Visit) -> str:
    """The key under which the visit's segments are kept, without a cart."""
    context, rulebook = await visit.context(), await visit.rulebook()
    return kept_segments.key_of(context, rulebook, visit.shopper.session or "")


async def forge(visit: Visit, forged: Sequence[str], **also: Any) -> None:
    """Put other segments where the visit's are kept."""
    key = await key_of(visit)
    kept = {"key": key, "until": None, "segments": forged, **also}
    await visit.storage.cache.keep(key, orjson.dumps(kept), 60)


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


# What the key says ------------------------------------------------------------------

OTHER_ADDRESS: dict[str, Any] = {
    field.name: f"other {field.name}"
    if field.type == "str | None"
    else not field.default
    for field in fields(Address)
}
OTHER_ADDRESS["attributes"] = {"dock": True}
OTHER_CART: dict[str, Any] = {
    "id": "other",
    "items": (an_item("cup", 5),),
    "coupon_codes": ("TEN",),
    "shipping": Shipping("other"),
    "tax": Decimal(1),
    "payment_method": "other",
    "address": Address(country="CH"),
    "discount": Decimal(1),
    "store_credit": Decimal(1),
    "gift_card": Decimal(1),
    "counted": Counted((), Decimal(1)),
    "coupons": (Coupon("ten", 1),),
    "changed_at": datetime(2026, 3, 9, tzinfo=UTC),
}
OTHER_ITEM: dict[str, Any] = {
    "product": a_product("cup"),
    "quantity": Decimal(2),
    "price": Decimal(3),
    "parent": a_product("set"),
    "known": False,
    "children": (an_item("cup"),),
    "sums_children": True,
    "within": a_product("set"),
    "chosen": a_product("cup"),
    "has_listed_price": True,
    "decimals": 0,
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
        "history": replace(context, history=History(version=7)),
        "device": replace(context, client=Client("mobile")),
        "country": replace(context, client=Client(country="CH")),
        "consent": replace(context, consents=True),
        "days of affinity": replace(context, affinity_days=7),
        "remembered": replace(context, remembered=Remembered(frozenset({"a"}))),
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


def test_another_version_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = kept_segments.key_of(a_context(), RuleBook(Website("base")), "session")

    monkeypatch.setattr(kept_segments, "__version__", "9.9.9")

    theirs = kept_segments.key_of(a_context(), RuleBook(Website("base")), "session")
    assert theirs != ours


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


async def test_nothing_that_is_kept_outlives_the_day_it_looked_at(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.website("berlin", timezone="Europe/Berlin")
    await shop.customer("1", "berlin", date_of_birth=date(1990, 3, 29))
    await shop.segment(
        "birthday",
        a_comparison("customer.days_until_birthday", "is", 0),
        applies_to="registered",
        websites=["berlin"],
    )
    # A day of 23 hours, on which the clock is changed.
    begins = datetime(2026, 3, 28, 23, tzinfo=UTC)
    ends = datetime(2026, 3, 29, 22, tzinfo=UTC)
    moment = timedelta(microseconds=1)

    async def segments_at(at: datetime) -> list[str]:
        return await segments(visiting("1", website="berlin", at=at))

    assert await segments_at(begins - moment) == []
    assert await segments_at(begins) == ["birthday"]
    assert await segments_at(ends - moment) == ["birthday"]
    assert await segments_at(ends) == []


async def test_a_segment_begins_and_ends_with_each_websites_own_day(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.website("berlin", timezone="Europe/Berlin")
    day = date(2026, 10, 25)
    await shop.segment("sunday", websites=["base", "berlin"], from_day=day, to_day=day)
    moment = timedelta(microseconds=1)
    days = {
        "base": (datetime(2026, 10, 25, tzinfo=UTC), timedelta(hours=24)),
        "berlin": (datetime(2026, 10, 24, 22, tzinfo=UTC), timedelta(hours=25)),
    }

    for website, (begins, length) in days.items():
        found = [
            await segments(visiting(website=website, at=at))
            for at in (
                begins - moment,
                begins,
                begins + length - moment,
                begins + length,
            )
        ]

        assert found == [[], ["sunday"], ["sunday"], []]
