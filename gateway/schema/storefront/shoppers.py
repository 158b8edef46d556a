"""What a shopper may know of themself: opaque ids of groups, segments and rules."""

from __future__ import annotations

from typing import Self

import strawberry

from gateway.schema import uids


@strawberry.type(description="The shopper's customer group.")
class CustomerGroupStorefront:
    """A customer group; the group of visitors is ``MA==``."""

    uid: strawberry.ID = strawberry.field(description="The group's unique id.")

    @classmethod
    def of(cls, id: int) -> Self:
        """Write a group's id."""
        return cls(uid=uids.encode(id))


@strawberry.type(description="A customer segment that the shopper is in.")
class CustomerSegmentStorefront:
    """A segment; its name and conditions stay behind the admin door."""

    uid: strawberry.ID = strawberry.field(description="The segment's unique id.")

    @classmethod
    def of(cls, id: int) -> Self:
        """Write a segment's id."""
        return cls(uid=uids.encode(id))


@strawberry.type(description="A cart price rule that applies to the cart.")
class CartRuleStorefront:
    """A cart price rule; its name and conditions stay behind the admin door."""

    uid: strawberry.ID = strawberry.field(description="The rule's unique id.")

    @classmethod
    def of(cls, id: int) -> Self:
        """Write a rule's id."""
        return cls(uid=uids.encode(id))
