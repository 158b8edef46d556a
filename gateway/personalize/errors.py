"""The errors a caller may see; everything else is masked.

GatewayError
├── InvalidInput   what was sent cannot be accepted; one Problem for each spot
├── NotFound       nothing is called that
├── Conflict       it is in use, was changed meanwhile, or the name is taken
└── Forbidden      the caller is known and may not do this
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it stands, and what to write instead.

    *path* is the caller's own: names and list positions joined by dots, as in
    ``conditions.any.0.value``; empty when the whole input is meant.
    """

    path: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        """Say the problem in one line."""
        said = f"{self.path}: {self.message}" if self.path else self.message
        return f"{said} {self.remedy}".rstrip()


class GatewayError(Exception):
    """Something the caller can mend."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems: Sequence[Problem] = problems


class InvalidInput(GatewayError):
    """What was sent cannot be accepted."""


class NotFound(GatewayError):
    """Nothing is called that."""


class Conflict(GatewayError):
    """What is stored stands against it."""


class Forbidden(GatewayError):
    """The caller may not do this."""
