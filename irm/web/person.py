"""One person's page: what stands on it, in words."""

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from sqlalchemy import String, bindparam, cast, null, or_, select, union_all

from irm.access import Permission, here, is_narrowed, load, relationship_with
from irm.db import db
from irm.directory import people, prospects
from irm.directory import person as people_room
from irm.errors import NotFound
from irm.forms.interaction import LogForm
from irm.forms.touchpoint import PlanForm
from irm.funnel import balance, cadence, gate, pacing, pauses, stages, touchpoints
from irm.funnel.whys import why
from irm.i18n import _, _l, _n
from irm.ledger.claims import is_uncovered
from irm.models import (
    Channel,
    Influencer,
    Kind,
    Platform,
    Prospect,
    Relationship,
    Score,
    ScoreKind,
    Setting,
    Stage,
)
from irm.scoring import doubt_sentences, doubts, reasons, rules, sentences
from irm.web import balances, busy, disclosure, proving, sections, tier, timeline
from irm.web.ageing import age_of, all_age_words, paused_words
from irm.web.campaign_page import span
from irm.web.offers import offers
from irm.web.phrases import phrases
from irm.web.sections import Editing
from irm.web.timeline import label
from irm.web.words import Words, initials, words

bp = Blueprint("person", __name__)

#: Campaigns of one person that their page names, the latest first.
CAMPAIGNS = 5

#: What decided a cadence, in words.
BY = {
    cadence.Rule.STAGE: _l("by their stage"),
    cadence.Rule.LEVEL: _l("by their level"),
    cadence.Rule.CAMPAIGN: _l("while their campaign is on"),
    cadence.Rule.PERSON: _l("agreed for this person"),
    cadence.Rule.CEILING: _l("more they do not want"),
}


@bp.get("/influencers/<int:id>")
def show(id: int) -> str:
    """One person."""
    influencer = load(Influencer, id, Permission.SEE)
    return page(influencer, relationship_with(influencer))


@bp.get("/influencers/<int:id>/timeline")
def more_entries(id: int) -> str:
    """What lies further back on the timeline."""
    influencer = load(Influencer, id, Permission.SEE)
    relationship = relationship_with(influencer)
    if relationship is None:
        raise NotFound()
    entries, more = timeline.entries(relationship, request.args.get("before"))
    return render_template("influencers/_entries.html", entries=entries, more=more)


class Subject(NamedTuple):
    """Whom the page is about, for its dialogs."""

    relationship_id: int
    row_version: int
    name: str
    stage: Stage


def page(
    influencer: Influencer,
    relationship: Relationship | None,
    *,
    log_form: LogForm | None = None,
    plan_form: PlanForm | None = None,
    editing: Editing | None = None,
    presence: Mapping[str, Any] | None = None,
) -> str:
    """Render the page; the forms are those that came back with faults, if any.

    `editing` is the section that stands open, `presence` what irm/web/presence.py asks for.
    """
    said = words()
    shown: dict[str, Any] = {}
    proposal = None
    if relationship is None:
        if not is_narrowed():
            proposal = prospects.of(db.session, here().brand_id, influencer.id)
    else:
        shown = _of_relationship(influencer, relationship, said)
        shown["form"] = log_form or LogForm(formdata=None)
        shown["plan_form"] = plan_form or PlanForm(formdata=None)
    return render_template(
        "influencers/show.html",
        person=_head(influencer, said),
        **_ways(influencer, relationship, said),
        scores=_scores(influencer, relationship, said) + _proposed(influencer, proposal, said),
        proposal=proposal,
        stages=stages.STAGES,
        influencer=influencer,
        sections=[
            (one, sections.lines(one, influencer, said))
            for one in (sections.FACTS, sections.TERMS, sections.BASIS)
        ],
        editing=editing,
        why=str(people_room.why_unpaid(influencer.may_be_paid_why)),
        presence=presence,
        **shown,
    )


