"""The funnel board: who is where."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import ColumnElement

from irm.access import Permission, can, here, require
from irm.db import db
from irm.directory import people
from irm.directory.people import Filter
from irm.errors import NotFound
from irm.funnel import board, board_order, stages
from irm.funnel.board import COLUMN
from irm.funnel.board_order import Order, Sorting, Way
from irm.i18n import _n
from irm.models import Stage, Tier
from irm.web import filters
from irm.web.cards import cards, column, row_words
from irm.web.heads import heads_of, sorted_by
from irm.web.words import words

bp = Blueprint("funnel", __name__)


@bp.get("/funnel")
def index() -> str:
    """The board."""
    require(Permission.SEE)
    # The columns are the stages: the board has no filter for them.
    filter, order = replace(filters.read(), stage=None), sorted_by()
    brand_id = here().brand_id
    others, whole = _conditions(filter)
    heads = heads_of(brand_id, filter, whole)
    wanted = {stage: head.people for stage, head in heads.items()}
    ways = board_order.sortings(db.session, brand_id, order, filter.owner_id, wanted)
    found = board.first_cards(
        db.session, brand_id, *_asked(order, filter, others, whole), sortings=ways
    )
    said = words()
    columns = [
        column(
            stage,
            heads[stage],
            said,
            cards(found[stage][:COLUMN], said, order),
            _more(filter, found[stage], stage, ways[stage]),
        )
        for stage in stages.STAGES
    ]
    owners = filters.owners()
    total = sum(head.people for head in heads.values())
    return render_template(
        "funnel/index.html",
        columns=columns,
        stages=stages.STAGES,
        tiers=Tier,
        owners=owners,
        filters=_shown(filter),
        orders=Order,
        order=order,
        chips=filters.chips(filter, "/funnel", _sorted(order), owners),
        nobody=filter.is_empty and not total,
        said=_said(total, all(head.is_exact for head in heads.values()), order),
        words=row_words(order),
        may_move=can(Permission.MOVE),
    )


@bp.get("/funnel/cards")
def more_cards() -> str:
    """The next cards of one column."""
    require(Permission.SEE)
    filter = filters.read()
    if filter.stage is None:
        raise NotFound()
    order = sorted_by()
    sorting = Sorting(order, filters.word(Way, "way") or Way.STAGE)
    # The column asks for its stage itself; asked for twice, SQLite leaves the board's index.
    asked, owner_id = _asked(order, filter, *_conditions(replace(filter, stage=None)))
    asked = [*asked, board.below(request.args.get("after", ""), sorting)]
    statement = board.column(here().brand_id, filter.stage, asked, owner_id, sorting)
    found = list(db.session.execute(statement.limit(COLUMN + 1)))
    return render_template(
        "funnel/_cards.html",
        cards=cards(found[:COLUMN], words(), order),
        more=_more(filter, found, filter.stage, sorting),
        words=row_words(order),
        may_move=can(Permission.MOVE),
    )


def _sorted(order: Order) -> dict[str, str]:
    """The order as it stands in an address."""
    return {} if order is Order.NEXT else {"sort": order.value}


def _conditions(filter: Filter) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """What a filter asks for but for the owner, and all of it."""
    reader = filters.reader()
    others = people.conditions(db.session, replace(filter, owner_id=None), reader)
    owner = people.conditions(db.session, Filter(owner_id=filter.owner_id), reader)
    return others, others + owner


def _asked(
    order: Order,
    filter: Filter,
    others: list[ColumnElement[bool]],
    whole: list[ColumnElement[bool]],
) -> tuple[list[ColumnElement[bool]], int | None]:
    """The conditions of the cards; sorted by a score, the way asks for the owner itself."""
    return (whole, None) if order is Order.NEXT else (others, filter.owner_id)


def _more(filter: Filter, found: list[Any], stage: Stage, sorting: Sorting) -> str | None:
    if len(found) <= COLUMN:
        return None
    after = {"stage": stage.value, "after": board.page_token(found[COLUMN - 1])}
    sort = _sorted(sorting.order)
    if sort:
        sort["way"] = sorting.way.value
    return filters.address("/funnel/cards", filters.params(filter), sort, after)


def _shown(filter: Filter) -> dict[str, Any]:
    return {"q": filter.text, "tier": filter.tier, "owner": filter.owner_id}


def _said(total: int, is_exact: bool, order: Order) -> str:
    number = words().number(total) + ("" if is_exact else "+")
    if order is Order.NEXT:
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
        score=str(order.label).lower(),
    )
