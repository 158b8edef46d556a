"""What an index keeps of values that come again, within its bound."""

from __future__ import annotations

from sys import getsizeof

from gateway.personalize.segment_index.memory import MOST_KEPT, Memory

LARGE = 1 << 80_000


def test_what_is_kept_is_not_looked_for_again() -> None:
    asked: list[str] = []

    def find(key: str) -> int:
        asked.append(key)
        return len(key)

    memo = Memory().memo(find)

    assert memo["a"] == 1
    assert memo["a"] == 1
    assert memo["bc"] == 2
    assert asked == ["a", "bc"]


def test_one_memo_keeps_no_more_than_so_many_values() -> None:
    memory = Memory()
    memo, other = memory.memo(lambda key: key), memory.memo(len)
    _ = other["x"]

    for number in range(MOST_KEPT + 1):
        _ = memo[number]

    assert memo == {MOST_KEPT: MOST_KEPT}
    assert other == {"x": 1}


def test_all_memos_together_keep_no_more_than_the_bound() -> None:
    memory = Memory(most_bytes=10 * getsizeof(LARGE))
    memos = [memory.memo(lambda _: LARGE) for _ in range(20)]

    for memo in memos:
        _ = memo["a"]
        together = sum(getsizeof(mask) for one in memos for mask in one.values())

        assert memo == {"a": LARGE}
        assert together <= 10 * getsizeof(LARGE)


def test_what_was_forgotten_makes_room() -> None:
    memory = Memory(most_bytes=3 * getsizeof(LARGE))
    memo, other = memory.memo(lambda _: LARGE), memory.memo(len)
    _ = other["x"]

    for _ in range(10):
        _ = memo["a"]
        memo.forget()

    assert other == {"x": 1}
