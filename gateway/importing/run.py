"""Imports a directory: one file after another, each whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gateway.importing import directory as directories
from gateway.importing.faults import FileRefused
from gateway.importing.one_file import OneFile, Settings
from gateway.importing.report import FileReport, ImportReport
from gateway.importing.reporters import Reporter
from gateway.personalize.grammar import Limits
from gateway.storage import imports
from gateway.storage.database import Database


async def import_directory(
    database: Database,
    directory: Path,
    *,
    website: str | None,
    dry_run: bool,
    report: Reporter,
    limits: Limits | None = None,
) -> ImportReport:
    """Import the files of *directory* in order, until one is refused.

    Each file is written whole or not at all; in a dry run all of them are checked,
    against each other too, and nothing is written. *website* is meant where a row
    names none; None means the only one there is. *database* should let statements
    take as long as they take: a file is one of them.

    Raises:
        Unavailable: the database went away. Files that were reported are written.
    """
    settings = Settings(website, limits or Limits())
    done: list[FileReport] = []
    ignored: Sequence[str] = ()
    try:
        files, ignored = directories.find(directory)
        async with imports.importing(database, dry_run=dry_run) as importing:
            for file in files:
                report.begin(file.name)
                one = OneFile(importing, file, settings, report.advance)
                done.append(await one.bring_in())
                report.finish(done[-1])
    except FileRefused as refused:
        return ImportReport(done, ignored, refused.faults, refused.more, dry_run)
    return ImportReport(done, ignored, dry_run=dry_run)
