"""Why cart price rules gave what they gave: for administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any

from gateway.personalize import cart_price_rules, carts
from gateway.personalize.cart_price_rules import Explanation
from gateway.personalize.carts import MirroredCart
from gateway.personalize.context import NOT_LOGGED_IN, Context, Customer
from gateway.personalize.decide import Decision
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.rulebook import Fault
from gateway.personalize.table import suggest
from gateway.resolvers import checks
from gateway.resolvers.checks import Reference
from gateway.resolvers.shoppers import Shopper
from gateway.resolvers.visits import Visit
from gateway.storage import definitions
from gateway.storage.opened import Storage


@dataclass(frozen=True)
class Asked:
    """Which cart is explained, and for whom.

    *cart* is what a server would mirror; *cart_id* one that is kept, with its owner.
    *customer_group* stands for anybody in that group; *segments* are keys, instead of
    those that conditions decide.
    """

    website: str
    store_view: str = ""
    cart: Mapping[str, Any] | None = None
    cart_id: str | None = None
    customer_id: str | None = None
    customer_group: int | None = None
    segments: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Explained:
    """What was decided, with which context, and which rules are broken."""

    context: Context
    explanation: Explanation
    faults: tuple[Fault, ...]


async def explain_cart(storage: Storage, asked: Asked, at: datetime) -> Explained:
    """Decide about the cart at *at* as a storefront's answer would, and tell why.

    Raises:
        InvalidInput: what was asked contradicts itself, the cart is at fault, or
            something that is named is not known.
        NotFound: there is no such website or cart.
    """
    _check(asked, at)
    cart = None if asked.cart is None else _cart(asked.cart)
    shopper = Shopper(
        asked.website, asked.store_view, asked.customer_id, is_server=True
    )
    visit = Visit(storage, shopper, at, keep_seconds=0)
    await _require_known(visit, asked)
    decision = await visit.decision(cart_id=asked.cart_id, cart=cart)
    rulebook = await visit.rulebook()
    if asked.customer_group is not None:
        group = asked.customer_group
        customer = None if group == NOT_LOGGED_IN else Customer("", group_id=group)
        context = replace(decision.context, customer=customer, segments=frozenset())
        cart_of_group = context.cart.repriced(context.prices)
        decision = Decision(replace(context, cart=cart_of_group), rulebook)
    if asked.segments is not None:
        decision = Decision(decision.context, rulebook, asked.segments)
    context = decision.context
    return Explained(
        context,
        cart_price_rules.explain(rulebook.cart_price_rules, context),
        tuple(one for one in rulebook.faults if one.subject == "cart price rule"),
    )


def _cart(given: Mapping[str, Any]) -> MirroredCart:
    try:
        return carts.read(given, from_server=True)
    except InvalidInput as refused:
        problems = [
            replace(one, path=f"cart.{one.path}".rstrip("."))
            for one in refused.problems
        ]
        raise InvalidInput(*problems) from None


async def _require_known(visit: Visit, asked: Asked) -> None:
    async with visit.storage.database.connection() as connection:
        names = await definitions.names(connection)
    if asked.website not in names["websites"]:
        raise checks.missing("websites", asked.website, names, "website")
    rulebook = await visit.rulebook()
    problems = []
    if asked.customer_group is not None:
        group = str(asked.customer_group)
        named = Reference("customer_group", "customer_groups", group)
        problems += checks.unknown([named], names)
    views = [view.code for view in rulebook.store_views]
    if asked.store_view and asked.store_view not in views:
        said = f"no store view {asked.store_view!r} is on {asked.website!r}."
        remedy = suggest(asked.store_view, views) if views else "Leave it out."
        problems.append(Problem("store_view", said, remedy))
    customer = (await visit.context()).customer
    if customer is not None and not customer.version:
        said = f"there is no customer {asked.customer_id!r}."
        remedy = "Write the id of one who is known, or name a group."
        problems.append(Problem("customer_id", said, remedy))
    problems += checks.unknown_segments(asked.segments or (), rulebook)
    if problems:
        raise InvalidInput(*problems)


def _check(asked: Asked, at: datetime) -> None:
    problems = []
    if not MINYEAR < at.year < MAXYEAR:
        said = f"the year {at.year} cannot be looked at."
        problems.append(Problem("at", said, "Write another moment."))
    if (asked.cart is None) is (asked.cart_id is None):
        remedy = "Send a cart, or the id of one that is kept."
        problems.append(Problem("cart", "exactly one cart is explained.", remedy))
    if asked.cart_id is not None and asked.customer_id is not None:
        said, remedy = "a kept cart has its owner.", "Leave it out."
        problems.append(Problem("customer_id", said, remedy))
    if asked.customer_id is not None and asked.customer_group is not None:
        said, remedy = "the customer has a group.", "Keep one of the two."
        problems.append(Problem("customer_group", said, remedy))
    if problems:
        raise InvalidInput(*problems)
