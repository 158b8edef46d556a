"""All segments of a website by the index, beside a plain walk over the same trees.

One process, in rounds that take turns; the quickest round counts, by processor time.
Only the ratios mean something: they were measured side by side. Before anything is
measured, index and walk must agree on every shopper.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench import segment_workload
from gateway.personalize import segments
from gateway.personalize.batches import Made
from gateway.personalize.context import Context
from gateway.personalize.rulebook import RuleBook
from gateway.personalize.segment_index import SegmentIndex

SIZES = (100, 1000, 10_000)

WALK = "plain walk"
NEW = "index, every customer a new one"
KEPT = "index, customers stay, carts change"
MASK = "  of which the mask"

Decide = Callable[[Context], Any]


@dataclass(frozen=True)
class Measured:
    """Microseconds for each shopper, by way, and what the index takes for itself."""

    size: int
    found: float
    micros: Mapping[str, float]
    seconds: float
    megabytes: float

    def gain(self, way: str) -> float:
        """Return how many times quicker than the walk *way* is."""
        return self.micros[WALK] / self.micros[way]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.segments", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args()
    shoppers = segment_workload.shoppers()
    measured = [_measure(size, shoppers, options.rounds) for size in options.sizes]
    _report(measured, options.rounds)


def _measure(size: int, shoppers: Sequence[Context], rounds: int) -> Measured:
    book = segment_workload.rule_book(size)
    seconds, megabytes = _made(book, shoppers)
    index = SegmentIndex(book.segments)
    _check(book, index, [*shoppers, *_with_other_carts(shoppers, 1)])
    ways: dict[str, Decide] = {
        WALK: lambda one: segments.match(book.segments, one),
        NEW: lambda one: index.segments(index.mask(one)),
        KEPT: lambda one: index.segments(index.mask(one)),
        MASK: index.mask,
    }
    best = dict.fromkeys(ways, float("inf"))
    for turn in range(rounds):
        others = _with_other_carts(shoppers, turn)
        # Nobody has seen them before, nor most of their days and numbers.
        strangers = _unknown(segment_workload.shoppers(seed=1000 + turn))
        for way, decide in ways.items():
            # A walk over ten thousand takes its time.
            if way != WALK or turn % max(1, size // 1000) == 0:
                micros = _micros(decide, strangers if way == NEW else others)
                best[way] = min(best[way], micros)
    found = sum(len(index.segments(index.mask(one))) for one in shoppers)
    return Measured(size, found / len(shoppers), best, seconds, megabytes)


def _with_other_carts(shoppers: Sequence[Context], turn: int) -> list[Context]:
    """Return the shoppers with the carts of others, of which nothing is worked out."""
    carts = [one.cart for one in shoppers]
    turned = [*carts[turn % len(carts) :], *carts[: turn % len(carts)]]
    return [
        replace(one, cart=replace(cart, items=tuple(map(replace, cart.items))))
        for one, cart in zip(shoppers, turned, strict=True)
    ]


def _unknown(shoppers: Iterable[Context]) -> list[Context]:
    """Return the shoppers as customers of whom an index keeps nothing."""
    return [
        replace(one, customer=one.customer and replace(one.customer, version=0))
        for one in shoppers
    ]


def _micros(decide: Decide, shoppers: Sequence[Context]) -> float:
    started = time.process_time()
    for one in shoppers:
        decide(one)
    return (time.process_time() - started) / len(shoppers) * 1e6


def _made(book: RuleBook, shoppers: Sequence[Context]) -> tuple[float, float]:
    """Return the seconds and megabytes of an index, once everybody was looked up."""
    started = time.process_time()
    _used_index(book, shoppers)
    seconds = time.process_time() - started
    tracemalloc.start()
    index = _used_index(book, shoppers)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del index
    return seconds, size / 1e6


def _used_index(book: RuleBook, shoppers: Sequence[Context]) -> SegmentIndex:
    index = SegmentIndex(book.segments)
    for one in _unknown(shoppers):
        index.mask(one)
    return index


def _check(book: RuleBook, index: SegmentIndex, shoppers: Sequence[Context]) -> None:
    """Refuse to measure an index that does not decide as the walk does."""
    for one, together in zip(shoppers, index.masks(Made(shoppers)), strict=True):
        walked = segments.match(book.segments, one)
        for mask in (together, index.mask(one), index.mask(one)):
            if index.segments(mask) != walked:
                raise RuntimeError(f"index and walk differ about {one.customer}")


def _report(measured: Sequence[Measured], rounds: int) -> None:
    cores, busy = os.cpu_count(), os.getloadavg()[0]
    print(
        f"best of {rounds} rounds of {segment_workload.SHOPPERS} shoppers; "
        f"{cores} cores, load {busy:.1f}"
    )
    _line("segments", [f"{one.size:,}" for one in measured])
    _line("of which a shopper is in", [f"{one.found:.1f}" for one in measured])
    _line("seconds to make the index", [f"{one.seconds:.2f}" for one in measured])
    _line("megabytes of it", [f"{one.megabytes:.1f}" for one in measured])
    print("\nmicroseconds for each shopper")
    for way in (WALK, NEW, KEPT, MASK):
        _line(way, [f"{one.micros[way]:.0f}" for one in measured])
    print("\nratio: the plain walk takes so many times as long")
    for way in (NEW, KEPT, MASK):
        _line(way, [f"{one.gain(way):.1f}" for one in measured])
    print("\nratio: so many times as long as with the first number of segments")
    for way in (WALK, NEW, KEPT, MASK):
        first = measured[0].micros[way]
        _line(way, [f"{one.micros[way] / first:.1f}" for one in measured])


def _line(label: str, figures: Sequence[str]) -> None:
    print(f"{label:<38}" + "".join(f"{figure:>10}" for figure in figures))


if __name__ == "__main__":
    main()
