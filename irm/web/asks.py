"""The ask form: what the gate says, what might be given first, and an ask thought through."""

import datetime as dt
from typing import NamedTuple

from flask import Blueprint, render_template, request
from wtforms import Field

from irm import clock
from irm.access import Permission, is_narrowed, load, me
from irm.db import db
from irm.errors import NotFound, Refused
from irm.forms.ask import AskForm
from irm.funnel import asks, balance, tactics
from irm.funnel.gate import Answer as Gate
from irm.funnel.gate import Verdict
from irm.i18n import LazyText, _, _l
from irm.models import Archetype, Relationship
from irm.network import introductions, paths
from irm.network.sentences import sentence
from irm.web import balances
from irm.web.ageing import age_of
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.words import words

bp = Blueprint("asks", __name__)

#: An ask is asked, and something given, in so many days unless another day is chosen.
AHEAD = dt.timedelta(days=3)

#: What may be in it for somebody, to begin thinking from.
_BENEFITS: dict[Archetype | None, LazyText] = {
    Archetype.CELEBRITY: _l("For example: a cause they stand for is heard, in their own words."),
    Archetype.JOURNALIST: _l("For example: figures nobody has yet, and answers within the day."),
    Archetype.ANALYST: _l("For example: an hour with those who decide, and no subject barred."),
    Archetype.POLITICIAN: _l("For example: a story of their own district, told with them."),
    Archetype.EXPERT: _l("For example: their book before readers who care for its subject."),
    Archetype.COMMUNITY_LEADER: _l("For example: what their members asked for, made with them."),
    Archetype.CREATOR: _l("For example: a film they could not shoot alone, and that is theirs."),
    Archetype.LOCAL: _l("For example: people from their own town at their door."),
    Archetype.FAN: _l("For example: they see it before everybody, and can still change it."),
    None: _l("Say it as they would tell a friend why they said yes."),
}


class Subject(NamedTuple):
    """Whom the page is about, for quick log."""

    relationship_id: int
    name: str


@bp.get("/relationships/<int:id>/ask")
def show(id: int) -> str:
    """The ask form; a tactic in the address is chosen in it, a way is what it is for."""
    relationship = load(Relationship, id, Permission.LOG)
    chosen = tactics.find(request.args.get("tactic"))
    way = request.args.get("way", "")
    people = _people(relationship, way)
    wish = _("An introduction to %(name)s", name=people[-1]) if people else ""
    given = {
        "way": way,
        "wish": request.args.get("wish") or (str(chosen.label) if chosen else wish),
        "tactic": chosen.code if chosen else None,
        "due_on": _day(request.args.get("due_on")) or _ahead(relationship),
    }
    if chosen:
        given["channel"] = chosen.channel
    return _page(relationship, AskForm(formdata=None, **given))


@bp.post("/relationships/<int:id>/ask")
def plan(id: int) -> Answer:
    """Plan an ask, if the gate lets it through or a reason is given."""
    relationship, form = load(Relationship, id, Permission.LOG), AskForm()
    try:
        refuse_faults(form)
        said_way = form.way.data or ""
        way = _way(relationship, said_way) if said_way else ()
        ask = asks.plan(
            db.session,
            relationship,
            _thought(form),
            due_on=form.due_on.data,
            today=words().today,
            at=clock.now(),
            author=me(),
        )
        if way:
            introductions.plan(db.session, ask, relationship, way)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        relationship = load(Relationship, id, Permission.LOG)
        if not form.errors:
            _field(form, refused).errors = [refused.message]
        return _page(relationship, form), refused.status
    planned, name = ask.touchpoint, relationship.influencer.name
    assert planned is not None
    said = _(
        "An ask is planned with %(name)s: %(when)s.", name=name, when=words().both[planned.due_on]
    )
    if ask.override_reason:
        said += " " + _("The lead sees why.")
    undo = undoable(said, f"/touchpoints/{planned.id}/skip", {"row_version": planned.row_version})
    page = "/network/introductions" if way else f"/influencers/{relationship.influencer_id}"
    return back_to(page, undo)


def _thought(form: AskForm) -> asks.Thought:
    return asks.Thought(
        form.wish.data,
        form.benefit.data,
        form.community.data,
        form.shared_values.data,
        channel=form.channel.data.value,
        tactic=form.tactic.data,
        reason=form.reason.data or "",
    )


def _page(relationship: Relationship, form: AskForm) -> str:
    verdict, who = balance.verdict(db.session, relationship), relationship.influencer
    counts, paused = balance.counts(db.session, relationship.id), _paused(relationship)
    kind, answer = balances.answer(verdict, is_paused=bool(paused))
    return render_template(
        "asks/show.html",
        subject=Subject(relationship.id, who.name),
        relationship=relationship,
        who=who,
        form=form,
        paused=paused,
        kind=kind,
        answer=answer,
        gives=balances.gives(verdict.gives, counts),
        wanted=balances.wanted(verdict, relationship.stage),
        dots=_dots(verdict),
        is_never=verdict.answer is Gate.NEVER,
        is_open=verdict.is_open,
        benefit=_BENEFITS[who.archetype],
        to_ask=asks.to_ask(who.archetype, verdict.stage),
        to_give=asks.to_give(who.archetype, verdict.stage),
        give_on=_ahead(relationship),
        counted=balances.counted(counts),
        people=_people(relationship, form.way.data or ""),
        asked_before=_asked_before(relationship) if form.way.data else "",
    )


def _people(relationship: Relationship, way: str) -> tuple[str, ...]:
    """The names on a way that is still one, from the connector to the person; else none."""
    try:
        ids = _way(relationship, way)
    except Refused:
        return ()
    return introductions.names(db.session, ids)


def _way(relationship: Relationship, said: str) -> tuple[int, ...]:
    """The people of a way. Raises NotFound for a partner: on every way are others."""
    if said and is_narrowed(relationship.brand_id):
        raise NotFound()
    return introductions.way(db.session, relationship, said)


def _asked_before(relationship: Relationship) -> str:
    """How much introductions cost them already, as a sentence; empty: they are rested."""
    around = [relationship.influencer_id]
    found = paths.connectors(db.session, relationship.brand_id, around, clock.now())
    reasons = [reason for one in found.values() for reason in paths.why_connector(one)]
    said = [sentence(one, {}) for one in reasons if one["code"] == "path.asked"]
    return said[0] if said else ""


def _field(form: AskForm, refused: Refused) -> Field:
    """Where on the form it is said."""
    if isinstance(refused, asks.GateShut):
        return form.reason
    return form.due_on if isinstance(refused, asks.Paused) else form.wish


def _ahead(relationship: Relationship) -> dt.date:
    """The day that is offered; of somebody on pause none before they are back."""
    day, back = words().today + AHEAD, relationship.paused_until
    return max(day, back) if back else day


def _paused(relationship: Relationship) -> str:
    """Until when they are paused, and why; empty where no pause holds."""
    if not age_of(relationship).is_paused or relationship.paused_until is None:
        return ""
    day = words().date[relationship.paused_until]
    if not relationship.paused_why:
        return _("Paused until %(day)s.", day=day)
    return _("Paused until %(day)s, because: %(why)s", day=day, why=relationship.paused_why)


def _dots(verdict: Verdict) -> list[bool]:
    """One for each give that is wanted: whether it was given."""
    return [place < verdict.gives for place in range(verdict.needed or 0)]


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None
