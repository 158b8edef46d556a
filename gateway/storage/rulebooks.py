"""The rule book and the catalogue of each website, held until they are outdated."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from gateway.personalize import product_search, related_product_rules, rulebook
from gateway.personalize.attributes import Attributes, DeclaredAttribute
from gateway.personalize.context import Website
from gateway.personalize.errors import NotFound, Problem
from gateway.personalize.grammar import Limits
from gateway.personalize.operators import Kind
from gateway.personalize.prices import PriceList
from gateway.personalize.products import Catalogue
from gateway.personalize.rulebook import Row, Rows, RuleBook, StoreView
from gateway.storage import catalogues
from gateway.storage.catalogues import Changes
from gateway.storage.database import Connection, Database
from gateway.storage.errors import StorageError
from gateway.storage.sql import queries

logger = logging.getLogger("gateway.rulebooks")

SQL = queries("rulebooks")


@dataclass(frozen=True)
class Revisions:
    """Where a website stands in the database; *website_id* is never used again."""

    website_id: int
    rules: int
    catalogue: int


@dataclass(frozen=True)
class Held:
    """What this worker holds of one website, replaced whole."""

    rulebook: RuleBook
    catalogue: Catalogue
    price_list: PriceList

    def is_as_new_as(self, revisions: Revisions) -> bool:
        """Whether it was made from *revisions* or later ones."""
        return (
            self.rulebook.website.id >= revisions.website_id
            and self.rulebook.revision >= revisions.rules
            and self.catalogue.revision >= revisions.catalogue
        )


class RuleBooks:
    """The rule book and the catalogue of every website.

    Whoever read a newer revision in the database asks for at least that one, so no
    decision is made with rules that were already replaced when it began. Listening
    for changes (see `revisions`) only makes it likely that nobody has to wait.
    """

    def __init__(
        self,
        database: Database,
        limits: Limits | None = None,
        clean: Callable[[str], str] = str,
    ) -> None:
        """Hold what *database* has; *clean* makes stored HTML harmless."""
        self._database = database
        self._clean = clean
        self._limits = limits or Limits()
        self._held: dict[str, Held] = {}
        self._websites: frozenset[str] = frozenset()
        self._failed: dict[str, Revisions] = {}
        self._loading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def held(self) -> Mapping[str, Held]:
        """What is held now, by website, in the order of their making."""
        return self._held

    @property
    def websites(self) -> frozenset[str]:
        """The codes of all websites, also of those that could not be loaded."""
        return self._websites.union(self._held)

    async def at_least(self, website: str, revisions: Revisions) -> Held:
        """Return what is held of *website*, made from *revisions* or later ones.

        Raises:
            NotFound: there is no such website.
        """
        held = self._held.get(website)
        if held is not None and held.is_as_new_as(revisions):
            return held
        async with self._loading[website]:
            held = self._held.get(website)
            if held is None or not held.is_as_new_as(revisions):
                held = self._held[website] = await self._loaded(website, held)
            return held

    async def refresh(self) -> None:
        """Load whatever has changed; websites that are gone are let go."""
        rows = await self._database.read(SQL.revisions)
        codes = [row["code"] for row in rows]
        self._websites = frozenset(codes)
        for row in rows:
            await self._refresh(
                row["code"],
                Revisions(row["id"], row["revision"], row["catalogue_revision"]),
            )
        self._held = {code: self._held[code] for code in codes if code in self._held}

    def find_store_view(self, code: str) -> tuple[Website, str] | None:
        """Return the website of store view *code*, and the code.

        No code means the first store view of the first website; a website may have
        none, and its code is then empty.
        """
        for held in self._held.values():
            codes = [view.code for view in held.rulebook.store_views]
            if not code:
                return held.rulebook.website, codes[0] if codes else ""
            if code in codes:
                return held.rulebook.website, code
        return None

    async def _refresh(self, website: str, revisions: Revisions) -> None:
        try:
            await self.at_least(website, revisions)
        except StorageError:
            raise
        except NotFound:
            # It was deleted since its revisions were read.
            self._held.pop(website, None)
            self._websites -= {website}
        except Exception:
            # One website, whatever was written into its row, must not stop others.
            if self._failed.get(website) != revisions:
                logger.exception("website %s could not be loaded", website)
            self._failed[website] = revisions

    async def _loaded(self, website: str, held: Held | None) -> Held:
        rows = await self._database.read(SQL.rule_books, None, None, [website])
        if not rows:
            raise NotFound(Problem("", f"there is no website {website!r}."))
        row = dict(rows[0])
        is_same = held is not None and held.rulebook.website.id == row["id"]
        changes = await catalogues.changes(
            self._database, website, held.catalogue if held and is_same else None
        )
        # Large ones take a while, in which other requests are answered.
        loaded = await asyncio.to_thread(
            self._made, row, changes, held if is_same else None
        )
        for fault in loaded.rulebook.faults:
            logger.warning(
                "left out: %s %s: %s", fault.subject, fault.key, fault.reason
            )
        return loaded

    def _made(
        self, row: Mapping[str, Any], changes: Changes, held: Held | None
    ) -> Held:
        book = _compile(row, self._limits, self._clean)
        catalogue = changes.applied()
        before = held.price_list if held else None
        made = Held(book, catalogue, book.price_list(catalogue, before))
        book.prepare()
        related_product_rules.prepare(
            made.rulebook.related_product_rules, made.catalogue
        )
        product_search.prepare(made.catalogue)
        return made


def declared(rows: Sequence[Mapping[str, Any]]) -> Attributes:
    """Return the attributes that conditions may use, the shop's own included."""
    return Attributes(
        DeclaredAttribute(
            row["entity"],
            row["code"],
            Kind(row["kind"]),
            row["label"],
            row["in_conditions"],
        )
        for row in rows
    )


