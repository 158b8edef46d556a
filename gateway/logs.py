"""Log lines for machines or for people; neither names a shopper or a coupon."""

from __future__ import annotations

import logging
import logging.config
import sys
from datetime import UTC, datetime

import orjson

LONGEST_LINE = 1000


class JsonLines(logging.Formatter):
    """One JSON object a line; a traceback is one of its members."""

    def format(self, record: logging.LogRecord) -> str:
        """Write *record*; line breaks in it are escaped like any other text."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()[:LONGEST_LINE],
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


def configure(log_format: str, log_level: str) -> None:
    """Send every log line to standard error, as *log_format* and from *log_level*.

    The server's access log is left out: it holds whole query strings.
    """
    handler = logging.StreamHandler(sys.stderr)
    if log_format == "json":
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(log_level.upper())
    logging.getLogger("uvicorn.access").disabled = True
    # It writes the URLs of key sets with their queries.
    logging.getLogger("httpx").setLevel(logging.WARNING)
