"""What every resolver of the admin door finds in ``info.context``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import strawberry

from gateway.identity.admins import Role
from gateway.personalize.grammar import Limits
from gateway.resolvers.refresher import Refresher
from gateway.storage.database import Database
from gateway.storage.opened import Storage
from gateway.storage.rulebooks import RuleBooks


@dataclass(frozen=True)
class AdminContext:
    """One request of one administrator; *name* is that of their token."""

    storage: Storage
    name: str
    role: Role
    refresher: Refresher = field(default_factory=Refresher)

    @property
    def database(self) -> Database:
        """Where definitions are kept."""
        return self.storage.database

    @property
    def rulebooks(self) -> RuleBooks:
        """The rule books that this worker holds."""
        return self.storage.rulebooks

    @property
    def limits(self) -> Limits:
        """How large condition trees may be."""
        return self.storage.limits


Info: TypeAlias = strawberry.Info[AdminContext, None]
