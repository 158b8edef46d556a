"""What a condition can look at in a customer's account."""

from __future__ import annotations

from gateway.personalize.attributes.table import Scope, attribute
from gateway.personalize.context import Context, Customer
from gateway.personalize.operators import Kind, Value


@attribute("customer.email", Kind.TEXT, Scope.CUSTOMER)
def email(customer: Customer) -> Value:
    """E-mail address."""
    return customer.email


@attribute("customer.first_name", Kind.TEXT, Scope.CUSTOMER)
def first_name(customer: Customer) -> Value:
    """First name."""
    return customer.first_name


@attribute("customer.last_name", Kind.TEXT, Scope.CUSTOMER)
def last_name(customer: Customer) -> Value:
    """Last name."""
    return customer.last_name


@attribute("customer.group", Kind.SELECT, Scope.CUSTOMER)
def group(customer: Customer) -> Value:
    """Customer group, by its number."""
    return str(customer.group_id)


@attribute("customer.gender", Kind.SELECT, Scope.CUSTOMER)
def gender(customer: Customer) -> Value:
    """Gender."""
    return customer.gender


@attribute("customer.date_of_birth", Kind.DATE, Scope.CUSTOMER)
def date_of_birth(customer: Customer) -> Value:
    """Date of birth."""
    return customer.date_of_birth


@attribute("customer.since", Kind.DATE, Scope.CUSTOMER)
def since(customer: Customer) -> Value:
    """Customer since: the day the account was made."""
    return customer.since


@attribute("customer.store_view", Kind.SELECT, Scope.CUSTOMER)
def store_view(customer: Customer) -> Value:
    """Store view in which the account was made."""
    return customer.store_view


@attribute("customer.newsletter", Kind.BOOLEAN, Scope.CUSTOMER)
def newsletter(customer: Customer) -> Value:
    """Whether the newsletter is subscribed to."""
    return customer.newsletter


@attribute("customer.store_credit", Kind.NUMBER, Scope.CUSTOMER)
def store_credit(customer: Customer) -> Value:
    """Store credit, in the website's currency."""
    return customer.store_credit


@attribute("customer.segment", Kind.MULTISELECT, Scope.CONTEXT)
def segment(context: Context) -> Value:
    """Customer segments the shopper is in, by key."""
    return tuple(sorted(context.segments))
