"""A moment on the command line."""

import datetime as dt
from zoneinfo import ZoneInfo

import click
from flask import current_app

from irm.errors import Refused
from irm.i18n import _l

#: Nobody means a moment outside these years; a date that far breaks every calendar.
YEARS = range(2000, 2100)


class Moment(click.ParamType[dt.datetime]):
    """`2026-11-21T08:30`, with or without a zone; without one it is in IRM_TIMEZONE."""

    name = "time"

    def convert(
        self,
        value: str | dt.datetime,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> dt.datetime:
        """Return the moment in UTC. Raises Refused where it is none."""
        if isinstance(value, dt.datetime):
            return value
        try:
            moment = dt.datetime.fromisoformat(value.strip())
        except ValueError:
            moment = None
        if moment is None or moment.year not in YEARS:
            raise Refused(
                _l("“%(value)s” is not a time; write it as 2026-11-21T08:30.", value=value[:60])
            )
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(current_app.config["IRM"].timezone))
        return moment.astimezone(dt.UTC)


MOMENT = Moment()
