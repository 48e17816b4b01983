"""Two people become one and two again, with nothing lost on either way."""

import copy
import datetime as dt
import threading

import make
import pytest
from sqlalchemy import select

from irm.db import db
from irm.directory import comparing, merge, reindexing, search, tags, unmerge
from irm.errors import Refused, Stale
from irm.funnel import interactions, stages, touchpoints
from irm.funnel.interactions import Exchange
from irm.ledger import counters
from irm.ledger import relationships as ledger
from irm.models import (
    Account,
    Duplicate,
    DuplicateState,
    Influencer,
    Interaction,
    Merge,
    Relationship,
    RelationshipTag,
    Role,
    SearchEntry,
    Stage,
    StageMove,
    Task,
    Tier,
    Touchpoint,
    Visibility,
)
from tests.directory.pictures import picture, rebuilt_as_kept

LATER = make.MONDAY + dt.timedelta(days=400)

#: What undoing does not give back: what happened is told, and an edit counts as one.
NOT_COMPARED = {"audit_entries", "merges", "tasks"}


@pytest.fixture
def pair(session, saved):
    """Chloé twice at one brand, as Ana knows her and as a list brought her."""
    ana = saved(make.member(Role.MANAGER))
    ids = {}
    for name, days, bio in (("Chloé Martin", 0, None), ("chloecooks", 5, "I cook.")):
        at = make.MONDAY + dt.timedelta(days=days)
        person = saved(make.influencer(name=name, bio=bio, created_at=at))
        saved(make.account(influencer=person, handle=f"chloe{days}cooks"))
        entry = {"influencer_id": person.id, "source": "name", "source_id": person.id}
        search.index_entries(session, [{**entry, "text": name}])
        ids[name] = stages.begin(session, person, ana.brand_id, user=ana.user, at=at)
        session.commit()
    return ana, ids["Chloé Martin"], ids["chloecooks"]


def log(session, card, user, text, **given):
    at = given.pop("at", make.MONDAY)
    interactions.log(session, card, Exchange(text), author=user, happened_at=at, at=at, **given)
    session.commit()


def test_what_is_filled_wins_over_what_is_empty_and_a_name_over_a_handle(session, pair):
    _ana, mine, yours = pair
    saved = session.scalars(select(Account).where(Account.handle == "chloe5cooks")).one()
    saved.handle = saved.handle_key = "chloecooks"
    session.commit()

    found = comparing.compare(session, mine.influencer_id, yours.influencer_id)

    proposed = {one.name: one.proposed for one in found.differences}
    assert proposed["name"] == "kept"
    assert proposed["bio"] == "gone"
    assert found.moving["accounts"] == 1


def test_the_value_of_who_is_kept_is_proposed_and_a_newer_one_is_said(session, saved):
    kept = saved(make.influencer(city="Lyon", bio=None))
    later = make.MONDAY + dt.timedelta(days=9)
    gone = saved(make.influencer(city="Paris", bio="I cook.", created_at=later))

    found = comparing.compare(session, kept.id, gone.id).differences
    turned = comparing.compare(session, gone.id, kept.id).differences

    said = {one.name: (one.proposed, one.newer) for one in found}
    assert said["city"] == ("kept", later)
    assert said["bio"] == ("gone", None)
    said = {one.name: (one.proposed, one.newer) for one in turned}
    assert said["city"] == said["bio"] == ("kept", None)


@pytest.mark.parametrize("other", [True, None])
@pytest.mark.parametrize("side", ["kept", "gone"])
def test_who_may_not_be_paid_for_a_reason_stays_so(session, saved, side, other):
    no = saved(make.influencer(may_be_paid=False, may_be_paid_why="journalist"))
    later = make.MONDAY + dt.timedelta(days=9)
    yes = saved(make.influencer(may_be_paid=other, created_at=later))
    kept, gone = (no, yes) if side == "kept" else (yes, no)

    found = comparing.compare(session, kept.id, gone.id)

    assert {one.name: one.proposed for one in found.differences}["may_be_paid"] == side


