"""Generate coupon codes for a cart price rule, export them, and check their counters.

Codes are exported as CSV: the code, when it was made, and how many orders have it.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import sys
import time
from pathlib import Path
from typing import TextIO

from gateway import opening
from gateway.commands import exports
from gateway.commands.actions import Actions
from gateway.commands.databases import bring_up_to_date, with_database
from gateway.commands.failures import EXIT_FAILED
from gateway.config import Settings
from gateway.importing import reporter_for
from gateway.importing.report import FileReport
from gateway.personalize.coupon_codes import CodeFormat, CodePattern
from gateway.resolvers import coupon_codes
from gateway.storage import redemptions
from gateway.storage.database import Database

COLUMNS = ("code", "created_at", "uses")

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done, and for which rule."""
    actions = Actions(parser)
    generate = actions.add(
        "generate", "make codes for a rule", "Its generated_coupons must be on."
    )
    generate.add_argument("rule", metavar="RULE", help="the rule's key")
    generate.add_argument("--quantity", type=int, required=True, help="how many codes")
    generate.add_argument(
        "--length",
        type=int,
        default=CodePattern.length,
        help="how many characters, besides prefix, suffix and dashes; raised until"
        " guessing is hopeless (%(default)s)",
    )
    generate.add_argument(
        "--keep-length", action="store_true", help="do not raise the length, only warn"
    )
    generate.add_argument(
        "--format",
        choices=[each.value for each in CodeFormat],
        default=CodePattern.format.value,
        help="of which characters (%(default)s)",
    )
    generate.add_argument("--prefix", default="", help="what each code begins with")
    generate.add_argument("--suffix", default="", help="what each code ends with")
    generate.add_argument(
        "--dash-every",
        type=int,
        default=CodePattern.dash_every,
        help="after how many characters a dash stands; 0 for none",
    )
    export = actions.add(
        "export",
        "write the codes of a rule as CSV",
        "Each has a line: the code, when it was made, and how many orders have it.",
    )
    export.add_argument("rule", metavar="RULE", help="the rule's key")
    export.add_argument(
        "--output", type=Path, help="the file; standard output if unset"
    )
    actions.add(
        "check",
        "compare the counters with the redemptions",
        "The exit code is 1 if they differ.",
    )


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Do what is asked."""
    with with_database(settings) as ready:
        bring_up_to_date(ready)
        return asyncio.run(_run(ready, options))


async def _run(settings: Settings, options: argparse.Namespace) -> int:
    async with opening.bulk_database_of(settings) as database:
        match options.action:
            case "generate":
                await _generate(database, options)
            case "export":
                with exports.whole_text(options.output) as output:
                    await _export(database, options.rule, output)
            case _:
                return await _check(database)
    return 0


async def _generate(database: Database, options: argparse.Namespace) -> None:
    given = {
        "quantity": options.quantity,
        "length": options.length,
        "keeps_length": options.keep_length,
        "format": options.format,
        "prefix": options.prefix,
        "suffix": options.suffix,
        "dash_every": options.dash_every,
    }
    began, what = time.monotonic(), f"coupons of {options.rule}"
    with reporter_for(sys.stderr) as report:
        report.begin(what)
        made = await coupon_codes.generate(
            database, options.rule, given, advance=report.advance
        )
        number, seconds = made.quantity, time.monotonic() - began
        report.finish(FileReport(what, number, number, 0, seconds))
    for warning in made.warnings:
        print(f"gateway: {warning}", file=sys.stderr)
    print(f"{number:,} codes of {made.pattern.length} characters were made.")


async def _export(database: Database, key: str, output: TextIO) -> None:
    writer = csv.writer(output)
    writer.writerow(COLUMNS)
    async for coupon in coupon_codes.exported(database, key):
        row = (coupon.code, coupon.created_at.isoformat(), str(coupon.uses))
        writer.writerow([_harmless(cell) for cell in row])


async def _check(database: Database) -> int:
    wrong = await redemptions.recount(database)
    for one in wrong:
        said = f"{one.used} is counted, and {one.live} is live"
        print(f"{one.key}: {one.scope.partition(':')[0]}: {said}")
    if not wrong:
        print("Every counter is what the redemptions say.")
    return EXIT_FAILED if wrong else 0


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
