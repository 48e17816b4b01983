"""The funnel board: who is where."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request

from irm import clock
from irm.access import Permission, can, here, require
from irm.db import db
from irm.funnel import board, board_order, changes, grouped, grouping, pauses, stages
from irm.funnel.board import COLUMN, Head
from irm.funnel.board_order import Order, Sorting, Way
from irm.funnel.grouping import Grouping
from irm.i18n import _n
from irm.models import SavedView, Stage
from irm.named_rows import named
from irm.web import chips, filters, heads, listing
from irm.web.cards import Column, row_words
from irm.web.heads import Board
from irm.web.influencers import filters_of, shown_filter
from irm.web.words import words

bp = Blueprint("funnel", __name__)

#: Columns whose cards come with the page; those further to the side come once they are seen.
EAGER = 6

#: Groupings of so many columns that the empty ones are narrow.
_FOLDED = (Grouping.OWNER, Grouping.ARCHETYPE)

#: So many cards of one column nobody scrolls through: a filter is offered.
MANY = 300


@bp.get("/funnel")
def index() -> str:
    """The board."""
    require(Permission.SEE)
    known = listing.all_views()
    shown = listing.here_and_now(known, listing.BOARD)
    page = Board(shown)
    counted, today = page.heads(), words().today
    names = grouping.columns(db.session, filters.reader(), page.by)
    columns = _columns(page, names, counted)
    return render_template(
        "funnel/index.html",
        page_of=page,
        shown=shown,
        columns=columns,
        stages=stages.STAGES,
        order=page.order,
        orders=_orders(page),
        groupings=_groupings(page),
        groups=chips.groups(shown),
        archived=chips.archived(shown),
        add_href=shown_filter(shown, 0),
        or_href=shown_filter(shown, len(shown.query.groups)) if shown.query.groups else None,
        kept=filters_of(shown),
        nobody=shown.query.is_empty and not _is_peopled(counted, columns),
        said=said(page, counted) if counted is not None else "",
        facts_href=shown.href("/funnel/heads"),
        words=row_words(),
        may_move=can(Permission.MOVE),
        since=changes.begin(clock.now()),
        tomorrow=today + dt.timedelta(days=1),
        pause_until=today + dt.timedelta(days=pauses.USUAL_DAYS),
        pause_why="",
        **_views(known, shown),
    )


@bp.get("/funnel/cards")
def more_cards() -> str:
    """The next cards of one column, or its first where they come once it is seen."""
    require(Permission.SEE)
    page = heads.here_and_now()
    key = grouping.known(page.by, request.args.get("column", ""))
    after = request.args.get("after", "")
    seen = _seen() + COLUMN
    sorting = Sorting(page.order, filters.word(Way, "way") or Way.STAGE)
    if not after:
        sorting = _sortings(page, [key], None)[key]
    found = named(db.session.execute(_below(page, key, sorting, after).limit(COLUMN + 1)))
    return render_template(
        "funnel/_cards.html",
        cards=page.cards(found[:COLUMN]),
        more=_more(page, key, found, sorting, seen),
        hint=_hint(page, seen),
        words=row_words(),
        may_move=can(Permission.MOVE),
    )


def _columns(page: Board, names: Mapping[str, str], counted: Any) -> list[Column]:
    empty = _empty(page, names, counted)
    with_cards = [key for key in names if key not in empty]
    eager = with_cards if page.by is Grouping.STAGE else with_cards[:EAGER]
    ways = _sortings(page, eager, counted)
    found = _first_cards(page, ways)
    made = []
    for key, name in names.items():
        head = counted.get(key, Head()) if counted is not None else None
        rows = found.get(key, [])
        made.append(
            page.column(key, name, head)._replace(
                cards=page.cards(rows[:COLUMN]),
                more=_more(page, key, rows, ways[key], COLUMN) if key in ways else None,
                later=_address(page, key) if key in with_cards and key not in ways else None,
                is_folded=page.by in _FOLDED and (key in empty or (key in ways and not rows)),
            )
        )
    return made


def _is_peopled(counted: Mapping[str, Head] | None, columns: Sequence[Column]) -> bool:
    if counted is None:
        return any(one.cards for one in columns)
    return any(head.people for head in counted.values())


def _empty(page: Board, names: Mapping[str, str], counted: Any) -> set[str]:
    """The columns of which it is known that nobody stands there."""
    _conditions, _owner, kept = page.asked
    if page.by is Grouping.STAGE and len(kept) < len(Stage):
        return {key for key in names if Stage(key) not in kept}
    if page.by is Grouping.STAGE or counted is None:
        return set()
    return {key for key in names if key not in counted or not counted[key].people}


def _sortings(page: Board, keys: Sequence[str], counted: Any) -> dict[str, Sorting]:
    """The shortest way to each column."""
    brand_id = here().brand_id
    if page.by is not Grouping.STAGE:
        return grouped.sortings(db.session, brand_id, page.by, page.order, keys)
    _conditions, owner_id, _kept = page.asked
    heads_ = counted or {}
    wanted = {Stage(key): heads_.get(key, Head()).people for key in keys}
    ways = board_order.sortings(db.session, brand_id, page.order, owner_id, wanted)
    return {stage.value: sorting for stage, sorting in ways.items()}


def _first_cards(page: Board, ways: Mapping[str, Sorting]) -> Mapping[str, list[Any]]:
    if not ways:
        return {}
    conditions, owner_id, _kept = page.asked
    if page.by is not Grouping.STAGE:
        return grouped.first_cards(db.session, page.shown, page.by, ways, conditions)
    by_stage = {Stage(key): sorting for key, sorting in ways.items()}
    found = board.first_cards(db.session, page.shown, conditions, owner_id, by_stage)
    return {stage.value: rows for stage, rows in found.items()}


def _below(page: Board, key: str, sorting: Sorting, after: str) -> Any:
    conditions, owner_id, _kept = page.asked
    if page.by is Grouping.STAGE:
        asked = [*conditions, board.below(after, sorting)] if after else conditions
        return board.column(page.shown, Stage(key), asked, owner_id, sorting)
    asked = [*conditions, grouped.below(page.by, after, sorting)] if after else conditions
    return grouped.column(page.shown, page.by, key, sorting, asked)


def _more(page: Board, key: str, found: Sequence[Any], sorting: Sorting, seen: int) -> str | None:
    if len(found) <= COLUMN:
        return None
    after = board.page_token(found[COLUMN - 1])
    is_chosen = page.order is not Order.NEXT or page.by is not Grouping.STAGE
    way = [("way", sorting.way.value)] if is_chosen else []
    return _address(page, key, [*way, ("after", after), ("seen", str(seen))])


def _address(page: Board, key: str, more: Sequence[tuple[str, str]] = ()) -> str:
    """Where the cards of a column are asked for; written out, as a view may change meanwhile."""
    plain = replace(page.listing, view_id=None)
    return plain.href("/funnel/cards", [("column", key), *more])


def _seen() -> int:
    """How many cards of the column were loaded before."""
    value = request.args.get("seen", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 7 else 0


def _hint(page: Board, seen: int) -> str | None:
    """Where a filter is added, once so many cards are loaded that one would find faster."""
    is_now = seen // MANY > (seen - COLUMN) // MANY
    return shown_filter(page.listing, 0) if is_now else None


def _views(known: Sequence[SavedView], shown: listing.Listing) -> dict[str, Any]:
    views = [one for one in known if one.page == listing.BOARD]
    view = next((one for one in views if one.id == shown.view_id), None)
    return {"views": views, "view": view, "listed": "/funnel"}


def _orders(page: Board) -> list[tuple[str, str, bool]]:
    return [
        ("" if one is Order.NEXT else one.value, str(one.label), one is page.order) for one in Order
    ]


def _groupings(page: Board) -> list[tuple[str, str, bool]]:
    return [
        ("" if one is Grouping.STAGE else one.value, str(one.label), one is page.by)
        for one in Grouping
    ]


def said(page: Board, found: Mapping[str, Head]) -> str:
    """How many people the board shows, and in which order."""
    total = sum(head.people for head in found.values())
    is_exact = all(head.is_exact for head in found.values())
    number = words().number(total) + ("" if is_exact else "+")
    if page.order is Order.NEXT:
        return _n(
            "%(number)s person, sorted by next touchpoint, then fit",
            "%(number)s people, sorted by next touchpoint, then fit",
            total,
            number=number,
        )
    return _n(
        "%(number)s person, sorted by %(score)s; not known comes last",
        "%(number)s people, sorted by %(score)s; not known comes last",
        total,
        number=number,
        score=str(page.order.label).lower(),
    )
