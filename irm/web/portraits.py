"""Two people side by side, in words: who they are, where they differ, what a merge moves."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from irm.access import Permission, can, here, memberships
from irm.db import db
from irm.directory import duplicates, team
from irm.directory.comparing import Comparison
from irm.directory.duplicates import queue
from irm.forms.influencer import language_names
from irm.i18n import LazyText, _, _l, _n
from irm.models import Channel, Duplicate, Influencer, LawfulBasis
from irm.models.base import LabelledEnum
from irm.web import stage_names
from irm.web.timeline import label
from irm.web.words import initials, words

#: Accounts and ways of contact shown of a person; who has more is known by these.
SHOWN = 4

FIELDS: dict[str, LazyText] = {
    "name": _l("Name"),
    "country": _l("Country"),
    "city": _l("City"),
    "language": _l("Language"),
    "further_languages": _l("Further languages"),
    "timezone": _l("Time zone"),
    "bio": _l("Bio"),
    "categories": _l("Topics"),
    "archetype": _l("Archetype"),
    "origin": _l("Origin"),
    "tier": _l("Tier"),
    "preferred_channel": _l("Preferred channel"),
    "contact_ceiling": _l("Contacts a month at most"),
    "do_not_contact": _l("Do not contact"),
    "business_model": _l("Business model"),
    "looks_for": _l("What they look for"),
    "may_be_paid": _l("May be paid"),
    "source": _l("Source"),
    "lawful_basis": _l("Lawful basis"),
    "archived_at": _l("Archive"),
    "stage": _l("Stage"),
    "owner_id": _l("Owner"),
    "paused_until": _l("Pause"),
}


class Standing(NamedTuple):
    """A stage, as the brand calls it that put somebody there."""

    value: str
    label: str


class Portrait(NamedTuple):
    """One person of a pair."""

    id: int
    name: str
    initials: str
    line: str
    bio: str
    accounts: list[tuple[str, str, str]]
    contacts: list[str]
    stages: list[tuple[str, Standing, str]]
    talks: int


class Pair(NamedTuple):
    """Two people who may be one, with the one proposed to be kept first."""

    id: int
    state: str
    score: str
    reasons: list[str]
    kept: Portrait
    gone: Portrait


def brand_ids() -> list[int]:
    """The brands where the reader may merge."""
    may = Permission.MERGE
    return [one.brand_id for one in memberships() if can(may, one.brand_id)]


def pairs(found: Sequence[Duplicate]) -> list[Pair]:
    """Pairs as the queue shows them."""
    people = {person.id: person for pair in found for person in (pair.left, pair.right)}
    drawn = portraits(people.values())
    return [_pair(pair, drawn) for pair in found]


def _pair(pair: Duplicate, drawn: dict[int, Portrait]) -> Pair:
    kept, gone = drawn[pair.left_id], drawn[pair.right_id]
    if gone.talks > kept.talks:
        kept, gone = gone, kept
    said = duplicates.sentences(pair.reasons)
    return Pair(pair.id, pair.state.value, words().score(pair.score), said, kept, gone)


def portraits(people: Iterable[Influencer]) -> dict[int, Portrait]:
    """People by id, with their accounts, ways of contact and stages; three statements."""
    all_of_them = list(people)
    ids, said = [person.id for person in all_of_them], words()
    if not ids:
        return {}
    accounts: dict[int, list[tuple[str, str, str]]] = {id: [] for id in ids}
    for account in db.session.scalars(queue.accounts(ids)):
        followers = "" if account.followers is None else said.compact(account.followers)
        accounts[account.influencer_id].append((account.platform.value, account.handle, followers))
    contacts: dict[int, list[str]] = {id: [] for id in ids}
    for contact in db.session.scalars(queue.contacts(ids)):
        contacts[contact.influencer_id].append(contact.value)
    names = {one.brand_id: one.brand_name for one in memberships()}
    stages: dict[int, list[tuple[str, Standing, str]]] = {id: [] for id in ids}
    talks = dict.fromkeys(ids, 0)
    for row in db.session.execute(queue.standing(ids, list(names))):
        spoken = _n("%(n)s interaction", "%(n)s interactions", row.talks)
        with stage_names.at(row.brand_id):
            stage = Standing(row.stage.value, str(row.stage.label))
        stages[row.influencer_id].append((names[row.brand_id], stage, spoken))
        talks[row.influencer_id] += row.talks
    return {
        person.id: Portrait(
            person.id,
            person.name,
            initials(person.name),
            _line(person),
            person.bio or "",
            accounts[person.id][:SHOWN],
            contacts[person.id][:SHOWN],
            stages[person.id],
            talks[person.id],
        )
        for person in all_of_them
    }


def _line(person: Influencer) -> str:
    place = ", ".join(part for part in (person.city, person.country) if part)
    parts = (str(person.tier.label), place, person.categories or "")
    return " · ".join(part for part in parts if part)


def differences(found: Comparison, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The fields that two people differ in, each with both values in words and who is chosen."""
    said = words()
    return [
        {
            "name": one.name,
            "label": FIELDS[one.name],
            "kept": value(one.name, one.kept),
            "gone": value(one.name, one.gone),
            "side": chosen.get(one.name, one.proposed),
            "newer": said.date[said.day(one.newer)] if one.newer else "",
        }
        for one in found.differences
    ] + related(found, chosen)


