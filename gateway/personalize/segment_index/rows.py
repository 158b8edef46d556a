"""The conditions of many rows, as clauses: most are looked up, and some are asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import repeat
from operator import or_
from typing import Any, NamedTuple

from gateway.personalize.batches import Batch, Made
from gateway.personalize.conditions import (
    Aggregate,
    Comparison,
    Condition,
    Elements,
    Found,
    OfLine,
)
from gateway.personalize.segment_index.bits import Layout, mask_of, places
from gateway.personalize.segment_index.clauses import Literal, clauses_of
from gateway.personalize.segment_index.columns import (
    Column,
    Entry,
    Read,
    identity,
)
from gateway.personalize.segment_index.facts import Facts, facts_of, shape_of
from gateway.personalize.segment_index.looks import Look
from gateway.personalize.segment_index.memory import Memory
from gateway.personalize.ways import parts_of

Answers = dict[int, bool]
"""Whether a condition holds, by the number of its question."""

Way = Callable[[Any], Any]

_EVERY_ROW = -1


class Question(NamedTuple):
    """A condition that shall hold, or fail; twins have one *number*."""

    number: int
    condition: Condition
    positive: bool
    facts: Facts


@dataclass
class Known:
    """What is looked up of some facts: attributes, and what is in lists."""

    columns: dict[Hashable, Column] = field(default_factory=dict)
    looks: dict[Hashable, Look] = field(default_factory=dict)

    def at(self, subject: Any) -> int:
        """Return the mask of the clauses that *subject* satisfies."""
        mask = 0
        for way, columns in self._ways:
            there = way(subject)
            for read, column in columns:
                mask |= column.of(None if there is None else read(there))
        for look in self.looks.values():
            mask |= look.at_each(Made((subject,)))[0]
        return mask

    def at_each(self, subjects: Batch, masks: Sequence[int]) -> Sequence[int]:
        """Add to each of *masks* the clauses that its subject satisfies."""
        for way, columns in self._ways:
            there = subjects.go(way)
            for read, column in columns:
                masks = list(map(or_, masks, column.of_each(there.read(read))))
        for look in self.looks.values():
            masks = list(map(or_, masks, look.at_each(subjects)))
        return masks

    @cached_property
    def _ways(self) -> Sequence[tuple[Way, Sequence[tuple[Read, Column]]]]:
        """The ways that its columns go, and how each column then reads."""
        ways: defaultdict[Way, list[tuple[Read, Column]]] = defaultdict(list)
        for column in self.columns.values():
            way, read = parts_of(column.read)
            ways[way].append((read, column))
        return list(ways.items())


class Rows:
    """Conditions, each of a row, and found together of one subject.

    Each is as deep as *depths* say: it is asked once all that is less deep is known.
    *order* has the place of each row's condition in the list. What values satisfy is
    kept in the *memory* of the index.
    """

    def __init__(
        self,
        conditions: Sequence[Condition],
        depths: Sequence[int] = (),
        *,
        memory: Memory,
    ) -> None:
        self._memory = memory
        clauses = [clauses_of(condition) for condition in conditions]
        self.order = sorted(range(len(clauses)), key=lambda at: -len(clauses[at]))
        self._layout = Layout([len(clauses[at]) for at in self.order])
        self._known: defaultdict[tuple[Facts, int], Known] = defaultdict(Known)
        self._numbers: dict[Hashable, int] = {}
        self._folded = memory.memo(self._layout.fold)
        self._asked: defaultdict[int, dict[int, list[Question]]] = defaultdict(dict)
        for row, at in enumerate(self.order):
            for nth, clause in enumerate(clauses[at]):
                place = self._layout.place(row, nth)
                for literal in clause:
                    self._add(literal, row, place, depths[at] if depths else 0)
        self._in_question = mask_of(
            place for asked in self._asked.values() for place in asked
        )

    def _add(self, literal: Literal, row: int, place: int, depth: int) -> None:
        condition, positive = literal.condition, literal.positive
        facts = facts_of(condition)
        # What looks at segments differs by how deep the row is that asks.
        known = self._known[facts, depth if facts is Facts.SEGMENTS else 0]
        match condition:
            case Comparison(read=read):
                key = identity(read)
                if key not in known.columns:
                    known.columns[key] = Column(read, self._memory)
                known.columns[key].add(Entry(place, condition, positive))
            case Found(elements, inner) | Aggregate(elements, inner):
                by_face = isinstance(inner, OfLine)
                list_ = elements, by_face
                if list_ not in known.looks:
                    known.looks[list_] = self._look(elements, by_face=by_face)
                known.looks[list_].add(place, condition, positive=positive)
            case _:
                shape = shape_of(condition)
                number = self._numbers.setdefault(shape, len(self._numbers))
                question = Question(number, condition, positive, facts)
                self._asked[row].setdefault(place, []).append(question)

    def _look(self, elements: Elements, *, by_face: bool) -> Look:
        memory = self._memory
        return Look(elements, partial(Rows, memory=memory), memory, by_face=by_face)

    def satisfied(self, facts: Facts, subject: Any, depth: int = 0) -> int:
        """Return the clauses that *facts* satisfy, without asking anything.

        Segments that are decided are looked at for the rows of one *depth*.
        """
        known = self._known.get((facts, depth))
        return known.at(subject) if known else 0

    def satisfied_by_each(self, subjects: Batch, depth: int) -> Sequence[int]:
        """Return the clauses that each satisfies, likewise, by any facts."""
        satisfied: Sequence[int] = [0] * subjects.count
        for (facts, deep), known in self._known.items():
            if facts is not Facts.SEGMENTS or deep == depth:
                satisfied = known.at_each(subjects, satisfied)
        return satisfied

    @property
    def is_looked_up(self) -> bool:
        """Whether nothing has to be asked of each."""
        return not self._in_question

    def fold(self, satisfied: int) -> int:
        """Return the rows of which all clauses are *satisfied*."""
        return self._layout.fold(satisfied)

    def holding(
        self, satisfied: int, subject: Any, among: int, answers: Mapping[Facts, Answers]
    ) -> int:
        """Return the rows *among* others that hold, given the clauses *satisfied*.

        What else decides a row is asked, and the *answers* are noted.
        """
        sure = self._layout.fold(satisfied) & among
        if not self._in_question:
            return sure
        doubtful = self._layout.fold(satisfied | self._in_question) & among & ~sure
        return sure | mask_of(
            row
            for row in places(doubtful)
            if all(
                satisfied >> place & 1
                or any(_holds(one, subject, answers[one.facts]) for one in questions)
                for place, questions in self._asked[row].items()
            )
        )

    def of_each(self, subjects: Batch) -> Sequence[int]:
        """Return the rows that hold of each subject, of which nothing is known yet."""
        satisfied: Sequence[int] = [0] * subjects.count
        for known in self._known.values():
            satisfied = known.at_each(subjects, satisfied)
        if not self._in_question:
            # Many elements satisfy the same.
            return list(map(self._folded.__getitem__, satisfied))
        made = subjects.subjects
        answers = [defaultdict[Facts, Answers](dict) for _ in made]
        return list(map(self.holding, satisfied, made, repeat(_EVERY_ROW), answers))


def _holds(question: Question, subject: Any, answers: Answers) -> bool:
    holds = answers.get(question.number)
    if holds is None:
        holds = answers[question.number] = question.condition.holds(subject)
    return holds is question.positive
