"""Documents that several tests send to the admin door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Ask = Callable[..., Awaitable[Any]]

REFUSED = "... on Refusal { __typename problems { path message remedy } }"
SAVE_SEGMENT = f"""
mutation ($input: SegmentInput!, $expected: Int) {{
  saveSegment(input: $input, expectedVersion: $expected) {{
    ... on SegmentSaved {{
      segment {{ key version appliesTo conditions problems {{ path }} }}
      warnings {{ path }}
    }}
    {REFUSED}
  }}
}}
"""


async def save_segment(
    ask: Ask, input: dict[str, Any], expected: int | None = None
) -> Any:
    answer = await ask(SAVE_SEGMENT, {"input": input, "expected": expected})
    return answer["data"]["saveSegment"]


def an_input(key: str = "big-carts", **also: Any) -> dict[str, Any]:
    return {"key": key, "name": "Big carts", "websites": ["base"], **also}
