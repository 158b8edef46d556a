"""What stands where a fact of a customer was not fetched, and raises when looked at."""

from __future__ import annotations

from typing import NoReturn

from gateway.personalize.history import History

HISTORY = "history"


class Unread(Exception):
    """Something looked at a *fact* of a customer that was not fetched."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


class UnreadFact:
    """Stands in place of a fact, and raises whatever is done with it."""

    def __init__(self, fact: str) -> None:
        self._fact = fact

    def _raise(self, *_: object) -> NoReturn:
        raise Unread(self._fact)

    __iter__ = __len__ = __bool__ = __getitem__ = __contains__ = _raise
    __add__ = __radd__ = __reversed__ = _raise

    def __eq__(self, other: object) -> bool:
        self._raise()

    __hash__ = None  # type: ignore[assignment]  # It is equal to nothing.


class UnreadHistory(History):
    """Stands in place of a history, and raises whatever is looked at."""

    def __getattribute__(self, name: str) -> NoReturn:
        raise Unread(HISTORY)


UNREAD_HISTORY = UnreadHistory()
