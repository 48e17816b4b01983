"""Logs: one line for each event, whoever writes it and whatever somebody typed."""

import json
import logging

import pytest
import structlog

from irm.cli import logs

#: What would begin a line of its own, or turn a terminal's colours, if it were written as it is.
FORGED = 'x\n{"event": "all is well"}\r\n\x1b[2J\u2028y'


@pytest.fixture
def configured(capsys):
    """Write logs in a format for this test; returns what stderr got."""
    root = logging.getLogger()
    before = list(root.handlers)

    def use(log_format):
        logs.configure(log_format)
        return lambda: capsys.readouterr().err

    yield use
    root.handlers[:] = before
    structlog.reset_defaults()


def test_each_event_is_one_object_on_one_line_whatever_it_holds(configured):
    written = configured("json")

    structlog.get_logger("irm.jobs").warning(FORGED, who=FORGED)
    logging.getLogger("irm").error("unexpected failure %s", FORGED)
    try:
        raise ValueError(FORGED)
    except ValueError as error:
        logging.getLogger("irm").exception("failure", exc_info=error)

    lines = written().rstrip("\n").split("\n")
    events = [json.loads(line) for line in lines]
    assert [one["level"] for one in events] == ["warning", "error", "error"]
    assert all(one["timestamp"].endswith("Z") for one in events)
    assert events[0]["who"] == FORGED
    assert "Traceback" in events[2]["exception"]
    assert not any(sign in line for line in lines for sign in "\r\x1b\u2028")


def test_people_read_what_libraries_write_in_the_same_shape(configured):
    written = configured("console")

    logging.getLogger("irm").warning("somebody knocks")
    structlog.get_logger().info("somebody works", job="remind")

    [first, second] = written().splitlines()
    assert "warning" in first
    assert "somebody knocks" in first
    assert "job=remind" in second
