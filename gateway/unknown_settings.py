"""Names that look like settings and are none, with those that may be meant."""

import difflib
import re
from collections.abc import Iterable

PREFIX = "GATEWAY_"

# Hosting platforms set these two by themselves.
BARE = frozenset({"DATABASE_URL", "CACHE_URL"})

# Kubernetes sets these in every pod beside a service that is called `gateway`.
_OF_KUBERNETES = re.compile(
    r"GATEWAY_(SERVICE_(HOST|PORT)(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)"
)


def problems(environ: Iterable[str], known: set[str]) -> list[str]:
    """Say every name that starts as ours do and is none, with the nearest that is."""
    return [
        f"{name} is not a setting; did you mean {_nearest(name, known)}?"
        for name in sorted(environ)
        if name.startswith(PREFIX)
        and name not in known
        and not _OF_KUBERNETES.fullmatch(name)
    ]


def _nearest(name: str, known: set[str]) -> str:
    """The setting that was meant, whose last words may have been left out."""
    bare = name.removeprefix(PREFIX)
    if bare in BARE:
        return bare

    def likeness(candidate: str) -> float:
        beginning = candidate[: len(name)]
        return max(
            difflib.SequenceMatcher(None, name, other).ratio()
            for other in (candidate, beginning)
        )

    return max(sorted(known), key=likeness)
