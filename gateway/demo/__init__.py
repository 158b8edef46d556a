"""The demo store which ships with the gateway, and shoppers to look at it with."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
STORE = FOLDER / "store"
"""An import directory like any other."""


@dataclass(frozen=True)
class Persona:
    """An example shopper, as gateway/demo/store/personas.yaml describes them."""

    key: str
    title: str
    customer_id: str | None
    website: str
    store_view: str
    cart: Mapping[str, Any]
    page_product: str
    shows: str
    expects: Mapping[str, Any]

    @property
    def cart_input(self) -> dict[str, Any]:
        """The cart as a shopper may send it: what shipping costs, a server says."""
        return {
            "items": self.cart["items"],
            "coupon_codes": self.cart.get("coupon_codes", []),
            "shipping": {"method": self.cart["shipping"]["method"]},
            "address": {"country": self.cart["country"]},
        }


def personas() -> list[Persona]:
    """Return the example shoppers, in the order of the file."""
    text = (STORE / "personas.yaml").read_text(encoding="utf-8")
    return [Persona(**one) for one in yaml.safe_load(text)]


def query(name: str) -> str:
    """Return one of the example queries."""
    return (FOLDER / "queries" / f"{name}.graphql").read_text(encoding="utf-8")


def command(address: str) -> str:
    """Return a shell command which asks the demo, at *address*, one question."""
    body = json.dumps({"query": " ".join(query("ask").split())})
    asked = shlex.join(["-H", "Content-Type: application/json", "-d", body])
    return f"curl -s {address}/graphql {asked}"
