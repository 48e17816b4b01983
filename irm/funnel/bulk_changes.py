"""What a change to many people changes of one of them, from what to what; nothing is written."""

from collections.abc import Mapping
from typing import Any

from irm.models import Influencer, Relationship, User
from irm.models.keys import fold
from irm.scoring import tiers

#: Stands for the tier that the audience gives.
COMPUTED = "computed"

#: What was asked for, as `BulkEdit.changes` keeps it.
Changes = Mapping[str, Any]

#: What is changed of one person: {what: [before, after]}.
Changed = dict[str, list[Any]]


def of_relationship(changes: Changes, one: Relationship, on: set[tuple[int, str]]) -> Changed:
    """What is changed of a relationship that has these tags, by id and folded name."""
    changed: Changed = {}
    if "owner" in changes and (one.owner_id or 0) != changes["owner"]:
        changed["owner"] = [one.owner_id or 0, changes["owner"]]
    if "stage" in changes and one.stage.value != changes["stage"]:
        changed["stage"] = [one.stage.value, changes["stage"]]
    if "pause" in changes:
        held = [one.paused_until.isoformat() if one.paused_until else None, one.paused_why]
        wanted = [changes["pause"]["until"], changes["pause"]["why"]]
        if held != wanted:
            changed["pause"] = [held, wanted]
    keys = {key for _id, key in on}
    new = [name for name in changes.get("add_tags", ()) if fold(name) not in keys]
    if new:
        changed["add_tags"] = [[], new]
    gone = sorted({id for id, _key in on} & set(changes.get("remove_tags", ())))
    if gone:
        changed["remove_tags"] = [gone, []]
    return changed


def of_person(
    changes: Changes, who: Influencer, thresholds: tiers.Thresholds, user: User
) -> Changed:
    """What is changed of a person, by this user."""
    changed: Changed = {}
    if "tier" in changes:
        since = who.tier_set_at.isoformat() if who.tier_set_at else None
        before = [who.tier.value, who.tier_set_by_id, who.tier_reason, since]
        is_computed = changes["tier"] == COMPUTED
        computed = tiers.tier(who.audience, who.archetype, thresholds).value
        chosen = [changes["tier"], user.id, changes.get("reason", "")[:200]]
        after = [computed, None, None] if is_computed else chosen
        is_chosen = tiers.is_chosen(who.tier_set_by_id, who.tier_reason)
        if is_chosen is is_computed or before[0] != after[0]:
            changed["tier"] = [before, after]
    if "archive" in changes and (who.archived_at is not None) is not changes["archive"]:
        changed["archive"] = [not changes["archive"], changes["archive"]]
    return changed
