"""What is wrong with a file: where it stands, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

MOST_FAULTS = 20

TWICE = "it stands there twice. Keep one of the two."


class Refused(ValueError):
    """A value that cannot be taken; *within* says where inside the value.

    *others* are what else is wrong with it.
    """

    def __init__(self, message: str, remedy: str = "", within: str = "") -> None:
        super().__init__(f"{message} {remedy}".rstrip())
        self.within = within
        self.others: Sequence[Refused] = ()


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, as it is shown.

    *place* is a line of a text file, or a row of a Parquet file; both count from 1.
    """

    file: str
    message: str
    place: str = ""
    column: str = ""

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place, self.column) if part)
        return f"{where}: {self.message}" if where else self.message


class FileRefused(Exception):
    """A file that cannot be imported; nothing of it is written."""

    def __init__(self, faults: Sequence[Fault], *, more: bool = False) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
        self.more = more


class Faults:
    """The faults of one file, as they are found."""

    def __init__(self, file: str, unit: str = "line") -> None:
        self._file = file
        self._unit = unit
        self._found: list[tuple[int, Fault]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def are_enough(self) -> bool:
        """Whether it is not worth looking for more."""
        return len(self._found) >= MOST_FAULTS

    def add(self, line: int | None, column: str, message: str) -> None:
        """Note a fault; without a line it is the whole file's."""
        place = f"{self._unit} {line}" if line is not None else ""
        self._found.append((line or 0, Fault(self._file, message, place, column)))

    def refuse(self, line: int | None, column: str, message: str) -> NoReturn:
        """Refuse the file for this and whatever else is wrong with it.

        Raises:
            FileRefused: always.
        """
        self.add(line, column, message)
        raise self._refused()

    def add_twin(self, line: int, first: int, key: Sequence[str]) -> None:
        """Note that a row is the same thing, by its *key*, as the *first* one."""
        same = " and ".join(key)
        said = f"{self._unit} {first} has the same {same}. Keep one of the two."
        self.add(line, key[-1], said)

    def finish(self) -> None:
        """Refuse the file if anything is wrong with it.

        Raises:
            FileRefused: with the first faults, by line.
        """
        if self._found:
            raise self._refused()

    def _refused(self) -> FileRefused:
        ordered = [fault for _, fault in sorted(self._found, key=lambda at: at[0])]
        return FileRefused(ordered[:MOST_FAULTS], more=self.are_enough)
