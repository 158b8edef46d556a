"""Write what every product costs every customer group, as CSV.

For feeds and checks: storefronts do not need it. Prices for segments are left out.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import track

from gateway import opening
from gateway.commands import exports
from gateway.commands.actions import Actions
from gateway.commands.databases import bring_up_to_date, with_database
from gateway.config import Settings
from gateway.personalize import money
from gateway.resolvers import html, product_prices
from gateway.resolvers.product_prices import Asked, Listed
from gateway.storage import customer_groups, websites
from gateway.storage.database import Database
from gateway.storage.rulebooks import Held, RuleBooks

HEADER = ("website", "sku", "group_id", "regular_price", "final_price")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to write, and which prices."""
    actions = Actions(parser)
    export = actions.add(
        "export",
        "write all prices as CSV",
        "Each product has a line for each customer group of each website.",
    )
    export.add_argument(
        "file", type=Path, nargs="?", help="where to write; standard output if unset"
    )
    export.add_argument("--website", help="only this website; all of them if unset")
    export.add_argument(
        "--day",
        type=_day,
        help="which day of each website's calendar, as 2026-12-24; now if unset",
    )


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError("write a day, as 2026-12-24") from None


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Write the prices."""
    with with_database(settings) as ready:
        bring_up_to_date(ready)
        return asyncio.run(_run(ready, options))


async def _run(settings: Settings, options: argparse.Namespace) -> int:
    asked = Asked(datetime.now(UTC), options.day)
    async with opening.bulk_database_of(settings) as database:
        limits = opening.tree_limits(settings)
        rulebooks = RuleBooks(database, limits, html.clean)
        groups = await customer_groups.list_all(database)
        ids = [one.definition.id or 0 for one in groups]
        codes = [options.website] if options.website else await _codes(database)
        every = [
            await product_prices.now_held(database, rulebooks, code) for code in codes
        ]
    with exports.whole_text(options.file) as file:
        _write(file, every, ids, asked)
    return 0


async def _codes(database: Database) -> Sequence[str]:
    return [one.definition.code for one in await websites.list_all(database)]


def _write(
    file: TextIO, every: Sequence[Held], group_ids: Sequence[int], asked: Asked
) -> None:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(HEADER)
    for held in every:
        code = held.rulebook.website.code
        listed = product_prices.every(held, group_ids, asked)
        total = len(held.catalogue.products) * len(group_ids)
        for one in _tracked(listed, total, code):
            prices = (one.product.price, one.final)
            amounts = (_amount(price, held) for price in prices)
            rows.writerow((code, one.product.sku, one.group_id, *amounts))


def _amount(price: Decimal | None, held: Held) -> Decimal | None:
    """Return a price in whole coins, as a storefront shows it."""
    decimals = held.price_list.decimals
    return None if price is None else money.rounded(price, decimals)


def _tracked(listed: Iterator[Listed], total: int, code: str) -> Iterator[Listed]:
    """Draw a bar for people who look on; a log is no place for progress."""
    yield from track(
        listed,
        code,
        total=total,
        console=Console(file=sys.stderr),
        disable=not sys.stderr.isatty(),
    )
