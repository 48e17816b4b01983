"""Whose relationships they are, and who works for it."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.i18n import _l
from irm.models.base import Base, Json, LabelledEnum, closed
from irm.models.user import User


class Role(LabelledEnum):
    """What a member of a brand may do; the table of rights is in irm/access.py."""

    VIEWER = "viewer", _l("Viewer")
    #: Somebody of an agency: sees and works with those she owns, and nothing else.
    PARTNER = "partner", _l("Agency partner")
    MANAGER = "manager", _l("Community manager")
    LEAD = "lead", _l("Marketing lead")


class Brand(Base):
    """A brand: its people, topics and rules are its own."""

    __tablename__ = "brands"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    #: The name folded, so that `--brand` finds one and only one.
    name_key: Mapped[str] = mapped_column(String(120), unique=True)
    #: How a mention of the brand is known: [{"platform": …, "handle": …}] and words.
    handles: Mapped[Json] = mapped_column(default=list)
    aliases: Mapped[Json] = mapped_column(default=list)
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    #: The lawful basis an import gets when it names none.
    lawful_basis: Mapped[str] = mapped_column(String(40), default="legitimate_interest")
    #: Weights of reach, resonance and relevance in the fit.
    fit_weights: Mapped[Json] = mapped_column(
        default=lambda: {"reach": 0.2, "resonance": 0.4, "relevance": 0.4}
    )
    #: How much evidence a stage takes, and how old it may be; what is not named has its default.
    evidence: Mapped[Json] = mapped_column(default=dict)
    #: The brand's own names of stages: {stage: {language: name}}; what is missing has irm's.
    stage_labels: Mapped[Json] = mapped_column(default=dict)
    #: Days after which somebody is stuck at a stage, or has been left alone; irm/ledger/ageing.py.
    limits: Mapped[Json] = mapped_column(default=dict)
    #: What planning goes by: minutes of each kind of touch, weeks; irm/funnel/planner/terms.py.
    planning: Mapped[Json] = mapped_column(default=dict)
    #: Hours within which a question is answered; irm/funnel/questions.py.
    answering: Mapped[Json] = mapped_column(default=dict)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}


class BrandMember(Base):
    """A user's role at a brand."""

    __tablename__ = "brand_members"
    __table_args__ = (UniqueConstraint("brand_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(closed(Role))

    brand: Mapped[Brand] = orm.relationship()
    user: Mapped[User] = orm.relationship()