def test_the_lower_ceiling_is_proposed_even_where_it_is_none_at_all(session, saved):
    kept = saved(make.influencer(contact_ceiling=0))
    gone = saved(make.influencer(contact_ceiling=9))

    found = comparing.compare(session, kept.id, gone.id)

    assert {one.name: one.proposed for one in found.differences}["contact_ceiling"] == "kept"


@pytest.mark.parametrize("side", ["kept", "gone"])
def test_a_ceiling_that_somebody_said_is_proposed_over_none(session, saved, side):
    said, never = saved(make.influencer(contact_ceiling=0)), saved(make.influencer())
    kept, gone = (said, never) if side == "kept" else (never, said)

    found = comparing.compare(session, kept.id, gone.id)

    assert {one.name: one.proposed for one in found.differences}["contact_ceiling"] == side


def test_a_rebuilt_index_still_leads_from_the_old_name_to_who_they_are(session, saved, pair):
    ana, mine, yours = pair
    people = (mine.influencer_id, yours.influencer_id)
    third = saved(make.influencer(name="C. Martin"))
    session.commit()
    reindexing.rebuild(session)
    merge.merge(session, *people, {}, user=ana.user, at=LATER)
    merge.merge(session, third.id, people[0], {}, user=ana.user, at=LATER)
    session.commit()

    assert reindexing.rebuild(session) == 0
    entries = select(SearchEntry.influencer_id).where(SearchEntry.source == "name")
    assert set(session.scalars(entries)) == {third.id}


def test_the_further_stage_is_proposed_and_another_one_may_be_chosen(session, pair):
    ana, mine, yours = pair
    at = LATER - dt.timedelta(days=1)
    stages.move(session, yours, Stage.ENGAGED, user=ana.user, at=at, reason="So they said.")
    session.commit()
    shared = comparing.compare(session, mine.influencer_id, yours.influencer_id).shared
    assert [one.stage for one in shared] == ["gone"]

    choices = {f"stage-{ana.brand_id}": "kept"}
    people = (mine.influencer_id, yours.influencer_id)
    merge.merge(session, *people, choices, user=ana.user, at=LATER)
    session.commit()

    card = session.scalars(select(Relationship)).one()
    assert card.stage is Stage.UNAWARE
    last = session.scalars(select(StageMove).order_by(StageMove.id.desc())).first()
    assert (last.from_stage, last.to_stage, last.at) == (Stage.ENGAGED, Stage.UNAWARE, LATER)


def test_what_is_planned_goes_to_the_owner_who_stays_and_back_on_undo(session, saved, pair):
    ana, mine, yours = pair
    ravi = saved(make.member(Role.MANAGER, brand=ana.brand)).user
    mine.owner_id, yours.owner_id = ana.user_id, ravi.id
    counters.recount(session)
    planned = saved(make.touchpoint(relationship=yours, owner_id=ravi.id)).id
    ledger.settle_next(session, yours)
    session.commit()

    made = merge.merge(session, mine.influencer_id, yours.influencer_id, {}, user=ravi, at=LATER)
    session.commit()
    assert session.get(Touchpoint, planned).owner_id == ana.user_id

    unmerge.unmerge(session, made, user=ravi, at=LATER)
    session.commit()
    assert session.get(Touchpoint, planned).owner_id == ravi.id


def test_a_private_note_stays_its_authors(session, pair):
    ana, mine, yours = pair
    private = Exchange("Do not tell", visibility=Visibility.PRIVATE)
    at = make.MONDAY
    interactions.log(session, yours, private, author=ana.user, happened_at=at, at=at)
    session.commit()

    people = (mine.influencer_id, yours.influencer_id)
    merge.merge(session, *people, {}, user=ana.user, at=LATER)
    session.commit()

    entry = session.scalars(select(SearchEntry).where(SearchEntry.source == "note")).one()
    assert (entry.influencer_id, entry.author_id) == (people[0], ana.user_id)
    assert session.scalars(select(Interaction)).one().author_id == ana.user_id


