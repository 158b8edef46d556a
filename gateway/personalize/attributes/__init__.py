"""What a condition can look at: one decorated function per attribute.

To add one, write a function of its scope's value under ``@attribute`` in the
module of that scope; it is then usable in conditions, listed by
``conditionAttributes`` and documented. An attribute only reads: None means that
the value is missing, which only negative operators accept. What changes with the
calendar is a function of the day, too, and says so: ``moves_with_day=True``. What
changes at other instants is a function of the context, and names its ``clock``.
"""

from gateway.personalize.attributes import (
    address,
    behaviour,
    cart,
    customer,
    order,
    product,
    session,
)
from gateway.personalize.attributes.table import (
    ATTRIBUTES,
    Attribute,
    Attributes,
    DeclaredAttribute,
    Scope,
    attribute,
    own_code,
)

__all__ = [
    "ATTRIBUTES",
    "Attribute",
    "Attributes",
    "DeclaredAttribute",
    "Scope",
    "address",
    "attribute",
    "behaviour",
    "cart",
    "customer",
    "order",
    "own_code",
    "product",
    "session",
]
