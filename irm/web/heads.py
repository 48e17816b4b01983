"""What stands above the columns of the board, and by what the address sorts them."""

from sqlalchemy import ColumnElement

from irm.db import db
from irm.directory.people import Filter
from irm.funnel import board
from irm.funnel.board import Head
from irm.funnel.board_order import Order
from irm.models import Stage
from irm.web import filters

#: Beyond this many a filtered head says "10,000+".
COUNTED = 10_000


def heads_of(
    brand_id: int, filter: Filter, conditions: list[ColumnElement[bool]]
) -> dict[Stage, Head]:
    """The heads of all columns: from the kept counters where they know the filter."""
    if filter.is_counted:
        return board.heads(db.session, brand_id, filter)
    return board.filtered_heads(db.session, brand_id, conditions, COUNTED)


def sorted_by() -> Order:
    """By what the address sorts. Raises Refused where it is nothing known."""
    return filters.word(Order, "sort") or Order.NEXT
