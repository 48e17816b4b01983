"""The demo is believable, keeps our own rules, and is the same for the same seed and day."""

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import func, select

from irm.demo import loading
from irm.directory import people, search
from irm.funnel import campaigns, minutes, owed, today
from irm.funnel.campaigns import Care
from irm.ledger import ageing, proving
from irm.ledger import relationships as ledger
from irm.ledger.ageing import Ageing, Limits
from irm.models import (
    NEVER,
    Account,
    Base,
    Campaign,
    CampaignDay,
    CampaignMember,
    Direction,
    Influencer,
    Interaction,
    Kind,
    Pause,
    Planner,
    Post,
    Promise,
    Prospect,
    Question,
    Relationship,
    Review,
    Stage,
    StageCounter,
    StageMove,
    State,
    Tie,
    Tier,
    Touchpoint,
    User,
)
from tests.demo.loaded import TODAY, load

STAGES = list(Stage)

#: Made anew by each run, not by the seed.
UNSEEDED = {"password_hash"}

#: Ids without a foreign key.
IDS = {"source_id", "ids", "owner_id", "brand_id", "influencer_id"}


@pytest.fixture
def team(session):
    return load(session)


def contents(session):
    """Every row of every table, without ids: they go on where the last run ended."""
    found = {}
    for table in Base.metadata.sorted_tables:
        hidden = UNSEEDED | {c.name for c in table.c if c.primary_key or c.foreign_keys}
        columns = [c for c in table.c if c.name not in hidden | IDS]
        if columns:
            found[table.name] = sorted(map(repr, session.execute(select(*columns))))
    return found


def test_the_same_seed_and_day_give_the_same_demo(app, session):
    load(session, influencers=40)
    first = contents(session)
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(table.delete())
    session.commit()
    load(session, influencers=40)
    assert contents(session) == first


def test_another_seed_gives_other_people(session):
    load(session, influencers=10, seed=1)
    names = set(session.scalars(select(Influencer.name)))
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(table.delete())
    session.commit()
    load(session, influencers=10, seed=2)
    assert names != set(session.scalars(select(Influencer.name)))


def test_what_is_derived_is_as_history_says(session, team):
    cells = counted(session)
    assert ledger.rebuild(session) == 0
    noon = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)
    assert proving.rebuild(session, noon) == 0
    assert counted(session) == cells
    assert sum(cell[-2] for cell in cells) == 150


def counted(session):
    columns = StageCounter.__table__.c
    return sorted(map(tuple, session.execute(select(*columns).where(columns.people != 0))))


def test_people_form_a_funnel_and_most_are_micro(session, team):
    by_stage = dict(
        session.execute(select(Relationship.stage, func.count()).group_by(Relationship.stage)).all()
    )
    assert by_stage[Stage.UNAWARE] > by_stage[Stage.INTERESTED] > by_stage[Stage.AMBASSADOR] > 0
    by_tier = dict(
        session.execute(select(Influencer.tier, func.count()).group_by(Influencer.tier)).all()
    )
    assert by_tier[Tier.MICRO] > by_tier[Tier.MIDDLE] > by_tier[Tier.MACRO] > 0


def test_every_stage_was_reached_step_by_step_from_a_birth(session, team):
    stages = dict(session.execute(select(Relationship.id, Relationship.stage)).all())
    since = dict(session.execute(select(Relationship.id, Relationship.stage_since)).all())
    at, when = {}, {}
    moves = session.scalars(select(StageMove).order_by(StageMove.relationship_id, StageMove.at))
    for move in moves:
        of = move.relationship_id
        assert move.from_stage == at.get(of)
        if move.from_stage is None:
            assert move.to_stage is Stage.UNAWARE
        else:
            assert abs(STAGES.index(move.to_stage) - STAGES.index(move.from_stage)) == 1
            assert move.reason
            assert move.user_id
            assert move.at > when[of]
        at[of], when[of] = move.to_stage, move.at
    assert at == stages
    assert when == since


def test_gives_come_before_asks_and_nothing_lies_ahead(session, team):
    end = dt.datetime.combine(TODAY, dt.time(), dt.UTC)
    gives = {}
    for row in session.scalars(
        select(Interaction).order_by(Interaction.relationship_id, Interaction.happened_at)
    ):
        assert row.happened_at < end
        assert row.author_id
        assert "{" not in row.summary
        given = gives.setdefault(row.relationship_id, 0)
        if row.kind is Kind.ASK:
            assert given > 0
        elif row.kind is Kind.GIVE and row.direction is Direction.OUT:
            gives[row.relationship_id] += 1


def test_there_is_something_to_do_today_and_something_overdue(session, team):
    due = [
        row.due_on
        for user in session.scalars(select(User))
        for row in session.execute(today.due(user.id, TODAY + dt.timedelta(days=7), today=TODAY))
    ]
    assert min(due) < TODAY
    assert TODAY in due
    assert max(due) > TODAY
    nothing_planned = select(func.count()).where(Relationship.next_order == NEVER)
    assert session.scalar(nothing_planned) > 10


