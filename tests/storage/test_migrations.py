"""Migrations are applied once, in order, whole, by one process at a time."""

import asyncio
import hashlib
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from gateway.storage import migrations, sql
from gateway.storage.connection import connection_to
from gateway.storage.database import connected
from gateway.storage.errors import MigrationRefused, Unavailable
from gateway.storage.migrations import migrate, unapplied
from tests.waiting import PATIENCE_SECONDS, UNHURRIED, until_waiting

_ONE = "create table fruit (name text primary key);\n"
_TWO = "insert into fruit (name) values ('apple');\ninsert into fruit values ('pear');"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_fruit.sql").write_text(_ONE, encoding="utf-8")
    (tmp_path / "0002_apples.sql").write_text(_TWO, encoding="utf-8")
    return tmp_path


async def _fruit(url: str) -> list[str]:
    async with connection_to(url) as connection:
        return [row["name"] for row in await connection.fetch("table fruit order by 1")]


async def test_migrations_are_applied_in_order_and_once(
    empty_database_url: str, folder: Path
) -> None:
    url = empty_database_url

    assert await migrate(url, folder=folder) == ["0001_fruit", "0002_apples"]
    assert await migrate(url, folder=folder) == []
    assert await _fruit(url) == ["apple", "pear"]

    (folder / "0003_plums.sql").write_text("insert into fruit values ('plum')")
    assert await migrate(url, folder=folder) == ["0003_plums"]
    assert await _fruit(url) == ["apple", "pear", "plum"]


async def test_each_is_recorded_with_its_checksum_and_instant(
    empty_database_url: str, folder: Path
) -> None:
    await migrate(empty_database_url, folder=folder)

    async with connection_to(empty_database_url) as connection:
        rows = await connection.fetch(
            "select name, checksum, now() - applied_at < interval '1 minute' as fresh"
            "  from migration order by name"
        )
    digest = hashlib.sha256(_ONE.encode()).hexdigest()
    assert tuple(rows[0].values()) == ("0001_fruit", digest, True)
    assert [row["name"] for row in rows] == ["0001_fruit", "0002_apples"]


async def test_what_is_not_applied_yet_can_be_asked(
    empty_database_url: str, folder: Path
) -> None:
    async with connection_to(empty_database_url) as connection:
        before = await unapplied(connection, folder=folder)
        await migrate(empty_database_url, folder=folder)
        after = await unapplied(connection, folder=folder)

    assert before == ["0001_fruit", "0002_apples"]
    assert after == []


async def test_a_migration_that_fails_leaves_nothing_of_itself(
    empty_database_url: str, folder: Path
) -> None:
    broken = folder / "0003_plums.sql"
    broken.write_text("insert into fruit values ('plum'); select 1 / 0;")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty_database_url, folder=folder)
    assert await _fruit(empty_database_url) == ["apple", "pear"]

    broken.write_text("insert into fruit values ('plum');")
    assert await migrate(empty_database_url, folder=folder) == ["0003_plums"]


async def test_a_newer_database_is_refused(
    empty_database_url: str, folder: Path
) -> None:
    newer = folder / "0003_plums.sql"
    newer.write_text("insert into fruit values ('plum')")
    await migrate(empty_database_url, folder=folder)
    newer.unlink()

    with pytest.raises(MigrationRefused) as refused:
        await migrate(empty_database_url, folder=folder)

    assert str(refused.value) == (
        "the database is newer than this gateway, which does not know 0003_plums;"
        " install the version that migrated it or a later one, or restore the backup"
        " made before"
    )


async def test_a_migration_changed_after_the_fact_is_refused(
    empty_database_url: str, folder: Path
) -> None:
    await migrate(empty_database_url, folder=folder)
    (folder / "0001_fruit.sql").write_text("create table fruit (name varchar);")
    (folder / "0003_plums.sql").write_text("insert into fruit values ('plum')")

    with pytest.raises(MigrationRefused) as refused:
        await migrate(empty_database_url, folder=folder)

    assert str(refused.value) == (
        "0001_fruit has been changed since it was applied to this database; put the"
        " file back as it was, and make the change a new migration"
    )
    assert await _fruit(empty_database_url) == ["apple", "pear"]


async def test_other_line_endings_are_no_change(
    empty_database_url: str, folder: Path
) -> None:
    await migrate(empty_database_url, folder=folder)
    (folder / "0001_fruit.sql").write_bytes(_ONE.replace("\n", "\r\n").encode())

    assert await migrate(empty_database_url, folder=folder) == []


