"""Gifts: logged with the passion they answer, and listed apart from items with our logo."""

import datetime as dt
import io
import secrets
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.audit import Action, record
from irm.db import db
from irm.directory import spreadsheet
from irm.errors import Refused, Stale
from irm.forms.gift import GiftForm
from irm.funnel import gifts, given
from irm.i18n import _, _n
from irm.models import Gift, Interaction, Relationship
from irm.web import disclosure, filters
from irm.web.answers import Answer, back_to, refuse_faults
from irm.web.interactions import happened
from irm.web.reentry import entered_lately
from irm.web.words import Words, words

bp = Blueprint("gifts", __name__)

#: The periods one may look at, in days; the first is looked at unless another is chosen.
PERIODS = (365, 30, 90)


@bp.get("/relationships/<int:id>/gift")
def choose(id: int) -> str:
    """The form; the fact of the address is chosen in it."""
    relationship = load(Relationship, id, Permission.LOG)
    fact = request.args.get("fact", "")
    chosen = int(fact) if fact.isdecimal() and len(fact) < 10 else None
    return _page(
        relationship,
        GiftForm(formdata=None, answers=chosen, request_key=secrets.token_urlsafe(16)),
    )


@bp.post("/relationships/<int:id>/gift")
def give(id: int) -> Answer:
    """Log a gift, or an item with our logo, which counts as talk."""
    relationship, form = load(Relationship, id, Permission.LOG), GiftForm()
    try:
        refuse_faults(form)
        gift = _give_once(relationship, form)
    except Refused as refused:
        db.session.rollback()
        relationship = load(Relationship, id, Permission.LOG)
        if not form.errors:
            _field(form, refused).errors = [refused.message]
        return _page(relationship, form), refused.status
    name = relationship.influencer.name
    said = (
        _(
            "Logged for %(name)s. With our logo on it, it is merch: it does not count as a give.",
            name=name,
        )
        if gift.is_merch
        else _("The gift for %(name)s is logged, and counts as a give.", name=name)
    )
    return back_to(f"/influencers/{relationship.influencer_id}", said)


@bp.get("/gifts")
def index() -> str:
    """What the brand gave, gifts and merch apart."""
    require(Permission.SEE)
    days, said = _days(), words()
    found = given.newest(db.session, filters.reader(), _since(days))
    counted = given.counts(db.session, here().brand_id, _since(days))
    return render_template(
        "gifts/index.html",
        rows=[_row(row, said) for row in found],
        gifts=_counted(counted[False]),
        merch=_counted(counted[True]),
        all=counted[False].times + counted[True].times,
        shown=given.SHOWN,
        days=days,
        periods=[(one, said.days[one]) for one in sorted(PERIODS)],
    )


@bp.post("/gifts/file")
@entered_lately
def send() -> Response:
    """The list as a CSV file."""
    require(Permission.EXPORT_LIST)
    said, file = words(), io.StringIO(newline="")
    found = given.newest(db.session, filters.reader(), _since(_days()), given.MOST)
    headings = [_("Day"), _("Kind"), _("What"), _("What it answers"), _("Person"), _("Colleague")]
    rows = [
        [said.day(row.at), _kind(row), row.item, row.fact or "", row.name, row.colleague or ""]
        for row in found
    ]
    count = spreadsheet.write_csv(file, headings, rows)
    brand_id, at = here().brand_id, clock.now()
    record(db.session, me(), Action.LIST_EXPORTED, at, brand_id=brand_id, rows=count, form="csv")
    db.session.commit()
    return send_file(
        io.BytesIO(file.getvalue().encode("utf-8-sig")),
        mimetype="text/csv; charset=utf-8",
        as_attachment=True,
        download_name=_("gifts-%(iso)s.csv", iso=said.today.isoformat()),
    )


def _give_once(relationship: Relationship, form: GiftForm) -> Gift:
    """Log and commit, unless the same form did: a double click, a browser that repeats itself."""
    at, key = clock.now(), form.request_key.data or None
    try:
        gift = gifts.give(
            db.session,
            relationship,
            form.given,
            author=me(),
            reader=disclosure.reader(relationship),
            happened_at=happened(form.happened_on.data, at),
            at=at,
            is_confirmed=form.is_confirmed.data,
            request_key=key,
        )
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        kept = db.session.scalar(
            select(Gift)
            .join(Gift.interaction)
            .where(
                Interaction.request_key == key,
                Interaction.relationship_id == relationship.id,
                Gift.item == form.item.data,
            )
        )
        if kept is None:
            raise Stale() from None
        return kept
    return gift


def _field(form: GiftForm, refused: Refused) -> Any:
    """Where on the form it is said."""
    if isinstance(refused, gifts.Unanswering):
        return form.answers
    return form.is_confirmed if isinstance(refused, gifts.Unwise) else form.item


def _page(relationship: Relationship, form: GiftForm) -> str:
    offered = gifts.answerable(relationship.id, disclosure.reader(relationship))
    return render_template(
        "gifts/show.html",
        relationship=relationship,
        name=relationship.influencer.name,
        form=form,
        offered=db.session.execute(offered).all(),
        is_independent=gifts.is_independent(relationship.influencer),
        merch=gifts.MERCH,
    )


def _days() -> int:
    """The period that is asked for; what is no period is the usual one."""
    asked_for = request.values.get("days", "")
    return next((one for one in PERIODS if str(one) == asked_for), PERIODS[0])


def _since(days: int) -> dt.datetime:
    return clock.now() - dt.timedelta(days=days)


def _counted(count: given.Count) -> str:
    """How often, and to how many people."""
    times = _n("%(n)s time", "%(n)s times", count.times)
    people = _n("%(n)s person", "%(n)s people", count.people)
    return f"{times}, {people}"


def _kind(row: Any) -> str:
    return _("Item with our logo") if row.is_merch else _("Gift")


def _row(row: Any, said: Words) -> dict[str, Any]:
    return {
        "person": row.name,
        "href": f"/influencers/{row.influencer_id}#interaction-{row.id}",
        "colleague": row.colleague or _("Somebody who left"),
        "day": said.day(row.at),
        "when": said.date[said.day(row.at)],
        "what": row.item or _("a private note of a colleague"),
        "kind": _kind(row),
        "is_merch": row.is_merch,
        "answers": row.fact,
    }
