"""Filters of the list: what an address says is what is kept, found and written again."""

import datetime as dt

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from irm.directory import filters, narrowing, people, tags
from irm.directory.filters import Clause, Query
from irm.directory.search import Reader
from irm.directory.sorting import Sort
from irm.errors import Refused
from irm.models import Archetype, Influencer, Platform, Role, Score, ScoreKind, Stage, Tier

NOW = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)

_words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1).filter(
    lambda text: filters.FIELDS["tag"].read(text) is not None
)
_days = st.dates(dt.date(1950, 1, 1)).map(str)
_numbers = st.integers(0, 10**9).map(str)


def _spans(ends):
    return st.one_of(
        st.builds("{}..{}".format, ends, ends),
        st.builds("{}..".format, ends),
        st.builds("..{}".format, ends),
    )


_ago = st.builds("{}{}d".format, st.sampled_from("<>"), st.integers(0, 36_500))
_values = {
    "stage": st.sampled_from([one.value for one in Stage]),
    "tier": st.sampled_from([one.value for one in Tier]),
    "owner": st.one_of(st.just("me"), st.integers(0, 999).map(str)),
    "tag": _words,
    "country": _words,
    "archetype": st.sampled_from([*(one.value for one in Archetype), "none"]),
    "reach": st.one_of(st.just("none"), _spans(_numbers)),
    "campaign": st.one_of(st.just("none"), st.integers(0, 999).map(str)),
    "contact": st.one_of(st.sampled_from(["never", "unanswered"]), _ago, _spans(_days)),
    "due": st.one_of(st.sampled_from(["overdue", "today", "none"]), _ago, _spans(_days)),
}


@st.composite
def clauses(draw):
    field = draw(st.sampled_from(sorted(_values)))
    values = draw(st.lists(_values[field], min_size=1, max_size=3))
    return filters.made(field, values, draw(st.booleans()))


_groups = st.lists(clauses(), min_size=1, max_size=4, unique=True).map(tuple)
queries = st.builds(
    Query,
    st.lists(_groups, max_size=3, unique=True).map(tuple),
    st.sampled_from(["", "anna", "été & co"]),
    st.sampled_from(["", "yes", "any"]),
)


@given(queries)
def test_a_query_written_into_an_address_is_read_again_as_it_was(query):
    assert filters.read(filters.pairs(query)) == query


@given(queries)
def test_an_address_is_written_as_it_was_read(query):
    address = filters.pairs(query)

    assert filters.pairs(filters.read(address)) == address


def test_old_addresses_of_one_value_still_work():
    found = filters.read([("stage", "aware"), ("tier", "macro"), ("owner", "0"), ("q", " x  y ")])

    assert found == Query(
        (
            (
                Clause("stage", ("aware",)),
                Clause("tier", ("macro",)),
                Clause("owner", ("0",)),
            ),
        ),
        "x y",
    )


@pytest.mark.parametrize(
    "pair",
    [
        ("stage", "famous"),
        ("stage", "-"),
        ("owner", "²"),
        ("owner", "9" * 10),
        ("reach", "80"),
        ("reach", "a..b"),
        ("reach", ".."),
        ("contact", ">99999d"),
        ("contact", "2026-13-01.."),
        ("due", "soon"),
        ("archived", "no"),
        ("or", "fame:1"),
        ("or", "stage"),
        ("q", "x" * 201),
        ("tag", ",".join(f"t{n}" for n in range(61))),
    ],
)
def test_a_word_that_a_filter_does_not_know_is_refused(pair):
    with pytest.raises(Refused):
        filters.read([pair])


def test_more_than_anybody_reads_is_refused():
    with pytest.raises(Refused):
        filters.read([("tag", f"t{n}") for n in range(13)])
    with pytest.raises(Refused):
        filters.read([("or", f"tag:t{n}") for n in range(7)])


