"""What a condition can look at in an address of a customer, or of an order."""

from __future__ import annotations

from gateway.personalize.attributes.table import Scope, attribute
from gateway.personalize.context import Address, OrderAddress
from gateway.personalize.operators import Kind, Value


@attribute("address.country", Kind.SELECT, Scope.ADDRESS, is_country=True)
def country(address: Address) -> Value:
    """Country (ISO 3166 alpha-2)."""
    return address.country


@attribute("address.region", Kind.TEXT, Scope.ADDRESS)
def region(address: Address) -> Value:
    """State or province."""
    return address.region


@attribute("address.region_code", Kind.SELECT, Scope.ADDRESS)
def region_code(address: Address) -> Value:
    """State or province as chosen from a list, by its code."""
    return address.region_code


@attribute("address.city", Kind.TEXT, Scope.ADDRESS)
def city(address: Address) -> Value:
    """City."""
    return address.city


@attribute("address.postcode", Kind.TEXT, Scope.ADDRESS)
def postcode(address: Address) -> Value:
    """Postcode."""
    return address.postcode


@attribute("address.street", Kind.TEXT, Scope.ADDRESS)
def street(address: Address) -> Value:
    """Street."""
    return address.street


@attribute("address.company", Kind.TEXT, Scope.ADDRESS)
def company(address: Address) -> Value:
    """Company."""
    return address.company


@attribute("address.telephone", Kind.TEXT, Scope.ADDRESS)
def telephone(address: Address) -> Value:
    """Telephone number."""
    return address.telephone


@attribute("address.fax", Kind.TEXT, Scope.ADDRESS)
def fax(address: Address) -> Value:
    """Fax number."""
    return address.fax


@attribute("address.vat_id", Kind.TEXT, Scope.ADDRESS)
def vat_id(address: Address) -> Value:
    """VAT number."""
    return address.vat_id


@attribute("address.prefix", Kind.TEXT, Scope.ADDRESS)
def prefix(address: Address) -> Value:
    """Name prefix."""
    return address.prefix


@attribute("address.first_name", Kind.TEXT, Scope.ADDRESS)
def first_name(address: Address) -> Value:
    """First name."""
    return address.first_name


@attribute("address.middle_name", Kind.TEXT, Scope.ADDRESS)
def middle_name(address: Address) -> Value:
    """Middle name."""
    return address.middle_name


@attribute("address.last_name", Kind.TEXT, Scope.ADDRESS)
def last_name(address: Address) -> Value:
    """Last name."""
    return address.last_name


@attribute("address.suffix", Kind.TEXT, Scope.ADDRESS)
def suffix(address: Address) -> Value:
    """Name suffix."""
    return address.suffix


@attribute("address.default_billing", Kind.BOOLEAN, Scope.ADDRESS)
def default_billing(address: Address) -> Value:
    """Whether it is the customer's default billing address."""
    return address.default_billing


@attribute("address.default_shipping", Kind.BOOLEAN, Scope.ADDRESS)
def default_shipping(address: Address) -> Value:
    """Whether it is the customer's default shipping address."""
    return address.default_shipping


@attribute("order_address.type", Kind.SELECT, Scope.ORDER_ADDRESS)
def type_(order_address: OrderAddress) -> Value:
    """Whether orders were billed or shipped to it: billing or shipping."""
    return order_address.type
