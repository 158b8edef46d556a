"""The rule book: every active rule of one website at one revision, immutable.

``book`` is what decisions are made with, ``compiled`` makes it of what is stored,
and ``requirements`` says what must be in it for something else to be.
"""

from gateway.personalize.rulebook.book import Fault, RuleBook, StoreView
from gateway.personalize.rulebook.compiled import Row, Rows, compile

__all__ = ["Fault", "Row", "Rows", "RuleBook", "StoreView", "compile"]
