"""Members of campaigns: found by name, from the list's selection, its filters or a saved view."""

import datetime as dt
from collections.abc import Sequence

from flask import Blueprint, render_template, request
from sqlalchemy import select

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.directory import filters as narrowing
from irm.directory import people
from irm.errors import NotFound, Refused
from irm.forms.campaign import ChosenForm, MembersForm, TakenBackForm
from irm.forms.text import one_line
from irm.funnel import campaign_members, repacing
from irm.i18n import _, _l, _n
from irm.models import Campaign, Influencer, Relationship
from irm.web import ageing, filters, listing
from irm.web.answers import Answer, back_to, refuse_faults, undoable
from irm.web.guard import is_fragment
from irm.web.listing import Listing
from irm.web.words import words

bp = Blueprint("campaign_members", __name__)

#: Campaigns to choose from.
OFFERED = 100


@bp.get("/campaigns/<int:id>/find")
def find(id: int) -> str:
    """People whose name or handle was typed, each with a button that adds them."""
    campaign = load(Campaign, id, Permission.CAMPAIGNS)
    query = one_line(request.args.get("q"))[: narrowing.LONGEST_SEARCH]
    brand_id = campaign.brand_id
    reader = filters.reader_at(brand_id)
    found = db.session.execute(people.lookup(db.session, query, reader)).all() if query else []
    parts = {"campaign": campaign, "query": query, "found": found}
    if is_fragment():
        return render_template("campaigns/_found.html", **parts)
    return render_template("campaigns/find.html", **parts)


@bp.post("/campaigns/choose")
def choose() -> Answer:
    """Ask to which campaign to add those ticked in the list, or all the list finds."""
    require(Permission.CAMPAIGNS)
    shown, form = listing.of(request.form.get("list", "")), ChosenForm()
    if form.whom.data != "all" and not _ticked():
        return back_to(shown.href(), _("Select at least one person."))
    return _choose(shown, form)


@bp.post("/campaigns/members")
def add_chosen() -> Answer:
    """Add them to the campaign that was chosen."""
    require(Permission.CAMPAIGNS)
    shown, form = listing.of(request.form.get("list", "")), ChosenForm()
    _offer(form)
    if not form.validate():
        return _choose(shown, form), 422
    return _add(load(Campaign, form.campaign.data, Permission.CAMPAIGNS), _whom(shown, form))


@bp.post("/campaigns/<int:id>/members")
def add(id: int) -> Answer:
    """Add people who were found, or all of a saved view."""
    campaign, form = load(Campaign, id, Permission.CAMPAIGNS), MembersForm()
    refuse_faults(form)
    if form.view.data is None:
        return _add(campaign, _ticked())
    if campaign.brand_id != here().brand_id:
        raise NotFound()
    view = next((one for one in listing.all_views() if one.id == form.view.data), None)
    if view is None or view.page != listing.LIST:
        raise NotFound()
    return _add(campaign, _all_of(listing.plain(view.query)))


@bp.post("/campaigns/<int:id>/members/remove")
def remove(id: int) -> Answer:
    """Take a member out; the message offers to bring them back."""
    campaign, who = load(Campaign, id, Permission.CAMPAIGNS), _ticked()[:1]
    campaign_members.remove(db.session, campaign, who, user=me(), at=clock.now())
    repacing.follow(db.session, campaign.brand, who, me(), clock.now())
    db.session.commit()
    names = db.session.scalars(
        select(Influencer.name)
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .where(Relationship.id.in_(who))
        .limit(1)
    ).all()
    said = _("%(name)s is no member any more.", name=next(iter(names), ""))
    undo = undoable(said, f"/campaigns/{id}/members", {"who": next(iter(who), "")})
    return back_to(f"/campaigns/{id}", undo)


@bp.post("/campaigns/<int:id>/members/undo")
def take_back(id: int) -> Answer:
    """Take those out again whom the reader added at a moment."""
    campaign, form = load(Campaign, id, Permission.CAMPAIGNS), TakenBackForm()
    refuse_faults(form)
    who = campaign_members.added_at(db.session, campaign, _moment(form.at.data), me())
    gone = campaign_members.remove(db.session, campaign, who, user=me(), at=clock.now())
    repacing.follow(db.session, campaign.brand, who, me(), clock.now())
    db.session.commit()
    said = _n("%(n)s person was taken out again.", "%(n)s people were taken out again.", gone)
    return back_to(f"/campaigns/{id}", said)


def _moment(text: str) -> dt.datetime:
    """The moment they were added. Raises Refused where it was typed by hand."""
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Refused(_l("This form is not complete.")) from None


def _add(campaign: Campaign, who: Sequence[int]) -> Answer:
    if campaign.cancelled_at is not None:
        raise Refused(_l("This campaign was called off: take it up again first."))
    if not who:
        raise Refused(_l("Nobody is to be added: choose at least one person."))
    at = clock.now()
    added = campaign_members.add(db.session, campaign, who, user=me(), at=at)
    if added:
        repacing.follow(db.session, campaign.brand, who, me(), at)
    db.session.commit()
    there = f"/campaigns/{campaign.id}"
    if not added:
        return back_to(there, _("They are members already, or in the archive: nobody was added."))
    number = words().number(added)
    said = _n(
        "%(number)s person was added to “%(name)s”.",
        "%(number)s people were added to “%(name)s”.",
        added,
        number=number,
        name=campaign.name,
    )
    return back_to(there, undoable(said, f"{there}/members/undo", {"at": at.isoformat()}))


def _choose(shown: Listing, form: ChosenForm) -> str:
    _offer(form)
    is_all = form.whom.data == "all"
    who = _ticked()
    return render_template(
        "campaigns/choose.html",
        form=form,
        who=[] if is_all else who,
        is_all=is_all,
        list=shown.encoded(),
        back=shown.href(),
        most=campaign_members.MOST_AT_ONCE,
    )


def _offer(form: ChosenForm) -> None:
    today = ageing.rule().day
    found = db.session.execute(campaign_members.open_ones(here().brand_id, today, OFFERED))
    form.campaign.choices = [
        (row.id, _("%(name)s, from %(day)s", name=row.name, day=words().date[row.starts_on]))
        for row in found
    ]


def _whom(shown: Listing, form: MembersForm) -> Sequence[int]:
    return _all_of(shown) if form.whom.data == "all" else _ticked()


def _all_of(shown: Listing) -> Sequence[int]:
    """All a list finds, one more than may be added at once. Raises Refused where it is unread."""
    narrowing.refuse_unread(shown.query)
    asked = shown.ask()
    return db.session.scalars(
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.brand_id == here().brand_id,
            people.is_listed(shown.query.archived),
            *asked.conditions,
        )
        .order_by(Relationship.id)
        .limit(campaign_members.MOST_AT_ONCE + 1)
    ).all()


def _ticked() -> list[int]:
    """The relationships that were ticked."""
    given = request.form.getlist("who")
    return [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 10]
