"""A move that does not go through by itself: what is missing, both versions, or who they are now.

On the board each is a fragment that the script opens as a dialog; without script it is a page.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import render_template
from sqlalchemy.orm import joinedload

from irm import clock
from irm.access import Permission, can, load, me
from irm.db import db
from irm.errors import Merged, NotFound, PutAway, Stale, Unreasoned
from irm.forms.move import MoveForm
from irm.funnel import grounds, stages
from irm.ledger.evidence import Lack
from irm.models import Direction, Influencer, ProofKind, Relationship, Stage, StageMove
from irm.web import heads, proving
from irm.web.answers import Answer
from irm.web.cards import row_words
from irm.web.guard import is_fragment
from irm.web.words import Words, words


class Way(NamedTuple):
    """One thing that is missing, and how to fill it: to be logged, to be typed in, or both."""

    said: str
    #: The direction that quick log begins with; empty: it is nothing to log.
    direction: str
    proofs: list[ProofKind]


class Missing(NamedTuple):
    """What one stage still takes."""

    stage: Stage
    ways: list[Way]


class Version(NamedTuple):
    """How a card stands now, and who put it there."""

    stage: Stage
    said: str
    reason: str


_DIRECTIONS = {"sign": Direction.IN, "exchanges": Direction.BOTH}
_PROOFS = {
    "sign": [ProofKind.FOLLOW, ProofKind.REPLY, ProofKind.MENTION, ProofKind.APPLICATION],
    "activity": [ProofKind.ACTIVITY],
    "agreement": [ProofKind.AGREEMENT],
    "mention": [ProofKind.MENTION],
}


def unreasoned(relationship: Relationship, form: MoveForm, why: Unreasoned) -> Answer:
    """What is missing for the stage, to be filled in there, or a reason; 422."""
    to: Stage = form.stage.data
    return (
        _page(
            "funnel/_why.html",
            relationship,
            sentence=why.message,
            to=to,
            is_back=grounds.is_back(relationship.stage, to),
            missing=_missing(why.missing),
            today=clock.today(me().zone).isoformat(),
            may_log=can(Permission.LOG, relationship.brand_id),
            version=form.row_version.data,
        ),
        why.status,
    )


def _missing(lacking: Sequence[Lack]) -> list[Missing]:
    return [
        Missing(
            of.stage,
            [
                Way(
                    "; ".join(proving.lacks([one])),
                    _DIRECTIONS.get(one["code"], ""),
                    _PROOFS.get(one["code"], []),
                )
                for one in of.missing
            ],
        )
        for of in lacking
    ]


def too_late(relationship: Relationship, form: MoveForm, sentence: str) -> Answer:
    """What was wanted, how the card stands now, and one key for either; 409.

    Raises Stale where a move was to be taken back: that one stands no more.
    """
    if form.undoes.data:
        raise Stale(sentence)
    return (
        _page(
            "funnel/_stale.html",
            relationship,
            sentence=sentence,
            to=form.stage.data,
            reason=form.reason.data or "",
            now=_now(relationship, words()),
            cards=heads.here_and_now().card(relationship.id) if is_fragment() else [],
            words=row_words(),
            may_move=True,
        ),
        Stale.status,
    )


def _now(relationship: Relationship, said: Words) -> Version:
    made = stages.newest(db.session, relationship.id, joinedload(StageMove.user))
    if made is None:
        return Version(relationship.stage, "", "")
    when = said.moment(made.at)
    by = made.user.name if made.user else "irm"
    return Version(relationship.stage, f"{by}, {when}", made.reason or "")


def put_away(relationship: Relationship, away: PutAway) -> Answer:
    """That they were archived; their card goes from the board; 409."""
    name, id = relationship.influencer.name, relationship.influencer_id
    return _page(
        "funnel/_gone.html", relationship, sentence=away.message, name=name, leads_to=id
    ), away.status


def merged(form: MoveForm) -> Answer:
    """Lead to who somebody is now, where their card is no more; 409.

    Raises NotFound where they were not merged, or never were there.
    """
    try:
        load(Influencer, form.person.data or 0, Permission.SEE)
    except Merged as error:
        name = db.session.get_one(Influencer, error.into_id).name
        page = _page(
            "funnel/_gone.html", None, sentence=error.message, name=name, leads_to=error.into_id
        )
        return page, error.status
    raise NotFound()


def _page(part: str, relationship: Relationship | None, /, **shown: Any) -> str:
    """The fragment, or the page around it."""
    template = part if is_fragment() else "funnel/halt.html"
    return render_template(template, part=part, relationship=relationship, **shown)
