"""A filter or a view scored as one: what many small ones weigh beside a large one."""

from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from sqlalchemy import and_, false, func, not_, select

from irm.access import Permission, here, require
from irm.db import db
from irm.directory import filters
from irm.directory.people import is_listed
from irm.errors import NotFound
from irm.i18n import _, _n
from irm.models import Influencer, Relationship, Tier
from irm.scoring import group_sums, groups, rules
from irm.scoring.groups import Beside, Group, Mean
from irm.web import chips, listing
from irm.web.listing import Listing
from irm.web.words import Words, words

bp = Blueprint("groups", __name__)

PATH = "/influencers/group"

#: So near to 1, the one is as much as the other.
ALIKE = 0.05

#: The mix is drawn on a line of this length.
LENGTH = 100.0


class Share(NamedTuple):
    """A tier within the group: numbers for the table, and its place in both bars."""

    tier: Tier
    people: str
    people_share: str
    audience: str
    audience_share: str
    resonance: str
    #: Where it begins in the bars of people and of audience, and how long it is there.
    places: tuple[tuple[float, float], tuple[float, float]]


class Fact(NamedTuple):
    """A number of the group, and what it rests on."""

    words: str
    value: str
    why: str


@bp.get(PATH)
def show() -> str:
    """The group: how many, what they reach and move together, and as what macro."""
    require(Permission.SEE)
    shown, said = listing.here_and_now(), words()
    filters.refuse_unread(shown.query)
    inside = shown.ask().conditions
    within = [Relationship.brand_id == here().brand_id, is_listed(shown.query.archived)]
    lines = rules.rules(db.session).expectations
    group = group_sums.read(db.session.execute(group_sums.parts([*within, *inside], lines)))

    macros: list[Any] = []
    if inside and group.audience:
        # Whoever is in the group is not what it is set beside.
        others = not_(func.coalesce(and_(*inside), false()))
        macros = list(db.session.execute(group_sums.nearest([*within, others], group.audience)))
    chosen = _chosen(macros)
    compared: dict[str, Any] = {}
    if chosen is not None:
        mine = [Relationship.brand_id == here().brand_id, Influencer.id == chosen.id]
        one = group_sums.read(db.session.execute(group_sums.parts(mine, lines)))
        compared = _compared(group, one, chosen.name, said)
    return render_template(
        "influencers/group.html",
        shown=shown,
        title=_title(shown),
        filters=[chip.words for group_ in chips.groups(shown) for chip in group_.chips],
        text=shown.query.text,
        people=group.people,
        facts=_facts(group, said) if group.people else [],
        shares=_shares(group, said),
        macros=[(row.id, row.name, said.compact(row.audience)) for row in macros],
        chosen=chosen,
        compared=compared,
        is_everybody=not inside,
        kept=shown.pairs(),
    )


def _title(shown: Listing) -> str:
    if shown.view_id and not shown.is_changed:
        found = (one.name for one in listing.all_views() if one.id == shown.view_id)
        return _("“%(name)s” as a group", name=next(found, ""))
    return _("A group as one")


def _chosen(macros: list[Any]) -> Any:
    """Whom the group is set beside: who was asked for, else the nearest macro.

    Raises NotFound where the brand knows nobody of that id.
    """
    asked = request.args.get("beside", "")
    if not asked:
        return macros[0] if macros else None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        raise NotFound()
    found = db.session.execute(
        select(Influencer.id, Influencer.name, Influencer.audience)
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .where(
            Relationship.brand_id == here().brand_id,
            Influencer.id == int(asked),
            is_listed("any"),
        )
    ).first()
    if found is None:
        raise NotFound()
    return found


def _facts(group: Group, said: Words) -> list[Fact]:
    audience, largest = group.audience, group.largest
    why = ""
    if audience is not None and largest is not None and group.sized > 1:
        why = _(
            "At most: the sum. Nobody knows who follows several of them; the largest alone has "
            "%(largest)s.",
            largest=said.number(largest),
        )
    return [
        Fact(
            _("Joint audience"),
            "–" if audience is None else said.number(audience),
            _and_unknown(why, group.sized, group.people, said),
        ),
        Fact(_("Reach"), said.score(group.reach), _("Of the joint audience, as if they were one.")),
        _weighted(_("Resonance"), group.resonance, group.people, said),
        _weighted(_("Relevance"), group.relevance, group.people, said),
    ]


