"""The commands: each a module with ``add_arguments`` and ``run``.

To add one, write its module and enter it into ``COMMANDS``; the first line of the
module's docstring is what ``gateway --help`` says of it.
"""

from __future__ import annotations

from types import ModuleType

from gateway.commands import (
    coupons,
    demo,
    events,
    import_,
    migrate,
    prices,
    segments,
    serve,
    token,
)

COMMANDS: dict[str, ModuleType] = {
    "serve": serve,
    "migrate": migrate,
    "import": import_,
    "coupons": coupons,
    "prices": prices,
    "demo": demo,
    "events": events,
    "segments": segments,
    "token": token,
}