@pytest.fixture
def crowd(session, saved):
    """Nine people who differ in everything that can be filtered by."""
    ana = saved(make.member())
    for n in range(9):
        person = make.influencer(
            name=f"Person {n}",
            country=[None, "France", "Île, & Co"][n % 3],
            language=[None, "fr", "en"][n % 3],
            further_languages="fr de" if n == 2 else None,
            archetype=[None, *Archetype][n % 4],
            tier=list(Tier)[n % 3],
            audience=[None, 900, 90_000][n % 3],
            reach=[None, 10.5, 60.0][n % 3],
            resonance=[40.0, None][n % 2],
        )
        card = make.relationship(
            brand=ana.brand,
            influencer=person,
            stage=list(Stage)[n % 5],
            owner=ana.user if n % 2 else None,
            fit=[None, 50.0][n % 2],
            last_contact_at=[None, NOW - dt.timedelta(days=10 * n)][n % 2],
            next_touchpoint_on=[None, NOW.date() + dt.timedelta(days=n - 4)][n % 2],
            created_at=NOW - dt.timedelta(days=n),
        )
        saved(card)
        if n % 3 == 0:
            saved(make.account(influencer=person, platform=Platform.TIKTOK))
            tags.put(session, card.id, tags.named(session, ana.brand.id, f"tag {n}").id)
            reasons = [{"code": "relevance.topic", "topic": 7, "name": "x"}]
            score = {"kind": ScoreKind.RELEVANCE, "day": NOW.date(), "value": 1.0}
            ids = {"influencer_id": person.id, "relationship_id": card.id}
            saved(Score(reasons=reasons, **ids, **score))
    session.commit()
    return ana


def found(session, ana, *pairs):
    query = filters.read(pairs)
    reader = Reader(ana.brand_id, ana.user_id)
    asked = narrowing.groups(query, reader, NOW, dt.UTC)
    rows = session.execute(people.rows(ana.brand_id, asked, Sort.NAME)).all()
    return {int(row.name.split()[1]) for row in rows}


EVERYBODY = set(range(9))


@pytest.mark.parametrize(
    ("field", "value", "who"),
    [
        ("stage", "aware,interested", {1, 2, 6, 7}),
        ("tier", "macro", {0, 3, 6}),
        ("owner", "0", {0, 2, 4, 6, 8}),
        ("owner", "me", {1, 3, 5, 7}),
        ("tag", "TAG 3,tag 6", {3, 6}),
        ("tag", "none", EVERYBODY - {0, 3, 6}),
        ("topic", "7", {0, 3, 6}),
        ("topic", "70", set()),
        ("topic", "none", EVERYBODY - {0, 3, 6}),
        ("platform", "tiktok", {0, 3, 6}),
        ("country", "france", {1, 4, 7}),
        ("country", "Île%2C & Co,none", {0, 3, 6, 2, 5, 8}),
        ("language", "fr", {1, 4, 7, 2}),
        ("archetype", "none", {0, 4, 8}),
        ("origin", "external", EVERYBODY),
        ("reach", "10..50", {1, 4, 7}),
        ("reach", "none,60..", EVERYBODY - {1, 4, 7}),
        ("resonance", "..40", {0, 2, 4, 6, 8}),
        ("audience", "1000..", {2, 5, 8}),
        ("fit", "none", {0, 2, 4, 6, 8}),
        ("relevance", "0..", set()),
        ("contact", "never,>60d", {0, 2, 4, 6, 8, 7}),
        ("contact", "<30d", {1, 3}),
        ("contact", "2026-01-11..2026-01-11", {5}),
        ("due", "overdue", {1, 3}),
        ("due", "<2d", {5}),
        ("due", ">2d", {7}),
        ("due", "none", {0, 2, 4, 6, 8}),
        ("added", "<3d", {0, 1, 2, 3}),
    ],
)
def test_a_filter_and_its_opposite_part_the_list(session, crowd, field, value, who):
    inside = found(session, crowd, (field, value))
    outside = found(session, crowd, (field, f"-{value}"))
    assert inside == who
    assert inside | outside == EVERYBODY
    assert inside & outside == set()


