"""Refused rows that come back mended: whose they are is recognised, and they are read as before."""

from collections.abc import Sequence
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.imports.batches import headings_key
from irm.imports.headings import theirs
from irm.imports.orders import Order
from irm.models import ImportBatch

#: So many imports are looked back through.
_IMPORTS = 200


def origin(
    session: Session, brand_id: int, headings: Sequence[str], file_name: str
) -> ImportBatch | None:
    """Return the import that a file of refused rows came from; None for any other file.

    Of several with these columns it is the one whose name the file begins with, then the latest.
    """
    own = theirs(headings)
    if len(own) == len(headings):
        return None
    latest = session.scalars(
        select(ImportBatch)
        .where(ImportBatch.brand_id == brand_id, ImportBatch.refused + ImportBatch.conflicts > 0)
        .order_by(ImportBatch.id.desc())
        .limit(_IMPORTS)
    )
    key = headings_key(own)
    found = [
        batch
        for batch in latest
        if "fields" in batch.reading and headings_key(theirs(batch.reading["headings"])) == key
    ]
    named = (one for one in found if file_name.startswith(PurePath(one.file_name).stem))
    return next(named, None) or next(iter(found), None)


def proposed(order: Order, batch: ImportBatch, *, keeps_day: bool) -> Order:
    """Return an order with what was said of the import the rows came from.

    What was said for this file stands; `keeps_day` where that was its day as well.
    """
    first = Order.from_json(batch.order)
    read = {"kind": batch.kind, "columns": batch.reading["fields"]}
    return order.mapped({**first.mapping(), **read})._replace(
        mends=batch.id,
        as_of=order.as_of if keeps_day else batch.as_of,
        source=order.source or batch.source,
        lawful_basis=order.lawful_basis or batch.lawful_basis,
        keeps_out=order.keeps_out or first.keeps_out,
    )
