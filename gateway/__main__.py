"""The ``gateway`` command; its subcommands are in ``gateway.commands``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from gateway import __version__
from gateway.commands import COMMANDS, load
from gateway.commands.failures import EXIT_FAILED, EXIT_USAGE, said_plainly
from gateway.config import BadSettings, Settings
from gateway.identity.errors import BadSetting
from gateway.personalize.constants import is_unstorable

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 when it did what was asked, 1 when it could not, 2 when the command line or a
    setting cannot be used, 130 when it was interrupted.
    """
    given = sys.argv[1:] if arguments is None else arguments
    parser = _parser(given)
    options = parser.parse_args(given)
    _require_text(options, parser)
    try:
        settings = Settings.from_environment(_environment(options))
    except BadSettings as bad:
        for problem in bad.problems:
            print(f"gateway: {problem}", file=sys.stderr)
        return EXIT_USAGE
    try:
        code: int = options.run(settings, options)
    except BadSetting as bad:
        print(f"gateway: {bad}", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        message = said_plainly(error)
        if message is None:
            raise
        print(f"gateway: {message}", file=sys.stderr)
        return EXIT_FAILED
    return code


def _require_text(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Refuse what is not UTF-8: a path may be anything, and is no text here."""
    for value in vars(options).values():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and is_unstorable(text):
                parser.error(f"{text!r} is not UTF-8; write it in UTF-8")


def _environment(options: argparse.Namespace) -> Mapping[str, str]:
    """Return the environment with the options that stand for a setting set in it.

    They are set for good: worker processes inherit it.
    """
    for name, value in vars(options).items():
        if name.isupper() and value is not None:
            os.environ[name] = value
    return os.environ


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """Make the parser of all commands; only that of the *given* one is whole."""
    parser = argparse.ArgumentParser(
        prog="gateway",
        description="Decides what each shopper sees, as a GraphQL API.",
        epilog="Settings come from the environment; docs/operations.md lists them.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    # No option that stands before a command takes a value.
    chosen = next((each for each in given if not each.startswith("-")), None)
    for name, about in COMMANDS.items():
        sub = commands.add_parser(name, help=about)
        if name == chosen:
            command = load(name)
            sub.description = (command.__doc__ or "").strip()
            command.add_arguments(sub)
            sub.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
