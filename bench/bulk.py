"""Measure matching all customers of a website with 200 segments, in bulk.

    python -m bench.bulk 1000000

makes that many customers, with five orders and one address each, in an embedded
PostgreSQL, then refreshes their segments with ``gateway segments refresh``: into empty
tables, again with nothing to write, and after every hundredth customer has changed. It
prints customers a second, for each core with PostgreSQL's share and without it, and the
most memory that all processes had together.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.segment_tree import a_segment
from gateway.storage import embedded, migrations, segment_refreshes
from gateway.storage.connection import PATIENT, connection_to
from gateway.storage.database import connected

GENERATED = Path(__file__).with_name("bulk.sql")
CHANGED = """
update customer set gender = case gender when 'male' then 'female' else 'male' end
 where customer_id::bigint % 100 = 0
"""
KILOBYTES = 1024
LOOK_SECONDS = 0.25


@dataclass(frozen=True)
class Cost:
    """What a refresh took, in seconds of the clock and of processors, and kilobytes."""

    seconds: float
    of_gateway: float
    of_postgresql: float
    kilobytes: int


def main() -> None:
    """Generate, measure and print."""
    parser = argparse.ArgumentParser(prog="bench.bulk", description=__doc__)
    parser.add_argument("customers", type=int, nargs="?", default=50_000)
    parser.add_argument("--segments", type=int, default=200)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--shared-buffers", default="256MB", help="of PostgreSQL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # PostgreSQL runs as a user of its own when root starts it.
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        settings = {"shared_buffers": options.shared_buffers, "max_wal_size": "8GB"}
        with embedded.running(data, settings=settings) as url:
            asyncio.run(_prepare(url, options))
            for name in ("first", "nothing new", "1 percent changed"):
                if name == "1 percent changed":
                    asyncio.run(_execute(url, CHANGED))
                load = os.getloadavg()[0]
                cost = _refreshed(url, data, options.processes)
                asyncio.run(_report(name, url, options, cost, load))


def _refreshed(url: str, data: Path, processes: int) -> Cost:
    server = _server(data)
    before, began = _seconds_of(server), time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    arguments = ("segments", "refresh", "--processes", str(processes))
    process = subprocess.Popen(  # noqa: S603  # Our own command.
        [sys.executable, "-m", "gateway", *arguments],
        env={**os.environ, "DATABASE_URL": url},
        stderr=subprocess.DEVNULL,
    )
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(_kilobytes, _family(process.pid))))
        time.sleep(LOOK_SECONDS)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"the refresh ended with code {process.returncode}")
    done = resource.getrusage(resource.RUSAGE_CHILDREN)
    of_gateway = done.ru_utime + done.ru_stime - used.ru_utime - used.ru_stime
    return Cost(seconds, of_gateway, _seconds_of(server) - before, most)


async def _report(
    name: str, url: str, options: argparse.Namespace, cost: Cost, load: float
) -> None:
    async with connected(url, pool_size=1, timeouts=PATIENT) as database:
        done = await segment_refreshes.last(database, "bench")
    if done is None or done.finished_at is None:
        raise RuntimeError("the refresh was not finished")
    busy = cost.of_gateway + cost.of_postgresql
    print(
        f"{name}: {done.decided:,} customers, {options.segments} segments,"
        f" {options.processes} processes: {cost.seconds:.1f} s;"
        f" {done.decided / cost.seconds:,.0f} customers a second,"
        f" {done.decided / busy:,.0f} for each second of a core, of which PostgreSQL"
        f" has {100 * cost.of_postgresql / busy:.0f} percent, and"
        f" {done.decided / cost.of_gateway:,.0f} for each that the gateway has;"
        f" {done.joined:,} joined, {done.departed:,} left;"
        f" at most {cost.kilobytes / KILOBYTES:,.0f} MB in all processes;"
        f" load before: {load:.1f}",
        flush=True,
    )


async def _prepare(url: str, options: argparse.Namespace) -> None:
    await migrations.migrate(url)
    began = time.perf_counter()
    number = f"set bench.customers = {options.customers};\n"
    await _execute(url, number + GENERATED.read_text(encoding="utf-8"))
    async with connection_to(url) as connection:
        for number_of in range(options.segments):
            await connection.execute(
                "insert into segment (key, name, websites, applies_to, conditions)"
                " values ($1, $1, array['bench'], 'registered', $2)",
                f"s{number_of}",
                a_segment(number_of),
            )
    await _execute(url, "vacuum analyze")
    size = await _value(url, "select pg_database_size(current_database())")
    took = time.perf_counter() - began
    print(
        f"generated in {took:.1f} s, {size / KILOBYTES**2:,.0f} MB;"
        f" shared_buffers = {options.shared_buffers}",
        flush=True,
    )


async def _execute(url: str, statements: str) -> None:
    async with connection_to(url) as connection:
        await connection.execute(statements)


async def _value(url: str, query: str) -> Any:
    async with connection_to(url) as connection:
        return await connection.fetchval(query)


def _server(data: Path) -> int:
    [pidfile] = data.rglob("postmaster.pid")
    return int(pidfile.read_text(encoding="utf-8").split("\n", 1)[0])


def _family(pid: int) -> list[int]:
    """Return the process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        found = [int(child) for child in children.read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in found for one in _family(child))]


def _kilobytes(pid: int) -> int:
    """Return the memory of a process; what several share counts in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _seconds_of(pid: int) -> float:
    """Return the processor's time of a process, its children and those it had."""
    ticks = 0
    for one in _family(pid):
        try:
            stat = Path(f"/proc/{one}/stat").read_text()
        except OSError:
            # It has ended just now.
            continue
        fields = stat.rpartition(") ")[2].split()
        ticks += sum(map(int, fields[11:15] if one == pid else fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
