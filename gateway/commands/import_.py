"""Import a directory of products, customers, orders and rules.

docs/importing.md describes the files. Each file is imported whole or not at all, and
every fault is named with file, line and column.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from gateway import opening
from gateway.commands.databases import bring_up_to_date, with_database
from gateway.commands.failures import EXIT_FAILED
from gateway.config import Settings
from gateway.importing import import_directory, reporter_for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directory and how to import it."""
    parser.add_argument("directory", type=Path, help="where the files are")
    parser.add_argument(
        "--website", help="the website of rows that name none; the only one if unset"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="check everything, write nothing"
    )


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Import, and report on every file."""
    with with_database(settings) as ready:
        bring_up_to_date(ready)
        return asyncio.run(_run(ready, options))


async def _run(settings: Settings, options: argparse.Namespace) -> int:
    async with opening.bulk_database_of(settings) as database:
        with reporter_for(sys.stderr) as report:
            done = await import_directory(
                database,
                options.directory,
                website=options.website,
                dry_run=options.dry_run,
                report=report,
                limits=opening.tree_limits(settings),
            )
    print(done)
    return 0 if done.succeeded else EXIT_FAILED
