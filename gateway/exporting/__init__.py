"""Writes matched customers as files, a batch at a time."""

from gateway.exporting.formats import FORMATS, Format
from gateway.exporting.run import Export, begun

__all__ = ["FORMATS", "Export", "Format", "begun"]
