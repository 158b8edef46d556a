"""What can go wrong between the gateway and what it remembers.

StorageError
├── Unavailable        no connection or no answer in time; it may be there again soon
├── MonthDropped       events have no room, since another process dropped their month
├── UnsupportedServer  the PostgreSQL is older than the gateway can use, or not UTF-8
├── MigrationRefused   the database and the migrations at hand do not belong together
├── BadQueryFile       a file of sql/ is not written as sql.py reads it
└── EmbeddedFailed     the embedded PostgreSQL cannot be started here
"""


class StorageError(Exception):
    """Something is wrong with what the gateway remembers things in."""


class Unavailable(StorageError):
    """The database gave no connection or no answer in time."""


class MonthDropped(StorageError):
    """There is no room any more for the events of a month."""


class UnsupportedServer(StorageError):
    """The PostgreSQL is older than the gateway can use, or not in UTF-8."""


class MigrationRefused(StorageError):
    """The database and the migrations at hand do not belong together."""


class BadQueryFile(StorageError):
    """A file of sql/ is not written as it must be."""


class EmbeddedFailed(StorageError):
    """The embedded PostgreSQL cannot be started here."""
