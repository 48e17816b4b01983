"""What a colleague calls a community of a brand's network."""

import datetime as dt
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.errors import Stale
from irm.i18n import _l
from irm.models import Community, User


def rename(
    session: Session, community: Community, name: str, was: str, *, user: User, at: dt.datetime
) -> None:
    """Give a community a name; an empty one: it is called after its leaders again.

    `was` is the name that the user saw. Raises Stale where a colleague gave it another meanwhile.
    """
    if name == community.name == was:
        return
    # The night's work writes the same row, without a version: only the name must be as it was.
    renamed = session.execute(
        update(Community)
        .where(Community.id == community.id, Community.name == was)
        .values(name=name, named_by_id=user.id if name else None)
    )
    if cast(CursorResult[Any], renamed).rowcount != 1:
        raise Stale(_l("A colleague gave this community another name meanwhile. Look again."))
    ids = {"brand_id": community.brand_id, "community_id": community.id}
    change = "named" if name else "unnamed"
    record(session, user, Action.COMMUNITY_CHANGED, at, change=change, **ids)
