"""Whose an imported touchpoint is, and to which campaign it belongs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.imports.complaints import Complaint
from irm.imports.history.record import Settled
from irm.imports.kinds import Context
from irm.models import Campaign, Relationship, State
from irm.models.keys import fold


def owners(session: Session, decisions: Sequence[Settled]) -> Mapping[int, int | None]:
    """Who looks after the people of these rows, by relationship."""
    of = {one.known.relationship_id for one in decisions if one.known is not None} - {None}
    if not of:
        return {}
    found = session.execute(
        select(Relationship.id, Relationship.owner_id).where(
            Relationship.id.in_(of), Relationship.owner_id.is_not(None)
        )
    )
    return {row.id: row.owner_id for row in found}


def give_to_somebody(one: Settled, owners: Mapping[int, int | None], context: Context) -> None:
    """Let what is still to be done be on somebody's Today.

    Where irm itself exported it without an owner, it comes back without one.
    """
    assert one.known is not None
    is_unknown = "owner" in one.said and "owner_id" not in one.values
    if "owner_id" in one.values or ("created_at" in one.said and not is_unknown):
        return
    owner = owners.get(one.known.relationship_id or 0) or context.user_id
    if owner is None or one.said.get("state", State.OPEN) is not State.OPEN:
        return
    one.values["owner_id"] = owner
    if is_unknown and one.complaint is not None:
        one.complaint = Complaint("owner_instead", **one.complaint.params)


def campaigns(
    session: Session, decisions: Sequence[Settled], brand_id: int
) -> Mapping[str, Sequence[Any]]:
    """The brand's campaigns that these rows name, by folded name; the newest first."""
    if not any("campaign" in one.said for one in decisions):
        return {}
    found: dict[str, list[Any]] = defaultdict(list)
    table = select(Campaign.id, Campaign.name, Campaign.starts_on, Campaign.ends_on)
    for row in session.execute(
        table.where(Campaign.brand_id == brand_id).order_by(Campaign.starts_on.desc())
    ):
        found[fold(row.name)].append(row)
    return found


def put_into_campaign(one: Settled, running: Mapping[str, Sequence[Any]]) -> None:
    """Find the campaign a row names: of several of a name, the one nearest to its day."""
    if "campaign" not in one.said:
        return
    due_on, named = one.said["due_on"], running.get(fold(one.said["campaign"]), ())
    if not named:
        one.complaint = one.complaint or Complaint("no_campaign", name=one.said["campaign"])
        return
    nearest = min(named, key=lambda row: max(row.starts_on - due_on, due_on - row.ends_on))
    one.values["campaign_id"] = nearest.id
