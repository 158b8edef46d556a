"""Events: what shoppers and shops tell, and what each of it means."""

from gateway.personalize.events import customers, orders, storefront
from gateway.personalize.events.histories import Bounds, Step
from gateway.personalize.events.reading import EVENTS, Event, Told, read
from gateway.personalize.events.table import EVENT_TYPES, EventType, Sender

__all__ = [
    "EVENTS",
    "EVENT_TYPES",
    "Bounds",
    "Event",
    "EventType",
    "Sender",
    "Step",
    "Told",
    "customers",
    "orders",
    "read",
    "storefront",
]
