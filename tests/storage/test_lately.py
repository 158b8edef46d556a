"""What was used lately is kept, and no more of it than fits."""

from __future__ import annotations

from gateway.storage.lately import Lately


def test_what_was_held_is_there_until_it_is_dropped() -> None:
    lately: Lately[str, int] = Lately(2)
    lately.hold("mug", 1)

    assert lately.get("mug") == 1
    lately.drop("mug")
    assert lately.get("mug") is None


def test_what_was_held_longest_ago_goes_first() -> None:
    lately: Lately[str, int] = Lately(2)

    lately.hold("mug", 1)
    lately.hold("tent", 2)
    lately.hold("mug", 3)
    lately.hold("lamp", 4)

    assert [lately.get(key) for key in ("mug", "tent", "lamp")] == [3, None, 4]


def test_what_is_not_there_can_be_dropped() -> None:
    lately: Lately[str, int] = Lately(2)

    lately.drop("mug")

    assert lately.get("mug") is None
