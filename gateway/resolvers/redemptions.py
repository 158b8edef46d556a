"""Reserve coupons and budgets for a cart, commit them with an order, or release them.

Whoever places the order asks, with a key of their own for each attempt: the same key
has the same answer, however often and at whichever worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from gateway.personalize.cart_price_rules import CartDiscounts
from gateway.personalize.errors import Conflict, Forbidden, InvalidInput, Problem
from gateway.personalize.fields import Fields
from gateway.personalize.money import ZERO
from gateway.resolvers.visits import Visit, no_such_cart
from gateway.storage import redemptions
from gateway.storage.database import Connection, Database
from gateway.storage.redemptions import BudgetUse, Reservation, State, Use

LONGEST = 255

_USED_UP = "the coupon {!r} has no use left."
_SPENT = "the budget of a discount is spent."
_ASK_AGAIN = "Ask for the cart again: it is without that discount now."
_OTHER_CART = "it belongs to another cart or shopper."


@dataclass(frozen=True)
class _Asked:
    """Whose coupons are to be held, and under which key; *email* is a visitor's."""

    key: str
    cart_id: str
    email: str | None
    order_id: str | None = None


@dataclass(frozen=True)
class _Wanted:
    """What a cart would use now, and by whom."""

    uses: tuple[Use, ...]
    shopper: str | None
    budget_uses: tuple[BudgetUse, ...] = ()


async def reserve(visit: Visit, given: Mapping[str, Any]) -> Reservation:
    """Hold a use of every coupon that takes part in a cart, for a while.

    So is what the cart gets out of the budgets of rules, with or without a coupon.

    Raises:
        Forbidden: it is not a server that asks.
        InvalidInput: with every field at fault, or with the codes without a use left
            and the budgets that are spent.
        Conflict: the key belongs to another cart or shopper, or has done its work.
        NotFound: there is no such cart.
    """
    asked = _read(visit, given, has_order=False)
    database, website = visit.storage.database, visit.shopper.website
    found = await _found(database, website, asked.key)
    if found is None or found.state is State.EXPIRED:
        wanted = await _wanted(visit, asked)
        await redemptions.expire(database)
        return await database.transact(partial(_hold, visit, asked, wanted))
    return _same(found, asked, await _shopper(visit, asked))


async def commit(visit: Visit, given: Mapping[str, Any]) -> Reservation:
    """Let an order have what its cart has reserved, or what it can still have.

    Raises:
        Forbidden: it is not a server that asks.
        InvalidInput: with every field at fault, or with the codes without a use left
            and the budgets that are spent.
        Conflict: key or order belong to another cart, or were released.
        NotFound: there is no such cart.
    """
    asked = _read(visit, given, has_order=True)
    database, website = visit.storage.database, visit.shopper.website
    found = await _found(database, website, asked.key)
    wanted = None if found is not None else await _wanted(visit, asked)
    await redemptions.expire(database)
    return await database.transact(partial(_settle, visit, asked, wanted))


async def release(visit: Visit, given: Mapping[str, Any]) -> Reservation | None:
    """Give back what a key or an order holds; None when neither is known.

    Asking again changes nothing, and returns the same.

    Raises:
        Forbidden: it is not a server that asks.
        InvalidInput: with every field at fault.
    """
    _require_server(visit)
    fields = Fields(given)
    key = fields.text("key", longest=LONGEST, required=False) or None
    order_id = fields.text("order_id", longest=LONGEST, required=False) or None
    if (key is None) is (order_id is None):
        remedy = "Write one of 'key' and 'order_id'."
        fields.fault("key", "it is not said what is released.", remedy)
    fields.finish()
    website, database = visit.shopper.website, visit.storage.database
    if order_id is not None:
        return await database.transact(
            partial(release_order, website=website, order_id=order_id)
        )
    return await database.transact(partial(_release_key, website, str(key)))


async def commit_cart(
    connection: Connection, website: str, cart_id: str, order_id: str
) -> None:
    """Let an order have what its cart has reserved, as in its own transaction.

    The order is placed already, so nothing is claimed and nothing refused: an order
    that has coupons keeps them, and a cart without a reservation has none to give.
    """
    await redemptions.lock_order(connection, website, order_id)
    if await redemptions.of_order(connection, website, order_id) is None:
        held = await redemptions.of_cart(connection, website, cart_id, order_id)
        if held is not None:
            await redemptions.settle(connection, held, State.COMMITTED, order_id)


async def release_order(
    connection: Connection, website: str, order_id: str
) -> Reservation | None:
    """Give back what an order has, as in its cancellation's own transaction.

    What was given back before is returned as it is.
    """
    await redemptions.lock_order(connection, website, order_id)
    held = await redemptions.last_of_order(connection, website, order_id)
    return await _released(connection, held)


async def _release_key(
    website: str, key: str, connection: Connection
) -> Reservation | None:
    held = await redemptions.find(connection, website, key)
    return await _released(connection, held)


async def _released(
    connection: Connection, held: Reservation | None
) -> Reservation | None:
    if held is None or held.state in {State.RELEASED, State.EXPIRED}:
        return held
    return await redemptions.release(connection, held)


