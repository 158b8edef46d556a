"""Who stands at the admin door: from the Authorization header to an administrator."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request

from gateway.identity import BadToken, Role
from gateway.identity.admins import hash_token
from gateway.identity.bearer import CHALLENGE, token_in
from gateway.resolvers.refresher import Refresher
from gateway.schema.admin.context import AdminContext
from gateway.schema.errors import Category, Refused
from gateway.storage import tokens
from gateway.storage.opened import Storage
from gateway.storage.tokens import Holder


@dataclass(frozen=True)
class AdminDoor:
    """Makes the context of a request; without a good token there is none."""

    storage: Storage
    refresher: Refresher = field(default_factory=Refresher)

    async def __call__(self, request: Request) -> AdminContext:
        """Find out who asks.

        Raises:
            Refused: 401 without a good token, 403 with one for another door.
        """
        try:
            holder = await self._holder(request)
        except BadToken as bad:
            raise Refused(
                401,
                f"This door needs an administrator's token: {bad}. Send one as"
                " 'Authorization: Bearer ...'; `gateway token create` makes one.",
                Category.AUTHENTICATION,
                headers={"WWW-Authenticate": CHALLENGE},
            ) from bad
        if not holder.role.permits(Role.VIEWER):
            raise Refused(
                403,
                f"The token {holder.name!r} has the role '{holder.role}', which is for"
                " the storefront's door.",
                Category.AUTHORIZATION,
            )
        return AdminContext(self.storage, holder.name, holder.role, self.refresher)

    async def _holder(self, request: Request) -> Holder:
        token = token_in(*request.headers.getlist("authorization"))
        if token is None:
            raise BadToken("the request has none")
        holder = await tokens.find(self.storage.database, hash_token(token))
        if holder is None:
            raise BadToken("the token is unknown or revoked")
        return holder
