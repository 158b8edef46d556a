"""What an index keeps of values that come again, within its bound."""

from __future__ import annotations

from sys import getsizeof

from gateway.personalize.segment_index.memory import MOST_KEPT, Memory

LARGE = 1 << 80_000


def test_what_is_kept_is_given_back() -> None:
    memo = Memory().memo()

    assert memo.get("a") is None
    assert memo.keep("a", 5) == 5
    assert memo.get("a") == 5


def test_one_memo_keeps_no_more_than_so_many_values() -> None:
    memory = Memory()
    memo, other = memory.memo(), memory.memo()
    other.keep("x", 1)

    for number in range(MOST_KEPT + 1):
        memo.keep(number, number)

    assert memo == {MOST_KEPT: MOST_KEPT}
    assert other == {"x": 1}


def test_all_memos_together_keep_no_more_than_the_bound() -> None:
    memory = Memory(most_bytes=10 * getsizeof(LARGE))
    memos = [memory.memo() for _ in range(20)]

    for memo in memos:
        memo.keep("a", LARGE)
        together = sum(getsizeof(mask) for one in memos for mask in one.values())

        assert memo == {"a": LARGE}
        assert together <= 10 * getsizeof(LARGE)


def test_what_was_forgotten_makes_room() -> None:
    memory = Memory(most_bytes=3 * getsizeof(LARGE))
    memo, other = memory.memo(), memory.memo()
    other.keep("x", 1)

    for _ in range(10):
        memo.keep("a", LARGE)
        memo.forget()

    assert other == {"x": 1}
