"""What a stage rests on: all evidence of one relationship, to be added to and taken back."""

from dataclasses import asdict, fields
from typing import Any, NamedTuple

from flask import Blueprint, render_template
from markupsafe import escape

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.errors import Refused
from irm.forms.evidence import EvidenceForm, ProofForm
from irm.funnel import evidence
from irm.i18n import _
from irm.ledger.evidence import Thresholds, thresholds
from irm.models import Brand, Interaction, Post, Proof, Relationship, Stage
from irm.web import disclosure, proving
from irm.web.answers import Answer, back_to, refuse_faults
from irm.web.words import Words, words

bp = Blueprint("evidence", __name__)

#: How much of a text helps to know it again.
EXCERPT = 160


class Row(NamedTuple):
    """One proof, in words."""

    kind: str
    when: str
    day: str
    text: str
    href: str
    source: str
    #: The proof that can be taken back, where somebody typed it in.
    proof_id: int | None


@bp.get("/relationships/<int:id>/evidence")
def show(id: int) -> str:
    """All evidence, the newest first."""
    return _page(load(Relationship, id, Permission.SEE))


@bp.get("/relationships/<int:id>/missing")
def missing(id: int) -> str:
    """What the next stage lacks, for the person's page: it takes all evidence, and comes after."""
    relationship = load(Relationship, id, Permission.SEE)
    return escape(proving.missing(evidence.standing(db.session, relationship, clock.now())))


@bp.post("/relationships/<int:id>/evidence")
def add(id: int) -> Answer:
    """Type in a proof."""
    relationship, form = load(Relationship, id, Permission.LOG), ProofForm()
    try:
        refuse_faults(form)
        typed = evidence.Typed(form.kind.data, form.day.data, form.until.data, form.note.data or "")
        evidence.add(db.session, relationship, typed, author=me(), at=clock.now())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if not form.errors:
            form.day.errors = [refused.message]
        return _page(load(Relationship, id, Permission.LOG), form), refused.status
    return back_to(f"/relationships/{id}/evidence", _("The evidence is added."))


@bp.post("/proofs/<int:id>/remove")
def remove(id: int) -> Answer:
    """Take back what was typed in."""
    proof = load(Proof, id, Permission.LOG)
    relationship_id = proof.relationship_id
    evidence.remove(db.session, proof, user=me(), at=clock.now())
    db.session.commit()
    return back_to(f"/relationships/{relationship_id}/evidence", _("The evidence is removed."))


@bp.get("/settings/evidence")
def rules() -> str:
    """By what the brand is known, and how much evidence a stage takes."""
    brand = _brand()
    return _rules_page(
        EvidenceForm(
            formdata=None,
            handles=evidence.handle_lines(brand.handles),
            aliases="\n".join(map(str, brand.aliases or [])),
            **asdict(thresholds(brand.evidence)),
        )
    )


@bp.post("/settings/evidence")
def save_rules() -> Answer:
    """Keep them; the worker reads all evidence anew."""
    brand, form = _brand(), EvidenceForm()
    if not form.validate():
        return _rules_page(form), 422
    try:
        handles = evidence.handles_of(form.handles.data)
    except Refused as refused:
        form.handles.errors = [refused.message]
        return _rules_page(form), 422
    changed = evidence.rule(
        db.session,
        brand,
        handles=handles,
        aliases=evidence.lines_of(form.aliases.data),
        thresholds=Thresholds(**{one.name: form[one.name].data for one in fields(Thresholds)}),
        user=me(),
        at=clock.now(),
    )
    db.session.commit()
    return back_to(
        "/settings/evidence",
        _("Saved. All evidence is being read anew; on a large team this takes some minutes.")
        if changed
        else _("These rules hold already: nothing changed."),
    )


def _brand() -> Brand:
    require(Permission.TOPICS)
    return load(Brand, here().brand_id, Permission.TOPICS)


def _rules_page(form: EvidenceForm) -> str:
    labels = {stage.value: stage.label for stage in Stage}
    return render_template("settings/evidence.html", form=form, own=Thresholds(), labels=labels)


def _page(relationship: Relationship, form: ProofForm | None = None) -> str:
    said = words()
    earned, found, total = evidence.shown(
        db.session, relationship, disclosure.reader(relationship), clock.now()
    )
    return render_template(
        "evidence/show.html",
        name=relationship.influencer.name,
        relationship=relationship,
        claimed=relationship.stage,
        earned=earned.stage,
        earned_words=proving.earned_words(earned.stage),
        newest=proving.newest(earned.on, said),
        missing=proving.missing(earned),
        rows=[_row(one, said) for one in found],
        total=total,
        form=form or ProofForm(formdata=None, day=said.today),
    )


def _row(one: evidence.Shown, said: Words) -> Row:
    when, row = said.both[one.day], one.row
    kind = str(one.kind.label)
    if isinstance(row, Proof):
        if one.until is not None:
            when = _("%(day)s, until %(until)s", day=said.date[one.day], until=said.date[one.until])
        is_link = row.note.startswith(("https://", "http://")) and " " not in row.note
        by = _("typed in by %(name)s", name=row.author.name) if row.author else _("typed in")
        return Row(kind, when, str(one.day), row.note, row.note if is_link else "", by, row.id)
    if isinstance(row, Interaction):
        return Row(kind, when, str(one.day), _brief(row.summary), "", _logged(row), None)
    if isinstance(row, Post):
        is_web = (row.url or "").startswith(("https://", "http://"))
        href = str(row.url) if is_web else ""
        return Row(kind, when, str(one.day), _brief(row.text), href, _("published"), None)
    return Row(kind, when, str(one.day), "", "", _("a private note of a colleague"), None)


def _logged(row: Interaction) -> str:
    return _(
        "logged: %(direction)s, %(channel)s",
        direction=row.direction.label,
        channel=row.channel.label,
    )


def _brief(text: Any) -> str:
    line = " ".join(str(text or "").split())
    return line if len(line) <= EXCERPT else line[:EXCERPT].rsplit(" ", 1)[0] + " …"