def test_fields_are_joined_by_and_groups_by_or(session, crowd):
    assert found(session, crowd, ("tier", "macro"), ("owner", "me")) == {3}
    assert found(session, crowd, ("tag", "tag 3"), ("tag", "tag 6")) == set()
    assert found(
        session, crowd, ("tier", "macro"), ("owner", "me"), ("or", "tag:tag 6;reach:none")
    ) == {3, 6}


def test_the_archive_is_looked_into_when_asked_for(session, crowd):
    person = session.scalars(select(Influencer).where(Influencer.name == "Person 4")).one()
    person.archived_at = NOW
    session.commit()

    def names(archived):
        rows = people.rows(crowd.brand_id, [], Sort.NAME, archived=archived)
        return {row.name for row in session.execute(rows)}

    assert "Person 4" not in names("")
    assert names("yes") == {"Person 4"}
    assert len(names("any")) == 9


def test_kept_counters_answer_what_they_know():
    reader = Reader(1, 5)

    filter, stages = narrowing.counted(
        filters.read([("stage", "-aware,engaged"), ("tier", "macro"), ("owner", "me")]), reader
    )

    assert (filter.tier, filter.owner_id) == (Tier.MACRO, 5)
    assert stages == set(Stage) - {Stage.AWARE, Stage.ENGAGED}
    for pair in (("tag", "x"), ("tier", "-macro"), ("q", "x"), ("archived", "any")):
        assert narrowing.counted(filters.read([pair]), reader) is None


def aged(**given):
    last = NOW - dt.timedelta(days=given.pop("quiet"))
    return make.relationship(
        stage=Stage.AWARE,
        stage_since=last,
        last_contact_at=last,
        contact_order=last.date(),
        **given,
    )


@pytest.fixture
def quiet(saved):
    """Whom nobody contacted for 30, 50, 70 and 95 days, and one who is paused."""
    ana = saved(make.member(Role.LEAD))
    for days in (30, 50, 70, 95):
        saved(aged(brand=ana.brand, quiet=days, name=f"Person {days}"))
    later = NOW.date() + dt.timedelta(days=3)
    saved(aged(brand=ana.brand, quiet=99, name="Person 99", paused_until=later))
    return ana


def asked_of(session, ana, *pairs):
    reader = Reader(ana.brand_id, ana.user_id)
    asked = narrowing.ask(session, filters.read(pairs), reader, NOW, dt.UTC)
    rows = session.execute(people.rows(ana.brand_id, asked.conditions, Sort.NAME)).all()
    return {int(row.name.split()[1]) for row in rows}


@pytest.mark.parametrize(
    ("value", "who"),
    [
        ("slipping", {50, 70}),
        ("lost", {95}),
        ("slipping,lost", {50, 70, 95}),
        ("stuck", {95}),
        ("paused", {99}),
        ("-slipping,lost", {30, 99}),
    ],
)
def test_who_stands_still_is_found_by_the_limits_of_the_brand(session, quiet, value, who):
    assert asked_of(session, quiet, ("age", value)) == who


def test_other_limits_find_others(session, quiet):
    quiet.brand.limits = {"first": 20, "second": 60}
    session.commit()

    assert asked_of(session, quiet, ("or", "age:slipping")) == {30, 50}


def test_what_is_paused_is_not_overdue(session, saved, quiet):
    before = NOW.date() - dt.timedelta(days=1)
    for name, until in (("Person 1", None), ("Person 2", NOW.date() + dt.timedelta(days=1))):
        late = {"next_touchpoint_on": before, "next_order": before, "paused_until": until}
        saved(make.relationship(brand=quiet.brand, name=name, **late))

    assert asked_of(session, quiet, ("due", "overdue")) == {1}
