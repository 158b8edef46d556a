"""Bring a directory of files into the database: knows files, and arranges.

``directory`` finds the files, ``tables`` says what stands in them, ``files`` and
``parquet`` read them batch by batch, ``rows`` makes records of batches, ``documents``
reads rules, ``definitions`` saves what an admin could also write, and ``run`` puts
these in order. ``reference`` writes the page of the documentation.
"""

from gateway.importing.reference import reference
from gateway.importing.report import FileReport, ImportReport
from gateway.importing.reporters import Reporter, reporter_for
from gateway.importing.run import import_directory

__all__ = [
    "FileReport",
    "ImportReport",
    "Reporter",
    "import_directory",
    "reference",
    "reporter_for",
]
