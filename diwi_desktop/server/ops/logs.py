"""One JSON object per line on standard output, without anything of plans.

Of an error its type and the places in the code are told, and not its message: what a database or a parser says is wrong
often quotes the value.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
        }
        message = record.getMessage()
        told = _as_object(message)
        line |= told if told is not None else {"message": message}
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            line["error"] = kind.__name__
            line["where"] = _places(trace)
        return json.dumps(line, ensure_ascii=False)


def _as_object(message: str) -> dict[str, Any] | None:
    """What a line about a request says, which is JSON itself."""
    if not message.startswith("{"):
        return None
    try:
        told = json.loads(message)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def configure(level: str, stream: TextIO | None = None) -> logging.Handler:
    """Sends everything that is logged to one stream, as JSON lines; uvicorn's own lines too, but not its access log."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = name != "uvicorn.access"
    # They would repeat addresses and statements.
    for name in ("httpx", "httpcore", "alembic", "psycopg"):
        logging.getLogger(name).setLevel("WARNING")
    return handler
