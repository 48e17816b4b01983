"""The task that measures networks; its arrays are loaded once it is run.

A worker that has no network to measure keeps the memory that networkx takes.
"""

from importlib import import_module
from typing import Any

from flask import Flask

from irm.jobs.pulse import Report
from irm.models import Task
from irm.network.standing import TASK as KIND

__all__ = ["KIND", "run"]


def run(app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "network": its brand, else the `brands` it names by their ids, else all."""
    found: dict[str, Any] = import_module("irm.jobs.network.runs").run(app, task, report)
    return found
