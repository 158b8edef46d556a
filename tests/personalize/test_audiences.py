"""Audiences as they are written, and their members as servers send them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.personalize import audiences
from gateway.personalize.audiences import (
    LONGEST_TTL_SECONDS,
    AudienceDefinition,
    MembersChange,
    NewMember,
)
from gateway.personalize.clocks import next_end_of_membership
from gateway.personalize.context import Context, Membership
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import InvalidInput
from gateway.personalize.fields import KEY_REMEDY
from tests.factories import NOW, a_context, a_customer

HIKERS = {"key": "hikers", "name": "Hikers", "websites": ["base"]}
CHANGE = {"audience": "hikers"}
INSTANT = "Write it as 2026-12-24T18:30:00Z."


def refusals(read: Any, given: Any) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read(given)
    return [str(problem) for problem in refused.value.problems]


def in_audiences(**until: datetime | None) -> Context:
    memberships = tuple(Membership(*one) for one in until.items())
    return a_context(customer=a_customer(memberships=memberships))


def test_an_audience_is_read_with_all_of_its_fields() -> None:
    given = {
        **HIKERS,
        "description": "Who hikes.",
        "source": "CDP",
        "ttl_seconds": 86_400,
    }

    definition = audiences.read(given)

    assert definition == AudienceDefinition(
        "hikers", "Hikers", ("base",), "Who hikes.", "CDP", 86_400
    )
    assert audiences.read(as_given(definition)) == definition
    assert audiences.read(HIKERS).ttl_seconds is None


@pytest.mark.parametrize(
    ("also", "said"),
    [
        ({"ttl_seconds": 0}, "ttl_seconds: 0 is too small. Write at least 1."),
        (
            {"ttl_seconds": LONGEST_TTL_SECONDS + 1},
            "ttl_seconds: 3162240001 is too large. Write at most 3162240000.",
        ),
        ({"ttl_seconds": "1.5"}, "ttl_seconds: 1.5 is not a whole number."),
        ({"websites": []}, "websites: it is empty. Write at least one."),
        (
            {"ttl_second": 1},
            "ttl_second: there is no such field. Did you mean 'ttl_seconds'?",
        ),
    ],
)
def test_a_fault_of_an_audience_is_told(also: dict[str, Any], said: str) -> None:
    assert refusals(audiences.read, {**HIKERS, **also}) == [said]


def test_a_change_of_members_is_read() -> None:
    members = [
        {"customer_id": "1"},
        {"customer_id": "2", "qualified_at": NOW, "expires_at": NOW},
    ]

    change = audiences.read_change({**CHANGE, "members": members, "removed": ["3"]})

    assert change == MembersChange(
        "hikers", (NewMember("1"), NewMember("2", NOW, NOW)), ("3",)
    )


def test_every_fault_of_a_change_is_told_at_once() -> None:
    given = {
        "audience": "Hikers!",
        "members": [
            {"customer_id": "1", "expires_at": datetime(2026, 1, 1)},  # noqa: DTZ001
            {"customer_id": ""},
            {"customer_id": "1"},
        ],
        "removed": ["1"],
    }

    assert refusals(audiences.read_change, given) == [
        f"audience: 'Hikers!' is not a key. {KEY_REMEDY}",
        f"members.0.expires_at: 2026-01-01 00:00:00 has no offset from UTC. {INSTANT}",
        "members.1.customer_id: it is missing. Write a text.",
        "members.2.customer_id: '1' stands there twice. Keep one.",
        "removed.0: '1' stands there twice. Keep one.",
    ]


def test_a_change_has_only_so_many_members() -> None:
    many = [{"customer_id": str(one)} for one in range(1001)]
    removed = [str(one) for one in range(1001, 2002)]

    audiences.read_change({**CHANGE, "members": many[1:], "removed": removed[1:]})
    assert refusals(
        audiences.read_change, {**CHANGE, "members": many, "removed": removed}
    ) == [
        "members: 1001 are too many. Write at most 1000.",
        "removed: 1001 are too many. Write at most 1000.",
    ]


def test_a_membership_holds_until_the_instant_and_not_at_it() -> None:
    moment = timedelta(microseconds=1)
    context = in_audiences(
        ended=NOW, ends=NOW + moment, later=NOW + timedelta(days=1), never=None
    )

    assert [one.audience for one in context.memberships] == ["ends", "later", "never"]


def test_the_clock_strikes_when_the_next_membership_ends() -> None:
    tomorrow = datetime(2026, 3, 11, 12, tzinfo=UTC)

    assert next_end_of_membership(in_audiences(a=NOW, b=tomorrow)) == tomorrow
    assert next_end_of_membership(in_audiences(a=NOW, b=None)) is None
    assert next_end_of_membership(a_context()) is None
