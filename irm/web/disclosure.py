"""Private notes of colleagues on a person's page: a lead opens them, and that is recorded."""

import datetime as dt

from flask import Blueprint, g

from irm import clock
from irm.access import Permission, can, is_narrowed, load, me
from irm.db import db
from irm.directory import disclosure
from irm.directory.disclosure import Folded
from irm.directory.search import Reader
from irm.i18n import _, _n
from irm.models import Relationship
from irm.web.answers import Answer, back_to

bp = Blueprint("disclosure", __name__)


@bp.post("/relationships/<int:id>/private")
def show(id: int) -> Answer:
    """Show what colleagues keep about this person, for the rest of the reader's day."""
    relationship = load(Relationship, id, Permission.PRIVATE)
    disclosure.open_up(db.session, relationship, me(), since=_since(), at=clock.now())
    db.session.commit()
    said = _("Shown until tonight. The audit says that you read it.")
    return back_to(f"/influencers/{relationship.influencer_id}#timeline-title", said)


def folded(relationship: Relationship) -> Folded | None:
    """What stands folded on this person's page; None for whoever may not open it."""
    if not can(Permission.PRIVATE, relationship.brand_id):
        return None
    kept: dict[int, Folded] = g.setdefault("folded", {})
    if relationship.id not in kept:
        kept[relationship.id] = disclosure.of(db.session, relationship, me().id, _since())
    return kept[relationship.id]


def reads(relationship: Relationship) -> bool:
    """Whether the user reads what others keep about this person: she may, and opened it."""
    found = folded(relationship)
    return found is not None and found.is_open


def reader(relationship: Relationship) -> Reader:
    """Who reads about this person: what others keep, as far as she opened it."""
    brand_id = relationship.brand_id
    return Reader(brand_id, me().id, reads(relationship), is_narrowed(brand_id))


def line(relationship: Relationship) -> tuple[bool, str] | None:
    """What a page says of what is folded, and whether it is open; None where there is nothing."""
    found = folded(relationship)
    if found is None or not found.notes:
        return None
    return found.is_open, _n(
        "%(n)s private or sensitive note of a colleague is folded.",
        "%(n)s private or sensitive notes of colleagues are folded.",
        found.notes,
    )


def _since() -> dt.datetime:
    zone = me().zone
    return dt.datetime.combine(clock.today(zone), dt.time(), zone).astimezone(dt.UTC)
