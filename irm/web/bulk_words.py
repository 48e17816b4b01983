"""A change of many people in words: what is asked for, what it does to each, what was left."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import select

from irm.db import db
from irm.funnel.bulk_changes import COMPUTED
from irm.funnel.bulk_edit import Outcome
from irm.i18n import LazyText, _, _l, _n
from irm.models import BulkEdit, Stage, Tag, Tier, User
from irm.web import ageing
from irm.web.words import words


def asked(edit: BulkEdit) -> list[str]:
    """What a change asks for."""
    changes, said = edit.changes, []
    if "owner" in changes:
        owner = db.session.get(User, changes["owner"]) if changes["owner"] else None
        said.append(_("Owner: %(name)s", name=owner.name if owner else _("nobody")))
    if "stage" in changes:
        said.append(_("Stage: %(name)s", name=Stage(changes["stage"]).label))
    if "tier" in changes:
        is_computed = changes["tier"] == COMPUTED
        tier = _("by the audience") if is_computed else Tier(changes["tier"]).label
        said.append(_("Tier: %(name)s", name=tier))
    if "add_tags" in changes:
        said.append(_("Tags put on: %(names)s", names=", ".join(changes["add_tags"])))
    if "remove_tags" in changes:
        names = _tags(changes["remove_tags"]).values()
        said.append(_("Tags taken off: %(names)s", names=", ".join(names) or "–"))
    if "pause" in changes:
        until = words().date[dt.date.fromisoformat(changes["pause"]["until"])]
        said.append(_("Paused until %(day)s: %(why)s", day=until, why=changes["pause"]["why"]))
    if "archive" in changes:
        said.append(_("Put into the archive") if changes["archive"] else _("Out of the archive"))
    return said


def details(edit: BulkEdit, some: Iterable[Outcome]) -> list[tuple[Outcome, list[str]]]:
    """What changes of each of these people, from what to what."""
    some = list(some)
    owners = {id for one in some for id in one.changed.get("owner", ()) if id}
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(owners)))
    names = dict(found.all()) if owners else {}
    tags = _tags(edit.changes["remove_tags"]) if "remove_tags" in edit.changes else {}
    said: dict[str, Callable[[list[Any], list[Any]], str]] = {
        "owner": partial(_from_to, _l("Owner"), lambda id: names.get(id, "–")),
        "stage": partial(_from_to, _l("Stage"), lambda value: Stage(value).label),
        "tier": _tier,
        "add_tags": lambda _off, on: _("Tags put on: %(names)s", names=", ".join(on)),
        "remove_tags": lambda off, _on: _(
            "Tags taken off: %(names)s", names=", ".join(tags.get(id, "–") for id in off)
        ),
        "pause": partial(_from_to, _l("Pause"), _until),
        "archive": partial(
            _from_to, _l("Archive"), lambda is_in: _("in it") if is_in else _("not in it")
        ),
    }
    return [(one, [said[what](*pair[:2]) for what, pair in one.changed.items()]) for one in some]


def of_problem(code: str) -> LazyText | str:
    """Why somebody was left out."""
    return _PROBLEMS.get(code, code)


def unproven(counted: Mapping[str, int]) -> list[str]:
    """How many moves rest on the reason alone, and why."""
    said = []
    if n := counted.get("uncovered"):
        said.append(
            _n(
                "%(n)s move is not covered by evidence: the reason stands for it.",
                "%(n)s moves are not covered by evidence: the reason stands for them.",
                n,
            )
        )
    if n := counted.get("back"):
        said.append(_n("%(n)s person goes back.", "%(n)s people go back.", n))
    return said


def of_kept(code: str) -> LazyText | str:
    """What was left alone when a change was taken back, and why."""
    return _KEPT.get(code, code)


_PROBLEMS = {
    "gone": _l("no longer in this brand’s list"),
    "archived": _l("archived: restore them first, then move them"),
    "other_brand": _l("another brand works with them too, so they cannot be put away"),
}

_KEPT = {
    "owner": _l("The owner was changed since, or has left"),
    "stage": _l("The stage was changed since"),
    "tier": _l("The tier was changed since"),
    "pause": _l("The pause was changed since"),
    "remove_tags": _l("A tag is no longer there"),
}


def _from_to(field: LazyText, word: Callable[[Any], object], before: Any, after: Any) -> str:
    return _(
        "%(field)s: %(before)s → %(after)s", field=field, before=word(before), after=word(after)
    )


def _until(held: list[str | None]) -> str:
    """A pause in words; one that is over is none."""
    until = dt.date.fromisoformat(held[0]) if held[0] else None
    if until is None or until <= ageing.rule().day:
        return _("not paused")
    return _("until %(day)s", day=words().date[until])


def _tier(before: list[Any], after: list[Any]) -> str:
    """The tier, and whether it is the audience's where it stays the same word."""
    tiers = [str(Tier(before[0]).label), str(Tier(after[0]).label)]
    if tiers[0] == tiers[1]:
        tiers[1] = _("set by hand") if after[1] else _("by the audience")
    return _from_to(_l("Tier"), str, *tiers)


def _tags(ids: list[int]) -> dict[int, str]:
    found = db.session.execute(
        select(Tag.id, Tag.name).where(Tag.id.in_(ids)).order_by(Tag.name_key)
    )
    return dict(found.all())
