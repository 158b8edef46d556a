"""The ``gateway`` command; its subcommands are in ``gateway.commands``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from gateway import __version__
from gateway.commands import COMMANDS
from gateway.commands.failures import EXIT_FAILED, EXIT_USAGE, said_plainly
from gateway.config import BadSettings, Settings
from gateway.identity import BadSetting

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 when it did what was asked, 1 when it could not, 2 when the command line or a
    setting cannot be used, 130 when it was interrupted.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
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


def _environment(options: argparse.Namespace) -> Mapping[str, str]:
    """Return the environment with the options that stand for a setting set in it.

    They are set for good: worker processes inherit it.
    """
    for name, value in vars(options).items():
        if name.isupper() and value is not None:
            os.environ[name] = value
    return os.environ


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gateway",
        description="Decides what each shopper sees, as a GraphQL API.",
        epilog="Settings come from the environment; docs/operations.md lists them.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        about = (command.__doc__ or "").strip()
        sub = commands.add_parser(name, help=about.split("\n", 1)[0], description=about)
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
