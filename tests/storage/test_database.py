"""The pool: what it lends, how long it waits, and what it does when PostgreSQL goes."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import monotonic
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from gateway.storage import connection as connection_module
from gateway.storage.connection import PATIENT, connection_to, parameters
from gateway.storage.database import Database, Timeouts, connected
from gateway.storage.errors import Unavailable, UnsupportedServer
from gateway.storage.sql import Query
from tests.fault_proxy import FaultProxy, proxy_to
from tests.waiting import PATIENCE_SECONDS, UNHURRIED

_HURRY = Query("select set_config('statement_timeout', '200', false)")
_WHO = Query("select pg_backend_pid() as process")
_COUNT = Query("select count(*) as found from website")
_ADD = "insert into website (code, name, timezone, currency) values ($1, '', '', 'EUR')"


@pytest.fixture
async def proxy(database_url: str) -> AsyncIterator[FaultProxy]:
    folder = parse_qs(urlsplit(database_url).query)["host"][0]
    socket = Path(folder, ".s.PGSQL.5432")
    async with proxy_to(lambda: asyncio.open_unix_connection(socket)) as proxy:
        yield proxy


@pytest.fixture
def proxied_url(database_url: str, proxy: FaultProxy) -> str:
    return f"postgresql://gateway@127.0.0.1:{proxy.port}{urlsplit(database_url).path}"


async def _hurry(database: Database) -> None:
    """Let the connection that there is wait no longer for an answer."""
    async with database.connection() as lent:
        connection = lent._con  # type: ignore[union-attr]
        connection._config = connection._config._replace(command_timeout=0.2)


async def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    async def add(*codes: str) -> None:
        async with database.transaction() as connection:
            for code in codes:
                await connection.execute(_ADD, code)

    with pytest.raises(asyncpg.UniqueViolationError):
        await add("base", "base")
    assert (await database.read(_COUNT))[0]["found"] == 0

    await add("base", "other")
    assert (await database.read(_COUNT))[0]["found"] == 2


async def test_several_connections_are_lent_at_once(database: Database) -> None:
    async with database.connection() as one, database.connection() as other:
        processes = {await one.fetchval(_WHO), await other.fetchval(_WHO)}

    assert len(processes) == 2


async def test_a_connection_has_our_settings_unless_the_url_has_its_own(
    database_url: str,
) -> None:
    timeouts = Timeouts(connect=60, command=61.5)

    async def shown(url: str, name: str) -> object:
        async with connected(url, timeouts=timeouts) as database:
            rows = await database.read(Query("select current_setting($1) as it"), name)
            return rows[0]["it"]

    assert await shown(database_url, "application_name") == "personalization-gateway"
    assert await shown(database_url, "TimeZone") == "UTC"
    assert await shown(database_url, "search_path") == "public"
    assert await shown(database_url, "statement_timeout") == "61500ms"
    idle = "idle_in_transaction_session_timeout"
    assert await shown(database_url, idle) == "61500ms"
    assert await shown(f"{database_url}&application_name=a", "application_name") == "a"


def test_we_stop_waiting_for_a_statement_soon_after_the_server_has_stopped_it(
    database_url: str,
) -> None:
    hurried = parameters(database_url, Timeouts(command=1.5))

    assert hurried["server_settings"]["statement_timeout"] == "1500"
    assert hurried["command_timeout"] == 1.75
    assert parameters(database_url, PATIENT)["command_timeout"] is None


async def test_json_comes_and_goes_as_python(database: Database) -> None:
    value = {"name": "Zoë", "tags": ["a", None], "price": Decimal("19.90"), "n": 1}

    rows = await database.read(
        Query("select $1::jsonb as b, $1::jsonb::text::json as j, null::jsonb as n"),
        value,
    )

    told = {"name": "Zoë", "tags": ["a", None], "price": "19.90", "n": 1}
    assert tuple(rows[0].values()) == (told, told, None)


@pytest.mark.parametrize("day", [date.min, date(2000, 1, 1), date.max])
async def test_every_day_of_python_is_a_day(database: Database, day: date) -> None:
    rows = await database.read(Query("select $1::date as day, $1::date::text"), day)

    assert tuple(rows[0].values()) == (day, day.isoformat())


async def test_a_value_of_the_wrong_type_is_not_taken_for_a_lost_connection(
    database: Database,
) -> None:
    with pytest.raises(asyncpg.DataError, match="closed"):
        await database.read(Query("select $1::integer as n"), "closed")


async def test_whoever_finds_no_free_connection_waits_a_quarter_second(
    database_url: str,
) -> None:
    timeouts = Timeouts(connect=60, command=60)
    assert timeouts.acquire == 0.25
    async with connected(database_url, pool_size=1, timeouts=timeouts) as database:
        async with database.connection():
            start = monotonic()
            with pytest.raises(Unavailable) as refused:
                await database.read(_WHO)
            waited = monotonic() - start

        assert str(refused.value) == (
            "all of the pool's connections to PostgreSQL are in use;"
            " GATEWAY_DATABASE_POOL_SIZE says how many there are"
        )
        assert 0.2 < waited < PATIENCE_SECONDS
        assert len(await database.read(_WHO)) == 1


async def test_a_statement_that_takes_too_long_is_stopped_in_the_server_too(
    database_url: str,
    database: Database,
) -> None:
    async with connected(database_url, pool_size=1, timeouts=UNHURRIED) as hurried:
        # Only now: opening the connection may take its time.
        await hurried.read(_HURRY)
        with pytest.raises(Unavailable) as refused:
            await hurried.read(Query("select pg_sleep(30)"))

    assert str(refused.value) == (
        "PostgreSQL took too long: canceling statement due to statement timeout"
    )
    sleeping = "select count(*) as found from pg_stat_activity where query ~ $1"
    slept = f"{sleeping} and state = 'active' and datname = current_database()"
    rows = await database.read(Query(slept), "^select pg_sleep")
    assert rows[0]["found"] == 0


async def test_a_read_survives_the_loss_of_every_connection(database: Database) -> None:
    async with database.connection() as one, database.connection() as other:
        lost = [await one.fetchval(_WHO), await other.fetchval(_WHO)]
    async with database.dedicated() as connection:
        end = "select pg_terminate_backend(process) from unnest($1::int[]) as process"
        await connection.execute(end, lost)

    rows = await asyncio.gather(*(database.read(_WHO) for _ in range(5)))

    assert not {row[0]["process"] for row in rows} & set(lost)


@pytest.mark.parametrize("piece", [1, 2], ids=["on the way there", "on the way back"])
async def test_a_read_is_tried_once_more_after_a_reset_that_nobody_noticed(
    proxied_url: str, proxy: FaultProxy, piece: int
) -> None:
    async with connected(proxied_url, pool_size=2, timeouts=UNHURRIED) as database:
        (before,) = await database.read(_WHO)
        proxy.cut_at(piece)

        (after,) = await database.read(_WHO)

        assert before != after


async def test_a_write_is_not_tried_again(
    proxied_url: str, proxy: FaultProxy, database: Database
) -> None:
    async def add_while_the_road_is_cut(unlucky: Database) -> None:
        async with unlucky.transaction() as connection:
            await connection.execute(_ADD, "base")
            proxy.cut()
            await connection.execute(_ADD, "other")

    async with connected(proxied_url, timeouts=UNHURRIED) as unlucky:
        with pytest.raises(Unavailable, match=r"^PostgreSQL went away: "):
            await add_while_the_road_is_cut(unlucky)

    assert (await database.read(_COUNT))[0]["found"] == 0


async def test_nobody_waits_long_for_a_server_that_says_nothing(
    proxied_url: str, proxy: FaultProxy
) -> None:
    async with connected(proxied_url, timeouts=UNHURRIED) as database:
        await _hurry(database)
        proxy.block()
        start = monotonic()
        with pytest.raises(Unavailable, match=r"^PostgreSQL took too long: "):
            await database.read(_WHO)
        assert monotonic() - start < PATIENCE_SECONDS / 2

        proxy.unblock()
        assert len(await database.read(_WHO)) == 1


async def test_nobody_waits_long_to_be_connected_by_a_server_that_says_nothing(
    proxied_url: str, proxy: FaultProxy
) -> None:
    proxy.block()

    # The driver would wait a minute by itself.
    async with asyncio.timeout(PATIENCE_SECONDS / 4):
        with pytest.raises(Unavailable, match="cannot be reached: TimeoutError"):
            async with connection_to(proxied_url, Timeouts(connect=0.2)):
                pass


async def test_a_cancelled_request_leaves_its_connection_fit_for_the_next(
    database_url: str,
) -> None:
    # Nobody would get the connection back in time if the statement went on.
    timeouts = replace(UNHURRIED, command=10 * PATIENCE_SECONDS)
    async with connected(database_url, pool_size=1, timeouts=timeouts) as database:
        for number in range(20):
            slow = asyncio.create_task(
                database.read(Query("select 'foreign', pg_sleep(600)"))
            )
            await asyncio.sleep(0.005)
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow

            rows = await database.read(Query("select $1::int as mine"), number)
            assert rows[0]["mine"] == number


async def test_a_dedicated_connection_hears_notifications(database: Database) -> None:
    heard = asyncio.Queue[object]()
    async with database.dedicated() as listening:
        await listening.add_listener("news", lambda *told: heard.put_nowait(told[-1]))
        async with database.transaction() as connection:
            await connection.execute("select pg_notify('news', 'base')")

        assert await asyncio.wait_for(heard.get(), PATIENCE_SECONDS) == "base"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "Connect call failed"),
        ("postgresql://gateway@/none?host=/nowhere", "No such file or directory"),
    ],
)
async def test_a_server_that_is_not_there_is_said_plainly(
    url: str, reason: str
) -> None:
    with pytest.raises(Unavailable) as refused:
        async with connected(url):
            pass

    assert str(refused.value).startswith("PostgreSQL cannot be reached: ")
    assert reason in str(refused.value)


async def test_a_database_that_is_not_there_is_said_plainly(postgres_url: str) -> None:
    with pytest.raises(Unavailable) as refused:
        async with connection_to(postgres_url.replace("/gateway?", "/nowhere?")):
            pass

    assert str(refused.value) == (
        'PostgreSQL cannot be reached: database "nowhere" does not exist'
    )


@pytest.mark.parametrize(
    ("parameter", "reason"),
    [
        (
            "connect_timeout=10",
            'unrecognized configuration parameter "connect_timeout"',
        ),
        ("timezone=Mars", 'invalid value for parameter "TimeZone": "Mars"'),
        ("role=nobody_at_all", 'role "nobody_at_all" does not exist'),
        ("port=none", "invalid literal for int() with base 10: 'none'"),
    ],
)
async def test_a_parameter_that_cannot_be_used_is_said_plainly(
    postgres_url: str, parameter: str, reason: str
) -> None:
    with pytest.raises(Unavailable) as of_one:
        async with connection_to(f"{postgres_url}&{parameter}"):
            pass
    with pytest.raises(Unavailable) as of_many:
        async with connected(f"{postgres_url}&{parameter}"):
            pass

    assert str(of_one.value) == f"PostgreSQL cannot be reached: {reason}"
    assert str(of_many.value) == str(of_one.value)


async def test_a_database_that_is_not_in_utf_8_is_refused(postgres_url: str) -> None:
    of_latin = "template template0 encoding 'LATIN1' locale_provider libc locale 'C'"
    async with connection_to(postgres_url) as connection:
        await connection.execute(f"create database latin {of_latin}")

    try:
        with pytest.raises(UnsupportedServer) as refused:
            async with connection_to(postgres_url.replace("/gateway?", "/latin?")):
                pass
    finally:
        async with connection_to(postgres_url) as connection:
            await connection.execute("drop database latin with (force)")

    assert str(refused.value) == (
        "this database is in LATIN1; the gateway needs UTF8: make one with encoding"
        " 'UTF8', and set DATABASE_URL to it"
    )


async def test_a_postgresql_that_is_too_old_is_refused(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "OLDEST_POSTGRESQL", 99)

    with pytest.raises(UnsupportedServer) as refused:
        async with connected(postgres_url):
            pass

    assert re.fullmatch(
        r"this server is PostgreSQL 18\.\d+; the gateway needs 99 or newer: upgrade it,"
        r" or set DATABASE_URL to another one",
        str(refused.value),
    )
