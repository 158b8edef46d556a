"""Imports a directory in a process of its own, and says what that cost.

    python -m tests.acceptance.import_measured DATABASE_URL DIRECTORY

It prints one JSON object: seconds, peak megabytes of this process (PostgreSQL's are
not among them), and the report.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from gateway.importing import ImportReport, import_directory
from gateway.importing.reporters import Silence
from gateway.storage.connection import PATIENT
from gateway.storage.database import connected


async def bring_in(url: str, directory: Path) -> ImportReport:
    """Import *directory* into the database at *url*."""
    async with connected(url, pool_size=1, timeouts=PATIENT) as database:
        return await import_directory(
            database, directory, website=None, dry_run=False, report=Silence()
        )


def main() -> None:
    """Import, measure, print."""
    url, directory = sys.argv[1:]
    began = time.perf_counter()
    report = asyncio.run(bring_in(url, Path(directory)))
    took = time.perf_counter() - began
    said = {
        "seconds": took,
        "megabytes": peak_megabytes(),
        "succeeded": report.succeeded,
        "report": str(report),
    }
    sys.stdout.write(json.dumps(said))


def peak_megabytes() -> float:
    """Return the most memory that this process ever had."""
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage says has the size of the starting process in it.
        peak = status.read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]
        return int(peak) / 1024
    peak_now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_now / 1024 / (1024 if sys.platform == "darwin" else 1)


if __name__ == "__main__":
    main()
