"""The tabs that GraphiQL opens with: example queries, with headers filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import uuid4

from gateway.app import Examples
from gateway.demo import Persona, query
from gateway.schema.graphiql import Tab


def examples(
    shoppers: Mapping[str, str], people: list[Persona], admin: str
) -> Examples:
    """Make the tabs; *shoppers* are tokens by persona, *admin* is an admin token."""
    visitor = people[0]
    return Examples(
        storefront=[
            *(_of(persona, shoppers.get(persona.key)) for persona in people),
            Tab("The published fields", query("published"), "", _store(visitor)),
            Tab(
                "Mirror a cart",
                query("sync_cart"),
                _json({"cart": visitor.cart_input}),
                _store(visitor),
            ),
            Tab(
                "Tell what happened",
                query("record_events"),
                _json({"happened": {"events": [_event()]}}),
                {**_store(visitor), "X-Gateway-Consent": "granted"},
            ),
        ],
        admin=[
            Tab(name, query(file), variables, {"Authorization": f"Bearer {admin}"})
            for name, file, variables in _ADMIN_TABS
        ],
    )


_ADMIN_TABS = [
    ("Segments and where they apply", "admin_segments", ""),
    ("What an editor is built from", "admin_editor", ""),
    (
        "Save a segment",
        "admin_save_segment",
        json.dumps(
            {
                "input": {
                    "key": "big-carts",
                    "name": "Carts above 300",
                    "websites": ["main"],
                    "appliesTo": "BOTH",
                    "conditions": {
                        "all": [
                            {
                                "attribute": "cart.subtotal",
                                "operator": "greater_than",
                                "value": 300,
                            }
                        ]
                    },
                }
            },
            indent=2,
        ),
    ),
]


def _of(persona: Persona, token: str | None) -> Tab:
    headers = _store(persona)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    variables = {"cart": persona.cart_input, "product": persona.page_product}
    # GraphiQL writes the operation's name on the tab.
    name = persona.key.title().replace("-", "")
    text = query("storefront").replace("query Personalization", f"query {name}")
    return Tab(persona.title, text, _json(variables), headers)


def _event() -> dict[str, object]:
    # An id stands for one event of one shopper, also after the demo is started again.
    return {
        "id": str(uuid4()),
        "type": "productPageView",
        "payload": {"productListItems": [{"SKU": "TENT-TARN-2"}]},
    }


def _store(persona: Persona) -> dict[str, str]:
    return {"Store": persona.store_view}


def _json(variables: object) -> str:
    return json.dumps(variables, indent=2)
