"""The database and Python tell coupon codes apart by one rule."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest

from gateway.personalize.coupons import fold
from gateway.storage.database import Database
from gateway.storage.sql import Query

FOLDED = Query("select coupon_fold(c) as folded from unnest($1::text[]) c")

# Of a letter that came later, the server may know less than Python does; ideographs
# and the like have neither capitals nor another form.
LETTERS = [
    letter
    for letter in map(chr, range(1, 0x30000))
    if unicodedata.ucd_3_2_0.category(letter) not in {"Cn", "Co", "Cs", "Lo"}
    or unicodedata.ucd_3_2_0.normalize("NFKC", letter) != letter
]
AT_ONCE = 500


async def folded(database: Database, codes: Sequence[str]) -> list[str]:
    return [row["folded"] for row in await database.read(FOLDED, codes)]


@pytest.mark.parametrize("form", ["{}", "x{}I\u0307", "{}\u0307\u0345", " {}\u3000"])
async def test_every_letter_is_folded_alike(database: Database, form: str) -> None:
    codes = [form.format(letter) for letter in LETTERS]
    some = [codes[at : at + AT_ONCE] for at in range(0, len(codes), AT_ONCE)]

    found = [one for part in some for one in await folded(database, part)]

    assert len(codes) > 9_000
    assert found == [fold(code) for code in codes]


async def test_blanks_of_a_code_are_cut_off_alike(database: Database) -> None:
    codes = [" a b ", "\t\r\nA", "\v", "\N{NO-BREAK SPACE}TEN", "", "  "]

    assert await folded(database, codes) == ["a b", "a", "\v", "ten", "", ""]