async def _settle(
    visit: Visit, asked: _Asked, wanted: _Wanted | None, connection: Connection
) -> Reservation:
    """Commit what the key or the order has already, or what can be claimed for it."""
    website, order_id = visit.shopper.website, str(asked.order_id)
    await redemptions.lock_order(connection, website, order_id)
    done = await redemptions.of_order(connection, website, order_id)
    if done is not None:
        return _same(done, asked, done.shopper, "order_id")
    held = await redemptions.find(connection, website, asked.key)
    if held is not None and held.state is State.COMMITTED:
        said = f"it was committed with the order {held.order_id!r}."
        raise Conflict(Problem("key", said, "Write another key."))
    if held is None or held.state is State.EXPIRED:
        held = await _hold(visit, asked, wanted, connection)
    _same(held, asked, held.shopper)
    return await redemptions.settle(connection, held, State.COMMITTED, order_id)


async def _hold(
    visit: Visit, asked: _Asked, wanted: _Wanted | None, connection: Connection
) -> Reservation:
    """Claim what is wanted under a new key, or again what an expired key had."""
    website = visit.shopper.website
    seconds = visit.coupons.reservation_seconds
    begun = None
    if wanted is not None:
        begun = await redemptions.begin(
            connection, website, asked.key, asked.cart_id, wanted.shopper, seconds
        )
    if begun is not None and wanted is not None:
        held = await redemptions.add_uses(
            connection, begun, wanted.uses, wanted.budget_uses
        )
    else:
        found = await redemptions.find(connection, website, asked.key)
        if found is None:
            # Reservations are never deleted, but carts are that were left alone.
            raise no_such_cart(asked.cart_id)
        held = _same(found, asked, wanted.shopper if wanted else found.shopper)
        if held.state is not State.EXPIRED:
            return held
    refused = await redemptions.claim(connection, website, held)
    if refused is not None:
        problems = [Problem("", _USED_UP.format(code)) for code in refused.codes]
        problems += [Problem("", _SPENT, _ASK_AGAIN)] * bool(refused.budgets)
        raise InvalidInput(*problems)
    return await redemptions.settle(connection, held, State.RESERVED, None, seconds)


async def _found(database: Database, website: str, key: str) -> Reservation | None:
    async with database.transaction() as connection:
        return await redemptions.find(connection, website, key)


async def _wanted(visit: Visit, asked: _Asked) -> _Wanted:
    decision = await visit.decision(cart_id=asked.cart_id)
    cart = decision.context.cart
    shopper = await _shopper(visit, asked)
    rules = [rule for rule in decision.discounts.applied if rule.needs_coupon]
    counts_customers = any(rule.uses_per_customer for rule in rules)
    if shopper is None and counts_customers and visit.coupons.limits_visitors:
        said = "it is missing, and a coupon counts its uses per customer."
        raise InvalidInput(Problem("email", said, "Write the visitor's address."))
    uses = ((rule.id, rule.coupon_in(cart)) for rule in rules)
    return _Wanted(
        tuple(Use(id, code) for id, code in uses if code),
        shopper,
        tuple(_budget_uses(decision.discounts)),
    )


def _budget_uses(discounts: CartDiscounts) -> Iterator[BudgetUse]:
    given = (*discounts.on_items, *discounts.on_shipping)
    for rule in discounts.applied:
        amount = sum((one.amount for one in given if one.rule_id == rule.id), ZERO)
        if rule.budget is not None and amount:
            yield BudgetUse(rule.id, amount)


async def _shopper(visit: Visit, asked: _Asked) -> str | None:
    context = (await visit.decision(cart_id=asked.cart_id)).context
    customer_id = context.customer.customer_id if context.customer else None
    return visit.coupons.shopper_of(customer_id, asked.email)


def _same(
    held: Reservation, asked: _Asked, shopper: str | None, path: str = "key"
) -> Reservation:
    """Return *held* if it is what is asked for."""
    if held.cart_id != asked.cart_id or held.shopper != shopper:
        raise Conflict(Problem(path, _OTHER_CART, "Write another one."))
    if held.state is State.RELEASED:
        raise Conflict(Problem(path, "it was released.", "Write another one."))
    return held


def _read(visit: Visit, given: Mapping[str, Any], *, has_order: bool) -> _Asked:
    _require_server(visit)
    fields = Fields(given)
    asked = _Asked(
        key=fields.text("key", longest=LONGEST),
        cart_id=fields.text("cart_id", longest=64),
        email=fields.text("email", longest=320, required=False) or None,
        order_id=fields.text("order_id", longest=LONGEST) if has_order else None,
    )
    if asked.email is not None and "@" not in asked.email:
        fields.fault("email", "it is no e-mail address.", "Write one with an '@'.")
    fields.finish()
    return asked


def _require_server(visit: Visit) -> None:
    if not visit.shopper.is_server:
        said = "Coupons are reserved, committed and released by the shop's server."
        remedy = "Send a token of the role 'server'."
        raise Forbidden(Problem("", said, remedy))
