"""A picture of the network in words and in numbers: what its drawing, legend and table say."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from irm.db import db
from irm.i18n import _
from irm.network import standing
from irm.network.nearby import Link
from irm.network.pictures import Figure, Picture, Size
from irm.network.sentences import kinds
from irm.web.words import Words

#: So many colours and shapes there are: with no common divisor, so that communities share both
#: only after the product of the two.
COLOURS, SHAPES = 7, 4

#: How thick the strongest tie of a picture is drawn, and the weakest, in points.
THICK, THIN = 4.0, 0.75

#: Pairs that alone join two parts, of which the page tells.
TOLD = 5


class Row(NamedTuple):
    """One person of the table below the drawing."""

    id: int
    name: str
    stage: Any
    value: str
    rank: str
    group: str
    group_id: int | None
    ties: int
    #: How they are tied with whoever stands in the middle: empty for that one.
    tie: str
    is_middle: bool


def told(picture: Picture, size: Size, said: Words, *, middle: int | None = None) -> dict[str, Any]:
    """What a page shows of a picture: `drawing`, `groups` (its legend), `rows`, `sole`, counts."""
    in_group = Counter(one.community_id for one in picture.people if one.community_id)
    found = standing.groups(db.session, in_group.keys())
    groups: list[dict[str, Any]] = [
        {
            "id": one.id,
            "name": standing.called(one),
            "colour": one.colour % COLOURS,
            "shape": one.colour % SHAPES,
            "people": in_group[one.id],
        }
        for one in sorted(found, key=lambda one: (-in_group[one.id], one.id))
    ]
    names = {one.id: one.name for one in picture.people}
    by_id = {one["id"]: one["name"] for one in groups}
    return {
        "groups": groups,
        "apart": len(picture.people) - sum(in_group.values()),
        "rows": [_row(one, picture, size, by_id, middle, said) for one in picture.people],
        "drawing": _drawing(picture, groups, size, middle, said),
        "sole": [f"{names[one]} – {names[other]}" for one, other in picture.sole[:TOLD]],
        "unknown": sum(one.value is None for one in picture.people),
        "people": len(picture.people),
        "ties": len(picture.links) + picture.undrawn,
        "undrawn": picture.undrawn,
        "is_limited": picture.is_limited,
    }


def _row(
    one: Figure,
    picture: Picture,
    size: Size,
    groups: Mapping[int, str],
    middle: int | None,
    said: Words,
) -> Row:
    return Row(
        one.id,
        one.name,
        one.stage,
        _value(one, size, said),
        "–" if one.rank is None else said.number(one.rank),
        groups.get(one.community_id or 0, "–"),
        one.community_id if one.community_id in groups else None,
        picture.ties[one.id],
        _tie(one.id, middle, picture, said) if middle is not None else "",
        one.id == middle,
    )


def _value(one: Figure, size: Size, said: Words) -> str:
    """What somebody is drawn larger for, as people look at it: influence by its rank."""
    if size in (Size.INFLUENCE, Size.TOPICAL):
        rank = one.rank if size is Size.INFLUENCE else one.topical_rank
        return "–" if rank is None else _("no. %(rank)s", rank=said.number(rank))
    if size is Size.BRIDGING:
        return "–" if one.value is None else said.number(round(one.value, 2))
    return said.score(one.value)


def _tie(id: int, middle: int, picture: Picture, said: Words) -> str:
    """How somebody is tied with whoever stands in the middle, who comes first."""
    if id == middle:
        return ""
    link = picture.to_middle.get(id)
    if link is None:
        return _("over others")
    strong = said.number(round(link.strength, 1))
    if link.is_mutual:
        return _("both ways, strength %(n)s", n=strong)
    is_out = link.there if link.one == middle else link.back
    if is_out:
        return _("is reached, strength %(n)s", n=strong)
    return _("reaches, strength %(n)s", n=strong)


def _drawing(
    picture: Picture,
    groups: list[dict[str, Any]],
    size: Size,
    middle: int | None,
    said: Words,
) -> dict[str, Any]:
    """What the script needs to draw: people, communities and ties, each with what is told of it."""
    at = {one["id"]: place for place, one in enumerate(groups)}
    by_id = {one["id"]: one["name"] for one in groups}
    number = {one.id: place for place, one in enumerate(picture.people)}
    names = {one.id: one.name for one in picture.people}
    most = max((link.strength for link in picture.links), default=1.0)
    sole = set(picture.sole)
    return {
        "kind": "network",
        "groups": [{key: one[key] for key in ("name", "colour", "shape")} for one in groups],
        "people": [
            {
                "name": one.name,
                "x": picture.points[one.id][0],
                "y": picture.points[one.id][1],
                "size": picture.widths[one.id],
                "group": at.get(one.community_id or 0, -1),
                "is_unknown": one.value is None,
                "is_middle": one.id == middle,
                "href": "" if one.id == middle else f"/network/around/{one.id}",
                "words": _told_of(one, size, by_id.get(one.community_id or 0, ""), said),
            }
            for one in picture.people
        ],
        "links": [
            {
                "from": number[link.one],
                "to": number[link.other],
                "width": round(THIN + (THICK - THIN) * (link.strength / most) ** 0.5, 2),
                "is_sole": (link.one, link.other) in sole,
                "words": _told_of_tie(link, names, said),
            }
            for link in picture.links
        ],
    }


def _told_of(one: Figure, size: Size, group: str, said: Words) -> list[str]:
    sized = _("%(what)s: %(value)s", what=str(size.label), value=_value(one, size, said))
    stage = str(one.stage.label) if one.stage else _("Not in the funnel")
    return [one.name, *([group] if group else []), stage, sized]


def _told_of_tie(link: Link, names: Mapping[int, str], said: Words) -> list[str]:
    one, other = names[link.one], names[link.other]
    if link.is_mutual:
        ends = f"{one} ↔ {other}"
    else:
        ends = f"{one} → {other}" if link.there else f"{other} → {one}"
    strong = _("strength %(n)s", n=said.number(round(link.strength, 1)))
    return [ends, f"{kinds(sorted(link.kinds))} · {strong}"]
