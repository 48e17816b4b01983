"""What a brand gave in a time: gifts that answered a passion, and items with its logo."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from irm.directory.search import Reader
from irm.funnel.facts import may_read
from irm.models import Fact, Gift, Influencer, Interaction, Relationship, User, Visibility
from irm.models.aside import aside

#: Rows of the list that are shown; the file has more.
SHOWN = 100

#: Rows of a file.
MOST = 10_000

#: Gone to from what was given; SQLite would else begin with everybody of the brand.
_brand = aside(Relationship.brand_id.expression)

_author = aliased(User, name="author")


class Count(NamedTuple):
    """How often something was given, and to how many people."""

    times: int = 0
    people: int = 0


def newest(
    session: Session, reader: Reader, since: dt.datetime, limit: int = SHOWN
) -> Sequence[Any]:
    """Gifts and merch since a moment, the newest first; of a private one no word.

    Rows: `id at item is_merch fact_kind fact colleague influencer_id name`; `fact` is empty where
    the reader may not read it or it is gone.
    """
    item: Any = Gift.item
    if not reader.reads_private:
        mine = or_(
            Interaction.visibility == Visibility.TEAM, Interaction.author_id == reader.user_id
        )
        item = case((mine, Gift.item), else_="")
    found = (
        select(
            Interaction.id,
            Interaction.happened_at.label("at"),
            item.label("item"),
            Gift.is_merch,
            case((may_read(reader), Fact.kind)).label("fact_kind"),
            case((may_read(reader), Fact.text), else_="").label("fact"),
            _author.name.label("colleague"),
            Influencer.id.label("influencer_id"),
            Influencer.name,
        )
        .select_from(Gift)
        .join(Interaction, Interaction.id == Gift.interaction_id)
        .join(Relationship, Relationship.id == Interaction.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .outerjoin(Fact, Fact.id == Gift.fact_id)
        .outerjoin(_author, _author.id == Interaction.author_id)
        .where(_brand == reader.brand_id, Interaction.happened_at >= since)
        .order_by(Interaction.happened_at.desc(), Interaction.id.desc())
        .limit(limit)
    )
    return session.execute(found).all()


def counts(session: Session, brand_id: int, since: dt.datetime) -> dict[bool, Count]:
    """How much was given since a moment: under False gifts, under True items with the logo."""
    found = session.execute(
        select(
            Gift.is_merch,
            func.count(),
            func.count(Interaction.relationship_id.distinct()),
        )
        .select_from(Gift)
        .join(Interaction, Interaction.id == Gift.interaction_id)
        .join(Relationship, Relationship.id == Interaction.relationship_id)
        .where(_brand == brand_id, Interaction.happened_at >= since)
        .group_by(Gift.is_merch)
    )
    counted = {is_merch: Count(times, people) for is_merch, times, people in found}
    return {False: Count(), True: Count()} | counted
