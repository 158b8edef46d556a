"""One request of one shopper: load, decide, keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from gateway.personalize import affinity
from gateway.personalize.carts import MirroredCart
from gateway.personalize.context import NOTHING_REMEMBERED, Context, Website
from gateway.personalize.coupons import fold
from gateway.personalize.decide import Decision
from gateway.personalize.errors import Forbidden, NotFound, Problem
from gateway.personalize.history import NO_HISTORY
from gateway.personalize.rulebook import RuleBook
from gateway.resolvers import histories, kept_segments, remembered_segments
from gateway.resolvers.coupon_terms import DEFAULT_TERMS, CouponTerms
from gateway.resolvers.coupon_tries import CouponTries
from gateway.resolvers.once import Once
from gateway.resolvers.shoppers import Shopper
from gateway.storage.opened import Storage
from gateway.storage.profiles import Facts
from gateway.storage.rulebooks import Held

__all__ = ["Shopper", "Visit", "may_not_have"]


class Visit:
    """What one request needs to know of its shopper, each thing loaded once.

    Fields of one answer run side by side and ask for the same things.
    """

    def __init__(
        self,
        storage: Storage,
        shopper: Shopper,
        at: datetime,
        *,
        keep_seconds: int,
        affinity_days: int = affinity.DAYS,
        coupons: CouponTerms = DEFAULT_TERMS,
    ) -> None:
        self.storage = storage
        self.shopper = shopper
        self.at = at
        self.coupons = coupons
        self._keep_seconds = keep_seconds
        self._affinity_days = affinity_days
        self._once = Once()

    def afresh(self) -> Visit:
        """Return a visit that has loaded nothing yet, after something was written."""
        return Visit(
            self.storage,
            self.shopper,
            self.at,
            keep_seconds=self._keep_seconds,
            affinity_days=self._affinity_days,
            coupons=self.coupons,
        )

    async def take_over(self) -> None:
        """Keep a customer in the segments of the visitor whom a login has ended.

        It is done before anything is read of the customer, and once.
        """
        await self._once.get("taken over", self._take_over)

    async def join_history(self) -> None:
        """Make the visitor's history the customer's, if a login has just come."""
        await self._once.get("joined", self._join_history)

    async def website(self) -> Website:
        """Return the website, as this worker knows it already if it does."""
        held = self.storage.rulebooks.held.get(self.shopper.website)
        return held.rulebook.website if held else (await self.rulebook()).website

    async def rulebook(self) -> RuleBook:
        """Return the website's rule book as it is in the database now."""
        return (await self._held(await self._facts(None))).rulebook

    async def context(self) -> Context:
        """Return what is known of the shopper without a cart; segments are not yet."""
        return (await self._undecided(None, None))[0]

    async def decision(
        self,
        *,
        cart_id: str | None = None,
        cart: MirroredCart | None = None,
        coupon_codes: tuple[str, ...] | None = None,
    ) -> Decision:
        """Decide about the shopper with a mirrored cart, or the one sent along.

        *coupon_codes* stand in for those of the mirrored cart.

        Raises:
            NotFound: there is no such cart.
            Forbidden: the cart is another customer's.
        """
        decide = partial(self._decide, cart_id, cart, coupon_codes)
        asked = ("decision", cart_id, cart, coupon_codes)
        return await self._once.get(asked, decide)

    async def kept_cart(self, cart_id: str) -> MirroredCart:
        """Return a mirrored cart, which the shopper may have.

        Raises:
            NotFound: there is no such cart.
            Forbidden: the cart is another customer's.
        """
        return (await self._facts(cart_id)).cart or MirroredCart()

    @property
    def coupon_tries(self) -> CouponTries:
        """The codes that the shopper tries; a server's are not counted."""
        shopper, is_free = self.shopper, self.shopper.is_server
        return CouponTries(
            self.storage.database,
            self.coupons,
            shopper.website,
            customer_id=None if is_free else shopper.customer_id,
            session=None if is_free else shopper.session,
            address=None if is_free else shopper.address,
        )

    async def _decide(
        self,
        cart_id: str | None,
        cart: MirroredCart | None,
        coupon_codes: tuple[str, ...] | None,
    ) -> Decision:
        if cart is None or not cart.coupon_codes or self.shopper.is_server:
            return await self._decide_freely(cart_id, cart, coupon_codes)
        # A cart that is sent along is as good for guessing as any other.
        self.coupons.require_room_for(cart.coupon_codes)
        begun = await self.coupon_tries.begin(cart.coupon_codes)
        admitted = [one for one in cart.coupon_codes if fold(one) in begun.admitted]
        cart = replace(cart, coupon_codes=tuple(admitted))
        decision = await self._decide_freely(cart_id, cart, None)
        await self.coupon_tries.were_good(begun, decision.discounts.coupon_codes)
        return decision

    async def _decide_freely(
        self,
        cart_id: str | None,
        cart: MirroredCart | None,
        coupon_codes: tuple[str, ...] | None,
    ) -> Decision:
        context, rulebook = await self._undecided(cart_id, cart, coupon_codes)
        session, cache = self.shopper.session, self.storage.cache
        if session is None or coupon_codes is not None:
            # Coupons that are only tried leave nothing behind.
            return Decision(context, rulebook)
        key = kept_segments.key_of(context, rulebook, session)
        kept = await kept_segments.find(cache, key, self.at)
        decision = Decision(context, rulebook, kept)
        if kept is None:
            await kept_segments.keep(cache, key, decision, self.at, self._keep_seconds)
        if context.customer is None:
            facts = await self._facts(cart_id, _codes(cart, coupon_codes))
            await self._remember(session, decision, facts)
        return decision

    async def _remember(self, session: str, decision: Decision, facts: Facts) -> None:
        website, database = self.shopper.website, self.storage.database
        await remembered_segments.remember(
            database, session, website, decision.segments, facts, self.at
        )

    async def _undecided(
        self,
        cart_id: str | None,
        cart: MirroredCart | None,
        coupon_codes: tuple[str, ...] | None = None,
    ) -> tuple[Context, RuleBook]:
        facts = await self._facts(cart_id, _codes(cart, coupon_codes))
        held = await self._held(facts)
        mirrored = cart or facts.cart or MirroredCart()
        if coupon_codes is not None:
            mirrored = replace(mirrored, coupon_codes=coupon_codes)
        context = Context(
            at=self.at,
            website=held.rulebook.website,
            store_view=self.shopper.store_view,
            customer=facts.customer,
            catalogue=held.catalogue,
            price_list=held.price_list,
            history=facts.history if self.shopper.consents else NO_HISTORY,
            client=self.shopper.client,
            consents=self.shopper.consents,
            affinity_days=self._affinity_days,
            # A visitor is in what is so now, whatever was so before.
            remembered=facts.remembered_at(self.at)
            if facts.customer
            else NOTHING_REMEMBERED,
            spent=facts.spent,
        )
        # By what is known of the shopper: nobody is shown another one's price.
        priced = mirrored.priced(context.prices, facts.coupons)
        return replace(context, cart=priced), held.rulebook

    async def _held(self, facts: Facts) -> Held:
        rulebooks = self.storage.rulebooks
        return await rulebooks.at_least(self.shopper.website, facts.revisions)

    async def _facts(
        self, cart_id: str | None, coupon_codes: tuple[str, ...] = ()
    ) -> Facts:
        read = partial(self._read, cart_id, coupon_codes)
        return await self._once.get(("facts", cart_id, coupon_codes), read)

    async def _read(self, cart_id: str | None, coupon_codes: tuple[str, ...]) -> Facts:
        await self.take_over()
        await self.join_history()
        held = self.storage.rulebooks.held.get(self.shopper.website)
        asks = held is not None and held.rulebook.asks_what_was_ordered
        facts = await self._read_known(cart_id, coupon_codes, with_ordered=asks)
        if (await self._held(facts)).rulebook.asks_what_was_ordered and not asks:
            # Only rules that came with these very facts ask for it.
            facts = await self._read_known(cart_id, coupon_codes, with_ordered=True)
        if cart_id is None:
            return facts
        if facts.cart is None:
            raise no_such_cart(cart_id)
        owner, shopper = facts.cart.customer_id, self.shopper
        if owner not in {None, shopper.customer_id} and not shopper.is_server:
            raise may_not_have(cart_id)
        return facts

    async def _read_known(
        self,
        cart_id: str | None,
        coupon_codes: tuple[str, ...],
        *,
        with_ordered: bool,
    ) -> Facts:
        profiles, shopper = self.storage.profiles, self.shopper
        if cart_id is not None and shopper.is_server:
            # A server asks on behalf of whose cart it is.
            return await profiles.read_for_owner(
                shopper.website,
                cart_id,
                coupon_codes=coupon_codes,
                with_ordered=with_ordered,
            )
        return await profiles.read(
            shopper.website,
            shopper.customer_id,
            cart_id,
            shopper.session,
            coupon_codes=coupon_codes,
            with_ordered=with_ordered,
        )

    async def _join_history(self) -> None:
        shopper, storage = self.shopper, self.storage
        visitor, customer = shopper.visitor_session, shopper.customer_id
        if visitor and customer and shopper.consents and storage.terms.joins:
            await histories.join(storage, shopper.website, visitor, customer, self.at)

    async def _take_over(self) -> None:
        shopper, database = self.shopper, self.storage.database
        visitor, session = shopper.visitor_session, shopper.session
        if visitor and session and shopper.customer_id:
            await remembered_segments.take_over(
                database,
                visitor,
                shopper.website,
                session,
                shopper.customer_id,
                self.at,
            )


def _codes(
    cart: MirroredCart | None, coupon_codes: tuple[str, ...] | None
) -> tuple[str, ...]:
    return coupon_codes or (cart.coupon_codes if cart else ())


def no_such_cart(cart_id: str) -> NotFound:
    """Say that the cart is not kept."""
    said = f'Could not find a cart with ID "{cart_id}"'
    return NotFound(Problem("", said))


def may_not_have(cart_id: str) -> Forbidden:
    """Say that the cart is somebody else's."""
    said = f'The current user cannot perform operations on cart "{cart_id}"'
    return Forbidden(Problem("", said))