def _weighted(label: str, mean: Mean, people: int, said: Words) -> Fact:
    why = _("The mean, weighted by audience.") if mean.value is not None else ""
    return Fact(label, said.score(mean.value), _and_unknown(why, mean.people, people, said))


def _and_unknown(why: str, known: int, people: int, said: Words) -> str:
    left = people - known
    if not left:
        return why
    unknown = _n(
        "Not known of %(number)s person, who is left out.",
        "Not known of %(number)s people, who are left out.",
        left,
        number=said.number(left),
    )
    return f"{why} {unknown}".strip()


def _shares(group: Group, said: Words) -> list[Share]:
    found, begun = [], [0.0, 0.0]
    for part in group.parts:
        of = (part.people / group.people, part.audience / (group.audience or 1))
        places = tuple(
            (round(at, 2), round(LENGTH * share, 2)) for at, share in zip(begun, of, strict=True)
        )
        begun = [at + LENGTH * share for at, share in zip(begun, of, strict=True)]
        people, audience = (_("%(n)s%%", n=said.number(round(100 * share))) for share in of)
        found.append(
            Share(
                part.tier,
                said.number(part.people),
                people,
                said.compact(part.audience) if part.sized else "–",
                audience if part.sized else "–",
                said.score(part.resonance.value),
                (places[0], places[1]),
            )
        )
    return found


def _compared(group: Group, one: Group, name: str, said: Words) -> dict[str, Any]:
    found = groups.beside(group, one)
    return {
        "words": _sentence(found, group.people, _who(group, said), name, said),
        "micros": _micros(found, name, said),
        "ours": _about(group.reactions, said),
        "theirs": _about(one.reactions, said),
        "counted": _n(
            "%(known)s of %(people)s person counted",
            "%(known)s of %(people)s people counted",
            group.people,
            known=said.number(group.moving),
            people=said.number(group.people),
        ),
    }


def _about(reactions: float | None, said: Words) -> str:
    return said.compact(None if reactions is None else round(reactions))


def _who(group: Group, said: Words) -> str:
    n, number = group.people, said.number(group.people)
    if group.of(Tier.MICRO) and len(group.parts) == 1:
        return _n("This micro", "These %(number)s micros", n, number=number)
    return _n("This person", "These %(number)s people", n, number=number)


def _sentence(found: Beside, people: int, who: str, name: str, said: Words) -> str:
    if found.reaches is None:
        return _("What they reach cannot be compared: an audience is not known.")
    many = _times(found.reaches, said)
    reach = _("%(n)s times as many people", n=many) if many else _("as many people")
    if found.moves is None:
        unknown = _("What they move cannot be compared: a resonance is not known.")
        reached = _n(
            "%(who)s reaches %(reach)s as %(name)s.",
            "%(who)s reach %(reach)s as %(name)s.",
            people,
            who=who,
            reach=reach,
            name=name,
        )
        return f"{reached} {unknown}"
    much = _times(found.moves, said)
    move = _("%(n)s times as much", n=much) if much else _("as much")
    if found.at_least:
        move = _("at least %(much)s", much=move)
    return _n(
        "%(who)s reaches %(reach)s, and moves %(move)s, as %(name)s.",
        "%(who)s reach %(reach)s, and move %(move)s, as %(name)s.",
        people,
        who=who,
        reach=reach,
        move=move,
        name=name,
    )


def _times(ratio: float, said: Words) -> str:
    """How many times, in two figures; "" for about once."""
    if abs(ratio - 1) <= ALIKE:
        return ""
    return said.number(float(f"{ratio:.2g}") if ratio < 10 else round(ratio))


def _micros(found: Beside, name: str, said: Words) -> str:
    if found.micros_reach is None:
        return ""
    number = said.number(found.micros_reach)
    if found.micros_move is None:
        return _n(
            "It takes %(reach)s micro like these to reach as many people as %(name)s.",
            "It takes %(reach)s micros like these to reach as many people as %(name)s.",
            found.micros_reach,
            reach=number,
            name=name,
        )
    return _n(
        "It takes %(reach)s micro like these to reach as many people as %(name)s, and %(move)s to "
        "move as much.",
        "It takes %(reach)s micros like these to reach as many people as %(name)s, and %(move)s to "
        "move as much.",
        found.micros_reach,
        reach=number,
        move=said.number(found.micros_move),
        name=name,
    )
