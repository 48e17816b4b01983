"""Who did what, to whom, when: for a lead of her brand, for administrators of all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from sqlalchemy import select

from irm import clock
from irm.access import Permission, has_brand, here, me, require
from irm.audit import Action, record
from irm.db import db
from irm.directory import audits
from irm.directory.audits import Asked, Entry
from irm.errors import NotFound, Refused
from irm.i18n import LazyText, _, _l
from irm.models import BrandMember, Influencer, Relationship, User
from irm.web import audit_words, filters, tables
from irm.web.answers import Answer
from irm.web.audit_words import WORDS, Area, Names
from irm.web.reentry import entered_lately
from irm.web.words import words

bp = Blueprint("audits", __name__)

#: Entries on one page, and in one file: the newest.
PAGE, MOST = 50, 10_000


class Row(NamedTuple):
    """One entry as the page says it."""

    entry: Entry
    by: str
    what: str
    person: str
    is_there: bool
    details: list[str]
    brand: str
    #: The address of all that was done with this person.
    only: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the address asks for: as it says it, and as it is looked for."""

    query: dict[str, str]
    asked: Asked
    #: None: all brands.
    brand_id: int | None
    #: Why nothing can be found by it, if so.
    fault: LazyText | None = None


@bp.get("/settings/audit")
def index() -> Answer:
    """The newest entries, or those before one of them."""
    require(Permission.AUDIT)
    said = _read(request.args)
    before = _number(request.args.get("before", ""))
    found: Sequence[Entry] = ()
    if said.fault is None:
        found = audits.entries(db.session, said.brand_id, said.asked, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    known = audit_words.names(db.session, shown)
    older = {"before": str(shown[-1].id)} if len(found) > PAGE else {}
    page = render_template(
        "settings/audit.html",
        rows=[_row(one, known, said) for one in shown],
        query=said.query,
        older=filters.address("/settings/audit", said.query, older) if older else "",
        newest=filters.address("/settings/audit", said.query) if before is not None else "",
        without_person=filters.address("/settings/audit", {**said.query, "person": ""}),
        person=_person(said),
        colleagues=_colleagues(said.brand_id),
        areas=_areas(said),
        is_beyond=_is_beyond(said),
        words_of=WORDS,
        all_brands=said.brand_id is None,
        most=MOST,
        fault=said.fault,
    )
    return (page, Refused.status) if said.fault else page


@bp.post("/settings/audit/file")
@entered_lately
def export() -> Answer:
    """What the page is asked for as CSV; that it was taken out is recorded too."""
    require(Permission.AUDIT)
    said = _read(request.form)
    if said.fault is not None:
        raise Refused(said.fault)
    found = audits.entries(db.session, said.brand_id, said.asked, before=None, limit=MOST)
    known = audit_words.names(db.session, found)
    headings = [_("When"), _("Who"), _("What"), _("About"), _("Details"), _("Brand"), _("Action")]
    answer, count = tables.sent(
        _("audit"), headings, (_cells(_row(one, known, said)) for one in found)
    )
    at, rows = clock.now(), {"brand_id": said.brand_id, "rows": count}
    record(db.session, me(), Action.AUDIT_EXPORTED, at, **rows)
    db.session.commit()
    return answer


def _read(given: Any) -> Said:
    """What an address or a form asks for. Raises Refused where it asks for nothing known."""
    query = {name: given.get(name, "").strip()[:60] for name in ("who", "what", "person")}
    query |= {name: given.get(name, "").strip()[:10] for name in ("from", "to")}
    query["of"] = "brand" if me().is_admin and has_brand() and given.get("of") == "brand" else ""
    zone, first, last = words().zone, _day(query["from"]), _day(query["to"])
    asked = Asked(
        actor_id=_number(query["who"]),
        actions=_actions(query["what"]),
        influencer_id=_number(query["person"]),
        since=_midnight(first, zone),
        until=_midnight(last + dt.timedelta(days=1), zone) if last else None,
    )
    brand_id = None if me().is_admin and not query["of"] else here().brand_id
    is_turned = first is not None and last is not None and last < first
    fault = _l("The last day is before the first: turn the two round.") if is_turned else None
    return Said({name: value for name, value in query.items() if value}, asked, brand_id, fault)


def _actions(what: str) -> tuple[Action, ...]:
    if not what:
        return ()
    found = next((action for action in Action if action.code == what), None)
    if found is not None:
        return (found,)
    try:
        return audit_words.in_area(Area(what))
    except ValueError:
        raise Refused(_l("This address names a filter that does not exist.")) from None


def _areas(said: Said) -> list[tuple[Area, list[Action]]]:
    """What can be asked for: of a brand only what its entries can be, and what is asked for now."""
    return [
        (
            area,
            [
                one
                for one in audit_words.in_area(area)
                if said.brand_id is None
                or audits.is_of_a_brand(one)
                or one.code == said.query.get("what")
            ],
        )
        for area in Area
    ]


def _is_beyond(said: Said) -> bool:
    """Whether a brand is asked for what stands among the entries of none, as by a kept address."""
    asked = said.asked.actions
    return said.brand_id is not None and bool(asked) and not any(map(audits.is_of_a_brand, asked))


def _number(text: str) -> int | None:
    """The id a text is, None where there is none. Raises NotFound where it cannot be one."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise NotFound()
    return int(text)


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(_l("Write a day as 2026-03-31.")) from None
    # Nothing was done before, and a day after the last of all cannot be counted on from.
    if day and not 1970 <= day.year <= 9998:
        raise Refused(_l("Write a day as 2026-03-31."))
    return day


def _midnight(day: dt.date | None, zone: dt.tzinfo) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC) if day else None


def _row(entry: Entry, known: Names, said: Said) -> Row:
    person = {**said.query, "person": str(entry.influencer_id or "")}
    return Row(
        entry,
        known.user(entry.actor_id),
        audit_words.of_code(entry.action),
        known.person(entry),
        entry.influencer_id in known.people,
        audit_words.details(entry, known),
        known.brands.get(entry.brand_id or 0, ""),
        filters.address("/settings/audit", person),
    )


def _cells(row: Row) -> list[Any]:
    return [
        row.entry.at,
        row.by,
        row.what,
        row.person,
        ", ".join(row.details),
        row.brand,
        row.entry.action,
    ]


def _person(said: Said) -> str:
    """The name of the person asked for, if whoever asks may know it."""
    id = said.asked.influencer_id
    if id is None:
        return ""
    asked = select(Influencer.name).where(Influencer.id == id)
    if said.brand_id is not None:
        knows = select(Relationship.influencer_id).where(Relationship.brand_id == said.brand_id)
        asked = asked.where(Influencer.id.in_(knows))
    return db.session.scalar(asked) or _("Somebody who is gone")


def _colleagues(brand_id: int | None) -> Sequence[Any]:
    asked = select(User.id, User.name).order_by(User.name, User.id)
    if brand_id is not None:
        asked = asked.join(BrandMember, BrandMember.user_id == User.id).where(
            BrandMember.brand_id == brand_id
        )
    return db.session.execute(asked.limit(500)).all()
