"""How the server logs: one structured line per life-cycle step, no name, token, address, SDP or chat text in any of them."""

from __future__ import annotations

import logging
import sys
from typing import Final

import structlog

__all__ = ["configure_logging"]

# These write packets, addresses or request lines; what they have to say is told by our own lines.
_SILENT: Final = ("engineio", "socketio", "aiohttp.access", "aiortc", "aioice", "aiosqlite", "asyncio")


def configure_logging(form: str, level: str) -> None:
    """Send structured lines to standard error, as JSON or for a human's eye; ``level`` is the least that is written."""
    number = logging.getLevelNamesMapping()[level.upper()]
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.ERROR)
    if form == "json":
        # Without local variables: they hold tokens and names.
        rendering: list[structlog.typing.Processor] = [
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ]
    else:
        rendering = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *rendering,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
