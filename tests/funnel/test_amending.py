"""What was logged, put otherwise or taken away: nothing of it is lost."""

import datetime as dt
from dataclasses import replace

import make
import pytest
from sqlalchemy import select

from irm.directory import search
from irm.errors import Done, Refused
from irm.funnel import amending, interactions
from irm.funnel.interactions import Exchange
from irm.ledger import relationships as ledger
from irm.models import (
    Change,
    Channel,
    Direction,
    Fact,
    FactKind,
    Gift,
    Interaction,
    InteractionColleague,
    InteractionVersion,
    Kind,
    Outcome,
    Promise,
    Promiser,
    Role,
    SearchEntry,
    Source,
    Visibility,
)

AT = make.MONDAY
DAY = dt.timedelta(days=1)
SAID = Exchange("Sent the seeds.", kind=Kind.GIVE)


@pytest.fixture
def ravi(saved):
    """Ravi, who looks after a brand's people."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def chloe(saved, ravi):
    return saved(make.relationship(brand=ravi.brand, name="Chloé", owner=ravi.user))


@pytest.fixture
def log(session, ravi, chloe):
    """Log something with Chloé."""

    def one(exchange=SAID, happened_at=AT - DAY):
        made = interactions.log(
            session, chloe, exchange, author=ravi.user, happened_at=happened_at, at=AT
        )
        session.commit()
        return made

    return one


@pytest.fixture
def edit(session, ravi):
    """Put something otherwise, by Ravi."""

    def one(interaction, exchange, happened_at=None):
        version = amending.edit(
            session,
            interaction,
            exchange,
            happened_at=happened_at or interaction.happened_at,
            user=ravi.user,
            at=AT + DAY,
        )
        session.commit()
        return version

    return one


def found(session, chloe, text, user, reads_private=False):
    reader = search.Reader(chloe.brand_id, user.id, reads_private)
    return bool(search.find(session, text, reader).best)


def readable(session, interaction_id, user_id, *, reads_private=False):
    statement = amending.earlier(interaction_id, user_id, reads_private=reads_private)
    return [version.change for version, _name in session.execute(statement)]


def test_what_it_said_before_is_kept(session, log, edit, ravi):
    made = log()

    version = edit(made, replace(SAID, summary="Sent the winter seeds.", channel=Channel.PARCEL))

    assert (made.summary, made.channel, made.edited_at) == (
        "Sent the winter seeds.",
        Channel.PARCEL,
        AT + DAY,
    )
    assert (version.change, version.user_id) == (Change.EDITED, ravi.user.id)
    assert version.before["summary"] == "Sent the seeds."
    assert version.before["channel"] == "message"


def test_what_differs_in_nothing_is_no_change(session, log, edit):
    made = log()

    assert edit(made, SAID) is None
    assert made.row_version == 1
    assert session.scalars(select(InteractionVersion)).all() == []


def test_contacts_follow_the_day_and_the_direction(session, log, edit, chloe):
    made = log()

    edit(made, replace(SAID, direction=Direction.IN), AT - 10 * DAY)

    assert chloe.last_inbound_at == chloe.last_contact_at == AT - 10 * DAY
    assert chloe.last_outbound_at is None
    assert ledger.rebuild(session) == 0


def test_what_the_cadence_planned_follows_the_last_contact(session, log, edit, chloe):
    made = log()
    before = chloe.next_touchpoint_on

    edit(made, SAID, AT - 5 * DAY)

    assert chloe.next_touchpoint_on < before


def test_words_are_found_as_they_stand(session, log, edit, chloe, ravi):
    made = log()

    edit(made, replace(SAID, summary="Sent the catalogue."))

    assert found(session, chloe, "catalogue", ravi.user)
    assert not found(session, chloe, "seeds", ravi.user)


def test_an_ask_is_judged_by_the_gate_anew(log, edit):
    made = log(Exchange("Would she speak?", kind=Kind.TALK))
    assert not made.is_breach

    edit(made, Exchange("Would she speak?", kind=Kind.ASK, outcome=Outcome.ACCEPTED))
    assert made.is_breach
    assert made.outcome is Outcome.ACCEPTED

    edit(made, Exchange("Would she speak?", kind=Kind.TALK, outcome=Outcome.ACCEPTED))
    assert not made.is_breach
    assert made.outcome is None


def test_an_ask_is_not_judged_by_what_itself_did(saved, session, log, edit, chloe, ravi):
    for n in range(6):
        log(Exchange(f"Gift {n}", kind=Kind.GIVE), AT - (20 - n) * DAY)
        log(Exchange(f"Reply {n}", direction=Direction.IN), AT - (19 - n) * DAY)
    made = log(Exchange("Would she speak?", kind=Kind.ASK))
    was = made.is_breach

    edit(made, Exchange("Would she speak?", kind=Kind.ASK), AT - 2 * DAY)

    assert made.is_breach is was


def test_colleagues_and_links_come_and_go(saved, session, log, edit, ravi):
    ines = saved(make.member(brand=ravi.brand)).user
    made = log(replace(SAID, colleagues=(ines.id,), links=("https://a.example/1",), present="X"))

    edit(made, replace(SAID, colleagues=(), links=("https://a.example/2",)))

    assert made.links == ["https://a.example/2"]
    assert session.scalars(select(InteractionColleague)).all() == []
    before = session.scalars(select(InteractionVersion)).one().before
    assert (before["colleagues"], before["links"]) == ([ines.id], ["https://a.example/1"])


def test_a_colleague_of_another_brand_took_no_part(saved, session, log, ravi, chloe):
    stranger = saved(make.member()).user

    with pytest.raises(Refused, match="work for this brand"):
        log(replace(SAID, colleagues=(stranger.id,)))


def test_whoever_may_not_read_a_note_may_not_read_what_it_said_before(
    saved, session, log, edit, ravi
):
    ines = saved(make.member(brand=ravi.brand)).user
    made = log()
    edit(made, replace(SAID, summary="Her father is ill.", visibility=Visibility.PRIVATE))

    assert readable(session, made.id, ravi.user.id) == [Change.EDITED]
    assert readable(session, made.id, ines.id) == []
    assert readable(session, made.id, ines.id, reads_private=True) == [Change.EDITED]

    edit(made, SAID)
    assert readable(session, made.id, ines.id) == []


def test_what_is_removed_leaves_nothing_but_its_record(session, log, chloe, ravi):
    made = log()
    id = made.id

    version = amending.remove(session, made, user=ravi.user, at=AT)
    session.commit()

    assert session.get(Interaction, id) is None
    assert (version.change, version.before["summary"]) == (Change.REMOVED, "Sent the seeds.")
    assert chloe.last_contact_at is None
    assert not found(session, chloe, "seeds", ravi.user)
    assert ledger.rebuild(session) == 0


def test_what_was_removed_comes_back_whole(saved, session, log, chloe, ravi):
    ines = saved(make.member(brand=ravi.brand)).user
    made = log(replace(SAID, activity="gift", colleagues=(ines.id,), links=("https://a.example",)))
    id, rows = made.id, dict(made.__dict__)
    common = {"relationship_id": chloe.id, "interaction_id": id, "created_at": AT}
    fact = Fact(
        kind=FactKind.PASSION, text="Bees", source=Source.TOLD, known_on=AT.date(), **common
    )
    promise = Promise(promiser=Promiser.US, what="Honey", due_on=AT.date(), **common)
    session.add_all([fact, promise])
    session.flush()
    session.add(Gift(interaction_id=id, item="A hive", fact_id=fact.id))
    session.commit()

    version = amending.remove(session, made, user=ravi.user, at=AT)
    session.commit()
    assert session.scalars(select(Gift)).all() == []
    back = amending.put_back(session, version, user=ravi.user, at=AT)
    session.commit()

    assert back.id == id
    for name in ("summary", "kind", "activity", "links", "happened_at", "author_id", "created_at"):
        assert getattr(back, name) == rows[name], name
    session.expire_all()
    assert (fact.interaction_id, promise.interaction_id) == (id, id)
    gift = session.scalars(select(Gift)).one()
    assert (gift.item, gift.fact_id) == ("A hive", fact.id)
    assert session.scalars(select(InteractionColleague.user_id)).all() == [ines.id]
    assert chloe.last_contact_at == back.happened_at
    assert found(session, chloe, "seeds", ravi.user)
    assert ledger.rebuild(session) == 0


def test_nothing_comes_back_twice(session, log, ravi):
    version = amending.remove(session, log(), user=ravi.user, at=AT)
    amending.put_back(session, version, user=ravi.user, at=AT)

    with pytest.raises(Done):
        amending.put_back(session, version, user=ravi.user, at=AT)


def test_an_edit_is_put_back_and_that_is_kept_too(session, log, edit, ravi):
    made = log()
    version = edit(made, replace(SAID, summary="Something else."))

    amending.put_back(session, version, user=ravi.user, at=AT + 2 * DAY)

    assert made.summary == "Sent the seeds."
    assert readable(session, made.id, ravi.user.id) == [Change.EDITED, Change.EDITED]
    with pytest.raises(Done):
        amending.put_back(session, version, user=ravi.user, at=AT + 2 * DAY)


def test_what_is_gone_by_then_does_not_hinder(session, log, ravi, chloe):
    made = log(happened_at=AT)
    made.request_key = "abc"
    session.commit()
    version = amending.remove(session, made, user=ravi.user, at=AT)
    session.add(make.interaction(relationship=chloe, request_key="abc"))
    version.before = {**version.before, "author_id": 999_999, "touchpoint_id": 999_999}
    session.commit()

    back = amending.put_back(session, version, user=ravi.user, at=AT)
    session.commit()

    assert (back.author_id, back.touchpoint_id, back.request_key) == (None, None, None)


@pytest.mark.parametrize("days", [2, -40_000])
def test_a_day_that_cannot_be_is_refused(session, log, edit, days):
    made = log()

    with pytest.raises(Refused):
        edit(made, SAID, AT + days * DAY if days > 0 else dt.datetime(1980, 1, 1, tzinfo=dt.UTC))
    session.rollback()
    assert session.scalars(select(InteractionVersion)).all() == []


def test_the_index_holds_one_entry_for_each_note(session, log, edit):
    made = log()
    edit(made, replace(SAID, visibility=Visibility.PRIVATE))

    entries = session.scalars(select(SearchEntry).where(SearchEntry.source == "note")).all()
    assert [entry.author_id for entry in entries] == [made.author_id]
