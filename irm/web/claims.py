"""Moves that the evidence proposes, decided by one key each; and how many claims it covers."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from irm import clock
from irm.access import Permission, can, here, is_narrowed, load, me, require
from irm.db import db
from irm.errors import NotFound, Refused, Stale
from irm.forms.evidence import Decision, ProposalForm
from irm.funnel import claims, stages
from irm.i18n import _, _l, _n
from irm.ledger import evidence as rule
from irm.ledger import proving as ledger
from irm.models import Brand, Relationship, Stage, StageCounter, StageMove
from irm.web import filters, proving
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.guard import is_fragment
from irm.web.words import Words, words

bp = Blueprint("claims", __name__)

#: Of a reason that is kept with a move, so much.
REASON = 480

#: Rows ticked at once; the page shows no more.
TICKED = claims.PAGE


class Row(NamedTuple):
    """One proposed move, in words."""

    id: int
    influencer_id: int
    version: int
    name: str
    owner: str
    claimed: Stage
    proposed: Stage
    is_up: bool
    reason: str
    lacks: str
    newest: str


@bp.get("/funnel/proposals")
def index() -> str:
    """The moves that the evidence proposes, the best fit first; `mine=1`: of one's own people."""
    require(Permission.SEE)
    mine, after = bool(request.args.get("mine")) or is_narrowed(), request.args.get("after")
    statement = claims.waiting(here().brand_id, me().id if mine else None)
    if after:
        statement = statement.where(claims.below(after))
    found = db.session.execute(statement.limit(claims.PAGE + 1)).all()
    shown = found[: claims.PAGE]
    return render_template(
        "claims/index.html",
        rows=_rows(shown, words()),
        rest=claims.token(shown[-1]) if len(found) > claims.PAGE else None,
        after=after,
        mine=mine,
        may_move=can(Permission.MOVE),
        swapped=False,
    )


@bp.get("/funnel/claims")
def honesty() -> str:
    """How many claims the evidence covers, for the board's head."""
    require(Permission.SEE)
    brand_id, said = here().brand_id, words()
    claimed = select(func.coalesce(func.sum(StageCounter.people), 0)).where(
        StageCounter.brand_id == brand_id, StageCounter.stage != Stage.UNAWARE
    )
    total = int(db.session.scalar(claimed) or 0)
    uncovered = claims.uncovered(db.session, brand_id)
    waiting = claims.count(db.session, brand_id)
    return render_template(
        "claims/_honesty.html",
        covered=_covered(total, uncovered, said),
        uncovered=uncovered,
        waiting=_waiting(waiting, said) if waiting else "",
    )


def _covered(total: int, uncovered: int, said: Words) -> str:
    if not total:
        return ""
    if uncovered > claims.MOST:
        return _("More than %(n)s claims are not covered by evidence", n=said.number(claims.MOST))
    if not uncovered:
        return _("All %(total)s claims are covered by evidence", total=said.number(total))
    return _(
        "%(n)s of %(total)s claims are not covered by evidence",
        n=said.number(uncovered),
        total=said.number(total),
    )


def _waiting(count: int, said: Words) -> str:
    number = said.number(min(count, claims.MOST)) + ("+" if count > claims.MOST else "")
    return _n("%(number)s proposed move", "%(number)s proposed moves", count, number=number)


@bp.post("/relationships/<int:id>/proposal")
def decide(id: int) -> Answer:
    """Accept what is proposed, dismiss it, or take either back."""
    relationship, form = load(Relationship, id, Permission.MOVE), ProposalForm()
    refuse_faults(form)
    try:
        said, undo = _decide(relationship, form)
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        raise Stale() from None
    url = f"/relationships/{id}/proposal"
    if undo is None:
        if is_fragment():
            return _row_again(relationship, said)
        return back_to("/funnel/proposals", said)
    if not is_fragment():
        return back_to("/funnel/proposals", undoable(said, url, undo))
    return render_template(
        "claims/_decided.html",
        id=id,
        influencer_id=relationship.influencer_id,
        said=said,
        url=url,
        undo=undo,
    )


def _decide(relationship: Relationship, form: ProposalForm) -> tuple[str, dict[str, Any] | None]:
    """Do it; returns what was done, and what takes it back where that can be done."""
    user, at, name = me(), clock.now(), relationship.influencer.name
    if form.decision.data is Decision.ACCEPT:
        if form.stage.data is None:
            raise Refused(_l("Choose a stage."))
        made = _accept(relationship, form.stage.data, form.row_version.data)
        said = _("%(name)s moved to %(stage)s.", name=name, stage=relationship.stage.label)
        return said, {"decision": "undo", "undoes": made.id}
    if form.decision.data is Decision.UNDO:
        move = db.session.get(StageMove, form.undoes.data or 0)
        if move is None or move.relationship_id != relationship.id:
            raise NotFound()
        stages.undo(db.session, move, relationship, user=user, at=at)
        said = _("%(name)s moved to %(stage)s.", name=name, stage=relationship.stage.label)
        return said, None
    is_dismissed = form.decision.data is Decision.DISMISS
    claims.decide(db.session, relationship, is_dismissed=is_dismissed, user=user, at=at)
    if is_dismissed:
        said = _("%(name)s stays at %(stage)s.", name=name, stage=relationship.stage.label)
        return said, {"decision": "reopen"}
    return _("%(name)s is proposed again.", name=name), None


