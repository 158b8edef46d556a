"""Audiences that conditions ask for, by ``customer.audience``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.personalize import segment_references


def asked(tree: Any, path: str = "conditions") -> Iterator[tuple[str, str]]:
    """Yield the path and the key of every audience that *tree*, at *path*, asks for."""
    return segment_references.asked(tree, path, "customer.audience")


def keys(tree: Any) -> frozenset[str]:
    """Return the keys of the audiences that *tree* asks for."""
    return frozenset(key for _, key in asked(tree))
