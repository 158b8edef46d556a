"""What every resolver of the admin door finds in ``info.context``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import strawberry

from gateway.identity.admins import Role
from gateway.personalize.grammar import Limits
from gateway.resolvers.refresher import Refresher
from gateway.storage.database import Database
from gateway.storage.rulebooks import RuleBooks


@dataclass(frozen=True)
class AdminContext:
    """One request of one administrator; *name* is that of their token."""

    database: Database
    name: str
    role: Role
    rulebooks: RuleBooks
    limits: Limits = field(default_factory=Limits)
    refresher: Refresher = field(default_factory=Refresher)


Info: TypeAlias = strawberry.Info[AdminContext, None]
