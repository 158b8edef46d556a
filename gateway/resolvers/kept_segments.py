"""The segments of a session, kept from one of its requests to the next.

Nothing is ever invalidated: the key names every fact that segments may depend on, and
whose result it is, so that whatever changes is asked for under another key.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

import orjson

from gateway import __version__
from gateway.personalize.context import Cart, CartItem, Context, Customer
from gateway.personalize.decide import Decision
from gateway.personalize.products import Product
from gateway.personalize.rulebook import RuleBook
from gateway.storage.cache import SegmentCache

logger = logging.getLogger("gateway.kept_segments")


def key_of(context: Context, rulebook: RuleBook, session: str) -> str:
    """Name every fact of *context*, the rules that look at it, and the *session*.

    The time is not among them: what it changes ends with the result's own time.
    """
    website = rulebook.website
    facts = (
        website.id,
        rulebook.revision,
        context.catalogue.revision,
        context.store_view,
        _of_customer(context.customer),
        context.history.version,
        context.client,
        context.consents,
        context.affinity_days,
        sorted(context.remembered.segments),
        _of_cart(context.cart),
    )
    fingerprint = hashlib.blake2b(repr(facts).encode(), digest_size=20).hexdigest()
    # Another version may decide otherwise, and may share the cache.
    return f"segments:{__version__}:{website.code}:{session}:{fingerprint}"


async def find(cache: SegmentCache, key: str, at: datetime) -> Sequence[str] | None:
    """Return the keys of the segments kept under *key*, if they still hold at *at*."""
    stored = await cache.get(key)
    if stored is None:
        return None
    try:
        kept = orjson.loads(stored)
        segments, until = kept["segments"], kept["until"]
        is_ours = kept["key"] == key and all(isinstance(one, str) for one in segments)
        ended = until is not None and until <= at.timestamp()
    except (ValueError, TypeError, KeyError):
        is_ours = False
    if not is_ours:
        logger.warning("a kept segment result is not what was kept; it is left alone")
        return None
    return None if ended else segments


async def keep(
    cache: SegmentCache, key: str, decision: Decision, at: datetime, seconds: float
) -> None:
    """Keep the segments of *decision*, made at *at*, for *seconds* at most."""
    until = decision.valid_until
    if until is not None:
        seconds = min(seconds, (until - at).total_seconds())
    kept = {
        "key": key,
        "until": until.timestamp() if until is not None else None,
        "segments": [segment.key for segment in decision.segments],
    }
    await cache.keep(key, orjson.dumps(kept), seconds)


def _of_customer(customer: Customer | None) -> object:
    # Whatever is known of a customer is of one version; an unknown one has none.
    return None if customer is None else (customer.customer_id, customer.version)


def _of_cart(cart: Cart) -> object:
    own = [_value(cart, name) for name in _CART]
    return own, [[_value(item, name) for name in _ITEM] for item in cart.items]


def _value(of: object, name: str) -> object:
    value = getattr(of, name)
    # What else is known of a product is settled by the catalogue's revision.
    return value.sku if isinstance(value, Product) else value


_CART = [field.name for field in fields(Cart) if field.name != "items"]
_ITEM = [field.name for field in fields(CartItem)]