def test_the_old_name_still_finds_the_person_and_scores_are_made_anew(session, pair):
    ana, mine, yours = pair
    people = (mine.influencer_id, yours.influencer_id)
    merge.merge(session, *people, {}, user=ana.user, at=LATER)
    session.commit()

    names = session.scalars(select(SearchEntry).where(SearchEntry.source == "name")).all()
    assert {one.influencer_id for one in names} == {people[0]}
    task = session.scalars(select(Task).where(Task.kind == "score")).one()
    assert task.arguments == {"people": [people[0]]}


def test_what_was_added_since_stays_with_the_kept_and_is_reported(session, pair):
    ana, mine, yours = pair
    log(session, yours, ana.user, "From before")
    people = (mine.influencer_id, yours.influencer_id)
    made = merge.merge(session, *people, {"bio": "gone"}, user=ana.user, at=LATER)
    session.commit()
    card = session.scalars(select(Relationship)).one()
    log(session, card, ana.user, "From after", at=LATER)
    stages.move(session, card, Stage.AWARE, user=ana.user, at=LATER, reason="So they said.")
    session.get(Influencer, people[0]).bio = "I cook and bake."
    session.commit()

    report = unmerge.unmerge(session, made, user=ana.user, at=LATER)
    session.commit()

    assert {one["code"] for one in report} == {"stayed", "fields_changed", "related_changed"}
    kept, gone = (session.get(Influencer, id) for id in people)
    assert (kept.bio, gone.bio) == ("I cook and bake.", "I cook.")
    cards = {card.influencer_id: card for card in session.scalars(select(Relationship))}
    assert cards[kept.id].stage is Stage.AWARE
    assert cards[gone.id].stage is Stage.UNAWARE
    said = {one.summary: one.relationship_id for one in session.scalars(select(Interaction))}
    assert said == {"From before": cards[gone.id].id, "From after": cards[kept.id].id}
    rebuilt_as_kept(session)


def test_an_exchange_that_fulfilled_their_plan_goes_back_with_the_plan(session, pair):
    ana, mine, yours = pair
    day = make.MONDAY.date()
    at = make.MONDAY
    planned = touchpoints.plan(session, yours, due_on=day, today=day, at=at, author=ana.user).id
    session.commit()
    people = (mine.influencer_id, yours.influencer_id)
    made = merge.merge(session, *people, {}, user=ana.user, at=LATER)
    session.commit()
    card = session.scalars(select(Relationship)).one()
    log(session, card, ana.user, "As planned", at=LATER, fulfils=session.get(Touchpoint, planned))

    report = unmerge.unmerge(session, made, user=ana.user, at=LATER)
    session.commit()

    # The touchpoint that the cadence planned afterwards is nobody's but the kept person's.
    assert [one["code"] for one in report] == ["fulfilled", "stayed"]
    talk = session.scalars(select(Interaction)).one()
    assert talk.relationship_id == session.get(Touchpoint, planned).relationship_id
    rebuilt_as_kept(session)


def test_a_tag_of_both_is_one_tag_and_both_have_it_again(session, pair):
    ana, mine, yours = pair
    for card in (mine, yours):
        tags.add(session, card, "Bread", user=ana.user, at=make.MONDAY)
    session.commit()

    people = (mine.influencer_id, yours.influencer_id)
    made = merge.merge(session, *people, {}, user=ana.user, at=LATER)
    session.commit()
    assert len(session.scalars(select(RelationshipTag)).all()) == 1

    unmerge.unmerge(session, made, user=ana.user, at=LATER)
    session.commit()
    assert len(session.scalars(select(RelationshipTag)).all()) == 2


