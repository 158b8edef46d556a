"""Store views: the language faces of a website."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.personalize.fields import Fields

# Of BCP 47 what shops use: a language, perhaps a script, perhaps a country.
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


@dataclass(frozen=True)
class StoreViewDefinition:
    """A store view as an admin writes it.

    *website* is a code and stays once it is saved; *locale* is a BCP 47 tag.
    """

    code: str
    website: str
    name: str
    locale: str


def read(given: Mapping[str, Any]) -> StoreViewDefinition:
    """Read a definition from what an admin or a file wrote.

    Raises:
        InvalidInput: with every field at fault.
    """
    fields = Fields(given)
    definition = StoreViewDefinition(
        code=fields.key("code"),
        website=fields.key("website"),
        name=fields.text("name"),
        locale=fields.text("locale"),
    )
    locale = definition.locale
    if locale and not _LOCALE.fullmatch(locale):
        meant = locale.replace("_", "-")
        remedy = "Write a language, or one with a country, such as 'de' or 'de-AT'."
        if _LOCALE.fullmatch(meant):
            remedy = f"Did you mean {meant!r}?"
        fields.fault("locale", f"{locale!r} is not a locale.", remedy)
    fields.finish()
    return definition
