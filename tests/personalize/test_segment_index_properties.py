"""The index and the plain walk agree, whatever the segments and the shopper."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.personalize import segments
from gateway.personalize.batches import Made
from gateway.personalize.conditions import Comparison
from gateway.personalize.context import Context
from gateway.personalize.operators import OPERATORS, Value
from gateway.personalize.segment_index import SegmentIndex
from gateway.personalize.segment_index.bits import places
from gateway.personalize.segment_index.columns import Column, Entry
from gateway.personalize.segment_index.memory import Memory
from gateway.personalize.segments import Segment
from tests import strategies

# A machine that is busy with other tests is no fault of an index.
property_of = settings(deadline=None, max_examples=60)


@property_of
@given(
    listed=strategies.listed_segments(),
    contexts=st.lists(strategies.contexts(), min_size=1, max_size=4),
)
def test_a_shopper_is_in_the_segments_that_a_walk_finds(
    listed: list[Segment], contexts: list[Context]
) -> None:
    index = SegmentIndex(listed)

    walked = [segments.match(listed, context) for context in contexts]

    assert [index.segments(mask) for mask in index.masks(Made(contexts))] == walked
    for context, matched in zip(contexts, walked, strict=True):
        assert index.segments(index.mask(context)) == matched


@property_of
@given(
    listed=strategies.listed_segments(),
    contexts=st.lists(strategies.contexts(), min_size=1, max_size=4),
)
def test_what_is_kept_of_a_customer_changes_nothing(
    listed: list[Segment], contexts: list[Context]
) -> None:
    index = SegmentIndex(listed)
    # One version is one set of facts; carts, days and catalogues change beside it.
    customers = {one.customer: number for number, one in enumerate(contexts, start=1)}

    for of in contexts:
        version = customers[of.customer]
        customer = of.customer and replace(of.customer, version=version)
        for beside in contexts:
            context = replace(beside, customer=customer)
            found = index.segments(index.mask(context))

            assert found == segments.match(listed, context)


entries = st.builds(
    Entry,
    st.integers(0, 3),
    st.builds(
        Comparison,
        st.just("own"),
        st.just(lambda value: value),
        st.sampled_from(list(OPERATORS.values())),
        strategies.wanted,
    ),
    st.booleans(),
)


@property_of
@given(
    entries=st.lists(entries, max_size=6),
    values=st.lists(strategies.values, min_size=1, max_size=6),
)
def test_a_column_finds_what_every_comparison_says_for_itself(
    entries: list[Entry], values: list[Value]
) -> None:
    column = Column(lambda value: value, Memory())
    for entry in entries:
        column.add(entry)

    said = [{one.place for one in entries if one.holds(value)} for value in values]

    assert [set(places(mask)) for mask in column.of_each(values)] == said
    assert [set(places(column.at(value))) for value in values] == said
