"""Merging two people field by field, and making them two again."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import select

from irm import clock
from irm.access import Permission, can, load, me
from irm.db import db
from irm.directory import comparing, duplicates, merge, people, unmerge
from irm.errors import NotFound, Refused, Stale
from irm.forms.merge import MergeForm, UnmergeForm, sides
from irm.forms.text import one_line
from irm.i18n import _, _l
from irm.models import Duplicate, Influencer, Merge, User
from irm.web import filters, portraits
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.duplicates import frame
from irm.web.guard import is_fragment
from irm.web.portraits import brand_ids
from irm.web.words import words

bp = Blueprint("merges", __name__)

#: What anybody types into a search field.
LONGEST_SEARCH = 200


@bp.get("/influencers/<int:id>/merge")
def compare(id: int) -> str:
    """Two people side by side; where only one is named, whom to merge them with."""
    kept = load(Influencer, id, Permission.MERGE)
    other = _number("with")
    if other is None:
        return _choose(kept)
    gone = load(Influencer, other, Permission.MERGE)
    return _page(kept, gone, {}, _number("pair"))


@bp.post("/influencers/<int:id>/merge")
def make_one(id: int) -> Answer:
    """Merge the other person into this one."""
    kept, form = load(Influencer, id, Permission.MERGE), MergeForm()
    refuse_faults(form)
    gone = load(Influencer, form.other.data, Permission.MERGE)
    chosen, name = _ours(sides(request.form)), gone.name
    try:
        made = merge.merge(
            db.session,
            kept.id,
            gone.id,
            chosen,
            user=me(),
            at=clock.now(),
            brand_id=portraits.here_id(),
            seen=(form.kept_version.data, form.gone_version.data),
        )
    except Stale as stale:
        db.session.rollback()
        db.session.expire_all()
        if is_fragment() or kept.merged_into_id or gone.merged_into_id:
            raise
        return _page(kept, gone, chosen, form.pair.data, stale.message), stale.status
    made_id = made.id
    db.session.commit()
    said = _("%(gone)s was merged into %(kept)s.", gone=name, kept=kept.name)
    undo = {"pair": form.pair.data or ""}
    if is_fragment():
        return render_template(
            "duplicates/_decided.html",
            pair_id=form.pair.data or 0,
            said=said,
            href=f"/influencers/{id}",
            undo_url=f"/merges/{made_id}/undo",
            undo=undo,
            **frame(),
        )
    return back_to(f"/influencers/{id}", undoable(said, f"/merges/{made_id}/undo", undo))


@bp.post("/merges/<int:id>/undo")
def undo(id: int) -> Answer:
    """Make two people of one again."""
    made = db.session.get(Merge, id) if id < 2**31 else None
    if made is None:
        raise NotFound()
    if made.undone_at is not None:
        # Where the kept one was merged further the address leads on; an undone one is over.
        load(Influencer, made.kept_id, Permission.MERGE)
    else:
        _may_undo(made)
    form = UnmergeForm()
    refuse_faults(form)
    kept_id = made.kept_id
    report = unmerge.unmerge(db.session, made, user=me(), at=clock.now())
    db.session.commit()
    kept, gone = (db.session.get_one(Influencer, one) for one in (kept_id, made.gone_id))
    both = _("%(kept)s and %(gone)s are two people again.", kept=kept.name, gone=gone.name)
    said = " ".join([both, *portraits.left_over(report)])
    if is_fragment() and form.pair.data:
        pair = db.session.get(Duplicate, form.pair.data)
        if pair is not None and {pair.left_id, pair.right_id} == {kept.id, gone.id}:
            [shown] = portraits.pairs([pair])
            return render_template(
                "duplicates/_pair.html", pair=shown, swapped=True, message=said, **frame()
            )
    return back_to(f"/influencers/{kept_id}", said)


@bp.get("/influencers/<int:id>/doubles")
def doubles(id: int) -> str:
    """Who may be the same as a person, and who was merged into them: a part of their page."""
    influencer = load(Influencer, id, Permission.SEE)
    return render_template(
        "duplicates/_doubles.html" if is_fragment() else "duplicates/doubles.html",
        influencer=influencer,
        twins=_twins(influencer),
        merged=_merged(influencer),
    )


def _may_undo(made: Merge) -> None:
    """Let only those go on who may merge the person that is left.

    Raises NotFound or Forbidden else; where that person was merged further, says so first.
    """
    kept = db.session.get(Influencer, made.kept_id)
    if kept is not None and kept.merged_into_id is not None:
        load(Influencer, kept.merged_into_id, Permission.MERGE)
        raise Refused(_l("They were merged with somebody else later. Undo that merge first."))
    load(Influencer, made.kept_id, Permission.MERGE)


def _ours(chosen: dict[str, str]) -> dict[str, str]:
    """What somebody may choose: fields of the person, and relationships of brands of her own."""
    related = {f"{what}-{id}" for id in brand_ids() for what in ("stage", "owner")}
    may = comparing.FIELDS.keys() | related
    return {name: side for name, side in chosen.items() if name in may}


def _number(name: str) -> int | None:
    """A number of the address. Raises NotFound where it is none."""
    text = request.args.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise NotFound()
    return int(text)


def _page(
    kept: Influencer,
    gone: Influencer,
    chosen: dict[str, str],
    pair_id: int | None,
    fault: Any = None,
) -> str:
    if kept.id == gone.id:
        raise Refused(_l("Somebody cannot be merged with themselves."))
    mine = brand_ids()
    found = comparing.compare(db.session, kept.id, gone.id, mine)
    if found is None:
        raise NotFound()
    drawn = portraits.portraits([kept, gone])
    return render_template(
        "duplicates/_merge.html" if is_fragment() else "duplicates/merge.html",
        kept=drawn[kept.id],
        gone=drawn[gone.id],
        versions=(kept.row_version, gone.row_version),
        differences=portraits.differences(found, chosen),
        moving=portraits.moving(found),
        pair_id=pair_id,
        fault=fault,
    )


def _choose(kept: Influencer) -> str:
    query = one_line(request.args.get("q"))[:LONGEST_SEARCH]
    found: list[Any] = []
    if query:
        rows = db.session.execute(people.lookup(db.session, query, filters.reader()))
        found = [row for row in rows if row.influencer_id != kept.id]
    return render_template(
        "duplicates/choose.html", kept=kept, query=query, found=found, twins=_twins(kept)
    )


def _twins(influencer: Influencer) -> list[dict[str, Any]]:
    """The undecided pairs of a person whose other half the reader may see, with reasons."""
    if not can(Permission.MERGE):
        return []
    known = brand_ids()
    found = []
    for pair in db.session.scalars(duplicates.of_person(influencer.id).limit(5)):
        other = pair.right if pair.left_id == influencer.id else pair.left
        if db.session.scalar(duplicates.known_to(other.id, known)):
            reasons = duplicates.sentences(pair.reasons)
            found.append({"pair": pair, "other": other, "reasons": reasons})
    return found


def _merged(influencer: Influencer) -> list[dict[str, Any]]:
    """Who was merged into a person, by whom and when; the newest can be undone."""
    if not can(Permission.MERGE):
        return []
    rows = db.session.execute(
        select(Merge.id, Merge.at, Influencer.name, User.name.label("by"))
        .join(Influencer, Influencer.id == Merge.gone_id)
        .join(User, User.id == Merge.user_id, isouter=True)
        .where(Merge.kept_id == influencer.id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
    )
    said = words()
    return [
        {"id": row.id, "name": row.name, "by": row.by, "at": row.at, "when": said.moment(row.at)}
        for row in rows
    ]
