"""What a condition can look at in a customer's account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gateway.personalize.attributes.table import Scope, attribute
from gateway.personalize.clocks import next_end_of_membership
from gateway.personalize.context import Context, Customer
from gateway.personalize.operators import Kind, Value


@attribute("customer.email", Kind.TEXT, Scope.CUSTOMER)
def email(customer: Customer) -> Value:
    """E-mail address."""
    return customer.email


@attribute("customer.prefix", Kind.TEXT, Scope.CUSTOMER)
def prefix(customer: Customer) -> Value:
    """Name prefix."""
    return customer.prefix


@attribute("customer.first_name", Kind.TEXT, Scope.CUSTOMER)
def first_name(customer: Customer) -> Value:
    """First name."""
    return customer.first_name


@attribute("customer.middle_name", Kind.TEXT, Scope.CUSTOMER)
def middle_name(customer: Customer) -> Value:
    """Middle name."""
    return customer.middle_name


@attribute("customer.last_name", Kind.TEXT, Scope.CUSTOMER)
def last_name(customer: Customer) -> Value:
    """Last name."""
    return customer.last_name


@attribute("customer.suffix", Kind.TEXT, Scope.CUSTOMER)
def suffix(customer: Customer) -> Value:
    """Name suffix."""
    return customer.suffix


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


@attribute("customer.default_billing", Kind.BOOLEAN, Scope.CUSTOMER)
def default_billing(customer: Customer) -> Value:
    """Whether there is a default billing address."""
    return any(address.default_billing for address in customer.addresses)


@attribute("customer.default_shipping", Kind.BOOLEAN, Scope.CUSTOMER)
def default_shipping(customer: Customer) -> Value:
    """Whether there is a default shipping address."""
    return any(address.default_shipping for address in customer.addresses)


@attribute("customer.newsletter", Kind.BOOLEAN, Scope.CUSTOMER)
def newsletter(customer: Customer) -> Value:
    """Whether the newsletter is subscribed to."""
    return customer.newsletter


@attribute("customer.store_credit", Kind.NUMBER, Scope.CUSTOMER)
def store_credit(customer: Customer) -> Value:
    """Store credit, in the website's currency."""
    return customer.store_credit


@attribute(
    "customer.days_until_birthday", Kind.NUMBER, Scope.CUSTOMER, moves_with_day=True
)
def days_until_birthday(customer: Customer, today: date) -> Value:
    """Days until the next birthday, 0 on the day itself.

    Who was born on 29 February has it on 1 March in a year without one.
    """
    born = customer.date_of_birth
    if born is None:
        return None
    birthday = _birthday(born, today.year)
    if birthday < today:
        birthday = _birthday(born, today.year + 1)
    return Decimal((birthday - today).days)


@attribute("customer.age", Kind.NUMBER, Scope.CUSTOMER, moves_with_day=True)
def age(customer: Customer, today: date) -> Value:
    """Age in completed years.

    Who was born on 29 February is a year older on 1 March in a year without one.
    """
    born = customer.date_of_birth
    if born is None or born > today:
        return None
    is_to_come = today < _birthday(born, today.year)
    return Decimal(today.year - born.year - is_to_come)


@attribute(
    "customer.days_since_registration", Kind.NUMBER, Scope.CUSTOMER, moves_with_day=True
)
def days_since_registration(customer: Customer, today: date) -> Value:
    """Days since the account was made, 0 on the day itself."""
    since = customer.since
    return None if since is None else Decimal((today - since).days)


@attribute(
    "customer.days_since_last_order", Kind.NUMBER, Scope.CUSTOMER, moves_with_day=True
)
def days_since_last_order(customer: Customer, today: date) -> Value:
    """Days since the last order of any status; missing without orders."""
    if not customer.orders:
        return None
    last = max(order.created_on for order in customer.orders)
    return Decimal((today - last).days)


@attribute("customer.days_between_orders", Kind.NUMBER, Scope.CUSTOMER)
def days_between_orders(customer: Customer) -> Value:
    """Average days between orders of any status; missing below two orders."""
    days = [order.created_on for order in customer.orders]
    intervals = len(days) - 1
    if intervals < 1:
        return None
    return Decimal((max(days) - min(days)).days) / intervals


@attribute(
    "customer.audience",
    Kind.MULTISELECT,
    Scope.REGISTERED,
    clock=next_end_of_membership,
)
def audience(context: Context) -> Value:
    """Imported audiences the customer is in, by key."""
    return tuple(sorted(membership.audience for membership in context.memberships))


@attribute("customer.segment", Kind.MULTISELECT, Scope.CONTEXT)
def segment(context: Context) -> Value:
    """Customer segments the shopper is in, by key."""
    return tuple(sorted(context.segments))


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        # 29 February: as the law of most countries has it, the year ends with 28
        # February, and the birthday is the day after.
        return date(year, 3, 1)
