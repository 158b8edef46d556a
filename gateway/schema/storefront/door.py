"""Who stands at the storefront door: from headers and cookies to a shopper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request

from gateway.identity import BadToken, Role, SessionCookie, Sessions
from gateway.identity.admins import hash_token, looks_like_api_token
from gateway.identity.bearer import CHALLENGE, token_in
from gateway.identity.customers import CustomerIdentity, CustomerTokens
from gateway.personalize.context import Website
from gateway.personalize.history import UNKNOWN_CLIENT
from gateway.resolvers.coupon_terms import DEFAULT_TERMS, CouponTerms
from gateway.resolvers.shoppers import Shopper
from gateway.resolvers.visits import Visit
from gateway.schema.addresses import address_of
from gateway.schema.errors import Category, Refused
from gateway.schema.sessions import opened
from gateway.schema.storefront.behaviour import BehaviourTerms
from gateway.schema.storefront.context import StorefrontContext
from gateway.storage import tokens
from gateway.storage.opened import Storage


@dataclass(frozen=True)
class StorefrontDoor:
    """Makes the context of a request; nothing in it comes from an argument."""

    storage: Storage
    customers: CustomerTokens
    sessions: Sessions
    cookie: SessionCookie
    keep_seconds: int
    behaviour: BehaviourTerms
    coupons: CouponTerms = DEFAULT_TERMS
    customers_shared: bool = False

    async def __call__(self, request: Request) -> StorefrontContext:
        """Find out who asks and where.

        Raises:
            Refused: a token, store view, currency or consent that is not accepted.
        """
        at = datetime.now(UTC)
        website, store_view = await self._place(request)
        _check_currency(request, website.currency)
        consents = self.behaviour.consents(request)
        customer, is_server = await self._identify(request, website.code, at)
        customer_id = customer.customer_id if customer else None
        session = visitor_session = None
        if not is_server:
            begun = opened(request, self.sessions, self.cookie, customer_id)
            session, visitor_session = begun.session.id, begun.visitor_session
        shopper = Shopper(
            website=website.code,
            store_view=store_view,
            customer_id=customer_id,
            session=session,
            visitor_session=visitor_session,
            identified_until=customer.expires_at if customer else None,
            is_server=is_server,
            consents=consents,
            client=self.behaviour.client(request) if consents else UNKNOWN_CLIENT,
            address=address_of(request, self.behaviour.trusted_proxies),
        )
        visit = Visit(
            self.storage,
            shopper,
            at,
            keep_seconds=self.keep_seconds,
            affinity_days=self.behaviour.affinity_days,
            coupons=self.coupons,
        )
        # Whatever is asked for first after a login: the session has ended with it.
        await visit.take_over()
        await visit.join_history()
        return StorefrontContext(visit)

    async def _place(self, request: Request) -> tuple[Website, str]:
        code = request.headers.get("store", "").strip()
        rulebooks = self.storage.rulebooks
        found = rulebooks.find_store_view(code)
        if found is None:
            # It may have been made a moment ago, by another process.
            await rulebooks.refresh()
            found = rulebooks.find_store_view(code)
        if found is None and code:
            raise Refused(400, "Requested store is not found")
        if found is None:
            message = "There is no website yet; import one, or save it as an admin."
            raise Refused(503, message, Category.INTERNAL)
        return found

    async def _identify(
        self, request: Request, website: str, at: datetime
    ) -> tuple[CustomerIdentity | None, bool]:
        try:
            token = token_in(*request.headers.getlist("authorization"))
            if token is None:
                return None, False
            if looks_like_api_token(token):
                await self._check_server(token)
                return None, True
            return await self._verify(token, website, at), False
        except BadToken as bad:
            raise Refused(
                401,
                f"The current customer isn't authorized: {bad}.",
                Category.AUTHENTICATION,
                headers={"WWW-Authenticate": CHALLENGE},
            ) from bad

    async def _verify(self, token: str, website: str, at: datetime) -> CustomerIdentity:
        customer = await self.customers.verify(token, at)
        if not customer.is_for(website):
            raise BadToken("the token is for another website")
        # On another website the same id is another person.
        if customer.website is None and not self.customers_shared:
            self._require_one_website()
        return customer

    def _require_one_website(self) -> None:
        if len(self.storage.rulebooks.websites) > 1:
            raise BadToken(
                "the token says no 'website', and there are several; let it say the"
                " code of the one that it is for"
            )

    async def _check_server(self, token: str) -> None:
        holder = await tokens.find(self.storage.database, hash_token(token))
        if holder is None:
            raise BadToken("the token is unknown or revoked")
        if not holder.role.permits(Role.SERVER):
            raise BadToken("only a token of the role 'server' is for this door")


def _check_currency(request: Request, currency: str) -> None:
    wanted = request.headers.get("content-currency", "").strip().upper()
    if wanted and wanted != currency:
        raise Refused(
            400,
            f"Please correct the target currency: this website's is {currency}.",
        )