def _of_relationship(
    influencer: Influencer, relationship: Relationship, said: Words
) -> dict[str, Any]:
    lines, more = timeline.entries(relationship, None)
    setting = pacing.setting_of(db.session, relationship)
    rhythm = pacing.on(setting, relationship, said.today)
    return {
        "subject": Subject(
            relationship.id, relationship.row_version, influencer.name, relationship.stage
        ),
        "facts": _facts(relationship, rhythm, said),
        "campaigns": [(one.id, one.name, span(one, said)) for one in setting.campaigns[:CAMPAIGNS]],
        "busy": busy.said(relationship),
        "folded": disclosure.line(relationship),
        "is_left_in_peace": cadence.is_left_in_peace(relationship),
        "entries": lines,
        "more": more,
        "only": request.args.get("only", ""),
        "kinds": [
            ("", _("All")),
            ("interaction", _("Interactions")),
            ("move", _("Moves")),
            ("touchpoint", _("Touchpoints")),
            ("promise", _("Promises")),
            ("question", _("Questions")),
            ("post", _("Posts")),
            ("import", _("Imports")),
        ],
        "open_touchpoints": _open(relationship, said),
        "offers": offers(rhythm.cadence, said),
        "request_key": secrets.token_urlsafe(16),
        "tomorrow": said.today + dt.timedelta(days=1),
        "pause_until": said.today + dt.timedelta(days=pauses.USUAL_DAYS),
    }


def _head(influencer: Influencer, said: Words) -> dict[str, Any]:
    place = ", ".join(part for part in (influencer.city, influencer.country) if part)
    audience = (
        _("Audience %(audience)s", audience=said.compact(influencer.audience))
        if influencer.audience is not None
        else ""
    )
    parts = (
        tier.label(influencer),
        audience,
        str(influencer.archetype.label) if influencer.archetype else "",
        influencer.categories or "",
        place,
    )
    return {
        "name": influencer.name,
        "initials": initials(influencer.name),
        "line": " · ".join(part for part in parts if part),
        "bio": influencer.bio,
        "do_not_contact": influencer.do_not_contact,
        "archived": said.date[said.day(influencer.archived_at)] if influencer.archived_at else "",
        "minds": minds(influencer),
    }


def minds(influencer: Influencer) -> list[str]:
    """What to mind with them, in a few words each."""
    ceiling = influencer.contact_ceiling
    return [
        text
        for text in (
            _("Best by %(channel)s", channel=label(Channel, influencer.preferred_channel).lower())
            if influencer.preferred_channel
            else "",
            _n("%(n)s contact a month at most", "%(n)s contacts a month at most", ceiling)
            if ceiling is not None
            else "",
            _("Not to be paid") if influencer.may_be_paid is False else "",
        )
        if text
    ]


def _ways(
    influencer: Influencer, relationship: Relationship | None, said: Words
) -> dict[str, list[dict[str, Any]]]:
    """The person's accounts, how to write to or call them, and the brand's tags on them."""
    accounts, contacts, tags = [], [], []
    whose = {
        "influencer_id": influencer.id,
        "relationship_id": relationship.id if relationship else None,
    }
    for row in db.session.connection().execute(people.WAYS, whose):
        if row.what == "tag":
            tags.append({"id": row.id, "name": row.value})
            continue
        if row.what == "contact":
            href = f"mailto:{row.value}" if row.kind == "email" else ""
            contacts.append({"value": row.value, "href": href})
            continue
        accounts.append(
            {
                "icon": row.kind,
                "platform": str(Platform(row.kind).label),
                "handle": row.value,
                # What a list gave as an address may be anything; only the web is linked to.
                "href": row.url if (row.url or "").startswith(("https://", "http://")) else "",
                "followers": said.compact(row.followers) if row.followers is not None else "",
                "day": said.date[row.figures_on] if row.figures_on else "",
            }
        )
    return {"accounts": accounts, "contacts": contacts, "tags": tags}


_SCORED = (
    select(cast(Score.kind, String).label("name"), Score.value, Score.reasons, Score.day)
    .where(
        Score.influencer_id == bindparam("person"),
        or_(Score.relationship_id.is_(None), Score.relationship_id == bindparam("relationship")),
    )
    .order_by(Score.day.desc())
    .limit(200)
    .subquery()
)
#: The newest scores of a person and of one relationship with them, and, without a day, the rules.
_SCORES = union_all(
    select(_SCORED),
    rules.settings().with_only_columns(
        Setting.name, cast(null(), Score.value.type), Setting.value, cast(null(), Score.day.type)
    ),
)


def _scores(
    influencer: Influencer, relationship: Relationship | None, said: Words
) -> list[dict[str, Any]]:
    newest: dict[ScoreKind, Any] = {}
    mine = {"person": influencer.id, "relationship": relationship.id if relationship else None}
    rows = db.session.connection().execute(_SCORES, mine).all()
    set_rules = rules.of({row.name: row.reasons for row in rows if row.day is None})
    scored = [row for row in rows if row.day is not None]
    for row in sorted(scored, key=lambda row: row.day, reverse=True):
        newest.setdefault(ScoreKind(row.name), row)
    kinds = tuple(ScoreKind) if relationship else (ScoreKind.REACH, ScoreKind.RESONANCE)
    return [
        tier.shown(influencer, said, set_rules),
        *(_score(kind, newest.get(kind), said) for kind in kinds),
    ]


