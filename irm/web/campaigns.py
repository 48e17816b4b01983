"""Campaigns: the year, one campaign with its members, making and changing it, calling it off."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import select

from irm import clock
from irm.access import Permission, here, load, me, require
from irm.db import db
from irm.directory import team
from irm.errors import Refused, Stale
from irm.forms.campaign import CampaignForm
from irm.funnel import campaign_edits, campaign_list, campaigns, repacing
from irm.i18n import _
from irm.models import Campaign, CampaignMember
from irm.web import ageing, campaign_page, listing, year
from irm.web.answers import Answer, back_to, undoable
from irm.web.colleague_choice import choices, in_teams
from irm.web.words import words

bp = Blueprint("campaigns", __name__)


@bp.get("/campaigns")
def index() -> str:
    """A year of campaigns: drawn, and as tables of what runs, what comes and what is over."""
    require(Permission.SEE)
    _limits, zone, today = ageing.rule()
    asked = _year(today.year)
    statement = campaign_list.of_year(here().brand_id, asked, ahead=asked == today.year)
    found = db.session.execute(statement.limit(campaign_list.MOST + 1)).all()
    rows = found[: campaign_list.MOST]
    missing = campaign_list.missing(db.session, rows, today, zone)
    shown = [campaign_page.line(row, today, missing.get(row.id)) for row in rows]
    return render_template(
        "campaigns/index.html",
        year=asked,
        years=(asked - 1 if asked > 1990 else None, asked + 1 if asked < today.year + 3 else None),
        drawing=year.drawing(rows, asked, today),
        sections=[
            (title, empty, [one for one in shown if one.when == when])
            for when, title, empty in campaign_page.SECTIONS
        ],
        is_cut=len(found) > len(rows),
        any=bool(rows),
    )


@bp.get("/campaigns/new")
def new() -> str:
    """The form of a new campaign."""
    require(Permission.CAMPAIGNS)
    form = CampaignForm(formdata=None, owner=me().id)
    return _form(form, None, [])


@bp.post("/campaigns")
def add() -> Answer:
    """Make a campaign; its members are added on its page."""
    require(Permission.CAMPAIGNS)
    form = CampaignForm()
    _offer(form)
    if not form.validate():
        return _form(form, None, form.events), 422
    try:
        campaign = campaign_edits.make(
            db.session,
            here().brand_id,
            form.terms,
            user=me(),
            at=clock.now(),
            today=words().today,
        )
    except Refused as refused:
        return _refused(form, None, refused)
    db.session.commit()
    return back_to(f"/campaigns/{campaign.id}", _("The campaign is there. Now add its members."))


@bp.get("/campaigns/<int:id>")
def show(id: int) -> str:
    """One campaign: goal, days, events, members, and what is missing after it."""
    campaign = load(Campaign, id, Permission.SEE)
    is_here = campaign.brand_id == here().brand_id
    views = [one for one in listing.all_views() if one.page == listing.LIST] if is_here else []
    return render_template("campaigns/show.html", **campaign_page.page(campaign), views=views)


@bp.get("/campaigns/<int:id>/edit")
def edit(id: int) -> str:
    """The form of a campaign."""
    campaign = load(Campaign, id, Permission.CAMPAIGNS)
    form = CampaignForm(
        formdata=None,
        name=campaign.name,
        goal=campaign.goal,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        owner=campaign.owner_id or 0,
        row_version=campaign.row_version,
    )
    days = db.session.execute(campaigns.event_days(id))
    return _form(form, campaign, [(row.day.isoformat(), row.name) for row in days])


@bp.post("/campaigns/<int:id>")
def save(id: int) -> Answer:
    """Change a campaign; what the cadence had planned with its members follows."""
    campaign, form = load(Campaign, id, Permission.CAMPAIGNS), CampaignForm()
    _offer(form, campaign)
    if not form.validate():
        return _form(form, campaign, form.events), 422
    try:
        campaign_edits.change(
            db.session,
            campaign,
            form.terms,
            user=me(),
            at=clock.now(),
            today=words().today,
            seen_version=form.row_version.data or 0,
        )
    except Stale:
        raise
    except Refused as refused:
        return _refused(form, campaign, refused)
    _follow(campaign)
    db.session.commit()
    return back_to(f"/campaigns/{id}", _("The campaign is saved."))


@bp.post("/campaigns/<int:id>/off")
def call_off(id: int) -> Answer:
    """Call a campaign off; the message offers to take it up again."""
    campaign = load(Campaign, id, Permission.CAMPAIGNS)
    campaign_edits.call_off(db.session, campaign, user=me(), at=clock.now())
    _follow(campaign)
    db.session.commit()
    said = _("“%(name)s” is called off. Nothing is planned around it any more.", name=campaign.name)
    return back_to(f"/campaigns/{id}", undoable(said, f"/campaigns/{id}/on", {}))


@bp.post("/campaigns/<int:id>/on")
def take_up(id: int) -> Answer:
    """Take a campaign up again that was called off."""
    campaign = load(Campaign, id, Permission.CAMPAIGNS)
    campaign_edits.take_up(db.session, campaign, user=me(), at=clock.now())
    _follow(campaign)
    db.session.commit()
    return back_to(f"/campaigns/{id}", _("“%(name)s” is on again.", name=campaign.name))


def _follow(campaign: Campaign) -> None:
    """Let what the cadence had planned with the members follow."""
    some = select(CampaignMember.relationship_id).where(CampaignMember.campaign_id == campaign.id)
    ids = db.session.scalars(some.limit(repacing.INLINE + 1)).all()
    repacing.follow(db.session, campaign.brand, ids, me(), clock.now())


def _year(this_year: int) -> int:
    said = request.args.get("year", "")
    asked = int(said) if said.isascii() and said.isdecimal() and len(said) == 4 else this_year
    return min(max(asked, 1990), this_year + 3)


def _offer(form: CampaignForm, campaign: Campaign | None = None) -> None:
    brand_id = campaign.brand_id if campaign else here().brand_id
    # Campaigns are closed to partners.
    members = [(id, name) for id, name in db.session.execute(team.may_take(brand_id, None))]
    # Whoever ran it and has left stays named until somebody else does.
    if campaign is not None and campaign.owner is not None:
        there = (campaign.owner.id, campaign.owner.name)
        members += [] if there in members else [there]
    form.offer(choices(in_teams(brand_id, members)))


def _refused(form: CampaignForm, campaign: Campaign | None, refused: Refused) -> Answer:
    id = campaign.id if campaign else None
    db.session.rollback()
    form.ends_on.errors = [refused.message]
    again = load(Campaign, id, Permission.CAMPAIGNS) if id is not None else None
    return _form(form, again, form.events), refused.status


def _form(form: CampaignForm, campaign: Campaign | None, events: list[Any]) -> str:
    _offer(form, campaign)
    return render_template(
        "campaigns/form.html", form=form, campaign=campaign, events=[*events, ("", ""), ("", "")]
    )
