"""What stands on the pages of campaigns, in words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import request

from irm.access import Permission, can
from irm.db import db
from irm.errors import Refused
from irm.funnel import campaign_members, campaigns
from irm.funnel.campaign_list import Missing
from irm.funnel.campaigns import Aftercare, Care, Owed
from irm.i18n import LazyText, _, _l, _n
from irm.models import Campaign
from irm.web import ageing
from irm.web.words import Words, words

RUNNING, COMING, PAST = "running", "coming", "past"

SECTIONS = (
    (RUNNING, _l("Running"), _l("No campaign is running.")),
    (COMING, _l("Coming"), _l("No campaign is planned.")),
    (PAST, _l("Over"), _l("No campaign of this year is over.")),
)

#: Members shown at once.
PAGE = 100

#: Other campaigns named at once.
OTHERS = 5

#: Members looked up by what they miss.
MOST_MISSING = 500


class Line(NamedTuple):
    """One campaign in a table."""

    id: int
    name: str
    when: str
    days: str
    owner: str
    people: str
    event: str
    #: What is missing after it, or that it was called off.
    notes: list[str]
    is_off: bool


def line(row: Any, today: dt.date, missing: Missing | None) -> Line:
    """A campaign of the year as a line of its table."""
    said = words()
    notes = [_("Called off")] if row.cancelled_at else []
    if missing is not None:
        thanks, results = map(said.number, missing)
        notes += [_("%(n)s without thanks", n=thanks)] if missing.thanks else []
        notes += [_("%(n)s without results", n=results)] if missing.results else []
    return Line(
        row.id,
        row.name,
        when(row, today),
        span(row, said),
        row.owner_name or "",
        said.number(row.people),
        said.date[row.event_on] if row.event_on else "",
        notes,
        row.cancelled_at is not None,
    )


def when(row: Any, today: dt.date) -> str:
    """Whether a campaign runs, comes or is over."""
    if row.ends_on < today:
        return PAST
    return COMING if row.starts_on > today else RUNNING


def span(row: Any, said: Words) -> str:
    """From when to when it is."""
    if row.starts_on == row.ends_on:
        return said.date[row.starts_on]
    first, last = said.date[row.starts_on], said.date[row.ends_on]
    return _("%(first)s to %(last)s", first=first, last=last)


class Member(NamedTuple):
    """One member in words."""

    id: int
    influencer_id: int
    name: str
    stage: Any
    note: str
    owner: str
    contact: str
    following: str
    #: What they are owed, as (word, is it late, when it was done or is to be); none: nothing.
    thanks: "Duty | None"
    results: "Duty | None"


class Duty(NamedTuple):
    """How one duty toward a member stands."""

    care: Care
    said: str


def page(campaign: Campaign) -> dict[str, Any]:
    """What campaigns/show.html takes, but for the views to add from."""
    said, today = words(), ageing.rule().day
    care = campaigns.aftercare(db.session, campaign, today)
    only = request.args.get("missing", "")
    rows, later = _members(campaign, care, only)
    return {
        "campaign": campaign,
        "days": span(campaign, said),
        "when": "" if campaign.cancelled_at else _when(campaign, today),
        "called_off": said.date[said.day(campaign.cancelled_at)] if campaign.cancelled_at else "",
        "events": [
            (said.both[row.day], row.name)
            for row in db.session.execute(campaigns.event_days(campaign.id))
        ],
        "people": campaign_members.counted(db.session, campaign.id),
        "members": [_member(row, care.get(row.id), said) for row in rows],
        "later": later,
        "only": only,
        "owed": _owed(campaign, care, today, said),
        "others": [
            (
                row.id,
                _n(
                    "%(number)s member is also in “%(name)s”.",
                    "%(number)s members are also in “%(name)s”.",
                    row.people,
                    number=said.number(row.people),
                    name=row.name,
                ),
            )
            for row in db.session.execute(campaign_members.overlapping(campaign, OTHERS))
        ]
        if campaign.cancelled_at is None
        else [],
        "may_edit": can(Permission.CAMPAIGNS, campaign.brand_id),
    }


def _when(campaign: Campaign, today: dt.date) -> str:
    found = when(campaign, today)
    if found == RUNNING:
        left = (campaign.ends_on - today).days
        return _n("Running, %(n)s day to go", "Running, %(n)s days to go", left)
    if found == COMING:
        return _n("In %(n)s day", "In %(n)s days", (campaign.starts_on - today).days)
    return _n("Ended %(n)s day ago", "Ended %(n)s days ago", (today - campaign.ends_on).days)


def _members(
    campaign: Campaign, care: Mapping[int, Aftercare], only: str
) -> tuple[Sequence[Any], str]:
    """One page of members, and where the next one begins; `only` those who miss something."""
    statement = campaign_members.members(campaign.id)
    if only:
        if only not in ("thanks", "results"):
            raise Refused(_l("This address names a filter that does not exist."))
        ids = [id for id, one in care.items() if getattr(one, only).care is not Care.DONE]
        statement = statement.where(campaign_members.is_one_of(ids[:MOST_MISSING]))
    after = request.args.get("after", "")
    if after:
        statement = statement.where(campaign_members.is_after(*_place(after)))
    rows = db.session.execute(statement.limit(PAGE + 1)).all()
    later = f"{rows[PAGE - 1].id}-{rows[PAGE - 1].name_order}" if len(rows) > PAGE else ""
    return rows[:PAGE], later


def _place(after: str) -> tuple[int, str]:
    id, _dash, name = after.partition("-")
    if not (id.isascii() and id.isdecimal() and len(id) < 10):
        raise Refused(_l("This address names a filter that does not exist."))
    return int(id), name[:80]


def _member(row: Any, care: Aftercare | None, said: Words) -> Member:
    note = _("In the archive") if row.archived_at else ""
    note = note or (_("Not to be contacted") if row.do_not_contact else "")
    return Member(
        row.id,
        row.influencer_id,
        row.name,
        row.stage,
        note,
        row.owner_name or "",
        said.near[said.day(row.last_contact_at)] if row.last_contact_at else _("never"),
        said.near[row.next_touchpoint_on] if row.next_touchpoint_on else _("nothing planned"),
        _duty(care.thanks, said) if care else None,
        _duty(care.results, said) if care else None,
    )


def _duty(owed: Owed, said: Words) -> Duty:
    if owed.done_on is not None:
        return Duty(owed.care, said.date[owed.done_on])
    return Duty(owed.care, _("by %(day)s", day=said.date[owed.by]))


def _owed(
    campaign: Campaign, care: Mapping[int, Aftercare], today: dt.date, said: Words
) -> list[dict[str, Any]]:
    """The duties after a campaign: how many have had it, until when the others should."""
    if not care:
        return []
    titles: tuple[tuple[str, LazyText, int], ...] = (
        ("thanks", _l("Thanks"), campaigns.THANKS_DAYS),
        ("results", _l("Results"), campaigns.RESULTS_DAYS),
    )
    found = []
    for name, title, within in titles:
        each = [getattr(one, name).care for one in care.values()]
        done, by = each.count(Care.DONE), campaign.ends_on + dt.timedelta(days=within)
        found.append(
            {
                "name": name,
                "title": str(title),
                "done": _(
                    "%(done)s of %(all)s", done=said.number(done), all=said.number(len(each))
                ),
                "value": done,
                "max": len(each),
                "left": len(each) - done,
                "is_late": done < len(each) and today > by,
                "by": said.date[by],
            }
        )
    return found
