"""Which Python `make` takes for the environment, and what it installs there."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.documents import ROOT, text

PROJECT = tomllib.loads(text("pyproject.toml"))["project"]
MAKE = shutil.which("make")

# It has the version that it is told and every module, and does nothing but say what it
# was asked for, so that nothing is installed.
_PYTHON = """#!{python} -I
import sys
sys.version_info = {version}
sys.modules["ensurepip"] = sys.modules["pip"] = sys
if sys.argv[1] == "-c":
    exec(sys.argv[2])
print(sys.argv[1:], "on", *{version})
"""

needs_make = pytest.mark.skipif(MAKE is None, reason="needs make")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project's folder, as `make` sees it before anything was installed."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "constraints-node.txt").touch()
    (tmp_path / "bin").mkdir()
    return tmp_path


def _add(command: Path, *version: int) -> None:
    command.parent.mkdir(parents=True, exist_ok=True)
    command.write_text(_PYTHON.format(python=sys.executable, version=version))
    command.chmod(0o755)


def _make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Let `make` install where no command is found but those of the folder."""
    return subprocess.run(
        [MAKE or "", "--no-print-directory", ".venv/.installed", *arguments],
        cwd=folder,
        env={"PATH": str(folder / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def _minors() -> list[int]:
    """The versions of Python 3 that the project says it is tried on."""
    named = re.findall(r":: 3\.(\d+)$", "\n".join(PROJECT["classifiers"]), re.MULTILINE)
    return sorted(map(int, named))


@needs_make
def test_python3_makes_the_environment_where_it_will_do(folder: Path) -> None:
    _add(folder / "bin/python3", 3, 12)
    _add(folder / "bin/python3.13", 3, 13)

    said = _make(folder).stdout.splitlines()

    assert said[:2] == [
        "python3 -m venv --clear .venv",
        "['-m', 'venv', '--clear', '.venv'] on 3 12",
    ]


@needs_make
@pytest.mark.parametrize("minor", [10, 15])
def test_another_python_is_found_where_python3_will_not_do(
    folder: Path, minor: int
) -> None:
    _add(folder / "bin/python3", 3, minor)
    _add(folder / "bin/python3.11", 3, 11)
    _add(folder / "bin/python3.13", 3, 13)

    said = _make(folder).stdout.splitlines()

    assert said[0] == "python3.13 -m venv --clear .venv"


@needs_make
@pytest.mark.parametrize("named", [[], ["PYTHON=python3"]], ids=["found", "named"])
def test_who_has_no_python_that_will_do_is_told_which_will(
    folder: Path, named: list[str]
) -> None:
    _add(folder / "bin/python3", 3, 10)

    made = _make(folder, *named)

    assert made.returncode == 2
    assert made.stdout == ""
    assert made.stderr.startswith(
        "Python 3.11 to 3.14 is needed, with venv; on Debian that is the\n"
        "package python3-venv. PYTHON=/path/to/python3 says which it is.\n"
    )
    assert not (folder / ".venv").exists()


@needs_make
def test_an_environment_of_a_python_that_will_not_do_is_made_anew(
    folder: Path,
) -> None:
    _add(folder / ".venv/bin/python", 3, 10)
    _add(folder / "bin/python3", 3, 11)

    said = _make(folder).stdout.splitlines()

    assert said[0] == "python3 -m venv --clear .venv"


@needs_make
def test_an_environment_that_will_do_is_kept(folder: Path) -> None:
    _add(folder / ".venv/bin/python", 3, 11)
    _add(folder / "bin/python3", 3, 13)

    said = _make(folder).stdout.splitlines()

    assert "venv --clear" not in "\n".join(said)
    assert said[0].startswith(".venv/bin/python -m pip install")


def test_what_is_said_of_python_is_said_alike() -> None:
    minors = _minors()
    first, last = minors[0], minors[-1]

    assert PROJECT["requires-python"] == f">=3.{first}"
    assert minors == list(range(first, last + 1))
    makefile = text("Makefile")
    assert f"(3, {first}) <= sys.version_info < (3, {last + 1})" in makefile
    tried = " ".join(["python3", *(f"python3.{minor}" for minor in minors[::-1])])
    assert f"for each in {tried}; do" in makefile
    said = f"Python 3.{first} to 3.{last}"
    assert [said in text(page) for page in ("README.md", "CONTRIBUTING.md")] == [
        True,
        True,
    ]
    assert said in makefile


@pytest.mark.parametrize("name", ["constraints.txt", "constraints-node.txt"])
def test_what_is_locked_has_hashes_and_names_no_host(name: str) -> None:
    lines = [line.strip(" \\") for line in text(name).splitlines()]

    pins = [line for line in lines if not line.startswith("--hash=sha256:")]
    assert len(lines) > len(pins) > 0
    assert [line for line in pins if not re.match(r"[\w-]+==\d", line)] == []
