"""How often a page asks the database: a number that does not grow with what it shows."""

import datetime as dt
import time

import make
import pytest
from sqlalchemy import event

from irm.db import db
from irm.ledger import relationships as ledger
from irm.models import Role
from irm.web.status import Look

#: Who it is (session and user), and where they may go.
SIGN_IN = 2

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def counted(app):
    """The statements of whatever is asked of the pages."""
    statements = []
    # The look at the worker, taken four times a minute, is counted by luck or not at all.
    app.extensions["irm.worker"] = time.monotonic(), time.monotonic(), Look()

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/influencers", 4),
        ("/influencers?columns=email,tags", 4),
        ("/influencers?sort=fit-low", 5),
        ("/influencers?q=person", 4),
        ("/influencers?q=person+one", 4),
        ("/influencers?q=person&owner=me&tag=-food&topic=none", 5),
        ("/funnel", 3),
        ("/funnel?q=person", 4),
        ("/funnel?tier=micro", 3),
        ("/funnel?team=mine", 5),
        ("/influencers?team=mine", 4),
        ("/funnel?country=france&tier=-macro", 3),
        ("/funnel?by=tier", 4),
        ("/funnel?by=owner", 4),
        ("/funnel?by=archetype", 4),
        ("/funnel?by=tier&sort=fit", 4),
        ("/funnel?fields=tags,country", 3),
        ("/funnel/heads", 5),
        ("/funnel/heads?country=france", 3),
        ("/funnel/heads?by=owner", 4),
        ("/funnel?sort=fit", 4),
        ("/funnel?sort=reach&tier=micro&owner=0", 5),
        ("/funnel?sort=fit&q=person", 5),
        ("/funnel/claims", 3),
        ("/funnel/asks", 3),
        ("/funnel/asks/colleagues", 4),
        ("/relationships/{card}/ask", 4),
        # One of them asks whether a lead opened what others keep of this person.
        ("/relationships/{card}/facts", 3),
        ("/relationships/{card}/gift", 3),
        ("/gifts", 2),
        ("/funnel/moved?since=2026-03-01", 5),
        ("/funnel/moved/line", 3),
        ("/funnel/review", 8),
        ("/funnel/reviews", 2),
        ("/funnel/past?day=2026-03-05", 5),
        ("/funnel/past?day=2026-03-05&tier=micro&owner=0", 5),
        ("/funnel/past/heads?day=2026-03-05", 5),
        # Five readings on one page; each is its own and asks who was merged meanwhile.
        ("/funnel/reading", 30),
        ("/funnel/reading/one?of=flow", 8),
        ("/funnel/flow?before=none&after=unaware", 8),
        ("/funnel/proposals", 3),
        ("/today", 6),
        ("/plan", 5),
        ("/plan?of=me", 7),
        ("/plan?of=me&view=list", 5),
        ("/plan/gaps", 1),
        ("/today/days", 2),
        ("/today?of=team", 4),
        ("/influencers?age=slipping,lost&columns=age,paused,stage", 5),
        ("/settings/limits", 3),
        ("/settings/cadence", 5),
        ("/campaigns", 4),
        ("/campaigns/{campaign}", 10),
        ("/influencers?campaign={campaign}&contact=unanswered", 6),
        ("/settings/answering", 3),
        ("/promises", 4),
        ("/promises?whose=team", 4),
        ("/promises/colleagues?whose=team", 4),
        ("/relationships/{card}/promises", 4),
        ("/influencers?claim=uncovered", 4),
        ("/influencers/{id}", 10),
        ("/influencers/{id}/scores", 10),
        ("/influencers/{id}/history", 7),
    ],
)
def test_a_page_asks_little_however_much_it_shows(
    saved, session, client_of, counted, address, most
):
    lead = saved(make.member(Role.LEAD))
    people = [
        make.relationship(brand=lead.brand, owner=lead.user, name=f"Person {n:02d}")
        for n in range(40)
    ]
    session.add_all(people)
    session.flush()
    session.add_all(
        make.touchpoint(relationship=one, owner=lead.user, due_on=TODAY) for one in people[:20]
    )
    session.add_all(
        make.interaction(relationship=people[0], happened_at=make.MONDAY + dt.timedelta(hours=n))
        for n in range(30)
    )
    campaign = saved(
        make.campaign(
            brand=lead.brand,
            starts_on=TODAY - dt.timedelta(days=30),
            ends_on=TODAY - dt.timedelta(days=10),
        )
    )
    session.add_all(make.campaign_member(campaign=campaign, relationship=one) for one in people)
    session.add(make.plan(lead.user_id, brand_id=lead.brand_id))
    session.commit()
    ledger.rebuild(session)
    session.commit()
    client = client_of(lead.user)
    counted.clear()

    address = address.format(id=people[0].influencer_id, card=people[0].id, campaign=campaign.id)
    response = client.get(address)

    assert response.status_code == 200
    assert len(counted) - SIGN_IN <= most, counted


def test_five_people_side_by_side_ask_no_more_than_two(saved, client_of, counted):
    lead = saved(make.member(Role.LEAD))
    people = [saved(make.relationship(brand=lead.brand)) for _ in range(5)]
    for n, one in enumerate(people):
        saved(make.account(influencer=one.influencer, followers=1000 + n))
    client, asked = client_of(lead.user), []

    for shown in (people[:2], people):
        counted.clear()
        client.get("/influencers/compare", query_string={"id": [p.influencer_id for p in shown]})
        asked.append(len(counted) - SIGN_IN)

    assert asked[0] == asked[1] <= 7, counted
