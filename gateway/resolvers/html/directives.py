"""Template directives of Adobe Commerce that stand in content.

Two are kept for whoever shows the content, ``{{media url=...}}`` and
``{{store url=...}}``: they are the addresses of the shop's files and pages. All
others would have to be rendered by Adobe Commerce itself, and nothing does that here.
"""

from __future__ import annotations

import re

_QUOTE = r"\\*(?:\"|'|&quot;|&apos;|&\#3[49];)"
# Below the shop's own address: neither another host nor a way up.
_STEP = r"(?:(?!//|\.\.)[\w.~%/+,=?#@-])"
_DIRECTIVE = re.compile(
    rf"\{{\{{(media|store)\s+url=({_QUOTE})?({_STEP}*(?:\ +{_STEP}+)*)"
    r"(?(2)\2)\s*\}\}"
)
_OTHER = re.compile(rf"\{{\{{(?!(?:media|store) url={_STEP}*\}}\}})(\s*\w*)")


def normalised(content: str) -> str:
    """Return *content* with the quotes inside of directives left out.

    They may be the same as those of the HTML attribute around them, which would then
    end too early.
    """
    return _DIRECTIVE.sub(_without_quotes, content)


def refused(content: str) -> list[str]:
    """Return how each directive begins that cannot stay in *content*, once each."""
    return list(dict.fromkeys(found[0].strip() for found in _OTHER.finditer(content)))


def _without_quotes(directive: re.Match[str]) -> str:
    name, _, path = directive.groups()
    return f"{{{{{name} url={path.strip().replace(' ', '%20')}}}}}"
