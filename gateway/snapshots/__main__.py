"""``python -m gateway.snapshots``: rewrite the generated pages of docs/.

With ``--check`` nothing is written: what is stale is named, and the exit code is 1.
"""

# ruff: noqa: T201 - What is printed is the command's answer.

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from gateway.snapshots import PAGES

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write the pages, or check them; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m gateway.snapshots",
        description="Rewrite the pages of docs/ that are generated from the code.",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, name what is stale"
    )
    options = parser.parse_args(arguments)
    if not (root / "docs").is_dir():
        print(f"{root} has no docs/: run this in the source tree", file=sys.stderr)
        return 1
    found = [page for page in PAGES if page.is_stale(root)]
    if options.check:
        for page in found:
            print(f"{page.path} is stale: run `make snapshots`", file=sys.stderr)
        return 1 if found else 0
    for page in found:
        page.write(root)
        print(f"wrote {page.path}")
    if not found:
        print("nothing to write: the pages are as the code says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
