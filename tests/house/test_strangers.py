"""A stranger stands in no page, list, count, search or export, whoever looks."""

import make
import pytest
import tied
from sqlalchemy import select

from irm.directory import people, search
from irm.directory.duplicates import likely
from irm.directory.export import tables
from irm.directory.export.columns import COLUMNS
from irm.jobs import tasks
from irm.jobs.scoring import reading
from irm.models import Influencer, Platform, Role, StageCounter, Task, TaskState

MARK = "xylophage"

#: Pages that show people, or count them.
PAGES = (
    "/today", "/funnel", "/funnel?q=xyloph", "/influencers", "/influencers?q=xyloph",
    "/influencers/lookup?q=xyloph", "/discovery", "/duplicates", "/campaigns", "/plan",
    "/funnel/moved", "/funnel/review", "/funnel/claims", "/funnel/reading", "/bulk",
    "/influencers/group", "/settings/scores", "/settings/worksheet", "/log/together",
)  # fmt: skip


@pytest.fixture
def there(saved):
    """A brand with one person and the stranger whom they reach."""
    lead = saved(make.member(Role.LEAD))
    known = saved(make.relationship(brand=lead.brand, owner=lead.user))
    stranger = saved(make.influencer(name=MARK, known=False, audience=5_000_000, city=MARK))
    saved(make.account(influencer=stranger, platform=Platform.X, handle=MARK, followers=5_000_000))
    saved(tied.tie(known.influencer, stranger, brand_id=lead.brand_id))
    return lead, known, stranger


def test_no_page_shows_or_opens_a_stranger(there, client_of, saved):
    lead, _known, stranger = there
    for user in (lead.user, saved(make.user(is_admin=True))):
        client = client_of(user)
        for page in PAGES:
            answer = client.get(page)
            assert answer.status_code in (200, 302, 403, 404), page
            assert MARK not in answer.text, page
        for path in ("", "/timeline", "/ties", "/history", "/scores", "/presence"):
            assert client.get(f"/influencers/{stranger.id}{path}").status_code == 404


def test_only_the_ties_of_a_person_name_a_strangers_account(there, client_of):
    lead, known, _stranger = there
    page = client_of(lead.user).get(f"/influencers/{known.influencer_id}/ties").text
    assert f"@{MARK}" in page


def test_no_count_search_export_or_scoring_takes_a_stranger_in(there, session, app):
    lead, known, stranger = there
    brand = lead.brand_id
    assert people.count(session, brand, [], False) == 1
    assert sum(session.scalars(select(StageCounter.people))) <= 1
    assert search.find(session, MARK, search.Reader(brand, lead.user_id)).best == {}
    assert session.scalars(reading.people()).all() == [known.influencer_id]
    assert likely(session, name=MARK, handles=[("x", MARK)], brand_id=brand) == []
    for kind in COLUMNS:
        rows = list(tables.rows(session, kind, brand))
        assert stranger.id not in {row.get("id") for row in rows}
        if kind != "ties":
            assert MARK not in str(rows), kind
    rows = list(tables.rows(session, "influencers", brand, strangers=True))
    assert {row["id"] for row in rows} == {known.influencer_id, stranger.id}


def test_scoring_and_duplicates_leave_strangers_alone(there, session, app):
    _lead, _known, stranger = there
    for kind in ("score", "duplicates"):
        with app.app_context():
            task = Task(kind=kind, arguments={}, created_at=make.MONDAY)
            tasks.db.session.add(task)
            tasks.db.session.commit()
            ended = tasks.run_inline(app, task.id, lambda done, total: None)
            assert ended.state is TaskState.DONE, ended.error
    session.expire_all()
    assert session.get_one(Influencer, stranger.id).reach is None