async def attributes(database: Database) -> Attributes:
    """Read which attributes conditions may use now."""
    return declared([dict(row) for row in await database.read(SQL.attributes)])


async def books_of(
    connection: Connection,
    subject: str,
    keys: Collection[str],
    websites: Collection[str],
    limits: Limits,
) -> Sequence[RuleBook]:
    """Return rule books of *websites* with some definitions of a *subject* alone.

    What they ask for is in them as well, so that they say of these definitions what
    the whole ones do. The book of a website whose time zone is none is left out.
    """
    rows = await connection.fetch(SQL.rule_books, subject, [*keys], [*websites])
    books = []
    for row in rows:
        with suppress(ZoneInfoNotFoundError, ValueError):
            books.append(_compile(dict(row), limits, str))
    return books


def _compile(
    row: Mapping[str, Any], limits: Limits, clean: Callable[[str], str]
) -> RuleBook:
    def rows(subject: str) -> list[Row]:
        return [Row(one["id"], one["given"]) for one in row[subject]]

    blocks = [Row(one.id, _cleaned(one.given, clean)) for one in rows("dynamic_blocks")]

    return rulebook.compile(
        Website(
            row["code"],
            row["timezone"],
            row["currency"],
            row["id"],
            row["most_discount"],
        ),
        Rows(
            segments=rows("segments"),
            cart_price_rules=rows("cart_price_rules"),
            dynamic_blocks=blocks,
            related_product_rules=rows("related_product_rules"),
            audiences=frozenset(row["audiences"]),
            catalogue_price_rules=rows("catalogue_price_rules"),
        ),
        declared(row["attributes"]),
        revision=row["revision"],
        store_views=tuple(
            StoreView(view["code"], view["name"], view["locale"])
            for view in row["store_views"]
        ),
        limits=limits,
    )


def _cleaned(given: Mapping[str, Any], clean: Callable[[str], str]) -> dict[str, Any]:
    """Clean a block's contents again: a row may have been written by hand."""
    contents = given["content_by_store_view"]
    if isinstance(contents, Mapping):
        contents = {view: clean(str(html)) for view, html in contents.items()}
    return {
        **given,
        "content": clean(given["content"]),
        "content_by_store_view": contents,
    }
