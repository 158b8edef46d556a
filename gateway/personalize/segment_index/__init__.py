"""All segments of a website, decided in one pass; ``segments.match`` is the oracle.

Conditions become clauses (``clauses``), each of which is a bit (``bits``). What looks
at one attribute is looked up by its value (``columns``, ``lookups``, ``thresholds``),
what looks into one list by the elements' (``looks``); little is asked as it is
(``rows``). ``facts`` says what depends on the customer alone, ``members`` who is in a
segment whatever its conditions say, and ``index`` puts it together.
"""

from gateway.personalize.segment_index.index import SegmentIndex

__all__ = ["SegmentIndex"]
