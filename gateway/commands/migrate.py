"""Bring the database to the state this version works with.

Run it again whenever you like: what was applied is not applied twice, and two that
run at once take turns. A database that is newer than this version is refused.
"""

from __future__ import annotations

import argparse

from gateway.commands.databases import bring_up_to_date, with_database
from gateway.config import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""
    del parser


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Migrate, and say what was applied."""
    del options
    with with_database(settings) as ready:
        applied = bring_up_to_date(ready)
    for name in applied:
        print(f"applied {name}")
    if not applied:
        print("nothing to apply: the database is up to date")
    return 0
