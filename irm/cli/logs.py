"""Where logs go and how they look: to stderr, so that what a command prints stays clean."""

import logging
import sys
from typing import Any

import structlog

#: Libraries whose warnings are of no use to whoever runs irm.
QUIET = ("apscheduler",)


def configure(log_format: str) -> None:
    """Write logs as IRM_LOG_FORMAT says: for people (`console`) or for machines (`json`)."""
    last: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Asked anew each time: stderr may be another one by then.
        logger_factory=lambda *_arguments: structlog.PrintLogger(sys.stderr),
    )
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
