"""Batches: whatever is asked of many is what each of them would say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest

from gateway.personalize.batches import Batch, Columns, Lists, Made
from gateway.personalize.conditions import once
from gateway.personalize.ways import itself


class Dog(NamedTuple):
    name: str
    owner: str | None
    toys: tuple[str, ...]


DOGS = [Dog("Ada", "Bo", ("ball", "bone")), Dog("Rex", None, ()), Dog("Zoe", "Al", ())]


def name_of(dog: Dog) -> str:
    return dog.name


def owner_of(dog: Dog) -> str | None:
    return dog.owner


def toys_of(dog: Dog) -> tuple[str, ...]:
    return dog.toys


def length_of(word: str) -> int:
    return len(word)


def never() -> Sequence[Any]:
    raise AssertionError("Nobody should have been made.")


def in_columns(make: Callable[[], Sequence[Any]] = lambda: DOGS) -> Columns:
    return Columns(
        3,
        make,
        columns={"name": ["Ada", "Rex", "Zoe"]},
        names={name_of: "name"},
        ways={owner_of: Made(["Bo", None, "Al"])},
        found={toys_of: Lists.of(Made(["ball", "bone"]), [2, 0, 0])},
    )


EITHER = pytest.mark.parametrize(
    "batch",
    [
        pytest.param(Made(DOGS), id="made"),
        pytest.param(in_columns(never), id="columns"),
        pytest.param(Columns(3, lambda: DOGS), id="columns that know nothing"),
    ],
)


@EITHER
def test_an_attribute_is_read_of_each(batch: Batch) -> None:
    assert batch.count == 3
    assert list(batch.read(name_of)) == ["Ada", "Rex", "Zoe"]


@EITHER
def test_nothing_is_read_of_what_is_not_there(batch: Batch) -> None:
    assert list(batch.go(owner_of).read(length_of)) == [2, None, 2]


@EITHER
def test_the_elements_of_all_lists_stand_in_a_row(batch: Batch) -> None:
    elements, parts = lists = batch.lists(toys_of)

    assert list(elements.subjects) == ["ball", "bone"]
    assert [list(elements.subjects[part]) for part in parts] == [
        ["ball", "bone"],
        [],
        [],
    ]
    assert lists.made == [("ball", "bone"), (), ()]


@EITHER
@pytest.mark.parametrize(
    ("among", "measured"),
    [
        ([4, 0, 2], ["Ada", None, "Zoe"]),
        ([1, 1, 1], ["Ada", "Rex", "Zoe"]),
        ([0, 0, 0], [None, None, None]),
    ],
)
def test_only_those_among_them_are_measured(
    batch: Batch, among: Sequence[int], measured: Sequence[str | None]
) -> None:
    assert list(batch.measure(itself, name_of, among)) == measured


@EITHER
def test_what_is_counted_counts_once(batch: Batch) -> None:
    assert list(batch.measure(itself, once, [1, 0, 1])) == [1, None, 1]


def test_columns_are_made_once_and_only_for_what_they_do_not_know() -> None:
    made = []

    def make() -> Sequence[Dog]:
        made.append(DOGS)
        return DOGS

    batch = in_columns(make)

    assert list(batch.go(itself).read(name_of)) == ["Ada", "Rex", "Zoe"]
    assert made == []
    assert list(batch.read(owner_of)) == ["Bo", None, "Al"]
    assert list(batch.go(name_of).read(length_of)) == [3, 3, 3]
    assert batch.lists(lambda dog: dog.toys).made == [("ball", "bone"), (), ()]
    assert batch.subjects == DOGS
    assert len(made) == 1


@pytest.mark.parametrize("lengths", [[], [1, 0], [2, 1]])
def test_an_element_cannot_stand_in_another_ones_list(lengths: list[int]) -> None:
    with pytest.raises(ValueError, match="2 elements are not"):
        Lists.of(Made(["ball", "bone"]), lengths)
