"""What a review decided of somebody, in a sentence; for pages, files and mails alike."""

import datetime as dt
from collections.abc import Callable

from irm.funnel.minutes import Entry
from irm.i18n import _
from irm.models import Decision


def sentence(entry: Entry, say_day: Callable[[dt.date], str]) -> str:
    """What was decided; `say_day` writes a day: a page and a mail each have their own way."""
    if entry.decision is None:
        return _("Nothing decided; stands at “%(stage)s”", stage=entry.stage.label)
    if entry.decision is Decision.PLANNED and entry.due_on:
        return _planned(entry, say_day(entry.due_on))
    if entry.decision is Decision.MOVED and entry.start and entry.end:
        way = _("From “%(start)s” to “%(end)s”", start=entry.start.label, end=entry.end.label)
        return f"{way}. {entry.reason}" if entry.reason else f"{way}."
    if entry.decision is Decision.PAUSED and entry.paused_until:
        paused = _("Paused until %(day)s", day=say_day(entry.paused_until))
        return f"{paused}. {entry.paused_why}" if entry.paused_why else paused
    if entry.decision is Decision.STAYS:
        return _("Stays at “%(stage)s”", stage=entry.stage.label)
    return str(entry.decision.label)


def _planned(entry: Entry, day: str) -> str:
    what = entry.purpose or _("A contact")
    if not entry.owner:
        return _("%(what)s: %(day)s", what=what, day=day)
    return _("%(what)s: %(name)s, %(day)s", what=what, name=entry.owner, day=day)
