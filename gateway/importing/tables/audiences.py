"""The tables of customers whom another system has chosen."""

from __future__ import annotations

from gateway.importing import kinds, nested_kinds
from gateway.importing.columns import OF_CUSTOMER, WEBSITE, Column, required, table

AUDIENCES = table(
    "audiences",
    "Audiences: customers whom another system has chosen.",
    ("key",),
    required("key", kinds.key(), "The name by which conditions know it."),
    required("name", kinds.text(), "Its name for people."),
    Column("description", kinds.text(2000), "What it is for.", default=""),
    Column("source", kinds.text(), "The system that chooses.", default=""),
    required("websites", nested_kinds.texts(), "The websites it is for."),
    Column(
        "ttl_seconds",
        kinds.whole(1),
        "How long a member stays where nobody says until when; empty is for good.",
    ),
)

AUDIENCE_MEMBERS = table(
    "audience_members",
    "Who is in an audience.",
    ("website", "audience", "customer_id"),
    WEBSITE,
    required(
        "audience",
        kinds.key(),
        "The audience's key.",
        leads_to="audience {} on its website",
    ),
    OF_CUSTOMER,
    Column(
        "qualified_at",
        kinds.moment(),
        "Since when; empty is as it was, and now for who is new.",
    ),
    Column(
        "expires_at",
        kinds.moment(),
        "Until when, and no longer; empty is as long as the audience says.",
    ),
)
