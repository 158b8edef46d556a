"""Drop events that are older than they are to be kept.

A server does so every day by itself; this is for whoever wants it now.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime

from gateway import opening, retention
from gateway.commands.actions import Actions
from gateway.commands.databases import bring_up_to_date, with_database
from gateway.config import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is to be done."""
    actions = Actions(parser)
    actions.add("purge", "drop what is older than GATEWAY_EVENT_RETENTION_DAYS")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Drop them, and say how many months, ids and histories went."""
    del options
    with with_database(settings) as ready:
        bring_up_to_date(ready)
        print(asyncio.run(_purge(ready)))
    return 0


async def _purge(settings: Settings) -> str:
    async with opening.database_of(settings) as database:
        dropped = await retention.keep(
            database, settings.event_retention_days, datetime.now(UTC)
        )
    if dropped is None:
        return "nothing is dropped: another process is just doing so"
    return (
        f"dropped {dropped.months} months of events, {dropped.ids} ids of events and"
        f" {dropped.histories} histories"
    )
