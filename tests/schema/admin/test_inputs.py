"""What inputs say of their fields, and what they give."""

from __future__ import annotations

import pytest
import strawberry
from strawberry.types.base import get_object_definition

from gateway.schema.admin.inputs import described_by, given_by


@strawberry.type
class _Shown:
    key: str = strawberry.field(description="Its key.")
    from_day: str | None = strawberry.field(name="from", description="The first day.")


def test_a_field_that_says_nothing_says_what_the_shown_one_says() -> None:
    @described_by(_Shown)
    @strawberry.input
    class Given:
        key: str = strawberry.field(description="Its key; it stays.")
        from_day: str | None = strawberry.field(name="from", default=None)

    fields = get_object_definition(Given, strict=True).fields

    assert {field.python_name: field.description for field in fields} == {
        "key": "Its key; it stays.",
        "from_day": "The first day.",
    }


def test_a_field_that_nothing_describes_cannot_be() -> None:
    @strawberry.input
    class Given:
        colour: str

    with pytest.raises(KeyError, match="colour"):
        described_by(_Shown)(Given)


def test_what_is_given_has_the_names_of_the_floors_below() -> None:
    @described_by(_Shown)
    @strawberry.input
    class Given:
        key: str
        from_day: str | None = strawberry.field(name="from", default=None)

    given = given_by(Given(key="sale", from_day="2026-11-22"))

    assert given == {"key": "sale", "from": "2026-11-22"}
