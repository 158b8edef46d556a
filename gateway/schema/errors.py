"""Say to a caller what went wrong, or nothing but a request id.

To show one more kind of exception, add it to ``CATEGORY_OF``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from graphql import GraphQLError

from gateway.personalize.errors import (
    Conflict,
    Forbidden,
    GatewayError,
    InvalidInput,
    NotFound,
)

LONGEST_MESSAGE = 500


class Category(StrEnum):
    """The published kinds of error, as a storefront reads them.

    A storefront resets the shopper's cart on ``NO_SUCH_ENTITY`` and
    ``AUTHORIZATION``: use these only where they are true.
    """

    INPUT = "graphql-input"
    NO_SUCH_ENTITY = "graphql-no-such-entity"
    AUTHENTICATION = "graphql-authentication"
    AUTHORIZATION = "graphql-authorization"
    ALREADY_EXISTS = "graphql-already-exists"
    DOCUMENT = "graphql"
    INTERNAL = "internal"


class StorefrontError(Exception):
    """An error with the very message that storefronts know."""

    def __init__(self, message: str, category: Category = Category.INPUT) -> None:
        super().__init__(message)
        self.category = category


class Refused(Exception):
    """A request that ends here, with an HTTP status of its own.

    *headers* are added to the answer, *extensions* to the error's own.
    """

    def __init__(
        self,
        status: int,
        message: str,
        category: Category = Category.INPUT,
        *,
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.category = category
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})


CATEGORY_OF: dict[type[Exception], Category] = {
    InvalidInput: Category.INPUT,
    NotFound: Category.NO_SUCH_ENTITY,
    Conflict: Category.ALREADY_EXISTS,
    Forbidden: Category.AUTHORIZATION,
}


def category_of(error: Exception) -> Category | None:
    """Find the category of an exception that a caller may see; None masks it."""
    if isinstance(error, StorefrontError | Refused):
        return error.category
    kinds = (CATEGORY_OF.get(kind) for kind in type(error).__mro__)
    return next((category for category in kinds if category is not None), None)


def cause(error: GraphQLError) -> Exception:
    """Find the exception a GraphQL error began with; itself if there is none."""
    return _raised(error).original_error or _raised(error)


def visible(error: GraphQLError) -> dict[str, Any] | None:
    """Give the extensions of an error that a caller may read; None masks it."""
    raised = _raised(error)
    origin = raised.original_error
    if _is_of_the_caller(error, raised):
        return {"category": Category.DOCUMENT}
    if origin is None:
        extensions = raised.extensions or {}
        if error.path is not None and "category" not in extensions:
            return None
        return {"category": Category.DOCUMENT, **extensions}
    category = category_of(origin)
    if category is None:
        return None
    if isinstance(origin, GatewayError) and any(p.path for p in origin.problems):
        problems = [
            {"path": p.path, "message": p.message, "remedy": p.remedy}
            for p in origin.problems
        ]
        return {"category": category, "problems": problems}
    return {"category": category}


def described(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """Write *error* as it stands in the answer."""
    message, extensions = error.message, visible(error)
    if extensions is None:
        message, extensions = "Internal server error", internal(request_id)
    entry: dict[str, Any] = {"message": _shortened(message)}
    if error.locations:
        entry["locations"] = [place.formatted for place in error.locations]
    if error.path is not None:
        entry["path"] = error.path
    return {**entry, "extensions": extensions}


def internal(request_id: str) -> dict[str, Any]:
    """Give the extensions of an error whose cause stays with us."""
    return {"category": Category.INTERNAL, "request_id": request_id}


def one_line(text: str, most: int = 900) -> str:
    """Make *text* fit to be logged: one line of ASCII, at most *most* characters."""
    return ascii(text[:most])[1:-1][:most]


def _raised(error: GraphQLError) -> GraphQLError:
    """Find what was raised, inside what GraphQL made of it to say where."""
    while isinstance(error.original_error, GraphQLError):
        error = error.original_error
    return error


def _is_of_the_caller(error: GraphQLError, raised: GraphQLError) -> bool:
    """Tell whether GraphQL complains of a document or of values sent with it.

    It uses the same class for complaints of what a resolver returned, and wraps
    what a scalar raised while reading a value.
    """
    if error.path is None:
        return bool(error.nodes)
    of_argument = raised.message.startswith("Argument '")
    return raised is not error and bool(raised.nodes) and of_argument


def _shortened(message: str) -> str:
    if len(message) <= LONGEST_MESSAGE:
        return message
    return f"{message[:LONGEST_MESSAGE]}…"
