"""What may stay in content: elements, attributes, and what stands in them.

It is what Page Builder makes, less everything that runs, frames, submits or covers
the page. Forms, frames, SVG and style sheets are deliberately not here.
"""

from __future__ import annotations

import re

from gateway.resolvers.html.styles import cleaned_style

_ELEMENTS = """
    a abbr address article aside audio b bdi bdo blockquote br button caption cite
    code col colgroup dd del details dfn div dl dt em figcaption figure footer
    h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark nav ol p picture
    pre q rp rt ruby s samp section small source span strong sub summary sup table
    tbody td tfoot th thead time tr track u ul var video wbr
"""
ELEMENTS = set(_ELEMENTS.split())

# Of these nothing is left; of other elements that are removed, the text stays.
_DROPPED_WITH_CONTENT = """
    applet frameset iframe math noembed noframes noscript object option plaintext
    script select style svg template textarea title xmp
"""
DROPPED_WITH_CONTENT = set(_DROPPED_WITH_CONTENT.split())

ATTRIBUTES = {
    "*": {"class", "dir", "hidden", "id", "lang", "role", "style", "title"},
    "a": {"download", "href", "hreflang", "rel"},
    "audio": {"controls", "loop", "muted", "preload", "src"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {
        *("alt", "decoding", "fetchpriority", "height", "loading", "sizes", "src"),
        *("srcset", "width"),
    },
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"default", "kind", "label", "src", "srclang"},
    "video": {
        *("autoplay", "controls", "height", "loop", "muted", "playsinline"),
        *("poster", "preload", "src", "width"),
    },
}
ATTRIBUTE_PREFIXES = {"aria-", "data-"}
ATTRIBUTE_VALUES = {"a": {"target": {"_blank", "_self"}}}
# A button inside a form of the page would submit it.
ATTRIBUTES_SET = {"button": {"type": "button"}}

SCHEMES = {"http", "https", "mailto", "tel"}
_OF_RESOURCES = frozenset({"http", "https"})
_RESOURCES = frozenset({"src", "srcset", "poster"})
_LINKS = frozenset({"href", "cite"})
_RELATIONS = frozenset({"nofollow", "noopener", "noreferrer", "sponsored", "ugc"})

# Libraries of the page read these as programs, or fetch and run what they name:
# Knockout and Magento, AngularJS, htmx, Datastar, Alpine, Stimulus, Bootstrap.
_PROGRAM = re.compile(
    r"data-(bind|mage-init|ng|hx|x|on|v|init|effect|computed|signals|action"
    r"|controller|attr|class|style|text|show|template|toggle|html|content-html"
    r"|bs-toggle|bs-html|bs-template|bs-content)([-:_.].*)?"
)
# With a hyphen an id cannot stand in for a variable of the page's own programs.
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*-[A-Za-z0-9_-]*")
_SCHEME = re.compile(r"([^/?#]*?):")
_IGNORED_IN_URLS = re.compile(r"[\x00-\x20\x7f]+")


def cleaned_value(tag: str, attribute: str, value: str) -> str | None:  # noqa: ARG001
    """Return what may stay of an attribute's value; None removes the attribute."""
    if attribute == "style":
        return cleaned_style(value)
    if attribute == "id":
        return value if _ID.fullmatch(value) else None
    if attribute == "rel":
        kept = [word for word in value.lower().split() if word in _RELATIONS]
        return " ".join(kept) or None
    if attribute == "srcset":
        parts = (part.strip() for part in value.split(","))
        return value if all(_is_safe(part, _OF_RESOURCES) for part in parts) else None
    if attribute in _RESOURCES:
        return value if _is_safe(value, _OF_RESOURCES) else None
    if attribute in _LINKS:
        return value if _is_safe(value, SCHEMES) else None
    if _PROGRAM.fullmatch(attribute):
        return None
    return value


def _is_safe(url: str, schemes: frozenset[str] | set[str]) -> bool:
    """Whether *url* is relative or of one of *schemes*, as a browser reads it."""
    read = _IGNORED_IN_URLS.sub("", url)
    # In front of a directive, text would decide what its URL turns out to be.
    if read.rfind("{{") > 0:
        return False
    scheme = _SCHEME.match(read)
    return scheme is None or scheme[1].lower() in schemes
