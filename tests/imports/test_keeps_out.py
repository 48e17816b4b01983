"""People who are only looked through: a list brings them, and the funnel stays as it is."""

import make
import pytest
from sqlalchemy import select

from irm.directory import prospects
from irm.funnel import admitting, stages
from irm.jobs import tasks
from irm.models import (
    Influencer,
    Prospect,
    Relationship,
    StageCounter,
    Tag,
)
from tests.imports.brought import counts, people, stored

LIST = "Handle,Name,Followers,Tags\nana,Ana,1000,food\nravi,Ravi,2000,\n"
POSTS = "handle,text,date,likes\nana,My sourdough,2026-01-05,5\nmira,Repair it,2026-01-06,7\n"


@pytest.fixture
def look(bring):
    """Import a list to be looked through only."""

    def look(text=LIST, **given):
        return bring(text, keeps_out=True, **given)

    return look


def own(session, brand):
    session.expire_all()
    found = session.execute(
        select(Influencer.name, Prospect.is_own)
        .join(Prospect, Prospect.influencer_id == Influencer.id)
        .where(Prospect.brand_id == brand.id)
        .order_by(Influencer.name)
    )
    return [tuple(row) for row in found]


def related(session):
    session.expire_all()
    return session.scalars(select(Relationship)).all()


def test_they_are_here_with_accounts_and_figures_and_in_nobodys_funnel(look, session, brand):
    result = look()

    assert counts(result) == {"rows": 2, "created": 2}
    assert people(session)["ana"].followers == 1000
    assert own(session, brand) == [("Ana", True), ("Ravi", True)]
    assert related(session) == []
    assert session.scalars(select(StageCounter)).all() == []


def test_tags_of_the_list_wait_until_they_are_in_the_funnel(look, bring, session):
    look()
    assert session.scalars(select(Tag)).all() == []

    bring(LIST)

    assert session.scalars(select(Tag.name)).all() == ["food"]


def test_the_same_list_again_changes_nothing(look, session):
    look()
    before = stored(session, Prospect)

    result = look()

    assert counts(result) == {"rows": 2, "same": 2}
    assert stored(session, Prospect) == before


def test_without_the_option_the_list_brings_them_into_the_funnel(look, bring, session, brand):
    look()

    result = bring(LIST)

    assert counts(result) == {"rows": 2, "updated": 2}
    assert own(session, brand) == []
    assert len(related(session)) == 2


def test_who_is_in_the_funnel_stays_there(look, bring, session, brand):
    bring(LIST)
    before = stored(session)

    look()

    assert own(session, brand) == []
    assert stored(session) == before


def test_people_of_another_brand_are_looked_at_by_this_one_too(look, bring, session, saved, brand):
    other = saved(make.brand())
    bring(LIST, of=other)

    result = look()

    assert counts(result) == {"rows": 2, "updated": 2}
    assert own(session, brand) == [("Ana", True), ("Ravi", True)]
    assert {one.brand_id for one in related(session)} == {other.id}


def test_whom_irm_proposed_by_itself_is_the_brands_own_then(look, bring, session, saved, brand):
    bring(LIST, of=saved(make.brand()))
    ana = session.scalars(select(Influencer).where(Influencer.name == "Ana")).one()
    saved(make.prospect(brand_id=brand.id, influencer_id=ana.id, is_own=False, relevance=40.0))

    look()

    assert own(session, brand) == [("Ana", True), ("Ravi", True)]
    kept = session.scalars(select(Prospect).where(Prospect.influencer_id == ana.id)).one()
    assert kept.relevance == 40.0


def test_who_was_put_aside_stays_so(look, session, brand):
    look()
    ana = people(session)["ana"].influencer_id
    prospects.dismiss(session, brand.id, ana, make.MONDAY)
    session.commit()

    look()

    assert prospects.of(session, brand.id, ana).dismissed_at == make.MONDAY


