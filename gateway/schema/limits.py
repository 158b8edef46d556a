"""How much one request may ask for, and what it hears when it asks for more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLError

from gateway.schema.errors import Category
from gateway.schema.measure import Figures

# What is too much, as it stands between "The document" and the number accepted.
PHRASES = {
    "tokens": "has more than {} tokens",
    "operations": "holds {} operations",
    "depth": "nests fields {} deep",
    "fields": "asks for {} fields, counting a fragment's wherever it is spread",
    "root_fields": "asks for {} root fields in one operation",
    "aliases": "uses {} aliases",
    "directives": "uses {} directives",
    "fragments": "spreads fragments {} times, counting those inside fragments",
    "list_items": "holds a list of {} items",
    "page_size": "asks for a page of {}",
    "cost": "costs {}, which is its fields times the sizes of the lists around them",
}
# These depend on the values of variables too, so they are looked at each time.
WITH_VARIABLES = ("page_size", "cost")
# Tokens are counted while a document is parsed.
BEFORE_RULES = tuple(one for one in PHRASES if one not in {"tokens", *WITH_VARIABLES})
LARGEST_SAID = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one request may ask of one door; each number is the largest accepted.

    Attributes:
        body_bytes: Size of a request's body, or of the part after ``?``.
        body_seconds: Time in which a body has to arrive.
        request_seconds: Time in which an answer has to be ready.
        in_flight: Requests that one worker works on at once.
        json_depth: Nesting of objects and lists in a body.
        tokens: Words and signs of a document, and also its comments.
        operations: Operations in one document.
        depth: Nesting of fields; asking for the whole schema takes 15.
        fields: Fields of all operations, a fragment's as often as it is spread.
        root_fields: Fields at the top of one operation.
        aliases: Aliases, counted as fields are.
        directives: Directives, counted as fields are.
        fragments: Spreads of fragments, counted as fields are.
        list_items: Items of one list in a document or in its variables.
        page_size: What a field may ask for in one page.
        default_page: Items that a list without a page size is priced at.
        cost: Fields, each times the sizes of the lists it stands in.
        errors: Errors of one document that are reported.
        introspection: Whether the schema may be asked for; if not, errors neither
            name its types and fields nor suggest any.
        remembered_bytes: Memory for documents that were checked before.
        setting: Name of a limit's setting, ``{}`` standing for the limit's name.
        settings: Names that are formed otherwise; empty for what nobody can set.
    """

    body_bytes: int = 65_536
    body_seconds: float = 5.0
    request_seconds: float = 10.0
    in_flight: int = 64
    json_depth: int = 32
    tokens: int = 1_000
    operations: int = 5
    depth: int = 20
    fields: int = 500
    root_fields: int = 10
    aliases: int = 30
    directives: int = 30
    fragments: int = 100
    list_items: int = 250
    page_size: int = 100
    default_page: int = 10
    cost: int = 1_000
    errors: int = 3
    introspection: bool = True
    remembered_bytes: int = 33_554_432
    setting: str = "MAX_{}"
    settings: Mapping[str, str] = field(default_factory=dict)

    def remedy(self, limit: str, otherwise: str) -> str:
        """Say what to do about *limit*: *otherwise*, or raise its setting."""
        setting = self.setting_for(limit)
        return f"{otherwise}, or raise {setting}." if setting else f"{otherwise}."

    def setting_for(self, limit: str) -> str:
        """Name the setting that changes *limit*; empty if there is none."""
        return self.settings.get(limit, self.setting.format(limit.upper()))

    def excess(
        self, limit: str, measured: int, subject: str = "The document"
    ) -> GraphQLError:
        """Make the error that says by how much *subject* is over a limit."""
        accepted = getattr(self, limit)
        said = f"{measured:,}"
        if measured > LARGEST_SAID:
            said = f"more than {LARGEST_SAID:,}"
        return GraphQLError(
            f"{subject} {PHRASES[limit].format(said)}; the limit is {accepted:,}."
            f" {self.remedy(limit, 'Ask for less at once')}",
            extensions={
                "category": Category.INPUT,
                "limit": limit,
                "measured": min(measured, LARGEST_SAID),
                "accepted": accepted,
                "setting": self.setting_for(limit),
            },
        )

    def excesses(self, figures: Figures, limits: Iterable[str]) -> list[GraphQLError]:
        """List the *limits* that *figures* are over, at most ``errors`` of them."""
        return [
            self.excess(limit, getattr(figures, limit))
            for limit in limits
            if getattr(figures, limit) > getattr(self, limit)
        ][: self.errors]
