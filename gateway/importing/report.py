"""What an import did, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.importing.faults import MOST_FAULTS, Fault


@dataclass(frozen=True)
class FileReport:
    """What became of the rows, or definitions, of one file.

    *notes* are sentences about what an operator may not have expected.
    """

    file: str
    read: int
    added: int
    changed: int
    seconds: float
    notes: Sequence[str] = ()

    @property
    def unchanged(self) -> int:
        """The rows that were there already."""
        return self.read - self.added - self.changed


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
        """Whether every file was imported."""
        return not self.faults

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
            if self.succeeded:
                return "Dry run: all of it can be imported. Nothing was written."
            return "Dry run: it cannot be imported. Nothing was written."
        if self.succeeded:
            return "All files are imported."
        if not self.files:
            return "Nothing was written."
        last = self.files[-1].file
        return f"Imported up to {last}; nothing of the files after it was written."


_HEAD = ("file", "read", "added", "changed", "unchanged", "seconds")


def _table(files: Sequence[FileReport]) -> str:
    rows = [_HEAD]
    for one in files:
        counts = (one.read, one.added, one.changed, one.unchanged)
        figures = (*(f"{count:,}" for count in counts), f"{one.seconds:.1f}")
        rows.append((one.file, *figures))  # type: ignore[arg-type]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
