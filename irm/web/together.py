"""Logging one event or meeting with each of several people who were there."""

import secrets
from collections.abc import Collection, Sequence

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from irm import clock
from irm.access import Permission, here, me, require
from irm.db import db
from irm.directory import team
from irm.directory.people import is_listed
from irm.errors import Refused
from irm.forms.interaction import TogetherForm
from irm.funnel import interactions, together
from irm.i18n import _n
from irm.models import Direction, Influencer, Interaction, Kind, Relationship
from irm.web.answers import Answer, back_to
from irm.web.interactions import happened

bp = Blueprint("together", __name__)


@bp.get("/log/together")
def show() -> str:
    """The form, without anybody chosen."""
    require(Permission.LOG)
    return _page(_empty(), [])


@bp.post("/log/together/choose")
def choose() -> str:
    """The form, with those who were selected in the list."""
    require(Permission.LOG)
    given = request.form.getlist("who")
    ids = [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 10]
    return _page(_empty(), _people(ids))


@bp.post("/log/together")
def log() -> Answer:
    """Log it with each of them, one transaction each; who was logged before is not logged twice."""
    require(Permission.LOG)
    form = TogetherForm()
    chosen = _people(form.who.data or ())
    try:
        if not form.validate():
            return _page(form, chosen), 422
        together.refuse_unfit(form.exchange, len(set(form.who.data or ())))
    except Refused as refused:
        form.activity.errors = [*form.activity.errors, str(refused)]
        return _page(form, chosen), refused.status
    logged, refusals = _log_each(form, [one.id for one in chosen])
    if not logged and refusals:
        form.activity.errors = [refusals[0]]
        return _page(form, _people(form.who.data)), 422
    said = _n("Logged with %(n)s person.", "Logged with %(n)s people.", logged)
    return back_to("/influencers", " ".join([said, *dict.fromkeys(refusals)]))


def _log_each(form: TogetherForm, ids: Sequence[int]) -> tuple[int, list[str]]:
    """How many were logged, and why others were not."""
    exchange, at = form.exchange, clock.now()
    then = happened(form.happened_on.data, at)
    logged, refusals = 0, list[str]()
    for id in ids:
        # Each by itself: a fault with one undoes nothing with the others.
        relationship = db.session.get_one(Relationship, id)
        key = f"{form.request_key.data}:{id}" if form.request_key.data else None
        try:
            if key is None or not _is_logged(key):
                interactions.log(
                    db.session,
                    relationship,
                    exchange,
                    author=me(),
                    happened_at=then,
                    at=at,
                    request_key=key,
                )
                db.session.commit()
            logged += 1
        except IntegrityError:
            db.session.rollback()
            if key is None or not _is_logged(key):
                raise
            logged += 1
        except Refused as refused:
            db.session.rollback()
            refusals.append(str(refused))
    return logged, refusals


def _is_logged(key: str) -> bool:
    found = db.session.scalar(select(Interaction.id).where(Interaction.request_key == key))
    return found is not None


def _people(ids: Collection[int]) -> list[Relationship]:
    """Those of the brand among some relationships, by name; one more than may be, at most."""
    found = db.session.scalars(
        select(Relationship)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .options(joinedload(Relationship.influencer))
        .where(
            Relationship.brand_id == here().brand_id,
            Relationship.id.in_(sorted(set(ids))[: together.MOST + 1]),
            is_listed(),
        )
        .order_by(Relationship.name_order, Relationship.id)
    )
    return list(found)


def _empty() -> TogetherForm:
    return TogetherForm(
        formdata=None,
        data={
            "kind": Kind.TALK,
            "direction": Direction.BOTH,
            "activity": "meeting",
            "channel": together.ACTIVITIES[0].channel,
            "request_key": secrets.token_urlsafe(16),
        },
    )


def _page(form: TogetherForm, people: Sequence[Relationship]) -> str:
    return render_template(
        "interactions/together.html",
        form=form,
        people=[(one.id, one.influencer.name) for one in people],
        members=db.session.execute(team.members(here().brand_id)).all(),
        activities=together.ACTIVITIES,
        most=together.MOST,
    )
