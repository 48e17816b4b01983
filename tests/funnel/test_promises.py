"""Promises: made, kept on time or late, broken, taken back, and all of that taken back."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from irm.errors import Done, Refused
from irm.funnel import promises
from irm.funnel.owed import Standing, standing
from irm.models import Promise, Promiser, PromiseState, Visibility
from tests import make

AT = make.MONDAY
DAY = AT.date()


def on(days):
    return DAY + dt.timedelta(days=days)


@pytest.fixture
def ana(saved):
    return saved(make.user(name="Ana"))


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(name="Mira Okafor", owner=ana))


@pytest.fixture
def promised(session, ana, card):
    def make_one(**given):
        values = {"promiser": Promiser.US, "what": "Send the recipe", "due_on": on(3)}
        fixed = {"today": DAY, "at": AT, "author": ana}
        return promises.make(session, card, **values | fixed | given)

    return make_one


def stands(promise, day=DAY):
    return standing(promise.state, promise.due_on, promise.closed_on, day)


def test_a_promise_says_who_owes_what_by_when_and_who_sees_to_it(session, saved, ana, card):
    ravi = saved(make.user(name="Ravi"))
    told = saved(make.interaction(relationship=card))

    made = promises.make(
        session,
        card,
        promiser=Promiser.THEM,
        what="A film by May",
        due_on=on(60),
        today=DAY,
        at=AT,
        author=ravi,
        interaction=told,
    )

    assert (made.promiser, made.what, made.due_on) == (Promiser.THEM, "A film by May", on(60))
    assert (made.owner_id, made.author_id) == (ana.id, ravi.id)
    assert (made.state, made.interaction_id) == (PromiseState.OPEN, told.id)


def test_without_anybody_who_looks_after_them_its_author_sees_to_it(session, saved, promised):
    lone = saved(make.relationship())
    ravi = saved(make.user())

    made = promises.make(
        session,
        lone,
        promiser=Promiser.US,
        what="Call back",
        due_on=on(1),
        today=DAY,
        at=AT,
        author=ravi,
    )

    assert made.owner_id == ravi.id


@pytest.mark.parametrize(
    ("days", "expected"), [(0, Standing.KEPT), (3, Standing.KEPT), (4, Standing.LATE)]
)
def test_what_is_kept_after_its_day_is_kept_late(session, ana, promised, days, expected):
    made = promised()

    promises.keep(session, made, on=on(days), today=on(days), user=ana, at=AT)

    assert stands(made) is expected
    assert (made.closed_on, made.closed_by_id) == (on(days), ana.id)


def test_what_was_kept_on_its_day_and_noted_later_is_not_late(session, ana, promised):
    made = promised()

    promises.keep(session, made, on=on(3), today=on(9), user=ana, at=AT)

    assert stands(made) is Standing.KEPT


def test_an_open_promise_is_overdue_after_its_day(promised):
    made = promised()

    assert stands(made, on(3)) is Standing.OPEN
    assert stands(made, on(4)) is Standing.OVERDUE


@pytest.mark.parametrize(
    ("end", "state"),
    [(promises.break_, PromiseState.BROKEN), (promises.withdraw, PromiseState.WITHDRAWN)],
)
def test_a_promise_that_ended_otherwise_is_taken_up_again(session, ana, promised, end, state):
    made = promised()

    end(session, made, on=DAY, today=DAY, user=ana)
    assert (made.state, made.closed_on) == (state, DAY)

    promises.reopen(session, made)
    assert (made.state, made.closed_on, made.closed_by_id) == (PromiseState.OPEN, None, None)


def test_what_is_closed_is_closed_once_and_put_otherwise_no_more(session, ana, promised):
    made = promised()
    promises.break_(session, made, on=DAY, today=DAY, user=ana)

    with pytest.raises(Done, match="closed already"):
        promises.keep(session, made, on=DAY, today=DAY, user=ana, at=AT)
    with pytest.raises(Done, match="closed already"):
        promises.change(
            session,
            made,
            promiser=Promiser.US,
            what="x",
            due_on=on(1),
            owner_id=ana.id,
            today=DAY,
        )
    promises.reopen(session, made)
    with pytest.raises(Done, match="open already"):
        promises.reopen(session, made)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"due_on": on(-367)}, "too long ago"),
        ({"due_on": on(1099)}, "within the next three years"),
        ({"what": ""}, "Write what was promised"),
    ],
)
def test_what_nobody_means_is_refused_and_nothing_is_written(session, promised, given, said):
    with pytest.raises(Refused, match=said):
        promised(**given)

    assert session.scalar(select(func.count()).select_from(Promise)) == 0


def test_the_same_promise_is_noted_once(session, promised):
    promised()

    with pytest.raises(Done, match="noted already"):
        promised()


def test_nothing_is_promised_to_whom_the_archive_keeps(session, saved, card, promised):
    card.influencer.archived_at = AT
    saved(card)

    with pytest.raises(Refused, match="Mira Okafor is in the archive"):
        promised()


def test_a_promise_is_put_otherwise_also_where_its_day_is_past(session, ana, promised):
    made = promised()

    promises.change(
        session,
        made,
        promiser=Promiser.THEM,
        what="The recipe, twice",
        due_on=on(3),
        owner_id=ana.id,
        today=on(900),
    )

    assert (made.promiser, made.what) == (Promiser.THEM, "The recipe, twice")


def test_a_private_promise_stays_with_its_author(session, saved, promised, card):
    ravi = saved(make.user())
    made = promised(author=ravi, visibility=Visibility.PRIVATE, owner_id=card.owner_id)

    assert made.owner_id == ravi.id
    with pytest.raises(Refused, match="stays with whoever noted it"):
        promises.change(
            session,
            made,
            promiser=Promiser.US,
            what="x",
            due_on=on(1),
            owner_id=card.owner_id,
            today=DAY,
        )


def test_ours_come_first_then_theirs_the_oldest_first(session, saved, ana, card):
    for what, promiser, days in (
        ("theirs, late", Promiser.THEM, -9),
        ("ours, today", Promiser.US, 0),
        ("ours, late", Promiser.US, -2),
        ("ours, later", Promiser.US, 1),
    ):
        saved(
            make.promise(
                relationship=card, what=what, promiser=promiser, due_on=on(days), owner=ana
            )
        )
    saved(make.promise(relationship=card, owner=ana, state=PromiseState.KEPT, closed_on=DAY))

    found = session.execute(promises.due(ana.id, DAY, card.brand_id)).all()

    assert [row.what for row in found] == ["ours, late", "ours, today", "theirs, late"]
    assert found[0].name == "Mira Okafor"
    assert session.execute(promises.due(ana.id, DAY, card.brand_id + 1)).all() == []


def test_a_colleague_who_left_leaves_her_promises_to_who_looks_after_the_person(
    session, saved, ana, card
):
    gone = saved(make.user(is_active=False))
    here = saved(make.user())
    for owner in (gone, here, None):
        saved(make.promise(relationship=card, owner=owner, what=owner.name if owner else "nobody"))

    found = session.execute(promises.due(ana.id, DAY)).all()

    assert [row.what for row in found] == [gone.name, "nobody"]


def test_private_promises_are_read_by_their_author_and_who_reads_private_notes(
    session, saved, ana, card
):
    ravi = saved(make.user())
    saved(
        make.promise(relationship=card, owner=ana, author_id=ravi.id, visibility=Visibility.PRIVATE)
    )

    def due(**given):
        return len(session.execute(promises.due(ana.id, DAY, **given)).all())

    def open_of(user, **given):
        return len(session.execute(promises.open_of(card.id, user_id=user.id, **given)).all())

    assert (due(), due(reads_private=True)) == (0, 1)
    assert due(reads_private=True, with_private=False) == 0
    assert (open_of(ana), open_of(ana, reads_private=True), open_of(ravi)) == (0, 1, 1)


def test_what_waits_with_the_archive_is_nowhere_due(session, saved, ana, card):
    saved(make.promise(relationship=card, owner=ana))
    card.influencer.archived_at = AT
    saved(card)

    assert session.execute(promises.due(ana.id, DAY)).all() == []
    assert len(session.execute(promises.open_of(card.id, user_id=ana.id)).all()) == 1
