"""HTML that shoppers are shown: only what an allow list knows, and no programs.

Content of dynamic blocks is checked when it is saved, so that its author hears what
was removed, and cleaned again when a rule book is loaded. ``allowed`` is what may
stay; to admit more, add to its tables.
"""

from gateway.resolvers.html.cleaning import Checked, check, clean

__all__ = ["Checked", "check", "clean"]
