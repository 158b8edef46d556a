"""Segments as a shop may have them by the hundred, each with about five conditions."""

from __future__ import annotations

from typing import Any

COUNTRIES = ("GB", "DE", "FR", "US", "NL", "ES", "IE", "AU")


def a_segment(number: int) -> dict[str, Any]:
    """Return the conditions of one of many segments."""
    country = COUNTRIES[number % len(COUNTRIES)]
    total, count = 50 + number * 7 % 900, 1 + number % 6
    year = 1955 + number * 3 % 45
    complete = [{"attribute": "order.status", "operator": "is", "value": "complete"}]
    kinds: list[list[dict[str, Any]]] = [
        [
            {"sum": "order.grand_total", "operator": "at_least", "value": total},
            {"attribute": "customer.gender", "operator": "is", "value": "female"},
        ],
        [
            {"count": "customer.orders", "operator": "at_least", "value": count}
            | {"all": complete},
            {"attribute": "customer.newsletter", "operator": "is", "value": True},
        ],
        [
            {"found": "customer.addresses"}
            | {
                "all": [
                    {"attribute": "address.country", "operator": "is", "value": country}
                ]
            },
            {"average": "order.grand_total", "operator": "less_than", "value": total},
        ],
        [
            {
                "attribute": "customer.group",
                "operator": "is_one_of",
                "value": ["1", "2"],
            },
            {"attribute": "customer.last_name", "operator": "contains", "value": "7"},
        ],
    ]
    born = {"attribute": "customer.date_of_birth", "operator": "at_least"}
    return {
        "all": [
            {**born, "value": f"{year}-01-01"},
            {**born, "operator": "less_than", "value": f"{year + 12}-01-01"},
            *kinds[number % len(kinds)],
            {"attribute": "customer.email", "operator": "contains", "value": "@"},
        ]
    }
