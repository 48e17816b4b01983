"""What a colleague sets for herself, and what a lead sets for the brand."""

from dataclasses import asdict

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from irm import audit, clock
from irm.access import Permission, here, load, me, memberships, require
from irm.audit import Action
from irm.db import db
from irm.directory import tags, team, topics
from irm.errors import Refused
from irm.forms.brand import BrandForm
from irm.forms.contact import TagForm
from irm.forms.fit import FitForm
from irm.forms.profile import EVERY, WORKING, LanguageForm, ProfileForm
from irm.forms.topic import TopicForm, keywords_of
from irm.funnel import digest
from irm.i18n import _
from irm.models import Brand, Notice, Role, Tag, Topic, User
from irm.scoring import rules, ruling
from irm.scoring.fit import Weights
from irm.web import spoken
from irm.web.answers import Answer, back_to, refuse_faults
from irm.web.rules import underway

bp = Blueprint("settings", __name__)


@bp.get("/settings")
@bp.get("/settings/")
def index() -> Response:
    """The first of the settings is one's own profile."""
    return redirect("/settings/profile")


@bp.get("/settings/profile")
def profile() -> str:
    """Name, language, zone, the digest and other mails, keys."""
    user = me()
    form = ProfileForm(
        formdata=None,
        name=user.name,
        locale=user.locale,
        timezone=user.timezone,
        digest_hour="" if user.digest_hour is None else str(user.digest_hour),
        digest_days=EVERY if user.digest_on_days_off else WORKING,
        wanted=[notice.value for notice in Notice if user.wants(notice)],
        letter_keys=user.letter_keys,
    )
    return _profile_page(form)


@bp.post("/settings/profile")
def save_profile() -> Answer:
    """Keep the profile; the next digest follows the new hour and zone."""
    form, user, at = ProfileForm(), me(), clock.now()
    if not form.validate():
        return _profile_page(form), 422
    hour = int(form.digest_hour.data) if form.digest_hour.data else None
    digest.reschedule(user, hour, team.zone(form.timezone.data), at)
    user.name = form.name.data
    user.locale = form.locale.data
    user.digest_on_days_off = form.digest_days.data == EVERY
    user.unwanted = _unwanted(user, form)
    user.letter_keys = form.letter_keys.data
    audit.record(db.session, user, Action.PROFILE_CHANGED, at, user_id=user.id)
    db.session.commit()
    with spoken.speaking(user.locale):
        return back_to("/settings/profile", _("Your profile is saved."))


def _profile_page(form: ProfileForm) -> str:
    offered = {notice.value for notice in _offered()}
    return render_template("settings/profile.html", form=form, offered=offered)


def _offered() -> list[Notice]:
    """The mails that this user can get at all: a week in review is for leads."""
    is_lead = any(one.role is Role.LEAD for one in memberships())
    return [notice for notice in Notice if is_lead or notice is not Notice.WEEKLY]


def _unwanted(user: User, form: ProfileForm) -> list[str]:
    """What she switched off; what was not offered to her stays as it was."""
    offered = _offered()
    return [
        notice.value
        for notice in Notice
        if (notice.value not in form.wanted.data if notice in offered else not user.wants(notice))
    ]


@bp.post("/settings/language")
def language() -> Answer:
    """The other language, from the menu."""
    form = LanguageForm()
    refuse_faults(form)
    me().locale = form.locale.data
    db.session.commit()
    return back_to("/today")


@bp.get("/settings/brand")
def brand() -> str:
    """The brand's name, topics and tags."""
    return _brand_page(_brand())


@bp.post("/settings/brand")
def save_brand() -> Answer:
    """Keep the brand's name."""
    current, form, at = _brand(), BrandForm(), clock.now()
    if not form.validate():
        return _brand_page(current, form=form), 422
    try:
        team.rename_brand(db.session, current, form.name.data)
    except Refused as refused:
        form.name.errors = [refused.message]
        return _brand_page(current, form=form), 422
    audit.record(db.session, me(), Action.BRAND_CHANGED, at, brand_id=current.id)
    db.session.commit()
    return back_to("/settings/brand", _("The brand is saved."))


@bp.post("/settings/topics")
def add_topic() -> Answer:
    """Add a topic; the people are scored anew."""
    current, form = _brand(), TopicForm()
    try:
        refuse_faults(form)
        topics.add(
            db.session,
            current,
            name=form.name.data,
            keywords=keywords_of(form.keywords.data),
            weight=form.weight.data,
            user=me(),
            at=clock.now(),
        )
        db.session.commit()
    except Refused as refused:
        return _topic_refused(current, form, refused, None)
    return back_to("/settings/brand", _("Topic added. Everybody is being scored anew."))


