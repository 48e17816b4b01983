"""The list of people, and one person's page."""

from typing import Any, NamedTuple

from flask import Blueprint, Response, jsonify, render_template, request
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from irm.access import Permission, here, load, require
from irm.db import db
from irm.directory import people
from irm.directory.people import COUNTED, PAGE, Filter, Sort
from irm.errors import NotFound
from irm.forms.text import one_line
from irm.funnel import board
from irm.i18n import _, _n
from irm.models import Influencer, Platform, Relationship, Stage, Tier
from irm.web import filters, person, timeline
from irm.web.cards import phrases
from irm.web.words import Words, words

bp = Blueprint("influencers", __name__)


#: Names of platforms are the same in every language.
_PLATFORMS = {platform.value: str(platform.label) for platform in Platform}


class Row(NamedTuple):
    """One person of the list, in words."""

    influencer_id: int
    name: str
    handle: str
    stage: str
    stage_name: str
    tier: str
    fit: str
    reach: str
    resonance: str
    relevance: str
    audience: str
    contact: str
    next: str
    next_on: Any
    late: bool
    owner_name: str


@bp.get("/influencers")
def index() -> str:
    """The list: fifty people, sorted by fit unless somebody chose otherwise."""
    require(Permission.SEE)
    filter, sort = filters.read(), filters.word(Sort, "sort") or Sort.FIT
    conditions = people.conditions(db.session, filter, filters.reader())
    after = request.args.get("after") or None
    found = people.page(db.session, here().brand_id, conditions, sort, after)
    owners, given = filters.owners(), filters.params(filter)
    sorting = {} if sort is Sort.FIT else {"sort": sort.value}
    more = {"after": people.page_token(found[PAGE - 1])} if len(found) > PAGE else None
    return render_template(
        "influencers/index.html",
        rows=_rows(found[:PAGE], words()),
        filters=_shown(filter),
        chips=filters.chips(filter, "/influencers", sorting, owners),
        sort=sort.value,
        columns=_columns(given),
        stages=Stage,
        tiers=Tier,
        platforms=Platform,
        owners=owners,
        count=_kept_count(filter) if filter.is_counted else None,
        count_href=None if filter.is_counted else filters.address("/influencers/count", given),
        first_href=filters.address("/influencers", given, sorting) if after else None,
        next_href=filters.address("/influencers", given, sorting, more) if more else None,
    )


@bp.get("/influencers/count")
def count() -> str:
    """How many a filter finds that no kept counter knows; asked for after the page."""
    require(Permission.SEE)
    conditions = people.conditions(db.session, filters.read(), filters.reader())
    return _said_count(people.count(db.session, here().brand_id, conditions))


@bp.get("/people")
def lookup() -> Response:
    """The people a half-typed name may mean, for quick log and palette."""
    require(Permission.SEE)
    query = one_line(request.args.get("q"))[: filters.LONGEST_SEARCH]
    found = db.session.execute(people.lookup(db.session, query, filters.reader()))
    return jsonify(
        people=[
            {
                "relationship_id": row.id,
                "name": row.name,
                "note": str(row.stage.label),
                "url": f"/influencers/{row.influencer_id}",
            }
            for row in found
        ]
    )


@bp.get("/influencers/<int:id>")
def show(id: int) -> str:
    """One person."""
    influencer = load(Influencer, id, Permission.SEE)
    return person.page(influencer, relationship_with(influencer))


@bp.get("/influencers/<int:id>/timeline")
def more_entries(id: int) -> str:
    """What lies further back on the timeline."""
    influencer = load(Influencer, id, Permission.SEE)
    relationship = relationship_with(influencer)
    if relationship is None:
        raise NotFound()
    entries, more = timeline.entries(relationship, request.args.get("before"))
    return render_template("influencers/_entries.html", entries=entries, more=more)


def relationship_with(influencer: Influencer) -> Relationship | None:
    """The current brand's relationship with a person, its owner at hand."""
    both = {"person": influencer.id, "brand": here().brand_id}
    return db.session.scalar(_RELATIONSHIP, both)


_RELATIONSHIP = (
    select(Relationship)
    .where(
        Relationship.influencer_id == bindparam("person"),
        Relationship.brand_id == bindparam("brand"),
    )
    .options(joinedload(Relationship.owner))
)


def _rows(found: list[Any], said: Words) -> list[Row]:
    about, score = phrases(said), said.score
    return [
        Row(
            row.influencer_id,
            row.name,
            _handle(row.account),
            row.stage.value,
            about.stages[row.stage],
            about.tiers[row.tier],
            score(row.fit),
            score(row.reach),
            score(row.resonance),
            score(row.relevance),
            said.compact(row.audience),
            said.near[said.day(row.last_contact_at)] if row.last_contact_at else _("Never"),
            about.brief[row.next_touchpoint_on],
            row.next_touchpoint_on,
            row.next_touchpoint_on is not None and row.next_touchpoint_on < said.today,
            row.owner_name or "–",
        )
        for row in found
    ]


def _handle(account: str | None) -> str:
    platform, _space, handle = (account or "").partition(" ")
    return f"{_PLATFORMS.get(platform, platform)} · {handle}" if handle else ""


def _columns(given: dict[str, str]) -> list[tuple[str, str, bool, str | None]]:
    """Heads of the table: key, words, whether numbers stand below, where a click leads."""
    sortable = {sort.value for sort in Sort}
    heads = [
        ("name", _("Name"), False),
        ("stage", _("Stage"), False),
        ("tier", _("Tier"), False),
        ("fit", _("Fit"), True),
        ("reach", _("Reach"), True),
        ("resonance", _("Resonance"), True),
        ("relevance", _("Relevance"), True),
        ("audience", _("Audience"), True),
        ("contact", _("Last contact"), False),
        ("next", _("Next touchpoint"), False),
        ("owner", _("Owner"), False),
    ]
    return [
        (
            key,
            said,
            is_number,
            filters.address("/influencers", given, {"sort": key}) if key in sortable else None,
        )
        for key, said, is_number in heads
    ]


def _kept_count(filter: Filter) -> str:
    heads = board.heads(db.session, here().brand_id, filter)
    if filter.stage is not None:
        return _said_count(heads[filter.stage].people, is_kept=True)
    return _said_count(sum(head.people for head in heads.values()), is_kept=True)


def _said_count(number: int, is_kept: bool = False) -> str:
    if number > COUNTED and not is_kept:
        return _("%(number)s+ people", number=words().number(COUNTED))
    return _n("%(n)s person", "%(number)s people", number, number=words().number(number))


def _shown(filter: Filter) -> dict[str, Any]:
    return {
        "q": filter.text,
        "stage": filter.stage,
        "tier": filter.tier,
        "owner": filter.owner_id,
        "platform": filter.platform,
    }
