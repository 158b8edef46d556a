"""What a command can do, where it is more than one thing: each with options."""

from __future__ import annotations

import argparse


class Actions:
    """The actions of a command; ``options.action`` names the one that is asked for."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._actions = parser.add_subparsers(
            dest="action", metavar="ACTION", required=True
        )

    def add(self, name: str, about: str, more: str = "") -> argparse.ArgumentParser:
        """Add an action: *about* is its line in the list, and begins its own help.

        *more* are further sentences of that.
        """
        said = f"{about[:1].upper()}{about[1:]}. {more}".rstrip()
        return self._actions.add_parser(name, help=about, description=said)