def test_merges_of_merges_are_undone_from_the_last_to_the_first(session, saved, pair):
    ana, mine, yours = pair
    people = (mine.influencer_id, yours.influencer_id)
    third = saved(make.influencer(name="C. Martin"))
    session.commit()
    before = picture(session)
    first = merge.merge(session, *people, {}, user=ana.user, at=LATER)
    session.commit()
    second = merge.merge(session, third.id, people[0], {}, user=ana.user, at=LATER)
    session.commit()

    with pytest.raises(Refused, match="Undo that merge first"):
        unmerge.unmerge(session, first, user=ana.user, at=LATER)
    session.rollback()
    for made in (second, first):
        unmerge.unmerge(session, made, user=ana.user, at=LATER)
        session.commit()

    assert picture(session) == before


def test_a_merge_from_before_the_day_of_a_tier_was_kept_is_undone(session, pair):
    ana, mine, yours = pair
    theirs = yours.influencer
    theirs.tier, theirs.tier_reason, theirs.tier_set_at = Tier.MACRO, "Television.", make.MONDAY
    session.commit()
    people = (mine.influencer_id, yours.influencer_id)
    made = merge.merge(session, *people, {"tier": "gone"}, user=ana.user, at=LATER)
    session.commit()
    kept = session.get(Influencer, people[0])
    session.refresh(kept)
    assert (kept.tier, kept.tier_set_at) == (Tier.MACRO, make.MONDAY)

    older = copy.deepcopy(made.record)
    for row in (*older["before"].values(), older["after"]):
        row.pop("tier_set_at", None)
    made.record, kept.tier_set_at = older, None
    session.commit()
    unmerge.unmerge(session, made, user=ana.user, at=LATER)
    session.commit()

    session.expire_all()
    assert (kept.tier, kept.tier_reason) == (Tier.MICRO, None)


def test_a_merge_is_undone_once(session, pair):
    ana, mine, yours = pair
    people = (mine.influencer_id, yours.influencer_id)
    made = merge.merge(session, *people, {}, user=ana.user, at=LATER)
    unmerge.unmerge(session, made, user=ana.user, at=LATER)
    session.commit()

    with pytest.raises(Stale):
        unmerge.unmerge(session, made, user=ana.user, at=LATER)


def test_who_was_changed_since_is_looked_at_again(session, pair):
    ana, mine, yours = pair
    people = (mine.influencer_id, yours.influencer_id)

    with pytest.raises(Stale):
        merge.merge(session, *people, {}, user=ana.user, at=LATER, seen=(1, 99))


def test_nobody_is_merged_with_themselves_or_with_the_demo(session, saved, pair):
    ana, mine, yours = pair
    with pytest.raises(Refused, match="themselves"):
        merge.merge(session, mine.influencer_id, mine.influencer_id, {}, user=ana.user, at=LATER)
    session.rollback()
    yours.influencer.is_demo = True
    session.commit()
    with pytest.raises(Refused, match="demo"):
        merge.merge(session, mine.influencer_id, yours.influencer_id, {}, user=ana.user, at=LATER)


def test_of_two_who_merge_one_pair_at_once_one_is_told(app, session, pair):
    ana, mine, yours = pair
    people, told = (mine.influencer_id, yours.influencer_id), []

    def run():
        with app.app_context():
            try:
                merge.merge(db.session, *people, {}, user=ana.user, at=LATER)
                db.session.commit()
                told.append("merged")
            except Stale:
                db.session.rollback()
                told.append("stale")

    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(told) == ["merged", "stale"]
    assert len(session.scalars(select(Merge)).all()) == 1


def test_the_pair_is_noted_as_merged_and_open_again_after_undo(session, pair):
    ana, mine, yours = pair
    left, right = sorted((mine.influencer_id, yours.influencer_id))
    proposed = Duplicate(left_id=left, right_id=right, score=70, found_at=make.MONDAY)
    session.add(proposed)
    session.commit()

    made = merge.merge(session, left, right, {}, user=ana.user, at=LATER)
    assert proposed.state is DuplicateState.MERGED
    unmerge.unmerge(session, made, user=ana.user, at=LATER)
    assert proposed.state is DuplicateState.OPEN