async def test_a_migration_before_one_that_is_applied_is_refused(
    empty_database_url: str, folder: Path
) -> None:
    (folder / "0002_apples.sql").rename(folder / "0004_apples.sql")
    await migrate(empty_database_url, folder=folder)
    (folder / "0003_plums.sql").write_text("insert into fruit values ('plum')")

    with pytest.raises(MigrationRefused) as refused:
        await migrate(empty_database_url, folder=folder)

    assert str(refused.value) == (
        "0003_plums comes before 0004_apples, which is applied already; give it the"
        " next number that is free"
    )


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        (
            "0002_pears.sql",
            (
                "0002_apples and 0002_pears have the same number; give the newer one"
                " the next that is free"
            ),
        ),
        (
            "3-plums.sql",
            (
                "3-plums.sql is no name of a migration; write four digits and what it"
                " does, as '0007_coupon_limits.sql'"
            ),
        ),
    ],
)
def test_a_folder_that_is_out_of_order_is_refused(
    folder: Path, name: str, refusal: str
) -> None:
    (folder / name).write_text("select 1;")

    with pytest.raises(MigrationRefused) as refused:
        migrations.read(folder)

    assert str(refused.value) == refusal


async def test_of_two_processes_that_start_at_once_one_migrates(
    empty_database_url: str, folder: Path
) -> None:
    (folder / "0002_apples.sql").write_text(_TWO + "\nselect pg_sleep(0.3);")

    applied = await asyncio.gather(
        *(migrate(empty_database_url, folder=folder) for _ in range(4))
    )

    assert sorted(applied) == [[], [], [], ["0001_fruit", "0002_apples"]]
    assert await _fruit(empty_database_url) == ["apple", "pear"]


async def test_a_process_that_never_finishes_is_waited_for_only_so_long(
    empty_database_url: str, folder: Path
) -> None:
    async with connection_to(empty_database_url) as other:
        await other.fetchval("select pg_advisory_lock($1)", migrations._LOCK)
        with pytest.raises(Unavailable) as refused:
            await migrate(empty_database_url, folder=folder, patience_seconds=0.2)

    assert str(refused.value) == (
        "another process has been migrating this database for more than 0.2 seconds;"
        " look for it in pg_stat_activity"
    )
    assert await migrate(empty_database_url, folder=folder) != []


async def test_a_migrator_that_is_killed_half_way_can_be_followed_by_another(
    empty_database_url: str, folder: Path
) -> None:
    slow = folder / "0003_plums.sql"
    slow.write_text("insert into fruit values ('plum'); select pg_sleep(600);")
    program = (
        "import asyncio, pathlib, sys; from gateway.storage.migrations import migrate;"
        "asyncio.run(migrate(sys.argv[1], folder=pathlib.Path(sys.argv[2])))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, empty_database_url, str(folder)
    )
    async with connection_to(empty_database_url) as watcher:
        sleeping = "select pid from pg_stat_activity where query ~ 'pg_sleep.600.;$'"
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (pid := await watcher.fetchval(sleeping)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        # The server only sees at the end of a statement that nobody waits for it.
        await watcher.execute("select pg_terminate_backend($1)", pid)

    slow.write_text("insert into fruit values ('plum');")

    assert await migrate(empty_database_url, folder=folder) == ["0003_plums"]
    assert await _fruit(empty_database_url) == ["apple", "pear", "plum"]


async def test_a_table_in_use_is_waited_for_without_holding_up_its_users(
    empty_database_url: str, folder: Path
) -> None:
    url = empty_database_url
    await migrate(url, folder=folder)
    (folder / "0003_sorts.sql").write_text("alter table fruit add column sort text;")

    async with connection_to(url) as reader:
        reading = reader.transaction()
        await reading.start()
        await reader.fetch("select name from fruit")
        migrating = asyncio.create_task(migrate(url, folder=folder))
        async with connected(url, timeouts=UNHURRIED) as database:
            await until_waiting(database, 1)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await _fruit(url) == ["apple", "pear"]
        await reading.rollback()

    assert await migrating == ["0003_sorts"]


async def test_the_gateways_own_migrations_apply_to_an_empty_database(
    empty_database_url: str,
) -> None:
    names = [each.name for each in migrations.read(sql.folder() / "migrations")]

    assert await migrate(empty_database_url) == names
    assert await migrate(empty_database_url) == []


@pytest.fixture
async def readers_url(empty_database_url: str) -> AsyncIterator[str]:
    """For an account that may make no tables."""
    async with connection_to(empty_database_url) as connection:
        await connection.execute("create role reader login")
        yield empty_database_url.replace("//gateway@", "//reader@")
        await connection.execute("drop owned by reader; drop role reader")


async def test_who_may_not_make_tables_finds_nothing_to_do_or_is_told_so(
    empty_database_url: str, readers_url: str, folder: Path
) -> None:
    with pytest.raises(MigrationRefused) as refused:
        await migrate(readers_url, folder=folder)
    await migrate(empty_database_url, folder=folder)
    async with connection_to(empty_database_url) as connection:
        await connection.execute("grant select on migration to reader")
    applied = await migrate(readers_url, folder=folder)

    assert str(refused.value) == (
        "this account may not migrate the database (permission denied for schema"
        " public); give it the rights that docs/operations.md names, or run `gateway"
        " migrate` with an account that has them"
    )
    assert applied == []
