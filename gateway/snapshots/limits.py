"""What the reference says of limits: how much of anything is accepted."""

from __future__ import annotations

import inspect
import re

from gateway import app
from gateway.config import Settings
from gateway.identity import customers, keys, signed_tokens
from gateway.personalize import carts, constants, dynamic_blocks
from gateway.personalize.related_product_rules import MOST_SHOWN
from gateway.resolvers.html.cleaning import MOST_TAGS
from gateway.schema import storefront
from gateway.schema.documents import Documents
from gateway.schema.limits import BEFORE_RULES, WITH_VARIABLES, Limits
from gateway.snapshots.markdown import code, join, prose, table

# What a request may ask for; the rest of `Limits` is about the gateway itself.
OF_REQUESTS = (
    "body_bytes",
    "body_seconds",
    "request_seconds",
    "in_flight",
    "json_depth",
    "tokens",
    *BEFORE_RULES,
    *WITH_VARIABLES,
)

EXAMPLES = (
    "{ storeConfig { store_code locale } }",
    "{ products(pageSize: 5) { items { sku } } }",
    "{ products(pageSize: 5) { items { sku related_products(limit: 3) { sku } } } }",
    "{ personalization { dynamic_blocks { content { html } } } }",
)

_COST = """\
The cost of a document is known before it is executed. Each field costs 1, times the
sizes of the lists it stands in. The size of a list is what its page size says (`first`,
`last`, `limit`, `pageSize`, also by a variable or a default), on the field itself or on
the one around it; a list without any is taken to hold {default_page} items."""


def limits() -> str:
    """Write every limit."""
    return join(
        "## Limits",
        "### Of a request",
        _of_requests(),
        "### How cost is counted",
        prose(_COST.format(default_page=Limits().default_page)),
        _costs(),
        "### Of condition trees",
        _of_trees(),
        "### Of carts and content",
        _of_content(),
        "### Of customers' tokens and keys",
        _of_tokens(),
    )


def settings_of(limit: str) -> tuple[str, ...]:
    """Return the settings that change *limit* at the doors; none if it is fixed."""
    names = (door.setting_for(limit) for door in _doors(Settings()))
    return tuple(dict.fromkeys(name for name in names if name))


def accepted(limit: str) -> tuple[float, ...]:
    """Return what is accepted by default, at each door where the two differ."""
    if limit == "in_flight":
        return (app.MOST_IN_FLIGHT,)
    doors = _doors(Settings())
    return tuple(dict.fromkeys(getattr(door, limit) for door in doors))


def _doors(settings: Settings) -> tuple[Limits, Limits]:
    return app.storefront_limits(settings), app.admin_limits(settings)


def _of_requests() -> str:
    meanings = _meanings()
    rows = [
        (
            meanings[limit],
            _numbers(accepted(limit)),
            _variables(settings_of(limit)),
        )
        for limit in OF_REQUESTS
    ]
    return table(("what", "at most", "setting"), rows)


def _numbers(numbers: tuple[float, ...]) -> str:
    if len(numbers) == 1:
        return f"{int(numbers[0]):,}"
    storefront_door, admin_door = numbers
    return f"{storefront_door:,} (storefront), {admin_door:,} (admin)"


def _variables(names: tuple[str, ...]) -> str:
    return ", ".join(code(name) for name in names) or "fixed"


def _meanings() -> dict[str, str]:
    """Take what each limit means from the docstring of `Limits`."""
    _, _, listed = (inspect.getdoc(Limits) or "").partition("Attributes:\n")
    found = re.findall(r"^    (\w+): (.*(?:\n {5,}.*)*)", listed, re.MULTILINE)
    return {
        name: " ".join(meaning.split()).replace("``", "`") for name, meaning in found
    }


def _costs() -> str:
    documents = Documents(storefront.schema.core, Limits())
    rows = [
        (code(example), str(documents.check(example).figures.cost))
        for example in EXAMPLES
    ]
    return table(("document", "cost"), rows)


def _of_trees() -> str:
    names = ("condition_depth", "condition_nodes", "condition_list_values")
    members = Settings.__dataclass_fields__
    rows = [
        (
            members[name].metadata["meaning"],
            f"{members[name].default:,}",
            _variables((f"GATEWAY_{name.upper()}",)),
        )
        for name in names
    ]
    rows.append(("The longest text.", f"{constants.TEXT_LENGTH:,} characters", "fixed"))
    return table(("what", "at most", "setting"), rows)


def _of_content() -> str:
    rows = [
        ("Lines of a cart", f"{carts.LINES:,}"),
        ("Units of a line, with at most 4 decimals", f"{carts.LARGEST_QUANTITY:,}"),
        ("Coupon codes of a cart", f"{carts.COUPON_CODES:,}"),
        ("An amount that a server states", f"{carts.LARGEST_AMOUNT:,}"),
        (
            "Content of a dynamic block, for each store view",
            f"{dynamic_blocks.CONTENT_LENGTH:,} characters, {MOST_TAGS:,} tags",
        ),
        ("Products of one list, and of one related-product rule", f"{MOST_SHOWN}"),
    ]
    return table(("what", "at most"), rows)


def _of_tokens() -> str:
    bits = keys.RSA_BITS
    rows = [
        ("A token", f"{signed_tokens.MAX_LENGTH:,} characters"),
        ("A customer's id (`sub`)", f"{customers.MAX_ID_LENGTH} characters"),
        ("A key set", f"{keys.MAX_KEYS} keys, {keys.MAX_BYTES:,} bytes"),
        ("An RSA key", f"{bits.start:,} to {bits.stop - 1:,} bits"),
    ]
    return table(("what", "at most"), rows)
