"""The form of a handover: whose people it may be about, whom it offers, and what would pass on."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from sqlalchemy import select

from irm.access import Permission, can, here, me
from irm.db import db
from irm.directory import team
from irm.errors import Forbidden, NotFound, Refused
from irm.forms.handover import HandoverForm
from irm.funnel import absences, handover, handover_preview
from irm.funnel.handover_terms import Terms
from irm.funnel.hands import NOBODY
from irm.i18n import _
from irm.models import BrandMember, Relationship, Touchpoint, User
from irm.web.words import words

#: So far ahead it is said who of those who take over is away.
AHEAD = dt.timedelta(days=182)


def from_whom(text: str) -> tuple[int, str]:
    """Who hands over, and their name: oneself, or for a lead anybody who has something here.

    Raises NotFound where the brand has nobody like that, Forbidden where only a lead may.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise NotFound()
    id = int(text)
    if id == me().id:
        return id, me().name
    if not can(Permission.HAND_OVER):
        raise Forbidden()
    if id == NOBODY:
        return id, ""
    brand_id = here().brand_id
    member = select(BrandMember.user_id).where(BrandMember.brand_id == brand_id)
    owner = select(Relationship.id).where(
        Relationship.brand_id == brand_id, Relationship.owner_id == User.id
    )
    has_planned = (
        select(Touchpoint.id)
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .where(Relationship.brand_id == brand_id, Touchpoint.owner_id == User.id)
    )
    name = db.session.scalar(
        select(User.name).where(
            User.id == id, User.id.in_(member) | owner.exists() | has_planned.exists()
        )
    )
    if name is None:
        raise NotFound()
    return id, name


def offer(form: HandoverForm) -> Sequence[Any]:
    known = db.session.execute(team.may_contact(here().brand_id)).all()
    form.to.choices = [(row.id, row.name) for row in known]
    return known


def is_valid(form: HandoverForm) -> bool:
    """Whether the form says what can be done; what is wrong stands beside its field."""
    is_well = bool(form.validate())
    if form.until.data is not None:
        try:
            handover.refuse_day(form.until.data, words().today)
        except Refused as refused:
            form.until.errors = [refused.message]
            return False
    return is_well


def terms_of(form: HandoverForm, from_id: int) -> Terms:
    return Terms(
        brand_id=here().brand_id,
        from_id=from_id,
        to=tuple(form.to.data),
        stage=form.stage.data or "",
        tier=form.tier.data or "",
        introduce=form.introduce.data,
    )


def of_oneself() -> str:
    """Nobody was named: oneself."""
    form = HandoverForm(formdata=None)
    return page(form, me().id, me().name, offer(form))


def page(
    form: HandoverForm,
    from_id: int,
    name: str,
    known: Sequence[Any],
    terms: Terms | None = None,
) -> str:
    preview = handover_preview.preview(db.session, terms, words().today) if terms else None
    names = {row.id: row.name for row in known}
    return render_template(
        "handovers/new.html",
        form=form,
        from_id=from_id,
        name=name,
        known=[row for row in known if row.id != from_id],
        preview=preview,
        shares=[(names.get(id, ""), n) for id, n in preview.shares.items()] if preview else [],
        away=_away(terms, names) if terms else [],
        query=request.query_string.decode("ascii", "ignore"),
        today=words().today,
    )


def _away(terms: Terms, names: dict[int, str]) -> list[str]:
    """Who of those who take over is away in the next weeks, in sentences."""
    said, today = words(), words().today
    found = absences.of_users(db.session, terms.brand_id, today, today + AHEAD)
    return [
        _(
            "%(name)s is away from %(first)s to %(last)s.",
            name=names.get(id, ""),
            first=said.date[spans[0].first],
            last=said.date[spans[0].last],
        )
        for id, spans in found.items()
        if id in terms.to
    ]
