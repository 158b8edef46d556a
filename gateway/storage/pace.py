"""How fast each session may tell of events, for as long as this process remembers."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

_REMEMBERED = 10_000


class Pace:
    """Counts what each session sends within a minute, and admits so much of it."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._sent: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def admits(self, session: str, at: datetime, count: int) -> bool:
        """Whether *count* more may be sent now; if so, they are counted."""
        minute = at.replace(second=0, microsecond=0)
        last, before = self._sent.get(session, (minute, 0))
        sent = count + (before if last == minute else 0)
        if sent > self.per_minute:
            return False
        self._sent[session] = (minute, sent)
        self._sent.move_to_end(session)
        if len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)
        return True
