"""The `gateway` command: what it says, with which exit code, and what it leaves behind.

What only says something is called in this process; what serves, and is stopped by
signals, is a process of its own.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest

from gateway import __version__, demo
from gateway.__main__ import main
from gateway.commands import COMMANDS, load
from tests import processes
from tests.waiting import PATIENCE_SECONDS

A_WEBSITE = "code,name,timezone,currency\nmain,Main,Europe/Berlin,EUR\n"
A_PRODUCT = "sku,name,type,price\nmug,Mug,simple,{price}\n"


@dataclass(frozen=True)
class Said:
    code: object
    output: str
    errors: str


Command = Callable[..., Said]


@pytest.fixture
def gateway(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in this process, with no setting but those given."""

    def run(*arguments: object, **settings: object) -> Said:
        environment = processes.environment(COLUMNS=80, **settings)
        with mock.patch.dict(os.environ, environment, clear=True):
            try:
                code: object = main([str(one) for one in arguments])
            except SystemExit as left:
                code = left.code
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def on_database(gateway: Command, empty_database_url: str) -> Command:
    """Runs a command on a database that nobody has migrated yet."""

    def run(*arguments: object, **settings: object) -> Said:
        return gateway(*arguments, DATABASE_URL=empty_database_url, **settings)

    return run


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with so short a path that a socket can lie in it."""
    with tempfile.TemporaryDirectory(prefix="gw-") as name:
        folder = Path(name)
        # PostgreSQL has an account of its own where root starts it.
        folder.chmod(0o755)
        yield folder


def test_help_lists_every_command_with_what_it_does(gateway: Command) -> None:
    said = gateway("--help")

    assert (said.code, said.errors) == (0, "")
    for name, about in COMMANDS.items():
        assert f"{name} {about}" in " ".join(said.output.split())
        assert (load(name).__doc__ or "").split("\n", 1)[0] == about


# Each takes longer to import than a small command takes for all that it does.
DOORS = {"graphql", "httpx", "starlette", "strawberry", "uvicorn"}
CACHE = {"aiocache", "redis"}


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        pytest.param(["--version"], DOORS | CACHE | {"asyncpg"}, id="the version"),
        pytest.param(["--help"], DOORS | CACHE | {"asyncpg"}, id="help"),
        pytest.param(["migrate", "--help"], DOORS | CACHE, id="migrate"),
        pytest.param(["token", "--help"], DOORS | CACHE, id="token"),
        pytest.param(["import", "--help"], DOORS, id="import"),
        pytest.param(["segments", "--help"], DOORS, id="segments"),
    ],
)
def test_a_command_imports_only_what_it_needs(
    arguments: list[str], unwanted: set[str]
) -> None:
    program = (
        "import sys\n"
        "from gateway.__main__ import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(*sys.modules, file=sys.stderr)\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )

    imported = set(said.stderr.split())
    assert "gateway.__main__" in imported
    assert imported & unwanted == set()


def test_the_version_is_told(gateway: Command) -> None:
    assert gateway("--version") == Said(0, f"{__version__}\n", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(gateway: Command, name: str) -> None:
    said = gateway(name, "--help")

    assert (said.code, said.errors) == (0, "")
    about = " ".join((load(name).__doc__ or "").split())
    assert f"usage: gateway {name}" in said.output
    assert about in " ".join(said.output.split())


@pytest.mark.parametrize(
    ("command", "about"),
    [
        ("coupons generate", "Make codes for a rule."),
        ("coupons export", "Write the codes of a rule as CSV."),
        ("coupons check", "Compare the counters with the redemptions."),
        ("events purge", "Drop what is older than GATEWAY_EVENT_RETENTION_DAYS."),
        ("prices export", "Write all prices as CSV."),
        (
            "segments refresh",
            "Find out anew which customers are in which segments.",
        ),
        (
            "segments export",
            "Write the customers who are in segments into a file.",
        ),
        ("token create", "Make a token and show it, once."),
        ("token list", "List the tokens, never their text."),
        ("token revoke", "End a token, at once and for good."),
    ],
)
def test_every_action_of_a_command_explains_itself(
    gateway: Command, command: str, about: str
) -> None:
    said = gateway(*command.split(), "--help")

    assert (said.code, said.errors) == (0, "")
    assert f"usage: gateway {command}" in said.output
    assert about in " ".join(said.output.split())


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(
            [],
            "gateway: error: the following arguments are required: COMMAND",
            id="no command",
        ),
        pytest.param(
            ["import"],
            "gateway import: error: the following arguments are required: directory",
            id="no directory",
        ),
        pytest.param(
            ["token"],
            "gateway token: error: the following arguments are required: ACTION",
            id="no action",
        ),
        pytest.param(
            ["token", "create", "--role", "viewer", "--name", "a\tb"],
            "gateway token create: error: argument --name: "
            "write 1 to 255 characters that can be printed",
            id="a name that breaks the list",
        ),
        pytest.param(
            ["segments", "refresh", "women", "m\udcfcde"],
            "gateway: error: 'm\\udcfcde' is not UTF-8; write it in UTF-8",
            id="a name in another encoding",
        ),
        pytest.param(
            ["coupons", "export", "m\udcfcde"],
            "gateway: error: 'm\\udcfcde' is not UTF-8; write it in UTF-8",
            id="a key in another encoding",
        ),
        pytest.param(
            ["serve", "--port", "eighty"],
            "gateway: GATEWAY_PORT is 'eighty'; write a whole number from 0 to 65535.",
            id="an option that stands for a setting",
        ),
    ],
)
def test_a_command_line_that_cannot_be_used_is_exit_code_2(
    gateway: Command, arguments: list[str], complaint: str
) -> None:
    said = gateway(*arguments)

    assert (said.code, said.output) == (2, "")
    assert said.errors.splitlines()[-1] == complaint


def test_an_unknown_setting_is_refused_with_the_one_that_was_meant(
    gateway: Command,
) -> None:
    said = gateway("migrate", GATEWAY_PROT=8001, DATABASE_URL="mysql://db/shop")

    assert said == Said(
        2,
        "",
        "gateway: GATEWAY_PROT is not a setting; did you mean GATEWAY_PORT?\n"
        "gateway: DATABASE_URL cannot be used as it is set; write a URL that starts"
        " with postgresql://.\n",
    )


def test_a_server_that_nobody_reaches_is_exit_code_1() -> None:
    port = processes.free_port()

    done = processes.run("migrate", DATABASE_URL=f"postgresql://127.0.0.1:{port}/shop")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("gateway: PostgreSQL cannot be reached: ")
    assert str(port) in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_migrate_says_what_it_applied_and_applies_nothing_twice(
    on_database: Command,
) -> None:
    migrations = Path(__file__).parents[1] / "sql" / "migrations"
    names = sorted(path.stem for path in migrations.glob("*.sql"))

    first, second = on_database("migrate"), on_database("migrate")

    assert first == Said(0, "".join(f"applied {name}\n" for name in names), "")
    assert second == Said(0, "nothing to apply: the database is up to date\n", "")


def test_a_token_is_shown_once_and_listed_without_its_text(
    on_database: Command,
) -> None:
    create = ("token", "create", "--role", "viewer", "--name", "a dashboard")

    made = on_database(*create)
    again = on_database(*create)
    listed = on_database("token", "list")

    assert (made.code, made.output[:10]) == (0, "gw_viewer_")
    assert made.output.count("\n") == 1
    assert made.errors == "viewer token 'a dashboard', shown this once:\n"
    taken = "name: there is a token called 'a dashboard' already. Choose another name."
    assert again == Said(1, "", f"gateway: {taken}\n")
    assert (listed.code, listed.errors) == (0, "")
    name, role, _, revoked = listed.output.rstrip("\n").split("\t")
    assert (name, role, revoked) == ("a dashboard", "viewer", "")


def test_a_token_is_revoked_once_by_its_name(on_database: Command) -> None:
    on_database("token", "create", "--role", "server", "--name", "the shop")

    misspelt = on_database("token", "revoke", "--name", "the shpo")
    revoked = on_database("token", "revoke", "--name", "the shop")
    again = on_database("token", "revoke", "--name", "the shop")
    listed = on_database("token", "list")

    unknown = "name: no token called 'the shpo' is in force. Did you mean 'the shop'?"
    assert misspelt == Said(1, "", f"gateway: {unknown}\n")
    assert revoked == Said(0, "", "revoked 'the shop'\n")
    ended = "name: no token called 'the shop' is in force."
    assert again == Said(1, "", f"gateway: {ended}\n")
    assert "\trevoked 20" in listed.output


def test_import_of_nothing_says_what_to_bring(
    on_database: Command, tmp_path: Path
) -> None:
    missing = on_database("import", tmp_path / "nowhere")
    empty = on_database("import", tmp_path)

    assert (missing.code, empty.code) == (1, 1)
    assert missing.output == (
        f"{tmp_path}/nowhere: it cannot be read: No such file or directory.\n"
        "Nothing was written.\n"
    )
    assert empty.output == (
        f"{tmp_path}: there is nothing to import. Bring files such as products.csv.\n"
        "Nothing was written.\n"
    )


def test_a_dry_run_finds_the_fault_and_writes_nothing(
    on_database: Command, tmp_path: Path
) -> None:
    (tmp_path / "websites.csv").write_text(A_WEBSITE)
    (tmp_path / "products.csv").write_text(A_PRODUCT.format(price="ten"))

    faulty = on_database("import", tmp_path, "--dry-run")
    (tmp_path / "products.csv").write_text(A_PRODUCT.format(price="10.00"))
    sound = on_database("import", tmp_path, "--dry-run")
    imported = on_database("import", tmp_path)

    fault = (
        "products.csv, line 2, price: 'ten' is not a number."
        " Write a number such as 12 or 12.5."
    )
    assert faulty.code == 1
    assert faulty.output.splitlines()[-2:] == [
        fault,
        "Dry run: it cannot be imported. Nothing was written.",
    ]
    assert sound.code == 0
    assert "all of it can be imported. Nothing was written." in sound.output
    # What a dry run had written would be unchanged now.
    assert imported.code == 0
    assert "products.csv: 1 read, 1 added, 0 changed, 0 unchanged" in imported.errors


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_an_address_that_is_taken_is_said_before_anything_is_started(
    gateway: Command, command: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        said = gateway(command, "--port", port, GATEWAY_DATA_DIRECTORY=tmp_path / "d")

    remedy = "stop what listens there, or choose another address with --host and --port"
    assert said == Said(
        1, "", f"gateway: 127.0.0.1:{port}: Address already in use; {remedy}\n"
    )
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        # The second is what a machine says that can ask nobody.
        pytest.param(
            "no.such.host.invalid",
            "not known|failure in name resolution|No address associated",
            id="no name",
        ),
        pytest.param("192.0.2.1", "Cannot assign requested address", id="elsewhere"),
        pytest.param("a..b", r"a\.\.b:8000: no host is called so", id="two dots"),
    ],
)
def test_an_address_of_another_machine_is_refused(
    gateway: Command, host: str, reason: str
) -> None:
    said = gateway("serve", "--host", host)

    assert (said.code, said.output) == (1, "")
    assert re.search(reason, said.errors)
    assert said.errors.endswith("; choose another address with --host and --port\n")


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_an_option_of_the_cache_that_cannot_be_used_is_refused(
    gateway: Command, command: str
) -> None:
    url = "redis://:hunter2@cache.example?socket_timeout=soon"

    said = gateway(command, CACHE_URL=url)

    assert (said.code, said.output) == (2, "")
    assert said.errors == (
        "gateway: CACHE_URL cannot be used as it is set; Invalid value for"
        " 'socket_timeout' in connection URL; leave it out, or write another.\n"
    )


def test_the_workers_of_a_server_end_with_it(
    empty_database_url: str, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": empty_database_url, "GATEWAY_WORKERS": "2"}

    with processes.started("serve", tmp_path, **settings) as served:
        served.until_said("Application startup complete.", 2)
        code = served.stopped_by(signal.SIGINT)

    assert code == 0
    assert served.errors.count("Application shutdown complete.") == 2
    assert "Traceback" not in served.errors


def test_a_connection_on_which_nothing_is_sent_is_kept_for_proxies(
    empty_database_url: str, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": empty_database_url}

    with processes.started("serve", tmp_path, **settings) as served:
        host = served.address.removeprefix("http://")
        with closing(HTTPConnection(host)) as connection:
            connection.request("GET", "/readyz")
            connection.getresponse().read()
            kept = connection.sock
            # Uvicorn ends it after five seconds, unless it is told otherwise.
            time.sleep(7)
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            answer.read()

            assert answer.status == 200
            assert connection.sock is kept


def test_workers_that_are_slow_to_start_are_waited_for(
    empty_database_url: str, tmp_path: Path
) -> None:
    # Uvicorn gives a worker five seconds, unless it is told otherwise.
    slow = "import sys, time\nif '--multiprocessing-fork' in sys.argv: time.sleep(7)\n"
    (tmp_path / "sitecustomize.py").write_text(slow, encoding="utf-8")
    settings = {
        "DATABASE_URL": empty_database_url,
        "GATEWAY_WORKERS": "2",
        "PYTHONPATH": tmp_path,
    }

    with processes.started("serve", tmp_path, **settings) as served:
        served.until_said("Application startup complete.", 2)
        served.stopped_by(signal.SIGINT)

    assert served.errors.count("Started server process") == 2
    assert "died" not in served.errors


def test_interrupted_while_it_starts_the_demo_leaves_nothing_running(
    folder: Path,
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "gateway", "demo", "--port", "0"],
        env=processes.environment(GATEWAY_DATA_DIRECTORY=folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    first_line = process.stderr.readline()
    time.sleep(0.5)  # The server's files are being made.

    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)

    assert first_line == (
        f"No DATABASE_URL is set: using the embedded PostgreSQL, data in {folder}\n"
    )
    assert (process.returncode, errors) == (130, "")
    assert _postgres(folder) == []


def test_the_demo_keeps_what_was_changed_and_takes_postgresql_with_it(
    folder: Path,
) -> None:
    data = folder / "data"
    settings = {"GATEWAY_DATA_DIRECTORY": data}

    with processes.started("demo", folder / "first", **settings) as first:
        started = len(_postgres(data))
        deleted = _ask_admin(
            first, 'mutation { deleteDynamicBlock(key: "trade-desk") { __typename } }'
        )
        interrupted = first.stopped_by(signal.SIGINT), _postgres(data)
    with processes.started("demo", folder / "second", **settings) as second:
        blocks = _ask_admin(second, "{ dynamicBlocks { totalCount } }")
        told_to_end = second.stopped_by(signal.SIGTERM), _postgres(data)
    listed = processes.run("token", "list", **settings)

    assert started == 1
    assert interrupted == (0, [])
    assert "products.jsonl: 71 read, 71 added" in first.errors
    assert [one.title in first.output for one in demo.personas()] == [True] * 3
    assert deleted == {"deleteDynamicBlock": {"__typename": "Deleted"}}
    assert blocks == {"dynamicBlocks": {"totalCount": 9}}
    # The second time nothing is imported.
    assert second.errors == first.errors.splitlines(keepends=True)[0]
    assert told_to_end == (0, [])
    # The token that the pages had opens nothing any more.
    assert listed.stdout.startswith("demo\tadmin\t")
    assert "\trevoked 20" in listed.stdout
    assert _postgres(data) == []


def _ask_admin(served: processes.Served, query: str) -> Any:
    """Ask at the admin door, with the token that the demo has printed."""
    (token,) = re.findall(r"gw_admin_\w+", served.output)
    answer = httpx.post(
        f"{served.address}/admin/graphql",
        json={"query": query},
        headers={"Authorization": f"Bearer {token}"},
        verify=False,
    )
    body = answer.json()
    assert "errors" not in body, body["errors"]
    return body["data"]


def _postgres(directory: Path) -> list[str]:
    """The command lines of the servers whose files lie in a directory."""
    listed = subprocess.run(
        ["ps", "-axww", "-o", "args="], capture_output=True, text=True, check=True
    )
    return [line for line in listed.stdout.splitlines() if f"-D {directory}" in line]


# Prices -----------------------------------------------------------------------------


def _with_prices(folder: Path) -> Path:
    """Write a small shop whose prices differ by customer group and day."""
    files = {
        "websites.csv": A_WEBSITE,
        "customer_groups.csv": "id,name\n1,General\n",
        "products.csv": "sku,price\nmug,10\ncup,9.995\nbag,\n",
        "tier_prices.csv": "sku,group_id,quantity,amount\nmug,2,1,7\nmug,,5,1\n",
        "catalogue_price_rules.yaml": "- {key: sale, name: Sale, websites: [main],\n"
        "   action: by_percent, amount: 15, from: 2026-12-24}\n",
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_prices_of_all_groups_are_exported(
    on_database: Command, tmp_path: Path
) -> None:
    on_database("import", _with_prices(tmp_path))
    file = tmp_path / "prices.txt"

    before = on_database("prices", "export", "--day", "2026-12-23")
    after = on_database("prices", "export", file, "--day", "2026-12-24")

    assert (before.code, after.code, after.output) == (0, 0, "")
    assert before.output.splitlines() == [
        "website,sku,group_id,regular_price,final_price",
        *(f"main,mug,{group},10.00,{10 - 3 * (group == 2)}.00" for group in range(4)),
        *(f"main,cup,{group},10.00,10.00" for group in range(4)),
        *(f"main,bag,{group},," for group in range(4)),
    ]
    told = file.read_text(encoding="utf-8").splitlines()
    assert told[1:6] == [
        "main,mug,0,10.00,8.50",
        "main,mug,1,10.00,8.50",
        "main,mug,2,10.00,7.00",
        "main,mug,3,10.00,8.50",
        "main,cup,0,10.00,8.50",
    ]


def test_prices_of_a_website_that_is_not_there_are_not_exported(
    on_database: Command,
) -> None:
    said = on_database("prices", "export", "--website", "moon")

    assert (said.code, said.output) == (1, "")
    assert "there is no website 'moon'." in said.errors


def test_prices_that_cannot_be_told_leave_the_file_as_it_was(
    on_database: Command, tmp_path: Path
) -> None:
    on_database("import", _with_prices(tmp_path))
    file = tmp_path / "prices.txt"
    file.write_text("of yesterday")

    said = on_database("prices", "export", file, "--day", "0001-01-01")

    assert said.code == 1
    assert "0001-01-01 cannot be looked at" in said.errors
    assert file.read_text() == "of yesterday"


def test_a_day_that_is_none_is_refused(gateway: Command) -> None:
    said = gateway("prices", "export", "--day", "tomorrow")

    assert said.code == 2
    assert "write a day, as 2026-12-24" in said.errors
