"""Segments that conditions ask for, by ``customer.segment``, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from gateway.personalize.constants import as_list

Graph = Mapping[str, Collection[str]]
"""The keys that each segment asks for, by its own key."""


def asked(
    tree: Any, path: str = "conditions", attribute: str = "customer.segment"
) -> Iterator[tuple[str, str]]:
    """Yield the path and the key of every segment that *tree*, at *path*, asks for.

    With another *attribute*, it is whatever that one asks for by key.
    """
    if not isinstance(tree, Mapping):
        return
    if tree.get("attribute") == attribute:
        value, where = tree.get("value", ()), f"{path}.value"
        listed = isinstance(value, list | tuple)
        for position, key in enumerate(as_list(value)):
            yield (f"{where}.{position}" if listed else where), str(key)
    for word in ("all", "any"):
        children = tree.get(word)
        if isinstance(children, list | tuple):
            for position, child in enumerate(children):
                yield from asked(child, f"{path}.{word}.{position}", attribute)


def keys(tree: Any) -> frozenset[str]:
    """Return the keys of the segments that *tree* asks for."""
    return frozenset(key for _, key in asked(tree))


def circle(graph: Graph, key: str, through: str) -> tuple[str, ...]:
    """Return the way from *key* by *through* back to *key*; empty if there is none."""
    ways: dict[str, tuple[str, ...]] = {through: (key, through)}
    open_ends = [through]
    for end in open_ends:
        if end == key:
            return ways[end]
        for after in sorted(graph.get(end, ())):
            if after not in ways:
                ways[after] = (*ways[end], after)
                open_ends.append(after)
    return ()


def depths(graph: Graph) -> tuple[dict[str, int], list[tuple[str, ...]]]:
    """Return how deep each segment stands on others, and the circles.

    Whoever asks for none is at 0, and whoever asks for others is one deeper than the
    deepest of them. What is in a circle has no depth; what asks for it is as if it
    asked for nobody.
    """
    left = {key: [one for one in after if one in graph] for key, after in graph.items()}
    circles: list[tuple[str, ...]] = []
    while True:
        try:
            ordered = list(TopologicalSorter(left).static_order())
        except CycleError as found:
            # It lists each before whoever asks for it.
            ring = tuple(reversed(found.args[1]))
            circles.append(ring)
            left = {
                key: [one for one in after if one not in ring]
                for key, after in left.items()
                if key not in ring
            }
            continue
        depth: dict[str, int] = {}
        for key in ordered:
            depth[key] = max((depth[one] + 1 for one in left[key]), default=0)
        return depth, circles