def test_posts_bring_people_to_look_at_as_well(look, session, brand):
    look(POSTS, kind="posts")

    assert [name for name, _own in own(session, brand)] == ["ana", "mira"]
    assert related(session) == []


def test_an_exchange_begins_a_relationship_all_the_same(look, bring, session, brand):
    look()

    bring("handle,date,summary\nana,2026-01-05,We met\n", kind="interactions", keeps_out=True)

    assert [name for name, _own in own(session, brand)] == ["Ravi"]
    assert len(related(session)) == 1


def test_undoing_takes_them_away(drafted, done, session):
    before = stored(session, Prospect)
    batch = drafted(LIST, platform="instagram", keeps_out=True)
    done(batch)

    report = done(batch, "undo")["report"]

    assert report == {"deleted": 2}
    after = stored(session, Prospect)
    assert {name: rows for name, rows in after.items() if rows} == {
        name: rows for name, rows in before.items() if rows
    }


def test_undoing_takes_the_look_at_people_of_another_brand_and_leaves_them(
    bring, drafted, done, session, saved, brand
):
    bring(LIST, of=saved(make.brand()))
    before = stored(session)
    batch = drafted(LIST, platform="instagram", keeps_out=True)
    done(batch)

    done(batch, "undo")

    assert own(session, brand) == []
    assert stored(session) == before


def test_undoing_what_brought_them_into_the_funnel_lets_them_be_looked_at_again(
    look, drafted, done, session, brand
):
    look()
    ana = people(session)["ana"].influencer_id
    prospects.dismiss(session, brand.id, ana, make.MONDAY)
    session.commit()
    batch = drafted(LIST, platform="instagram")
    done(batch)
    assert own(session, brand) == []

    done(batch, "undo")

    assert own(session, brand) == [("Ana", True), ("Ravi", True)]
    assert prospects.of(session, brand.id, ana).dismissed_at == make.MONDAY
    assert related(session) == []


def test_whom_somebody_added_to_the_funnel_an_undoing_leaves(drafted, done, session, saved, brand):
    batch = drafted(LIST, platform="instagram", keeps_out=True)
    done(batch)
    user = saved(make.member(brand=brand)).user
    ana = people(session)["ana"].influencer_id
    admitting.admit(session, ana, brand.id, user=user, at=make.MONDAY)
    session.commit()

    report = done(batch, "undo")["report"]

    assert report["built_on"] == 1
    assert list(people(session)) == ["ana"]
    assert len(related(session)) == 1


def test_whom_irm_proposes_to_others_by_itself_is_no_reason_to_keep_somebody(
    drafted, done, session, saved
):
    batch = drafted(LIST, platform="instagram")
    done(batch)
    other = saved(make.brand())
    ana = people(session)["ana"].influencer_id
    saved(make.prospect(brand_id=other.id, influencer_id=ana, is_own=False))

    done(batch, "undo")

    assert people(session) == {}
    assert session.scalars(select(Prospect)).all() == []


def test_they_are_scored_for_the_brands_topics_once_they_are_here(app, look, session, saved, brand):
    saved(make.topic(brand_id=brand.id, name="Bread", keywords=["sourdough"]))

    look(POSTS, kind="posts")
    while tasks.run_next(app) is not None:
        pass

    session.expire_all()
    ana = people(session)["ana"].influencer_id
    assert prospects.of(session, brand.id, ana).relevance > 0
    assert prospects.of(session, brand.id, ana).reasons[0]["name"] == "Bread"


def test_whoever_was_begun_with_by_hand_is_no_prospect_and_undoing_keeps_the_person(
    drafted, done, session, saved, brand
):
    batch = drafted(LIST, platform="instagram", keeps_out=True)
    done(batch)
    ravi = session.get_one(Influencer, people(session)["ravi"].influencer_id)
    stages.begin(session, ravi, brand.id, user=None, at=make.MONDAY)
    session.commit()

    done(batch, "undo")

    assert list(people(session)) == ["ravi"]
