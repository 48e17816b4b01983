"""Putting an exchange otherwise, taking it away, reading what it said before, putting that back."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import select

from irm import clock
from irm.access import Permission, can, load, me
from irm.db import db
from irm.directory import team
from irm.errors import Forbidden, NotFound, Refused, Stale
from irm.forms.interaction import EditForm, PutBackForm, RemoveForm
from irm.funnel import activities, amending, snapshots
from irm.funnel.links import is_link
from irm.i18n import _
from irm.models import (
    Change,
    Direction,
    Interaction,
    InteractionVersion,
    Kind,
    Relationship,
    Visibility,
)
from irm.web import disclosure
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.interactions import happened
from irm.web.timeline import label
from irm.web.words import words

bp = Blueprint("amending", __name__)


@bp.get("/interactions/<int:id>/edit")
def show(id: int) -> str:
    """One exchange, to be put otherwise."""
    interaction = _mine_to_amend(id)
    form = EditForm(
        formdata=None,
        data={
            **snapshots.read(snapshots.take(db.session, interaction)),
            "colleagues": snapshots.colleagues(db.session, interaction),
            "happened_on": words().day(interaction.happened_at),
            "links": "\n".join(interaction.links or ()),
        },
    )
    return _page(interaction, form)


@bp.post("/interactions/<int:id>/edit")
def edit(id: int) -> Answer:
    """Put it otherwise; the message offers to take that back."""
    interaction, form = _mine_to_amend(id), EditForm()
    if not form.validate():
        return _page(interaction, form), 422
    if form.row_version.data != interaction.row_version:
        # What was typed stays; sent again, it counts, for by then both were seen.
        form.row_version.raw_data = [str(interaction.row_version)]
        return _page(interaction, form, is_stale=True), Stale.status
    day, was = form.happened_on.data, words().day(interaction.happened_at)
    at = clock.now()
    then = interaction.happened_at if day in (None, was) else happened(day, at)
    try:
        version = amending.edit(
            db.session, interaction, form.exchange, happened_at=then, user=me(), at=at
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.summary.errors = [*form.summary.errors, str(refused)]
        return _page(db.session.get_one(Interaction, id), form), refused.status
    if version is None:
        return back_to(_place(interaction))
    said = _("Changed; what it said before is kept.")
    if interaction.is_breach and not version.before["is_breach"]:
        said += " " + _("This ask came before its time, and is marked as such.")
    values = {"row_version": interaction.row_version}
    undo = undoable(said, f"/interactions/versions/{version.id}/put_back", values)
    return back_to(_place(interaction), undo)


@bp.post("/interactions/<int:id>/remove")
def remove(id: int) -> Answer:
    """Take it away; the message offers to bring it back."""
    interaction, form = _mine_to_amend(id), RemoveForm()
    refuse_faults(form)
    if form.row_version.data != interaction.row_version:
        raise Stale()
    relationship = interaction.relationship
    version = amending.remove(db.session, interaction, user=me(), at=clock.now())
    db.session.commit()
    said = _("Removed from the timeline of %(name)s.", name=relationship.influencer.name)
    undo = undoable(said, f"/interactions/versions/{version.id}/put_back", {"row_version": 0})
    return back_to(f"/influencers/{relationship.influencer_id}", undo)


@bp.get("/interactions/<int:id>/versions")
def versions(id: int) -> str:
    """What an exchange said before it was changed or taken away, the newest first."""
    there = db.session.get(Interaction, id) if id < 2**31 else None
    relationship = _whose(id, there)
    found = db.session.execute(
        amending.earlier(id, me().id, reads_private=disclosure.reads(relationship))
    ).all()
    if not found or (there is not None and not _is_readable(there)):
        raise NotFound()
    shown = [_version(version, name or "") for version, name in found[: amending.MOST_SHOWN]]
    newest = found[0][0]
    may = there is None and newest.change is Change.REMOVED and _may_put_back(newest)
    return render_template(
        "interactions/versions.html",
        relationship=relationship,
        name=relationship.influencer.name,
        versions=shown,
        more=len(found) > amending.MOST_SHOWN,
        interaction=there,
        bring_back=newest.id if may else None,
        may_put_back=there is not None and _may_amend(there),
    )


@bp.post("/interactions/versions/<int:id>/put_back")
def put_back(id: int) -> Answer:
    """Let it say again what it said before, or bring it back."""
    version = load(InteractionVersion, id, Permission.LOG)
    reads = version.visibility is Visibility.TEAM or _is_author(version)
    if not reads and not disclosure.reads(version.relationship):
        raise NotFound()
    if not _may_put_back(version):
        raise Forbidden()
    form = PutBackForm()
    refuse_faults(form)
    there = db.session.get(Interaction, version.interaction_id)
    if there is not None and form.row_version.data not in (0, there.row_version):
        raise Stale()
    interaction = amending.put_back(db.session, version, user=me(), at=clock.now())
    db.session.commit()
    said = _("As it was before.") if there is not None else _("It stands in the timeline again.")
    return back_to(_place(interaction), said)


def _mine_to_amend(id: int) -> Interaction:
    """An exchange that the user may change: her own, or any where she leads.

    Raises NotFound where it is private and not hers to read, Forbidden where it is not to change.
    """
    interaction = load(Interaction, id, Permission.LOG)
    if not _is_readable(interaction):
        raise NotFound()
    if not _may_amend(interaction):
        raise Forbidden()
    return interaction


def _is_readable(interaction: Interaction) -> bool:
    if interaction.visibility is Visibility.TEAM or interaction.author_id == me().id:
        return True
    return disclosure.reads(interaction.relationship)


def _may_amend(interaction: Interaction) -> bool:
    brand_id = interaction.relationship.brand_id
    return can(Permission.AMEND, brand_id) or (
        interaction.author_id == me().id and can(Permission.LOG, brand_id)
    )


def _is_author(version: InteractionVersion) -> bool:
    return bool(version.before.get("author_id") == me().id)


def _may_put_back(version: InteractionVersion) -> bool:
    brand_id = version.relationship.brand_id
    if can(Permission.AMEND, brand_id):
        return True
    return can(Permission.LOG, brand_id) and (_is_author(version) or version.user_id == me().id)


def _whose(id: int, there: Interaction | None) -> Relationship:
    """With whom it was. Raises NotFound where there never was such an exchange."""
    if there is not None:
        return load(Relationship, there.relationship_id, Permission.SEE)
    of = InteractionVersion.interaction_id == min(id, 2**31 - 1)
    kept = db.session.scalar(select(InteractionVersion.relationship_id).where(of).limit(1))
    if kept is None:
        raise NotFound()
    return load(Relationship, kept, Permission.SEE)


def _version(version: InteractionVersion, by: str) -> dict[str, Any]:
    said = words()
    before = snapshots.read(version.before)
    shown: dict[str, Any] = {
        "id": version.id,
        "change": version.change,
        "when": said.moment(version.at),
        "by": by,
    }
    if "summary" not in before:
        return shown
    title = _(
        "%(kind)s, %(direction)s",
        kind=before["kind"].label,
        direction=str(before["direction"].label).lower(),
    )
    if before["activity"]:
        title = _(
            "%(what)s: %(activity)s", what=title, activity=activities.label(before["activity"])
        )
    return shown | {
        "title": title,
        "day": said.date[said.day(before["happened_at"])],
        "channel": str(before["channel"].label),
        "outcome": str(before["outcome"].label) if before["outcome"] else "",
        "summary": before["summary"],
        "present": before.get("present") or "",
        "links": [one for one in before.get("links") or () if is_link(one)],
        "is_private": before["visibility"] is Visibility.PRIVATE,
    }


def _page(interaction: Interaction, form: EditForm, *, is_stale: bool = False) -> str:
    relationship = interaction.relationship
    return render_template(
        "interactions/edit.html",
        interaction=interaction,
        relationship=relationship,
        name=relationship.influencer.name,
        form=form,
        members=db.session.execute(team.around(relationship.brand_id, relationship.owner_id)).all(),
        is_stale=is_stale,
        now=_title(interaction) if is_stale else "",
    )


def _title(interaction: Interaction) -> str:
    kind, direction = label(Kind, interaction.kind), label(Direction, interaction.direction)
    return _("%(kind)s, %(direction)s", kind=kind, direction=direction.lower())


def _place(interaction: Interaction) -> str:
    return f"/influencers/{interaction.relationship.influencer_id}#interaction-{interaction.id}"