def related(found: Comparison, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """Stage and owner of each brand that knows both, where they differ."""
    names = {one.brand_id: one.brand_name for one in memberships()}
    rows = []
    for pair in found.shared:
        brand = names.get(pair.brand_id, "") if len(found.shared) > 1 else ""
        members = db.session.execute(team.members(pair.brand_id))
        owners: dict[int | None, str] = {row.id: row.name for row in members}
        with stage_names.at(pair.brand_id):
            stages = str(pair.kept["stage"].label), str(pair.gone["stage"].label)
        sides = {
            "stage": (*stages, pair.stage),
            "owner": (
                owners.get(pair.kept["owner_id"], "–"),
                owners.get(pair.gone["owner_id"], "–"),
                pair.owner,
            ),
        }
        for name, (mine, yours, proposed) in sides.items():
            if str(mine) != str(yours):
                key = f"{name}-{pair.brand_id}"
                label = FIELDS["owner_id" if name == "owner" else name]
                rows.append(
                    {
                        "name": key,
                        "label": _("%(field)s, %(brand)s", field=label, brand=brand)
                        if brand
                        else label,
                        "kept": mine,
                        "gone": yours,
                        "side": chosen.get(key, proposed),
                    }
                )
    return rows


def value(name: str, one: Any) -> str:
    """The value of a field in words."""
    if one in (None, ""):
        return "–"
    if isinstance(one, bool):
        return _("Yes") if one else _("No")
    if name in ("language", "further_languages"):
        names = language_names()
        return ", ".join(names.get(code, code) for code in str(one).split())
    if name in _STORED_AS_WORDS:
        return label(_STORED_AS_WORDS[name], one)
    return str(one.label) if isinstance(one, LabelledEnum) else str(one)


#: Columns that hold the word alone, and the words it is one of.
_STORED_AS_WORDS: dict[str, type[LabelledEnum]] = {
    "preferred_channel": Channel,
    "lawful_basis": LawfulBasis,
}


def moving(found: Comparison) -> list[str]:
    """What moves, counted in words."""
    n = found.moving
    counted = [
        _n("%(n)s account", "%(n)s accounts", n["accounts"]),
        _n("%(n)s way of contact", "%(n)s ways of contact", n["contact_points"]),
        _n("%(n)s relationship", "%(n)s relationships", n["relationships"]),
        _n("%(n)s interaction", "%(n)s interactions", n["interactions"]),
        _n("%(n)s touchpoint", "%(n)s touchpoints", n["touchpoints"]),
        _n("%(n)s stage move", "%(n)s stage moves", n["stage_moves"]),
        _n("%(n)s tag", "%(n)s tags", n["relationship_tags"]),
    ]
    return [said for said, many in zip(counted, _in_order(n), strict=True) if many]


def _in_order(n: dict[str, int]) -> list[int]:
    return [
        n["accounts"],
        n["contact_points"],
        n["relationships"],
        n["interactions"],
        n["touchpoints"],
        n["stage_moves"],
        n["relationship_tags"],
    ]


def left_over(report: Iterable[dict[str, Any]]) -> list[str]:
    """What an undone merge could not part, in words."""
    names = {name: str(label) for name, label in FIELDS.items()}
    return [said for one in report if (said := duplicates.left_over(one, names))]


def here_id() -> int:
    """The current brand."""
    return here().brand_id
