"""Every setting: its name, what it accepts, its default and what it is for.

To add one, add a field to `Settings`: its name in capitals after `GATEWAY_` is the
environment variable, and the table in docs/operations.md is generated from it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Self

from gateway import environment
from gateway.setting import BadSettings, setting
from gateway.setting_kinds import (
    boolean,
    choice,
    folder,
    header,
    jwk_set,
    jwk_source,
    networks,
    origins,
    seconds,
    secret,
    text,
    times_of_day,
    url,
    whole,
)

__all__ = ["BadSettings", "Settings"]


@dataclass(frozen=True)
class Settings:
    """What the operator decided; an empty variable counts as one that is not set."""

    database_url: str | None = setting(
        url("postgresql", "postgres"),
        None,
        "The PostgreSQL server, 14 or newer. Without it the embedded one is used.",
        concealed=True,
    )
    data_directory: Path = setting(  # noqa: RUF009  # It makes a dataclasses.field.
        folder(),
        "~/.local/share/personalization-gateway",
        "Where the embedded PostgreSQL keeps its data; for root"
        " `/var/lib/personalization-gateway`.",
        found=lambda: environment.data_directory(os.environ),
    )
    cache_url: str | None = setting(
        url("redis", "rediss", "valkey", "valkeys"),
        None,
        "The Redis or Valkey server that all workers share. Without it every worker"
        " keeps segment results in its own memory.",
        concealed=True,
    )
    host: str = setting(text(), "127.0.0.1", "The address to listen on.")
    port: int = setting(
        whole(0, 65535), 8000, "The port to listen on; 0 takes any that is free."
    )
    workers: int = setting(whole(1, 64), 1, "How many processes answer requests.")
    log_format: str = setting(
        choice("json", "text"), "json", "One JSON object a line, or lines for people."
    )
    log_level: str = setting(
        choice("debug", "info", "warning", "error"),
        "info",
        "The least important message that is still written.",
    )
    graphiql: bool = setting(
        boolean(),
        default=True,
        meaning="Whether a browser that opens a door is given GraphiQL.",
    )
    cors_origins: tuple[str, ...] = setting(
        origins(),
        (),
        "Origins whose pages may call the storefront door with cookies; none means"
        " same origin only.",
    )

    database_pool_size: int = setting(
        whole(1, 500), 10, "Connections to PostgreSQL at most, for each worker."
    )
    database_connect_timeout_seconds: float = setting(
        seconds(0.1, 60), 2.0, "How long opening a connection may take."
    )
    database_acquire_timeout_seconds: float = setting(
        seconds(0.01, 60),
        0.25,
        "How long a request waits for one of the pool's connections.",
    )
    database_command_timeout_seconds: float = setting(
        seconds(0.1, 600), 2.0, "How long one statement may run."
    )
    revision_poll_seconds: float = setting(
        seconds(0.1, 300),
        3.0,
        "How often a worker reads the revisions again, should a notification be lost.",
    )

    segment_refresh_times: tuple[time, ...] = setting(
        times_of_day(),
        (),
        "When matched customers are refreshed every day, by the clock of each website;"
        " none means only when somebody asks for it.",
    )

    session_ttl_seconds: int = setting(
        whole(1, 86400), 1800, "The longest life of a kept segment result."
    )
    session_cache_entries: int = setting(
        whole(1, 10_000_000),
        100_000,
        "Segment results that a worker's memory holds; the least recently used go.",
    )
    session_secret: str | None = setting(
        secret(32),
        None,
        "Signs session cookies. Without it one is made once and kept in the database.",
        concealed=True,
    )
    session_cookie_secure: bool = setting(
        boolean(),
        default=True,
        meaning="Whether the session cookie is for HTTPS only.",
    )

    event_retention_days: int = setting(
        whole(1, 3660),
        395,
        "How long events, the histories made of them, and who left which segment are"
        " kept; older events are refused.",
    )
    events_per_minute: int = setting(
        whole(1, 100_000),
        600,
        "How many events one session may send to one worker within a minute.",
    )
    cart_retention_days: int = setting(
        whole(0, 3660),
        30,
        "How long a mirrored cart is kept after its last change; 0 is for ever.",
    )
    visit_pause_minutes: int = setting(
        whole(1, 1440), 30, "A pause without events that ends a shopper's visit."
    )
    join_history: bool = setting(
        boolean(),
        default=True,
        meaning="Whether what a visitor did becomes the customer's when they log in.",
    )
    consent: str = setting(
        choice("required", "assumed"),
        "required",
        "Whether the consent of a shopper of whom nothing is said is assumed.",
    )
    affinity_days: int = setting(
        whole(1, 366), 30, "How many days of views make the most viewed category."
    )
    country_header: str | None = setting(
        header(), None, "The header in which a proxy says the shopper's country."
    )
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = setting(
        networks(),
        (),
        "Proxies whose word is taken for the country and for a shopper's address.",
    )

    jwt_keys: str | None = setting(
        jwk_set(),
        None,
        "The public keys of customers' tokens, as a JSON Web Key Set.",
        concealed=True,
    )
    jwt_jwks: str | None = setting(
        jwk_source(),
        None,
        "Where the keys of customers' tokens are: a file, or the URL of a key set.",
    )
    jwt_secret: str | None = setting(
        secret(32),
        None,
        "The HS256 secret of customers' tokens, where no key set is used.",
        concealed=True,
    )
    jwt_issuer: str | None = setting(
        text(), None, "The `iss` that a customer's token must carry."
    )
    jwt_audience: str | None = setting(
        text(), None, "The `aud` that a customer's token must carry."
    )
    jwt_leeway_seconds: int = setting(
        whole(0, 300), 60, "How far the clock that made a token may be from ours."
    )
    jwt_max_age_seconds: int = setting(
        whole(1, 31_536_000),
        86_400,
        "The longest life of a customer's token, counted from its `iat`.",
    )
    customers_shared: bool = setting(
        boolean(),
        default=False,
        meaning="Whether an id is the same person on all websites, so that a customer's"
        " token without `website` is for each of them.",
    )

    coupons_per_cart: int = setting(
        whole(1, 20), 1, "How many coupons a shopper may apply to one cart."
    )
    coupon_reservation_seconds: int = setting(
        whole(1, 604_800),
        900,
        "How long a coupon stays reserved while its order is paid for.",
    )
    coupon_visitor_limits: bool = setting(
        boolean(),
        default=True,
        meaning="Whether uses per customer limit visitors too, by a keyed hash of their"
        " e-mail address.",
    )
    coupon_tries_per_session: int = setting(
        whole(1, 1000),
        10,
        "Wrong coupon codes that a session, or a customer, may try in a window.",
    )
    coupon_tries_per_address: int = setting(
        whole(0, 1_000_000),
        100,
        "Wrong coupon codes that may come from one network address in a window; 0 is no"
        " limit.",
    )
    coupon_try_window_seconds: int = setting(
        whole(1, 86_400), 60, "How long that window is, from the first try on."
    )
    storefront_body_bytes: int = setting(
        whole(1024, 16_777_216), 65_536, "The longest body at the storefront door."
    )
    admin_body_bytes: int = setting(
        whole(1024, 67_108_864), 1_048_576, "The longest body at the admin door."
    )
    graphql_tokens: int = setting(
        whole(10, 100_000), 1000, "The longest GraphQL document, in tokens."
    )
    graphql_depth: int = setting(
        whole(1, 100), 20, "How deep a GraphQL document may be nested."
    )
    graphql_aliases: int = setting(
        whole(0, 1000), 30, "How many aliases a GraphQL document may use."
    )
    graphql_cost: int = setting(
        whole(10, 1_000_000),
        10_000,
        "The highest cost of a GraphQL document at the storefront door; the admin door"
        " takes three times that. docs/reference.md says how it counts.",
    )
    graphql_list_items: int = setting(
        whole(1, 10_000),
        250,
        "The longest list in the arguments of one field; the admin door takes any that"
        " a definition may have.",
    )
    condition_depth: int = setting(
        whole(1, 50), 10, "How deep the conditions of a segment or rule may be nested."
    )
    condition_nodes: int = setting(
        whole(1, 10_000), 500, "How many conditions a segment or rule may have."
    )
    condition_list_values: int = setting(
        whole(1, 100_000), 1000, "The longest list that a condition compares with."
    )
    segment_prices: bool = setting(
        boolean(),
        default=False,
        meaning="Whether catalogue price rules may be for segments. Turned off, those"
        " that are apply to nobody.",
    )
    request_body_timeout_seconds: float = setting(
        seconds(0.1, 300), 5.0, "How long a request's body may take to arrive."
    )
    request_timeout_seconds: float = setting(
        seconds(0.1, 300), 5.0, "How long answering a request may take."
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read every setting from *environ*.

        Raises:
            BadSettings: values cannot be used, or names that start with `GATEWAY_`
                are no settings; all of them are said at once.
        """
        found = environment.data_directory(environ)
        return environment.read(cls, environ, data_directory=found)
