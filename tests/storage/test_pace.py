"""A session sends so many events within a minute."""

from datetime import timedelta

import pytest

from gateway.storage import pace as pace_module
from gateway.storage.pace import Pace
from tests.factories import NOW


def test_what_is_too_much_within_a_minute_is_not_admitted() -> None:
    pace = Pace(100)

    assert pace.admits("one", NOW, 60)
    assert not pace.admits("one", NOW, 41)
    assert pace.admits("one", NOW + timedelta(seconds=59), 40)
    assert pace.admits("other", NOW, 100)
    assert pace.admits("one", NOW + timedelta(seconds=60), 100)


def test_only_so_many_sessions_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace_module, "_REMEMBERED", 2)
    pace = Pace(1)
    for session in ("one", "two", "three"):
        assert pace.admits(session, NOW, 1)

    assert pace.admits("one", NOW, 1)
    assert not pace.admits("three", NOW, 1)
