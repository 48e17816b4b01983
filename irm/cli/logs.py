"""Where logs go and how they look: to stderr, so that what a command prints stays clean."""

import logging
import sys
from typing import Any, TextIO

import structlog

#: Libraries whose warnings are of no use to whoever runs irm.
QUIET = ("apscheduler",)


class _ToStderr(logging.StreamHandler[TextIO]):
    """Writes to what stderr is at the moment: it may be another one by then."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def configure(log_format: str) -> None:
    """Write logs as IRM_LOG_FORMAT says: for people (`console`) or for machines (`json`).

    What Flask and other libraries log looks the same: whoever collects lines gets one kind.
    """
    last: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    first: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*first, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Asked anew each time: stderr may be another one by then.
        logger_factory=lambda *_arguments: structlog.PrintLogger(sys.stderr),
    )
    handler = _ToStderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=first,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    # Said twice, as when one process runs two commands, each line stands once.
    root.handlers[:] = [one for one in root.handlers if not isinstance(one, _ToStderr)] + [handler]
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
