"""What an import did, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.importing.faults import MOST_FAULTS, Fault


@dataclass(frozen=True)
class FileReport:
    """What became of the rows, or definitions, of one file.

    *notes* are sentences about what an operator may not have expected; *left_out*
    are what could not be carried, and is named there.
    """

    file: str
    read: int
    added: int
    changed: int
    seconds: float
    notes: Sequence[str] = ()
    left_out: int = 0

    @property
    def unchanged(self) -> int:
        """The rows that were there already."""
        return self.read - self.added - self.changed - self.left_out

    @property
    def brought_nothing(self) -> bool:
        """Whether all that it holds is left out."""
        return 0 < self.read == self.left_out


@dataclass(frozen=True)
class ImportReport:
    """What became of a directory.

    The file with *faults* and those after it are not imported, those before it are.
    """

    files: Sequence[FileReport] = ()
    ignored: Sequence[str] = ()
    faults: Sequence[Fault] = ()
    more_faults: bool = False
    dry_run: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether every file was imported, and some of it at least."""
        return not self.faults and not any(one.brought_nothing for one in self.files)

    def __str__(self) -> str:
        lines = [_table(self.files)] if self.files else []
        lines += [note for file in self.files for note in file.notes]
        lines += self.ignored
        lines += [str(fault) for fault in self.faults]
        if self.more_faults:
            lines.append(f"There may be more: only the first {MOST_FAULTS} are shown.")
        lines.append(self._outcome())
        return "\n".join(lines)

    def _outcome(self) -> str:
        if self.dry_run:
            if self.faults:
                return "Dry run: it cannot be imported. Nothing was written."
            what = self._without("all of it")
            return f"Dry run: {what} can be imported. Nothing was written."
        if not self.faults:
            return f"{self._without('All files')} are imported."
        if not self.files:
            return "Nothing was written."
        last = self.files[-1].file
        return f"Imported up to {last}; nothing of the files after it was written."

    def _without(self, everything: str) -> str:
        """Name what is left out of *everything*, where something is."""
        left = [f"{one.left_out:,} of {one.file}" for one in self.files if one.left_out]
        return f"{everything} but {' and '.join(left)}" if left else everything


def _table(files: Sequence[FileReport]) -> str:
    counted = ["read", "added", "changed", "unchanged"]
    if any(one.left_out for one in files):
        counted.append("left_out")
    rows = [["file", *(name.replace("_", " ") for name in counted), "seconds"]]
    for one in files:
        counts = (f"{getattr(one, name):,}" for name in counted)
        rows.append([one.file, *counts, f"{one.seconds:.1f}"])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