def test_what_the_cadence_planned_is_due_when_the_cadence_says(session, team):
    planned = session.execute(
        select(Touchpoint.due_on, Touchpoint.why, Relationship.last_contact_at)
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .where(
            Touchpoint.planned_by == Planner.CADENCE,
            Touchpoint.state == State.OPEN,
            # A campaign calls its members in on its first day.
            Relationship.id.not_in(select(CampaignMember.relationship_id)),
        )
    ).all()
    assert planned
    for due_on, why, last in planned:
        assert (due_on - last.date()).days == why["days"]


def test_a_person_is_found_by_name_handle_and_note(session, team):
    reader = search.Reader(team.brand_id, team.lead, reads_private=True)
    account = session.scalars(select(Account).order_by(Account.id)).first()
    note = session.scalars(select(Interaction).order_by(Interaction.id)).first()
    for text in (account.influencer.name, account.handle[1:], note.summary[3:40]):
        found = people.lookup(session, text, reader, limit=200)
        assert session.execute(found).all(), text


def test_posts_have_text_and_figures_and_lie_within_two_years(session, team):
    start = dt.datetime.combine(TODAY, dt.time(), dt.UTC) - dt.timedelta(days=733)
    posts = session.scalars(select(Post)).all()
    assert len(posts) > 1000
    assert {post.language for post in posts} == {"en", "fr"}
    for post in posts:
        assert post.text
        assert "{" not in post.text
        assert post.published_at > start
        assert post.likes is not None


def test_a_handle_that_somebody_has_is_left_to_them(session, saved):
    team = load(session, influencers=5)
    session.execute(Influencer.__table__.update().values(is_demo=False))
    session.commit()
    for _done in loading.load(session, team, influencers=5, seed=7, today=TODAY):
        session.commit()
    assert session.scalar(select(func.count()).select_from(Influencer)) == 10


@pytest.mark.usefixtures("team")
def test_some_people_stand_outside_the_funnel_with_posts_to_be_discovered_by(session):
    outside = session.scalars(select(Prospect.influencer_id)).all()
    related = session.scalars(select(Relationship.influencer_id)).all()
    posting = (
        select(Account.influencer_id)
        .join(Post, Post.account_id == Account.id)
        .where(Account.influencer_id.in_(outside))
    )

    assert len(outside) == 15
    assert not {*outside} & {*related}
    assert set(session.scalars(posting)) == {*outside}
    assert all(session.scalars(select(Prospect.is_own)))


def test_some_are_paused_and_some_are_slipping_away(session, team):
    paused = session.scalars(select(Relationship).where(Relationship.paused_until > TODAY)).all()
    kept = session.execute(select(Pause.relationship_id, Pause.until, Pause.why)).all()

    assert 2 < len(paused) < 20
    assert {(one.id, one.paused_until, one.paused_why) for one in paused} == {*map(tuple, kept)}
    for mark in (Ageing.SLIPPING, Ageing.LOST, Ageing.STUCK):
        asked = select(func.count()).where(ageing.condition(mark, TODAY, dt.UTC, Limits()))
        assert session.scalar(asked) > 1, mark


def test_promises_are_kept_mostly_and_some_people_wait_for_a_word(session, team):
    standing = Counter(
        owed.standing(one.state, one.due_on, one.closed_on, TODAY).value
        for one in session.scalars(select(Promise))
    )
    assert standing["kept"] > standing["late"] > 0
    assert standing["broken"] > 0
    assert standing["open"] > standing["overdue"] > 0
    now = dt.datetime.combine(TODAY, dt.time(23), dt.UTC)
    for one in session.scalars(select(Question)):
        assert one.asked_at < one.answer_by
        assert max(one.asked_at, one.answered_at or one.asked_at) < now
    waiting = session.execute(select(Question.held_at).where(Question.state == "open")).all()
    assert {row.held_at is None for row in waiting} == {True, False}


def test_the_team_held_a_review_three_weeks_ago(session, team):
    [review] = session.scalars(select(Review)).all()

    told = minutes.of(session, review, review.closed_at)

    assert review.closed_at is not None
    assert told.decided > 3
    assert not told.undecided


def test_one_campaign_is_over_one_runs_and_one_comes(session, team):
    over, running, coming = session.scalars(select(Campaign).order_by(Campaign.starts_on)).all()
    assert over.ends_on == TODAY - dt.timedelta(days=14)
    assert running.starts_on <= TODAY <= running.ends_on
    assert coming.starts_on > TODAY
    care = campaigns.aftercare(session, over, TODAY)
    assert {one.thanks.care for one in care.values()} == {Care.DONE, Care.LATE}
    assert session.scalar(select(CampaignDay.day).where(CampaignDay.campaign_id == coming.id))


@pytest.mark.usefixtures("team")
def test_people_have_ties_and_those_we_value_know_strangers(session):
    ties = session.scalars(select(Tie)).all()
    strangers = set(session.scalars(select(Influencer.id).where(Influencer.known.is_(False))))
    stage = dict(session.execute(select(Relationship.influencer_id, Relationship.stage)).all())

    assert len(ties) > 3 * len(stage)
    assert len(strangers) == 7
    known_by = Counter(tie.to_id for tie in ties if tie.to_id in strangers)
    known_by.update(tie.from_id for tie in ties if tie.from_id in strangers)
    assert min(known_by[id] for id in strangers) >= 2
    ends = {tie.from_id for tie in ties if tie.to_id in strangers} - strangers
    assert {stage[id] for id in ends} <= {*STAGES[2:]}
    assert all(tie.last_seen < TODAY for tie in ties)
