"""What `make bench-segments` measures is what it says, and still compiles."""

from __future__ import annotations

from bench import segment_workload
from gateway.personalize import segments


def test_the_workload_asks_for_sixty_attributes() -> None:
    assert len({row.key for row in segment_workload.ASKED}) == 60


def test_shoppers_of_the_workload_are_in_some_segments_and_never_in_all() -> None:
    book = segment_workload.rule_book(100)

    for shopper in segment_workload.shoppers(8)[1:]:
        matched = segments.match(book.segments, shopper)

        assert 0 < len(matched) < 50
        assert book.segments_of(shopper) == matched


def test_the_workload_is_the_same_each_time() -> None:
    first, second = (segment_workload.shoppers(3) for _ in range(2))

    assert [one.cart for one in first] == [one.cart for one in second]
    assert [one.customer for one in first] == [one.customer for one in second]
