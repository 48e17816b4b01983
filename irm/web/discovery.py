"""Discovery: people outside the funnel who speak of the brand's topics, and beginning with them."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, can, here, load, me, memberships, require
from irm.db import db
from irm.directory import prospects, topics
from irm.directory.prospects import COUNTED, PAGE, Filter, Sort
from irm.errors import Refused
from irm.funnel import admitting
from irm.i18n import _, _l, _n
from irm.models import Influencer, Platform, Tier, Topic
from irm.web import filters
from irm.web.answers import Answer, back_to, undoable
from irm.web.guard import is_fragment
from irm.web.proposals import proposals
from irm.web.words import words

bp = Blueprint("discovery", __name__)

#: What the page reads of its address.
_NAMES = ("topic", "tier", "platform", "sort", "show")

#: Nobody ticks more boxes than a page has.
MOST_AT_ONCE = 10 * PAGE


@bp.get("/discovery")
def index() -> str:
    """The people, best first."""
    require(Permission.SEE)
    filter, sort = _filter(), filters.word(Sort, "sort") or Sort.RELEVANCE
    after = request.args.get("after") or None
    where = [*_visible(), *prospects.conditions(filter)]
    found = prospects.page(db.session, where, sort, after)
    known = db.session.scalars(topics.of_brand(here().brand_id)).all()
    kept = {name: request.args.get(name, "") for name in _NAMES}
    more = len(found) > PAGE
    return render_template(
        "discovery/index.html",
        people=proposals(found[:PAGE], known, words()),
        count=_count(where) if found else "",
        topics=known,
        filter=filter,
        sort=sort,
        sorts=Sort,
        tiers=Tier,
        platforms=Platform,
        chips=_chips(filter, known, kept),
        list=filters.address("", kept).removeprefix("?"),
        all_new=bool(found) and not any(row.reasons for row in found[:PAGE]),
        first_href=filters.address("/discovery", kept) if after else "",
        next_href=filters.address(
            "/discovery", kept, {"after": prospects.page_token(found[PAGE - 1])}
        )
        if more
        else "",
        aside_href="" if filter.dismissed else "/discovery?show=aside",
        may_add=can(Permission.ADD),
    )


@bp.post("/discovery")
def add_several() -> Answer:
    """Begin with everybody who was ticked."""
    require(Permission.ADD)
    ids = _ticked()
    if not ids:
        return back_to(_back(), _("Select at least one person."))
    # Whoever is not the reader's to see is not there.
    asked = prospects.page(db.session, [*_visible(), Influencer.id.in_(ids)], size=MOST_AT_ONCE)
    made, refused = admitting.admit_all(
        db.session,
        [row.influencer_id for row in asked],
        here().brand_id,
        user=me(),
        at=clock.now(),
    )
    db.session.commit()
    said = _n(
        "%(n)s person is in the funnel now.", "%(n)s people are in the funnel now.", len(made)
    )
    left = len(ids) - len(made)
    if left:
        why = str(refused[0].message) if refused else _("They are not proposed any more.")
        more = _n("%(n)s was left out: %(why)s", "%(n)s were left out: %(why)s", left, why=why)
        return back_to(_back(), f"{said} {more}")
    if len(made) == 1:
        return back_to(_back(), _undoable(made[0].influencer_id, said, is_own=asked[0].is_own))
    return back_to(_back(), said)


@bp.post("/influencers/<int:id>/admit")
def admit(id: int) -> Answer:
    """Begin with somebody."""
    person = _person(id)
    name, brand = person.name, here().brand_id
    found = prospects.of(db.session, brand, id)
    is_own = found is not None and found.is_own
    _made, refused = admitting.admit_all(db.session, [id], brand, user=me(), at=clock.now())
    if refused:
        raise refused[0]
    db.session.commit()
    said = _("%(name)s is in the funnel now, at “unaware”.", name=name)
    if is_fragment():
        return _done(id, name, said, "withdraw", {"own": "1" if is_own else ""})
    return back_to(_after(id), _undoable(id, said, is_own=is_own))


@bp.post("/influencers/<int:id>/withdraw")
def withdraw(id: int) -> Answer:
    """Take a beginning back, while nobody has built on it."""
    name = _person(id).name
    is_own = request.form.get("own") == "1"
    at = clock.now()
    admitting.withdraw(db.session, id, here().brand_id, is_own=is_own, at=at)
    db.session.commit()
    if is_fragment():
        return _card(id)
    return back_to("/discovery", _("%(name)s is not in the funnel any more.", name=name))


@bp.post("/influencers/<int:id>/dismiss")
def dismiss(id: int) -> Answer:
    """Put somebody aside."""
    name = _person(id).name
    prospects.dismiss(db.session, here().brand_id, id, clock.now())
    db.session.commit()
    said = _("%(name)s is put aside.", name=name)
    if is_fragment():
        return _done(id, name, said, "propose", {})
    return back_to(_back(), undoable(said, f"/influencers/{id}/propose", {}))


@bp.post("/influencers/<int:id>/propose")
def propose(id: int) -> Answer:
    """Take somebody back who was put aside."""
    name = _person(id).name
    prospects.take_back(db.session, here().brand_id, id)
    db.session.commit()
    if is_fragment():
        return _card(id)
    return back_to(_back(), _("%(name)s is proposed again.", name=name))


def _person(id: int) -> Influencer:
    """Somebody whom the user may see, for whom she may do something at the current brand."""
    person = load(Influencer, id, Permission.SEE)
    require(Permission.ADD)
    return person


def _visible() -> list[Any]:
    # Invented people are proposed to no brand but that of the demo, and nobody real to that.
    mine = [one.brand_id for one in memberships() if one.is_demo == here().is_demo]
    return prospects.visible(here().brand_id, mine)


def _filter() -> Filter:
    """What the address asks for. Raises Refused where a word of it means nothing here."""
    topic, show = request.args.get("topic", ""), request.args.get("show", "")
    if (topic and not (topic.isdecimal() and len(topic) <= 9)) or show not in ("", "aside"):
        raise Refused(_l("This address names a filter that does not exist."))
    return Filter(
        topic_id=int(topic) if topic else None,
        tier=filters.word(Tier, "tier"),
        platform=filters.word(Platform, "platform"),
        dismissed=show == "aside",
    )


def _chips(filter: Filter, known: Any, kept: dict[str, str]) -> list[tuple[str, str]]:
    """Each part of the filter in words, with the address that takes it away."""
    names: dict[int, str] = {topic.id: topic.name for topic in known}
    said = {
        "topic": names.get(filter.topic_id, "?") if filter.topic_id is not None else "",
        "tier": str(filter.tier.label) if filter.tier else "",
        "platform": str(filter.platform.label) if filter.platform else "",
        "show": _("Put aside") if filter.dismissed else "",
    }
    return [
        (text, filters.address("/discovery", {k: v for k, v in kept.items() if k != name}))
        for name, text in said.items()
        if text
    ]


def _count(where: list[Any]) -> str:
    number = prospects.count(db.session, where)
    if number > COUNTED:
        return _("%(number)s+ people", number=words().number(COUNTED))
    return _n("%(n)s person", "%(number)s people", number, number=words().number(number))


def _ticked() -> list[int]:
    said = request.form.getlist("who")[:MOST_AT_ONCE]
    return list(dict.fromkeys(int(one) for one in said if one.isdecimal() and len(one) <= 9))


def _back() -> str:
    """The list as it was, as far as the form says so."""
    pairs = parse_qsl(request.form.get("list", "")[:2000])
    return filters.address("/discovery", {name: one for name, one in pairs if name in _NAMES})


def _after(id: int) -> str:
    return f"/influencers/{id}" if request.form.get("back") == "person" else _back()


def _undoable(id: int, said: str, *, is_own: bool) -> dict[str, Any]:
    return undoable(said, f"/influencers/{id}/withdraw", {"own": "1" if is_own else ""})


def _done(id: int, name: str, said: str, undo: str, values: dict[str, str]) -> str:
    """What stands in the place of somebody with whom something was done."""
    return render_template(
        "discovery/_done.html",
        id=id,
        name=name,
        said=said,
        undo=f"/influencers/{id}/{undo}",
        values=values,
    )


def _card(id: int) -> Answer:
    """Somebody as the list shows them, to be swapped in again."""
    where = [*_visible(), Influencer.id == id]
    known: list[Topic] = list(db.session.scalars(topics.of_brand(here().brand_id)))
    shown = proposals(prospects.page(db.session, where), known, words())
    return render_template(
        "discovery/_people.html", people=shown, may_add=can(Permission.ADD), focus=True
    )
