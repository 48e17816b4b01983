"""Where people stand in the network that one brand sees: computed, and stored with its day."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import GIVEN_ONCE, Base, Json
from irm.models.brand import Brand
from irm.models.influencer import Influencer
from irm.models.user import User


class NetworkRun(Base):
    """One measuring of the network that a brand sees: its people, prospects and strangers."""

    __tablename__ = "network_runs"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"), index=True)
    day: Mapped[dt.date]
    finished_at: Mapped[dt.datetime]
    people: Mapped[int]
    strangers: Mapped[int]
    ties: Mapped[int]
    communities: Mapped[int]
    #: How much better the communities part the ties than chance would: -0.5 to 1; null: no ties.
    modularity: Mapped[float | None]
    seconds: Mapped[float]
    #: What was left out because it would not end in time: codes.
    left_out: Mapped[Json] = mapped_column(default=list)
    #: Whom to look at, to bring together, to ask for help: ids and codes.
    proposals: Mapped[Json] = mapped_column(default=dict)


class Community(Base):
    """People who reach each other more than others do; it keeps its number while most stay."""

    __tablename__ = "communities"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"), index=True)
    #: What a colleague calls it; empty: it is shown by those with the most influence in it.
    name: Mapped[str] = mapped_column(String(120), default="")
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    size: Mapped[int]
    #: Which colour it is drawn in: 0 and on; it keeps it too.
    colour: Mapped[int]
    first_on: Mapped[dt.date]
    #: The day of the newest measuring that found it; an older one than the run's: it is gone.
    last_on: Mapped[dt.date]


class Place(Base):
    """Where one person stood in the network of a brand when it was last measured."""

    __tablename__ = "places"

    brand_id: Mapped[int] = mapped_column(
        ForeignKey(Brand.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    influencer_id: Mapped[int] = mapped_column(
        ForeignKey(Influencer.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    #: PageRank on weighted ties that fade with their age; all of a brand add up to 1.
    influence: Mapped[float]
    #: 1 for the most influence; equals share by id.
    rank: Mapped[int]
    #: The same walk, begun at those who speak of the brand's topics; null: there are none.
    topical: Mapped[float | None]
    topical_rank: Mapped[int | None]
    community_id: Mapped[int | None] = mapped_column(ForeignKey(Community.id, ondelete="SET NULL"))
    #: Share of shortest paths within the community that pass here; null: not measured.
    betweenness: Mapped[float | None]
    #: How evenly their ties go to several communities: 0 all to one, near 1 to many.
    bridging: Mapped[float]
    ties_in: Mapped[int]
    ties_out: Mapped[int]


Index(None, Place.brand_id, Place.rank)
Index(None, Place.brand_id, Place.topical_rank)
Index(None, Place.influencer_id)
Index(None, Place.community_id, Place.rank)
