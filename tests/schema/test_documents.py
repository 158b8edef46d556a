"""A document is checked once, and remembered within a bound of memory."""

from __future__ import annotations

import pytest

from gateway.schema.documents import Documents, Unacceptable
from gateway.schema.limits import Limits
from tests.schema.doors import SCHEMA


def a_memory(bytes_: int) -> Documents:
    return Documents(SCHEMA.core, Limits(remembered_bytes=bytes_))


def test_a_document_asked_for_again_is_not_checked_again() -> None:
    documents = a_memory(100_000)

    first = documents.check("{hello}")
    second = documents.check("{hello}")

    assert second is first


def test_the_document_longest_out_of_use_is_forgotten_first() -> None:
    weight = a_memory(0).check("{a0:hello}").weight
    documents = a_memory(3 * weight)
    kept, forgotten = (documents.check(f"{{a{n}:hello}}") for n in range(2))
    documents.check("{a2:hello}")
    documents.check("{a0:hello}")

    documents.check("{a3:hello}")

    assert documents.check("{a0:hello}") is kept
    assert documents.check("{a1:hello}") is not forgotten


def test_a_long_text_weighs_though_it_has_few_tokens() -> None:
    short = a_memory(0).check("{hello}").weight

    long = a_memory(0).check("{hello}#" + "x" * 60_000).weight

    assert long > short + 60_000


def test_a_document_that_was_refused_is_refused_again() -> None:
    documents = a_memory(100_000)

    for _ in range(2):
        with pytest.raises(Unacceptable, match="Cannot query field 'nope'"):
            documents.check("{nope}")


def test_prices_by_variables_are_remembered_within_a_bound() -> None:
    documents = a_memory(100_000)
    checked = documents.check("query($n:Int!){search(first:$n){sku}}")

    for size in range(1, 101):
        documents.price(checked, {"n": size, "unrelated": size})

    assert 1 <= len(checked.prices) <= 32
