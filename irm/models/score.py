"""Scores over time, each with the reasons it rests on."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, and_
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import Base, Json, LabelledEnum, closed
from irm.models.influencer import Influencer
from irm.models.relationship import Relationship


class ScoreKind(LabelledEnum):
    """What is measured: the first two of a person, the others of a relationship."""

    REACH = "reach", _l("Reach")
    RESONANCE = "resonance", _l("Resonance")
    RELEVANCE = "relevance", _l("Relevance")
    FIT = "fit", _l("Fit")


class Score(Base):
    """A score on the day it changed; null is "not known"."""

    __tablename__ = "scores"

    id: Mapped[int] = mapped_column(primary_key=True)
    influencer_id: Mapped[int] = mapped_column(
        ForeignKey(Influencer.id, ondelete="CASCADE"), index=True
    )
    #: Set for relevance and fit, which belong to a relationship.
    relationship_id: Mapped[int | None] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE")
    )
    kind: Mapped[ScoreKind] = mapped_column(closed(ScoreKind, "kind"))
    day: Mapped[dt.date]
    value: Mapped[float | None]
    #: Codes with parameters, made into sentences when shown.
    reasons: Mapped[Json] = mapped_column(default=list)


_of_person = Score.relationship_id.is_(None)
_of_relationship = Score.relationship_id.is_not(None)
Index(
    "uq_scores_of_person",
    Score.influencer_id,
    Score.kind,
    Score.day,
    unique=True,
    sqlite_where=_of_person,
    postgresql_where=_of_person,
)
Index(
    "uq_scores_of_relationship",
    Score.relationship_id,
    Score.kind,
    Score.day,
    unique=True,
    sqlite_where=_of_relationship,
    postgresql_where=_of_relationship,
)
# What was known fills the table; what was not is asked for again at each scoring.
for _subject, _of in (
    (Score.influencer_id, _of_person),
    (Score.relationship_id, _of_relationship),
):
    _unknown = and_(Score.value.is_(None), _of)
    Index(
        f"ix_scores_unknown_of_{_subject.key.removesuffix('_id')}",
        _subject,
        sqlite_where=_unknown,
        postgresql_where=_unknown,
    )