def _accept(relationship: Relationship, to: Stage, version: int | None = None) -> StageMove:
    [row] = _rows([relationship], words())
    reason = row.reason if row.is_up else f"{row.reason} {row.lacks}"
    return claims.accept(
        db.session,
        relationship,
        to,
        user=me(),
        at=clock.now(),
        reason=reason[:REASON],
        seen_version=version,
    )


@bp.post("/funnel/proposals/accept")
def accept_several() -> Answer:
    """Accept those that were ticked; whoever moved meanwhile stays where they are."""
    require(Permission.MOVE)
    wanted = _ticked(request.form.getlist("who"))
    made: list[StageMove] = []
    found = claims.chosen(db.session, filters.reader(), list(wanted))
    for relationship in found:
        if claims.proposed(relationship) is wanted[relationship.id]:
            made.append(_accept(relationship, wanted[relationship.id]))
    db.session.commit()
    said = _n("%(n)s person was moved.", "%(n)s people were moved.", len(made))
    if left := len(wanted) - len(made):
        said += " " + _n(
            "%(n)s is not as it was shown and stays.",
            "%(n)s are not as they were shown and stay.",
            left,
        )
    undo = {"moves": ",".join(str(move.id) for move in made)}
    return back_to(
        "/funnel/proposals", undoable(said, "/funnel/proposals/undo", undo) if made else said
    )


@bp.post("/funnel/proposals/undo")
def undo_several() -> Answer:
    """Take back the moves that were accepted at once; whoever was moved since stays."""
    require(Permission.MOVE)
    ids = _moves(request.form.get("moves", ""))
    back = 0
    for move, relationship in claims.moved(db.session, filters.reader(), ids):
        try:
            stages.undo(db.session, move, relationship, user=me(), at=clock.now())
        except Refused:  # Somebody decided on them since.
            continue
        back += 1
    db.session.commit()
    said = _n("%(n)s move was taken back.", "%(n)s moves were taken back.", back)
    if left := len(ids) - back:
        said += " " + _n(
            "%(n)s was moved or archived since, and stays.",
            "%(n)s were moved or archived since, and stay.",
            left,
        )
    return back_to("/funnel/proposals", said)


def _moves(value: str) -> list[int]:
    """The ids of some moves. Raises Refused where they were typed by hand."""
    ids = value.split(",")[:TICKED]
    if not all(id.isascii() and id.isdecimal() and len(id) <= 9 for id in ids):
        raise Refused(_l("This form is not complete."))
    return [int(id) for id in ids]


def _ticked(values: Sequence[str]) -> dict[int, Stage]:
    """Relationships and the stage that was shown for each.

    Raises Refused where nothing was ticked, or something was typed by hand.
    """
    known = {stage.value: stage for stage in Stage}
    wanted: dict[int, Stage] = {}
    for value in values[:TICKED]:
        id, _sign, stage = value.partition("~")
        if not (id.isascii() and id.isdecimal() and len(id) <= 9 and stage in known):
            raise Refused(_l("This form is not complete."))
        wanted[int(id)] = known[stage]
    if not wanted:
        raise Refused(_l("Choose somebody first."))
    return wanted


def _row_again(relationship: Relationship, said: str) -> str:
    statement = claims.waiting(relationship.brand_id).where(Relationship.id == relationship.id)
    found = db.session.execute(statement).all()
    return render_template(
        "claims/_rows.html",
        rows=_rows(found, words()),
        may_move=True,
        rest=None,
        swapped=not found,
        said=said,
        id=relationship.id,
    )


def _rows(found: Sequence[Any], said: Words) -> list[Row]:
    """Make rows of relationships or of what `claims.waiting` found; two statements."""
    brand = db.session.get_one(Brand, here().brand_id)
    zone, rules = ZoneInfo(brand.timezone), rule.thresholds(brand.evidence)
    gathered = ledger.gather(db.session, {row.id: zone for row in found}) if found else {}
    today = clock.today(zone)
    return [
        _row(row, gathered[row.id], gathered[row.id].earned(today, rules), said) for row in found
    ]


def _row(row: Any, gathered: ledger.Gathered, earned: rule.Earned, said: Words) -> Row:
    to, order = claims.proposed(row), list(Stage)
    return Row(
        row.id,
        row.influencer_id,
        row.row_version,
        getattr(row, "name", ""),
        getattr(row, "owner_name", "") or "",
        row.stage,
        to,
        order.index(to) > order.index(row.stage),
        proving.rests_on(gathered, earned, said),
        proving.missing(earned),
        proving.newest(row.earned_on, said),
    )
