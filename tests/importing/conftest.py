"""Imports files that a test writes down, and tells what became of them."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from gateway.importing import ImportReport, import_directory
from gateway.importing.reporters import Silence
from gateway.storage.database import Database
from tests.importing.given import BringIn, Files


@pytest.fixture
def bring_in(database: Database, tmp_path: Path) -> BringIn:
    """Import files by their names; each time those of a directory of their own."""
    directories = (tmp_path / str(number) for number in count())

    async def bring_in(
        files: Files, *, website: str | None = None, dry_run: bool = False
    ) -> ImportReport:
        directory = next(directories)
        directory.mkdir()
        for name, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            (directory / name).write_bytes(raw)
        return await import_directory(
            database, directory, website=website, dry_run=dry_run, report=Silence()
        )

    return bring_in
