"""Who may do what: every field at the root of the admin door needs a role.

A schema with a root field that needs none cannot be made, so nothing is open because
somebody forgot to close it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.base import get_object_definition

from gateway.identity.admins import Role
from gateway.personalize.errors import Forbidden, GatewayError, Problem
from gateway.schema.admin.context import AdminContext
from gateway.schema.admin.problems import in_callers_words


def require(role: Role, context: AdminContext, what: str) -> None:
    """Let only those pass whose role permits *role*, which *what* needs.

    Raises:
        Forbidden: the token's role does not permit it.
    """
    if not context.role.permits(role):
        raise Forbidden(
            Problem(
                "",
                f"'{what}' needs the role '{role}', and the token {context.name!r} has"
                f" the role '{context.role}'.",
                "Use another token; `gateway token create` makes one.",
            )
        )


class Needs(FieldExtension):
    """Lets only those pass whose role permits *role*."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[Any]],
        source: Any,
        info: strawberry.Info[AdminContext, None],
        **kwargs: Any,
    ) -> Any:
        """Resolve the field, and tell its faults by the names of this door.

        Raises:
            Forbidden: the token's role does not permit it.
        """
        require(self.role, info.context, info.field_name)
        try:
            return await next_(source, info, **kwargs)
        except GatewayError as error:
            raise in_callers_words(error) from error


VIEWER = Needs(Role.VIEWER)
EDITOR = Needs(Role.EDITOR)
ADMIN = Needs(Role.ADMIN)


def roles_of(root: type) -> dict[str, Role | None]:
    """Return the role that each field of a root type needs; None where it has none."""
    return {
        field.python_name: next(
            (each.role for each in field.extensions if isinstance(each, Needs)), None
        )
        for field in get_object_definition(root, strict=True).fields
    }


def require_roles(*roots: type) -> None:
    """Refuse root types of which a field needs no role.

    Raises:
        TypeError: naming the first such field.
    """
    for root in roots:
        for field, role in roles_of(root).items():
            if role is None:
                raise TypeError(f"{root.__name__}.{field} needs no role")
