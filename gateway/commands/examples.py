"""The tabs that GraphiQL opens with: example queries, with headers filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping

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
                _json({"happened": {"events": _HAPPENED}}),
                {**_store(visitor), "X-Gateway-Consent": "granted"},
            ),
        ],
        admin=[
            Tab(name, query(file), variables, {"Authorization": f"Bearer {admin}"})
            for name, file, variables in _ADMIN_TABS
        ],
    )


_HAPPENED = [
    {
        "id": "0d5cbbd8-6f5a-4c0c-93a5-5b9b1f0f3c2e",
        "type": "productPageView",
        "payload": {"productListItems": [{"SKU": "TENT-TARN-2"}]},
    }
]

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


def _store(persona: Persona) -> dict[str, str]:
    return {"Store": persona.store_view}


def _json(variables: object) -> str:
    return json.dumps(variables, indent=2)
