"""Wiring only: settings, storage, doors, and the order in which they open."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from gateway import expiry, health, logs, opening, opening_storage, retention
from gateway.config import Settings
from gateway.identity import BadSetting, SessionCookie, Sessions, key_sources
from gateway.identity.customers import CustomerTokens
from gateway.identity.sessions import HEADER_NAME
from gateway.identity.shared_secrets import new_secret
from gateway.personalize.segments import MOST_MEMBERS
from gateway.resolvers.coupon_terms import CouponTerms
from gateway.resolvers.refresh_schedule import RefreshSchedule
from gateway.resolvers.refresher import Refresher
from gateway.schema import admin, graphiql, storefront
from gateway.schema.admin import downloads
from gateway.schema.admin.door import AdminDoor
from gateway.schema.graphiql import Tab
from gateway.schema.http import Door, InFlight, Page
from gateway.schema.limits import Limits
from gateway.schema.sessions import SessionHeaders
from gateway.schema.storefront.behaviour import CONSENT_HEADER, BehaviourTerms
from gateway.schema.storefront.door import StorefrontDoor
from gateway.storage import tokens
from gateway.storage.database import Database
from gateway.storage.opened import Storage

STOREFRONT = "/graphql"
ADMIN = "/admin/graphql"
MOST_IN_FLIGHT = 64
ADMIN_COST_FACTOR = 3


@dataclass(frozen=True)
class Examples:
    """What GraphiQL begins with at each door."""

    storefront: Sequence[Tab] = ()
    admin: Sequence[Tab] = field(default=())


def create() -> Starlette:
    """Make the application from the environment; DATABASE_URL must be set."""
    settings = Settings.from_environment(os.environ)
    logs.configure(settings.log_format, settings.log_level)
    return build(settings)


def build(
    settings: Settings,
    examples: Examples | None = None,
    *,
    hosts: Sequence[str] = ("*",),
) -> Starlette:
    """Make the application, which opens its storage when it starts.

    Requests must name one of *hosts*, which are all by default.
    """
    always = Route("/livez", health.live)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await opening.await_database(settings)
            database = await stack.enter_async_context(opening.database_of(settings))
            storage = await stack.enter_async_context(
                opening_storage.storage_of(settings, database)
            )
            days = settings.event_retention_days
            await stack.enter_async_context(retention.kept(database, days))
            await stack.enter_async_context(
                expiry.forgotten(database, settings.cart_retention_days)
            )
            secrets = await session_secrets(settings, database)
            refresher = Refresher()
            stack.push_async_callback(refresher.close)
            schedule = RefreshSchedule(
                database, refresher, settings.segment_refresh_times
            )
            await stack.enter_async_context(schedule.running())
            terms = await coupon_terms(settings, database)
            doors = routes(
                settings, storage, secrets, terms, examples or Examples(), refresher
            )
            app.router.routes[:] = [always, *doors]
            yield

    return Starlette(
        lifespan=lifespan,
        routes=[always],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts)],
        exception_handlers={HTTPException: _not_served},
    )


def routes(
    settings: Settings,
    storage: Storage,
    session_secrets: Sequence[str],
    coupons: CouponTerms,
    examples: Examples,
    refresher: Refresher | None = None,
) -> list[BaseRoute]:
    """Return the doors, and what stands beside them."""
    storefront_door = Door(
        storefront.schema,
        StorefrontDoor(
            storage,
            customer_tokens(settings),
            Sessions(session_secrets),
            SessionCookie(secure=settings.session_cookie_secure),
            settings.session_ttl_seconds,
            BehaviourTerms(
                settings.consent == "assumed",
                settings.country_header,
                settings.trusted_proxies,
                settings.affinity_days,
            ),
            coupons,
            customers_shared=settings.customers_shared,
        ),
        limits=storefront_limits(settings),
        page=_page(settings, "Storefront", STOREFRONT, examples.storefront),
        # Of its own, so that a rush at one door leaves the other one open.
        in_flight=InFlight(MOST_IN_FLIGHT),
    )
    administrators = AdminDoor(storage, refresher or Refresher())
    admin_door = Door(
        admin.schema,
        administrators,
        limits=admin_limits(settings),
        page=_page(settings, "Admin", ADMIN, examples.admin),
        in_flight=InFlight(MOST_IN_FLIGHT),
    )
    doors: list[BaseRoute] = [
        Route(STOREFRONT, _for_pages(SessionHeaders(storefront_door), settings)),
        Route(ADMIN, admin_door),
        Route(downloads.PATH, downloads.Downloads(administrators).answer),
        Route("/readyz", health.Ready(storage).answer),
    ]
    if settings.graphiql:
        doors += [
            graphiql.assets(),
            Route("/", lambda _: RedirectResponse(STOREFRONT)),
        ]
    return doors


def customer_tokens(settings: Settings) -> CustomerTokens:
    """Return what verifies customers' tokens; without keys it refuses every one.

    Raises:
        BadSetting: the keys cannot be used, or issuer and audience are not set.
    """
    at_url = "://" in (settings.jwt_jwks or "")
    source = key_sources.choose(
        secret=settings.jwt_secret,
        jwks=settings.jwt_keys,
        jwks_file=Path(settings.jwt_jwks) if settings.jwt_jwks and not at_url else None,
        jwks_url=settings.jwt_jwks if at_url else None,
    )
    if source is None:
        return CustomerTokens.none()
    if not (settings.jwt_issuer and settings.jwt_audience):
        raise BadSetting(
            "customers' keys are set, but not whose tokens they verify: set"
            " GATEWAY_JWT_ISSUER and GATEWAY_JWT_AUDIENCE to what the tokens say in"
            ' "iss" and "aud"'
        )
    return CustomerTokens(
        source,
        settings.jwt_issuer,
        settings.jwt_audience,
        leeway_seconds=settings.jwt_leeway_seconds,
        max_age_seconds=settings.jwt_max_age_seconds,
    )


async def session_secrets(settings: Settings, database: Database) -> list[str]:
    """Return what signs sessions: the setting, or a secret that the database keeps."""
    if settings.session_secret:
        return [settings.session_secret]
    return [await tokens.secret(database, "sessions", new_secret())]


async def coupon_terms(settings: Settings, database: Database) -> CouponTerms:
    """Return what is settled about coupons; all workers have the same secret."""
    secret = await tokens.secret(database, "coupons", new_secret())
    return CouponTerms(
        per_cart=settings.coupons_per_cart,
        reservation_seconds=settings.coupon_reservation_seconds,
        limits_visitors=settings.coupon_visitor_limits,
        tries_per_session=settings.coupon_tries_per_session,
        tries_per_address=settings.coupon_tries_per_address,
        try_window_seconds=settings.coupon_try_window_seconds,
        secret=secret.encode(),
    )


def _for_pages(door: ASGIApp, settings: Settings) -> ASGIApp:
    """Let the pages of the origins that are set call *door*, with cookies."""
    return CORSMiddleware(
        door,
        allow_origins=settings.cors_origins,
        allow_credentials=True,
        allow_methods=["GET", "POST"],
        allow_headers=[
            "Authorization",
            "Content-Currency",
            "Content-Type",
            "Store",
            "X-Magento-Cache-Id",
            "X-Request-Id",
            CONSENT_HEADER,
            HEADER_NAME,
        ],
        expose_headers=[HEADER_NAME, "X-Request-Id"],
    )


# What can be set of a door's limits, by the attributes of both.
_LIMITS = {
    "tokens": "graphql_tokens",
    "depth": "graphql_depth",
    "aliases": "graphql_aliases",
    "list_items": "graphql_list_items",
    "cost": "graphql_cost",
    "body_seconds": "request_body_timeout_seconds",
    "request_seconds": "request_timeout_seconds",
}


def storefront_limits(settings: Settings) -> Limits:
    """Return what one request may ask of the storefront door."""
    return _limits(settings, "storefront_body_bytes")


def admin_limits(settings: Settings) -> Limits:
    """Let an administrator ask for whole pages of rules and send large definitions."""
    limits = _limits(settings, "admin_body_bytes")
    trees = opening.tree_limits(settings)
    return replace(
        limits,
        cost=limits.cost * ADMIN_COST_FACTOR,
        # The longest lists that a definition may have.
        list_items=max(limits.list_items, trees.list_values, trees.nodes, MOST_MEMBERS),
        # Each level of a tree is an object within a list.
        json_depth=limits.json_depth + 2 * trees.depth,
    )


def _limits(settings: Settings, body_bytes: str) -> Limits:
    limits = {**_LIMITS, "body_bytes": body_bytes}
    return Limits(
        **{limit: getattr(settings, name) for limit, name in limits.items()},
        introspection=settings.graphiql,
        setting="",
        settings={limit: f"GATEWAY_{name.upper()}" for limit, name in limits.items()},
    )


def _page(
    settings: Settings, title: str, endpoint: str, tabs: Sequence[Tab]
) -> Page | None:
    if not settings.graphiql:
        return None
    return lambda _: graphiql.page(title, endpoint, tabs)


def _not_served(_: Request, refused: Exception) -> Response:
    """Say in JSON, as everything else is said, that nothing is there."""
    status = refused.status_code if isinstance(refused, HTTPException) else 500
    said = f"{HTTPStatus(status).phrase}: GraphQL is served at {STOREFRONT}."
    return JSONResponse({"errors": [{"message": said}]}, status)
