"""Brings a database to the state that this version of the gateway works with.

A migration is a file `NNNN_what_it_does.sql` in sql/migrations. Once released it is
never edited: what was wrong with it, the next one mends.
"""

import asyncio
import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from gateway.storage import sql
from gateway.storage.connection import Connection, OwnConnection, connection_to
from gateway.storage.errors import MigrationRefused, Unavailable

SQL = sql.queries("migrations")

_LOGGER = logging.getLogger(__name__)
_FILE = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")

# The word "gateway" in ASCII, so that no other program locks by the same number.
_LOCK = int.from_bytes(b"gateway")

# While a migration waits for a table, everybody else who wants that table waits behind
# it: so it waits a second, steps back for as long, and tries again.
_WAIT_FOR_A_TABLE = "1s"
_TRIES = 10


@dataclass(frozen=True)
class Migration:
    """One step of the database; its name gives the order."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        """Tell the text from any other, line endings aside."""
        return hashlib.sha256(self.text.encode()).hexdigest()


async def migrate(
    url: str, *, folder: Path | None = None, patience_seconds: float = 600.0
) -> list[str]:
    """Apply what is not applied yet, in order, and give the names of what was.

    Each migration is applied and recorded in one transaction, so that whatever ends
    half-way can be run again. Only one process migrates a database at a time; others
    wait, up to *patience_seconds*, and then find nothing to do.

    Raises:
        MigrationRefused: the database is newer than these migrations, or a migration
            is not what it was when it was applied, or the account may not. Nothing
            was changed.
        Unavailable: the server cannot be reached, another process never finished, or
            a table was never free.
    """
    migrations = read(folder or sql.folder() / "migrations")
    async with connection_to(url) as connection:
        # The lock is the session's: it ends with the connection, however that ends.
        await _lock(connection, patience_seconds)
        try:
            # Who may not make tables need not, once they are there.
            if not await connection.fetchval(SQL.has_record):
                await connection.execute(SQL.make_record)
            waiting = await _unapplied(connection, migrations)
            for migration in waiting:
                await _apply(connection, migration)
        except asyncpg.InsufficientPrivilegeError as denied:
            raise MigrationRefused(
                f"this account may not migrate the database ({denied}); give it the"
                " rights that docs/operations.md names, or run `gateway migrate` with"
                " an account that has them"
            ) from denied
    return [migration.name for migration in waiting]


async def unapplied(connection: Connection, *, folder: Path | None = None) -> list[str]:
    """Name what `migrate` would apply to this database.

    Raises:
        MigrationRefused: as `migrate` does.
    """
    migrations = read(folder or sql.folder() / "migrations")
    if not await connection.fetchval(SQL.has_record):
        return [migration.name for migration in migrations]
    return [each.name for each in await _unapplied(connection, migrations)]


def read(folder: Path) -> list[Migration]:
    """Read the migrations of a folder, in order.

    Raises:
        MigrationRefused: a file's name is none of a migration, or two have one number.
    """
    migrations: dict[str, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        name = _FILE.fullmatch(path.name)
        if name is None:
            raise MigrationRefused(
                f"{path.name} is no name of a migration; write four digits and what it"
                " does, as '0007_coupon_limits.sql'"
            )
        if (twin := migrations.get(name[1])) is not None:
            raise MigrationRefused(
                f"{twin.name} and {path.stem} have the same number; give the newer one"
                " the next that is free"
            )
        text = path.read_text(encoding="utf-8")
        migrations[name[1]] = Migration(path.stem, text)
    return list(migrations.values())


async def _lock(connection: Connection, patience_seconds: float) -> None:
    """Become the one who migrates.

    Trying over and over, unlike waiting inside PostgreSQL, holds no snapshot and no
    place in a queue that a deadlock could come of.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience_seconds
    said = False
    while not await connection.fetchval(SQL.try_lock, _LOCK):
        if not said:
            _LOGGER.info("Another process is migrating this database; waiting for it.")
            said = True
        if loop.time() > deadline:
            raise Unavailable(
                f"another process has been migrating this database for more than"
                f" {patience_seconds:g} seconds; look for it in pg_stat_activity"
            )
        await asyncio.sleep(0.1)


async def _unapplied(
    connection: Connection, migrations: Sequence[Migration]
) -> list[Migration]:
    applied = {
        row["name"]: row["checksum"] for row in await connection.fetch(SQL.applied)
    }
    known = {migration.name: migration for migration in migrations}
    if unknown := sorted(applied.keys() - known):
        raise MigrationRefused(
            f"the database is newer than this gateway, which does not know"
            f" {', '.join(unknown)}; install the version that migrated it or a later"
            " one, or restore the backup made before"
        )
    for name, checksum in applied.items():
        if known[name].checksum != checksum:
            raise MigrationRefused(
                f"{name} has been changed since it was applied to this database; put"
                " the file back as it was, and make the change a new migration"
            )
    waiting = [known[name] for name in known if name not in applied]
    newest = max(applied, default="")
    if waiting and waiting[0].name < newest:
        raise MigrationRefused(
            f"{waiting[0].name} comes before {newest}, which is applied already; give"
            " it the next number that is free"
        )
    return waiting


async def _apply(connection: OwnConnection, migration: Migration) -> None:
    for attempt in range(1, _TRIES + 1):
        try:
            async with connection.transaction():
                await connection.fetchval(SQL.limit_waiting, _WAIT_FOR_A_TABLE)
                await connection.execute(migration.text)
                await connection.execute(SQL.record, migration.name, migration.checksum)
        except asyncpg.LockNotAvailableError as late:
            if attempt == _TRIES:
                raise Unavailable(
                    f"{migration.name} was not applied: another session keeps a table"
                    " locked; run `gateway migrate` again once it is done"
                ) from late
            _LOGGER.info("%s waits for a table that is in use.", migration.name)
            await asyncio.sleep(1.0)
        else:
            _LOGGER.info("Applied the migration %s.", migration.name)
            return