def _proposed(
    influencer: Influencer, proposal: Prospect | None, said: Words
) -> list[dict[str, Any]]:
    """What somebody outside the funnel was proposed with; of that there is no history."""
    if proposal is None:
        return []
    relevance = _Scored(proposal.relevance, proposal.reasons)
    shown = [_score(ScoreKind.RELEVANCE, relevance, said)]
    why = reasons.of_fit(influencer.reach, influencer.resonance, proposal.relevance)
    fit = _Scored(proposal.fit, why if proposal.reasons else [])
    shown.append(_score(ScoreKind.FIT, fit, said))
    return [{**one, "kind": ""} for one in shown]


class _Scored(NamedTuple):
    """A score and its reasons, as a row of history has them."""

    value: float | None
    reasons: Any


def _score(kind: ScoreKind, row: Any, said: Words) -> dict[str, Any]:
    value = row.value if row else None
    return {
        "kind": kind.value,
        "words": kind.label,
        "value": said.score(value),
        "bar": None if value is None else round(value),
        "reasons": _sentences(row.reasons, said) if row else [],
        "doubts": [doubt_sentences.title(one) for one in doubts.of_reasons(row.reasons)]
        if row and kind is ScoreKind.RESONANCE
        else (),
    }


def _sentences(stored: Iterable[Any], said: Words) -> list[str]:
    return [text for one in stored if (text := sentences.sentence(one, said.number))]


def _facts(relationship: Relationship, rhythm: cadence.Rhythm, said: Words) -> dict[str, Any]:
    about = phrases(said)
    contact = said.day(relationship.last_contact_at) if relationship.last_contact_at else None
    due, rests = relationship.next_touchpoint_on, age_of(relationship).is_paused
    gives, counts = relationship.gives_since_ask, balance.counts(db.session, relationship.id)
    return {
        "ages": all_age_words(relationship, said),
        "paused": paused_words(relationship, said),
        "in_stage": about.in_stage[max(0, (said.today - said.day(relationship.stage_since)).days)],
        "earned": relationship.earned_stage,
        "earned_words": proving.earned_words(relationship.earned_stage),
        "uncovered": is_uncovered(relationship.stage, relationship.earned_stage),
        "newest": proving.newest(relationship.earned_on, said),
        "goes_on": relationship.earned_stage is not Stage.AMBASSADOR,
        "is_new": not relationship.earned_stage
        and contact is None
        and relationship.stage is Stage.UNAWARE,
        "owner": relationship.owner.name if relationship.owner else "",
        "cadence": _(
            "every %(ideal)s, at the latest after %(worst)s",
            ideal=said.days[rhythm.cadence.ideal],
            worst=said.days[rhythm.cadence.worst],
        ),
        "cadence_by": BY[rhythm.rule],
        "contact": said.both[contact] if contact else _("Never contacted"),
        "contact_on": contact,
        "next": _next(due, said, is_paused=rests),
        "next_on": due,
        "late": due is not None and due < said.today and not rests,
        "balance": balances.gives(gives, counts),
        "toward": balances.toward(
            gate.needed(relationship.stage, relationship.earned_stage), gives
        ),
        "counted": balances.counted(counts),
    }


def _next(due: dt.date | None, said: Words, *, is_paused: bool = False) -> str:
    if due is None:
        return _("Nothing planned")
    if due < said.today and not is_paused:
        late = said.days[(said.today - due).days]
        return _("Overdue by %(days)s, since %(date)s", days=late, date=said.date[due])
    return said.both[due]


def _open(relationship: Relationship, said: Words) -> list[dict[str, Any]]:
    found = db.session.connection().execute(touchpoints.OPEN_ROWS, {"of_id": relationship.id})
    rests = age_of(relationship).is_paused
    return [
        {
            "id": one.id,
            "version": one.row_version,
            "due_on": one.due_on,
            "said": _next(one.due_on, said, is_paused=rests),
            "late": one.due_on < said.today and not rests,
            "kind": label(Kind, one.kind),
            "owner": one.owner_name or "",
            "why": one.purpose or why(one.why),
            "benefit": one.benefit or "",
        }
        for one in found
    ]
