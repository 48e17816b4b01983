"""The network: who has influence on whom, who could introduce whom, and what all this rests on."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, can, here, me, require
from irm.calendar_words import said_day
from irm.db import db
from irm.directory import named
from irm.errors import Refused
from irm.i18n import _
from irm.models import Relationship, Task
from irm.network import paths, proposals, resting, risk, standing
from irm.network.paths import Path
from irm.network.resting import Said
from irm.network.sentences import sentence
from irm.web import filters
from irm.web import introductions as introduced
from irm.web.answers import Answer, back_to
from irm.web.words import words

bp = Blueprint("network", __name__)

#: Proposals of one sort that the page shows.
PROPOSED = 10

#: No name or handle is longer.
LONGEST = 200


@bp.get("/network")
def index() -> str:
    """What was measured last, answers first."""
    require(Permission.SEE)
    brand_id, said = here().brand_id, words()
    run = proposals.newest_run(db.session, brand_id)
    is_measuring = standing.measuring(db.session, brand_id) is not None
    if run is None or not run.ties:
        return render_template(
            "network/index.html",
            run=None,
            is_measuring=is_measuring,
            may_measure=can(Permission.EDIT),
        )
    is_topical = request.args.get("by") == "topics"
    leaders = standing.leading(db.session, brand_id, is_topical=is_topical)
    groups = standing.communities(db.session, run)
    known = {one.id: standing.called(one) for one in groups}
    missing = {one.community_id for one in leaders if one.community_id} - known.keys()
    known |= {one.id: standing.called(one) for one in standing.groups(db.session, missing)}
    return render_template(
        "network/index.html",
        run=run,
        measured=said.moment(run.finished_at),
        modularity="" if run.modularity is None else said.number(round(run.modularity, 2)),
        is_measuring=is_measuring,
        may_measure=can(Permission.EDIT),
        is_topical=is_topical,
        leaders=leaders,
        groups=groups,
        group_names=known,
        risks=_risks(brand_id),
        **_proposed(run),
    )


@bp.get("/network/paths")
def find() -> Answer:
    """The warmest ways to somebody whom nobody has reached."""
    require(Permission.SEE)
    name = request.args.get("to", "").strip()[:LONGEST]
    fault, found, target = "", None, None
    if name:
        try:
            target = _wanted(name)
            paths.refuse_reached(db.session, here().brand_id, target)
            found = paths.find(db.session, here().brand_id, target, clock.now())
        except Refused as refused:
            fault = str(refused.message)
    page = render_template(
        "network/paths.html",
        name=name,
        fault=fault,
        is_searched=found is not None,
        target=found.names.get(found.influencer_id, "") if found else "",
        is_limited=bool(found and found.is_limited),
        ways=[_way(one, found.names) for one in found.paths] if found else [],
        asked=introduced.listed(to=found.influencer_id) if found else [],
        may_ask=can(Permission.LOG),
    )
    return (page, 422) if fault else page


@bp.post("/network/measure")
def measure() -> Answer:
    """Measure the network now, instead of tonight; the worker does it."""
    require(Permission.EDIT)
    brand_id = here().brand_id
    if standing.measuring(db.session, brand_id) is not None:
        return back_to("/network", _("The network is being measured already."))
    db.session.add(
        Task(
            kind=standing.TASK,
            arguments={},
            brand_id=brand_id,
            user_id=me().id,
            created_at=clock.now(),
        )
    )
    db.session.commit()
    return back_to("/network", _("The network is being measured: look again in a minute."))


def _wanted(name: str) -> int:
    """Whom somebody means by a handle, an id or a full name. Raises Refused."""
    brand_id = here().brand_id
    try:
        return paths.wanted(db.session, brand_id, name)
    except Refused:
        found = named.by_beginning(db.session, filters.reader_at(brand_id), name)
        if found is None:
            raise
        return db.session.get_one(Relationship, found.relationship_id).influencer_id


def _proposed(run: Any) -> dict[str, Any]:
    """Whom to look at, to bring together and to ask for help, with the reasons as sentences."""
    found = {
        "alike": proposals.alike(db.session, run)[:PROPOSED],
        "partners": proposals.partners(db.session, run)[:PROPOSED],
        "mentors": proposals.mentors(db.session, run)[:PROPOSED],
    }
    names = proposals.named(db.session, [one for some in found.values() for one in some])
    return {
        sort: [
            {
                "one": one,
                "names": [names.get(id, "") for id in _ids(one)],
                "ids": _ids(one),
                "by": _by(one),
                "why": _sentences(one["reasons"], names),
            }
            for one in some
        ]
        for sort, some in found.items()
    }


def _ids(one: Mapping[str, Any]) -> list[int]:
    if "ids" in one:
        return list(one["ids"])
    return [one["id"], one["mentor"]] if "mentor" in one else [one["id"]]


def _by(one: Mapping[str, Any]) -> int:
    """Somebody of ours who has a tie with whoever is proposed; 0 where no reason names one."""
    return next((reason["ids"][0] for reason in one["reasons"] if reason.get("ids")), 0)


def _sentences(reasons: Iterable[Mapping[str, Any]], names: Mapping[int, str]) -> str:
    return " ".join(filter(None, (sentence(reason, names) for reason in reasons)))


def _risks(brand_id: int) -> list[Said]:
    """What the reach of a brand rests on, each with whether that is too little."""
    return resting.named(db.session, risk.read(db.session, brand_id, clock.now())).said()


def _way(path: Path, names: Mapping[int, str]) -> dict[str, Any]:
    """A route in words: who is asked, by whom it goes on, and why."""
    return {
        "connector": path.connector.name,
        "connector_id": path.connector.influencer_id,
        "relationship_id": path.connector.relationship_id,
        "warmth": f"{path.warmth:.0f}",
        "ids": ",".join(map(str, path.people)),
        "people": [names.get(id, "") for id in path.people],
        "why": [sentence(_in_words(reason), names) for reason in path.reasons],
    }


def _in_words(reason: Mapping[str, Any]) -> dict[str, Any]:
    """A reason whose figures and days are those of the reader's language."""
    said, found = words(), dict(reason)
    if "strength" in found:
        found["strength"] = said.number(round(found["strength"], 1))
    if found.get("last_seen"):
        day = dt.date.fromisoformat(found["last_seen"])
        found["last_seen"] = said_day(day, "d MMMM y", said.locale)
    return found
