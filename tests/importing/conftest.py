"""Imports files that a test writes down, and tells what became of them."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from gateway.importing import ImportReport, import_directory
from gateway.importing.reporters import Silence
from gateway.storage.database import Database
from tests.importing.given import BringIn, Files, Refuses
from tests.rows import Shop

_ROWS = """
select (select count(*) from product) + (select count(*) from customer)
       + (select count(*) from sales_order) + (select count(*) from order_line)
       + (select count(*) from address) + (select count(*) from wishlist_item)
       + (select count(*) from product_link) + (select count(*) from store_view)
       + (select count(*) from attribute_declaration) + (select count(*) from segment)
       + (select count(*) from order_address) + (select count(*) from audience)
       + (select count(*) from audience_member)
"""


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


@pytest.fixture
def refuses(bring_in: BringIn, shop: Shop) -> Refuses:
    """Import files of which the last is refused, and see that nothing is written."""

    async def refuses(files: Files, faults: list[str]) -> None:
        *before, last = files
        done = await bring_in({name: files[name] for name in before})
        rows = await shop.value(_ROWS)

        report = await bring_in(files)

        assert done.succeeded, str(done)
        assert [str(fault) for fault in report.faults] == faults
        assert not report.succeeded
        assert last not in {file.file for file in report.files}
        assert await shop.value(_ROWS) == rows

    return refuses
