"""The generated pages of docs/, and whether they are what the code now says.

``pages`` lists them, ``conditions``, ``actions`` and ``limits`` write the parts of the
reference. To generate one more page, add it to ``pages.PAGES``.
"""

from gateway.snapshots.pages import PAGES, Page

__all__ = ["PAGES", "Page"]
