"""What generated coupon codes look like, and how long they must be.

The numbers that they are written from come from elsewhere: there is no chance here.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.fields import Fields

LEAST_BITS = 60
"""Whoever tries a code finds one once in 2 to the power of this, or less often."""

LONGEST = 64
MOST_AT_ONCE = 10_000_000

# Adobe Commerce fills at most a quarter of what a format has room for.
_ROOM = 4

_PREFIX = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,31})?")
_SUFFIX = re.compile(r"[A-Za-z0-9_-]{0,32}")


class CodeFormat(StrEnum):
    """Of which characters codes are made: capital letters, digits, or both."""

    ALPHANUMERIC = "alphanumeric"
    ALPHABETIC = "alphabetic"
    NUMERIC = "numeric"


_ALPHABETS: Mapping[CodeFormat, str] = {
    CodeFormat.ALPHANUMERIC: string.ascii_uppercase + string.digits,
    CodeFormat.ALPHABETIC: string.ascii_uppercase,
    CodeFormat.NUMERIC: string.digits,
}


@dataclass(frozen=True)
class CodePattern:
    """What codes look like; *length* is without prefix, suffix and dashes.

    A dash stands after each *dash_every* characters, 0 is none.
    """

    length: int = 12
    format: CodeFormat = CodeFormat.ALPHANUMERIC
    prefix: str = ""
    suffix: str = ""
    dash_every: int = 0

    @property
    def possible(self) -> int:
        """How many codes there can be."""
        possible: int = len(_ALPHABETS[self.format]) ** self.length
        return possible

    def bits(self, codes: int) -> float:
        """How hard it is to guess one of so many *codes*, in bits."""
        return math.log2(self.possible) - math.log2(codes)

    def write(self, number: int) -> str:
        """Write a number below ``possible`` as a code."""
        alphabet = _ALPHABETS[self.format]
        characters = []
        for _ in range(self.length):
            number, digit = divmod(number, len(alphabet))
            characters.append(alphabet[digit])
        text, step = "".join(characters), self.dash_every
        if step:
            parts = (text[at : at + step] for at in range(0, self.length, step))
            text = "-".join(parts)
        return f"{self.prefix}{text}{self.suffix}"


@dataclass(frozen=True)
class CodesWanted:
    """How many codes are to be made; *keeps_length* though they can be guessed."""

    quantity: int
    pattern: CodePattern
    keeps_length: bool = False

    def settled(self, codes: int) -> tuple[CodePattern, tuple[Problem, ...]]:
        """Return the pattern for that many *codes* in all, and what was changed.

        Raises:
            InvalidInput: the length is kept, and there is no room for them.
        """
        pattern = self.pattern
        while pattern.bits(codes) < LEAST_BITS and not self.keeps_length:
            pattern = replace(pattern, length=pattern.length + 1)
        bits = int(pattern.bits(codes))
        if codes * _ROOM > pattern.possible:
            said = (
                f"there is no room for {codes:,} codes of {pattern.length} characters."
            )
            raise InvalidInput(Problem("length", said, "Write a greater one."))
        if pattern.length > self.pattern.length:
            said = f"it was raised to {pattern.length}, so that no code can be guessed."
            return pattern, (Problem("length", said),)
        if bits < LEAST_BITS:
            said = f"one of {codes:,} codes is guessed at {bits} of {LEAST_BITS} bits."
            return pattern, (Problem("length", said, "Let it be raised."),)
        return pattern, ()


def read(given: Mapping[str, Any], *, most: int = MOST_AT_ONCE) -> CodesWanted:
    """Read which codes are wanted, *most* of them at once.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    quantity = fields.whole("quantity", 1, least=1, most=most)
    if fields.raw("quantity") is None:
        fields.fault("quantity", "it is missing.", "Write how many codes to make.")
    wanted = CodesWanted(
        quantity=quantity,
        pattern=CodePattern(
            length=fields.whole("length", CodePattern.length, least=1, most=LONGEST),
            format=fields.choice("format", CodeFormat, CodePattern.format),
            prefix=_affix(fields, "prefix", _PREFIX),
            suffix=_affix(fields, "suffix", _SUFFIX),
            dash_every=fields.whole("dash_every", 0, most=LONGEST),
        ),
        keeps_length=fields.flag("keeps_length", default=False),
    )
    fields.finish()
    return wanted


def _affix(fields: Fields, name: str, form: re.Pattern[str]) -> str:
    text = fields.text(name, required=False)
    if not form.fullmatch(text):
        remedy = "Write up to 32 letters, digits, '-' and '_', a prefix without the"
        fields.fault(name, f"{text!r} cannot be used.", f"{remedy} last two in front.")
    return text
