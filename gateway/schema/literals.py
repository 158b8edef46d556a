"""Look over the values written in a document, before anyone converts them."""

from __future__ import annotations

import math

from graphql import (
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
)

LONGEST_INTEGER = 20


class Literals:
    """What the literals of one document hold.

    *faults* say which cannot be accepted, *longest_list* is in items, *steps* counts
    the values looked at.
    """

    def __init__(self) -> None:
        self.faults: set[str] = set()
        self.longest_list = 0
        self.steps = 0

    def look(self, value: ValueNode) -> None:
        """Take in *value* and all that is inside it."""
        pending = [value]
        while pending:
            node = pending.pop()
            self.steps += 1
            match node:
                case ListValueNode():
                    self.longest_list = max(self.longest_list, len(node.values))
                    pending.extend(node.values)
                case ObjectValueNode():
                    pending.extend(field.value for field in node.fields)
                case StringValueNode() if "\0" in node.value:
                    self.faults.add(
                        "A string holds the character U+0000; leave it out."
                    )
                case IntValueNode() if len(node.value) > LONGEST_INTEGER:
                    self.faults.add(
                        f"An integer has more than {LONGEST_INTEGER} digits;"
                        " write it as a string."
                    )
                # GraphQL's own Float would pass it on as infinity.
                case FloatValueNode() if math.isinf(float(node.value)):
                    self.faults.add(
                        "A number is too large for a Float; write it as a string."
                    )


def integer(value: ValueNode | None) -> int | None:
    """Read an integer literal; None for anything else, or one that is too long."""
    if isinstance(value, IntValueNode) and len(value.value) <= LONGEST_INTEGER:
        return int(value.value)
    return None
