"""The list of people."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from markupsafe import Markup

from irm.access import Permission, can, here, require
from irm.db import db
from irm.directory import excerpts, narrowing, people
from irm.directory.excerpts import Excerpt
from irm.directory.filters import LONGEST_SEARCH, encoded
from irm.directory.narrowing import Asked
from irm.directory.people import COUNTED, PAGE
from irm.directory.sorting import Sort
from irm.forms.text import one_line
from irm.funnel import board
from irm.i18n import _, _n
from irm.web import chips, filters, listing
from irm.web.listing import Listing
from irm.web.rows import heads, rows
from irm.web.words import words

bp = Blueprint("influencers", __name__)


@bp.get("/influencers")
def index() -> str:
    """The list: fifty people, by match where words are searched for, else by fit."""
    require(Permission.SEE)
    found_views = listing.all_views()
    shown = listing.here_and_now(found_views)
    views = [one for one in found_views if one.page == listing.LIST]
    asked, after = shown.ask(), request.args.get("after") or None
    found = _page(shown, asked, after)
    more = [("after", people.page_token(found[PAGE - 1]))] if len(found) > PAGE else None
    count = kept_count(shown)
    sort = _sort(shown, asked)
    return render_template(
        "influencers/index.html",
        shown=shown,
        rows=_rows(shown, asked, found[:PAGE]),
        heads=heads(shown.shown, sort, lambda word: _sorted(shown, word)),
        name_head=_sorted(shown, "name"),
        sort=sort,
        sorts=_sorts(shown),
        is_ranked=asked.found is None or asked.found.rank is not None,
        groups=chips.groups(shown),
        archived=chips.archived(shown),
        add_href=shown_filter(shown, 0),
        or_href=shown_filter(shown, len(shown.query.groups)) if shown.query.groups else None,
        views=views,
        view=next((one for one in views if one.id == shown.view_id), None),
        kept=filters_of(shown),
        count=None if count is None else said_count(count, is_kept=True),
        count_href=shown.href("/influencers/count") if count is None else None,
        first_href=shown.href() if after else None,
        next_href=shown.href(more=more) if more else None,
        may_edit=can(Permission.BULK_EDIT),
    )


@bp.get("/influencers/count")
def count() -> str:
    """How many a filter finds that no kept counter knows; asked for after the page."""
    require(Permission.SEE)
    shown = listing.here_and_now()
    return said_count(_count(shown))


@bp.get("/people")
def lookup() -> Response:
    """The people a half-typed name may mean, for quick log and palette."""
    require(Permission.SEE)
    query = one_line(request.args.get("q"))[:LONGEST_SEARCH]
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


def said_count(number: int, is_kept: bool = False) -> str:
    """A number of people in words; a counted one stops at a limit."""
    if number > COUNTED and not is_kept:
        return _("%(number)s+ people", number=words().number(COUNTED))
    return _n("%(n)s person", "%(number)s people", number, number=words().number(number))


def shown_filter(shown: Listing, group: int) -> str:
    """Where a filter is added to a group of the list."""
    return "/influencers/filter?" + encoded([("group", str(group)), ("list", shown.encoded())])


def filters_of(shown: Listing) -> list[tuple[str, str]]:
    """The words of the list that a search keeps: all but the searched ones."""
    view = [("view", str(shown.view_id))] if shown.view_id else []
    return [*view, *(pair for pair in shown.said() if pair[0] not in ("q", "sort"))]


def _page(shown: Listing, asked: Asked, after: str | None) -> list[Any]:
    return people.page(
        db.session,
        here().brand_id,
        asked.conditions,
        _sort(shown, asked),
        after,
        columns=shown.shown,
        archived=shown.query.archived,
        rank=asked.found.rank if asked.found else None,
    )


def _sort(shown: Listing, asked: Asked) -> Sort:
    """How it is sorted: hits too many to be ranked stand by fit."""
    is_ranked = asked.found is not None and asked.found.rank is not None
    wanted = shown.sorted_by
    return Sort.FIT if wanted is Sort.MATCH and not is_ranked else wanted


def _sorted(shown: Listing, word: str) -> str:
    return shown.changed(sort=Sort(word)).href()


def _sorts(shown: Listing) -> list[tuple[str, str]]:
    return [
        (one.value, str(one.label)) for one in Sort if one is not Sort.MATCH or shown.query.text
    ]


def _rows(shown: Listing, asked: Asked, found: list[Any]) -> list[Markup]:
    why: dict[int, Excerpt] = {}
    if asked.found is not None and asked.found.best:
        ids = [row.influencer_id for row in found]
        why = excerpts.of(db.session, shown.query.text, asked.found.best, ids)
    return rows(found, shown.shown, words(), why, may_pick=can(Permission.BULK_EDIT))


def kept_count(shown: Listing) -> int | None:
    """How many they are, where the kept counters know."""
    counted = narrowing.counted(shown.query, filters.reader())
    if counted is None:
        return None
    filter, stages = counted
    by_stage = board.heads(db.session, here().brand_id, filter)
    return sum(by_stage[stage].people for stage in stages)


def _count(shown: Listing) -> int:
    kept = kept_count(shown)
    if kept is not None:
        return min(kept, COUNTED + 1)
    asked = shown.ask()
    return people.count(db.session, here().brand_id, asked.conditions, shown.query.archived)
