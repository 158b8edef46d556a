"""Errors of commands: what is said of them, and with which exit code."""

from __future__ import annotations

from gateway.identity import IdentityError
from gateway.personalize.errors import GatewayError
from gateway.storage.errors import StorageError

EXIT_FAILED = 1
EXIT_USAGE = 2


def said_plainly(error: Exception) -> str | None:
    """Return what the operator can do something with; None for a fault of ours."""
    if isinstance(error, StorageError | GatewayError | IdentityError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'the system'}: {error.strerror}"
    return None