@bp.post("/settings/topics/<int:id>")
def save_topic(id: int) -> Answer:
    """Change a topic; the people are scored anew."""
    topic, form = load(Topic, id, Permission.TOPICS), TopicForm()
    try:
        refuse_faults(form)
        topics.change(
            db.session,
            topic,
            name=form.name.data,
            keywords=keywords_of(form.keywords.data),
            weight=form.weight.data,
            user=me(),
            at=clock.now(),
        )
        db.session.commit()
    except Refused as refused:
        return _topic_refused(db.session.get_one(Brand, topic.brand_id), form, refused, id)
    return back_to("/settings/brand", _("Topic saved. Everybody is being scored anew."))


@bp.post("/settings/topics/<int:id>/delete")
def remove_topic(id: int) -> Answer:
    """Remove a topic; the people are scored anew."""
    topic = load(Topic, id, Permission.TOPICS)
    topics.remove(db.session, topic, user=me(), at=clock.now())
    db.session.commit()
    return back_to("/settings/brand", _("Topic removed. Everybody is being scored anew."))


@bp.post("/settings/fit")
def save_weights() -> Answer:
    """Keep what each score means to the brand; its people are scored anew."""
    current, form = _brand(), FitForm()
    if not form.validate():
        return _brand_page(current, fit_form=form), 422
    weights = Weights(*(round(form[name].data, 3) for name in ("reach", "resonance", "relevance")))
    changed = ruling.weigh(db.session, current, weights, user=me(), at=clock.now())
    db.session.commit()
    return back_to(
        "/settings/brand",
        _("Weights saved. Everybody is being scored anew.")
        if changed
        else _("These weights hold already: nothing changed."),
    )


@bp.post("/settings/tags/<int:id>")
def rename_tag(id: int) -> Answer:
    """Call a tag otherwise, wherever it is."""
    tag, form = load(Tag, id, Permission.TOPICS), TagForm()
    brand_id = tag.brand_id
    try:
        refuse_faults(form)
        tags.rename(db.session, tag, form.name.data, user=me(), at=clock.now())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.name.errors = form.name.errors or [refused.message]
        current = db.session.get_one(Brand, brand_id)
        return _brand_page(current, tag_form=form, tag_id=id), refused.status
    return back_to("/settings/brand", _("The tag is called “%(name)s” now.", name=tag.name))


@bp.post("/settings/tags/<int:id>/delete")
def drop_tag(id: int) -> Answer:
    """Take a tag off everybody who has it."""
    tag = load(Tag, id, Permission.TOPICS)
    name = tag.name
    tags.drop(db.session, tag, user=me(), at=clock.now())
    db.session.commit()
    return back_to("/settings/brand", _("The tag “%(name)s” is gone.", name=name))


def _brand() -> Brand:
    require(Permission.TOPICS)
    return load(Brand, here().brand_id, Permission.TOPICS)


def _topic_refused(current: Brand, form: TopicForm, refused: Refused, id: int | None) -> Answer:
    db.session.rollback()
    if not form.errors:
        form.name.errors = [refused.message]
    return _brand_page(current, topic_form=form, topic_id=id), refused.status


def _brand_page(
    current: Brand,
    *,
    form: BrandForm | None = None,
    topic_form: TopicForm | None = None,
    topic_id: int | None = None,
    tag_form: TagForm | None = None,
    tag_id: int | None = None,
    fit_form: FitForm | None = None,
) -> str:
    found = db.session.scalars(topics.of_brand(current.id)).all()
    return render_template(
        "settings/brand.html",
        form=form or BrandForm(formdata=None, name=current.name),
        topics=[(one, _topic_form(one, topic_form, topic_id)) for one in found],
        new_topic=topic_form if topic_form and topic_id is None else TopicForm(formdata=None),
        tags=[
            (tag, uses, tag_form if tag_form and tag.id == tag_id else None)
            for tag, uses in db.session.execute(tags.used(current.id))
        ],
        fit_form=fit_form or _fit_form(current),
        own_weights=Weights(),
        scoring=underway(),
    )


def _fit_form(current: Brand) -> FitForm:
    weights = rules.weights(current.fit_weights)
    return FitForm(formdata=None, **asdict(weights))


def _topic_form(topic: Topic, came_back: TopicForm | None, id: int | None) -> TopicForm:
    if came_back is not None and topic.id == id:
        return came_back
    return TopicForm(
        formdata=None,
        name=topic.name,
        keywords=", ".join(str(word) for word in topic.keywords),
        weight=topic.weight,
    )
