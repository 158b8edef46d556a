"""What is told of customers: events of the back office, and profile records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from gateway.personalize.context import Address
from gateway.personalize.events.effects import CustomerChanged, CustomerDeleted
from gateway.personalize.events.orders import address
from gateway.personalize.events.payloads import Payload
from gateway.personalize.events.table import Sender, event_type

_Field = str | date | datetime

customer_event = partial(event_type, sender=Sender.SERVER)


def _told(payload: Payload, *, whole: bool) -> CustomerChanged:
    found: dict[str, _Field | None] = {
        "first_name": payload.text("person.name.firstName"),
        "last_name": payload.text("person.name.lastName"),
        "email": payload.text(
            "personalEmail.address", "person.personalEmailID", "email"
        ),
    }
    if not whole:
        return CustomerChanged(_given(found))
    found["date_of_birth"] = payload.day("person.birthDate")
    found["gender"] = payload.text("person.gender", "gender")
    found["created_at"] = payload.instant("userAccount.startDate")
    return CustomerChanged(
        _given(found),
        billing=_address(payload, "billingAddress"),
        shipping=_address(payload, "shippingAddress"),
    )


def _address(payload: Payload, name: str) -> Address | None:
    return address(payload.part(name), payload.text(f"{name}Phone.number"))


def _given(found: Mapping[str, _Field | None]) -> dict[str, _Field]:
    return {name: value for name, value in found.items() if value is not None}


@customer_event("accountCreated", "userAccount.backofficeCreateProfile")
def customer_created(payload: Payload) -> CustomerChanged:
    """A customer is registered."""
    return replace(_told(payload, whole=False), registers=True)


@customer_event("accountUpdated", "userAccount.backofficeUpdateProfile")
def customer_updated(payload: Payload) -> CustomerChanged:
    """A customer's name or e-mail is changed."""
    return _told(payload, whole=False)


@customer_event("accountDeleted", "userAccount.backofficeDeleteProfile")
def customer_deleted(_: Payload) -> CustomerDeleted:
    """A customer is deleted, with all that is known of them."""
    return CustomerDeleted()


@customer_event("profileRecord", "profile", aliases=("customerProfile",))
def profile_record(payload: Payload) -> CustomerChanged:
    """What a shop knows of a customer, sent whenever it changes."""
    return _told(payload, whole=True)
