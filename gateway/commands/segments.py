"""Match all customers with segments in bulk, and export who is in them.

Matching writes only what has changed since, goes on where it was after it was killed,
and does not disturb those who serve.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from gateway import opening
from gateway.commands import exports
from gateway.commands.actions import Actions
from gateway.commands.databases import bring_up_to_date, with_database
from gateway.commands.refresh_reporters import reporter_for
from gateway.config import Settings
from gateway.exporting import FORMATS
from gateway.personalize.errors import InvalidInput, Problem
from gateway.resolvers import segment_refreshes
from gateway.resolvers.matched_customers import Wanted
from gateway.resolvers.matching import Job

MOST_PROCESSES = 64
_GENTLY = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done, and with which segments."""
    actions = Actions(parser)
    refresh = actions.add(
        "refresh", "find out anew which customers are in which segments"
    )
    refresh.add_argument(
        "segments", nargs="*", metavar="SEGMENT", help="its key; all segments if none"
    )
    refresh.add_argument("--website", help="its code; every website if unset")
    refresh.add_argument(
        "--processes",
        type=_count,
        default=min(os.cpu_count() or 1, MOST_PROCESSES),
        metavar="N",
        help="how many processes decide; as many as there are processors if unset",
    )
    refresh.add_argument(
        "--gently",
        action="store_true",
        help="give way to whatever else this machine has to do",
    )
    export = actions.add(
        "export", "write the customers who are in segments into a file"
    )
    export.add_argument("segments", nargs="+", metavar="SEGMENT", help="its key")
    export.add_argument("--website", help="its code; the only one if unset")
    export.add_argument(
        "--in-all",
        action="store_true",
        help="only who is in all of the segments, instead of in any",
    )
    export.add_argument("--format", choices=FORMATS, default="csv", help="csv if unset")
    export.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="where it is written; - is standard output",
    )


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Do what is asked."""
    work = {"refresh": _refresh, "export": _export}[options.action]
    with with_database(settings) as ready:
        bring_up_to_date(ready)
        asyncio.run(work(ready, options))
    return 0


async def _refresh(settings: Settings, options: argparse.Namespace) -> None:
    if options.gently and hasattr(os, "nice"):
        os.nice(_GENTLY)
    async with opening.bulk_database_of(settings) as database:
        websites = await segment_refreshes.websites(database)
    job = Job(
        settings.database_url or "",
        opening.tree_limits(settings),
        affinity_days=settings.affinity_days,
    )
    with reporter_for(sys.stderr) as report:
        for website in [options.website] if options.website else websites:
            await segment_refreshes.refresh(
                job, website, options.segments or None, options.processes, report
            )


async def _export(settings: Settings, options: argparse.Namespace) -> None:
    async with opening.bulk_database_of(settings) as database:
        website = options.website
        if website is None:
            codes = [*await segment_refreshes.websites(database)]
            if len(codes) != 1:
                said = f"there are {len(codes)} websites."
                raise InvalidInput(Problem("website", said, "Name one: --website."))
            [website] = codes
        wanted = Wanted(website, tuple(options.segments), options.in_all)
        format = FORMATS[options.format]()
        await exports.write(database, wanted, format, options.output, sys.stderr)


def _count(text: str) -> int:
    if text not in map(str, range(1, MOST_PROCESSES + 1)):
        said = f"{text!r} is no number from 1 to {MOST_PROCESSES}"
        raise argparse.ArgumentTypeError(said)
    return int(text)
