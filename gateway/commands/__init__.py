"""The commands: each a module with ``add_arguments`` and ``run``.

To add one, write its module and enter its name into ``COMMANDS``, with the first line
of the module's docstring. A module is imported when its command is asked for: the
doors alone take longer to import than most commands take to do their work.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from types import ModuleType

COMMANDS: Mapping[str, str] = {
    "serve": "Serve both doors: /graphql for storefronts, /admin/graphql for admin"
    " UIs.",
    "migrate": "Bring the database to the state this version works with.",
    "import": "Import a directory of products, customers, orders and rules.",
    "coupons": "Generate coupon codes for a cart price rule, export them, and check"
    " their counters.",
    "prices": "Write what every product costs every customer group, as CSV.",
    "demo": "Load the demo store and serve it, with example shoppers to look at it"
    " with.",
    "events": "Drop events that are older than they are to be kept.",
    "segments": "Match all customers with segments in bulk, and export who is in them.",
    "token": "Make, list and revoke tokens for the admin door and for a shop's server.",
}


def load(name: str) -> ModuleType:
    """Import the module of the command that is called *name*."""
    module = f"{name}_" if iskeyword(name) else name
    return import_module(f"{__name__}.{module}")
