"""Other people's moves on an open board: nothing costs nothing, the rest is cards and heads."""

import datetime as dt

import make
import pytest
from sqlalchemy import event

from irm import clock
from irm.db import db
from irm.funnel import changes, stages
from irm.ledger import counters
from irm.models import Role, Stage, StageMove, Tier

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD, user=make.user(name="Ana")))


@pytest.fixture
def hugo(saved, lead):
    return saved(make.member(brand=lead.brand, user=make.user(name="Hugo"))).user


@pytest.fixture
def lea(saved, session, lead):
    card = saved(make.relationship(brand=lead.brand, name="Léa"))
    counters.recount(session)
    session.commit()
    return card


@pytest.fixture
def ask(client_of, lead):
    """Ask what changed since the last answer; the first asks for nothing."""
    client = client_of(lead.user)
    kept = {"since": str(changes.begin(clock.now()))}

    def poll(**filters):
        answer = client.get("/funnel/changes", query_string=filters | kept, headers=HTMX)
        kept["since"] = answer.headers["X-Since"]
        return answer

    return poll


def moved(session, card, to, user, at=None):
    made = stages.move(session, card, to, user=user, at=at or clock.now(), reason="We met.")
    session.commit()
    return made


def test_where_nothing_moved_the_answer_is_empty(ask, lea):
    answer = ask()

    assert (answer.status_code, answer.text) == (204, "")


def test_a_colleagues_move_comes_once_with_its_sentence_and_the_heads(session, ask, hugo, lea):
    ask()
    moved(session, lea, Stage.ENGAGED, hugo)

    answer = ask()

    assert answer.status_code == 200
    assert 'data-said="Hugo moved Léa to Engaged."' in answer.text
    assert 'data-stage="engaged"' in answer.text
    assert answer.text.count('class="column-head"') == 5
    assert ask().status_code == 204


def test_ones_own_move_is_not_said(session, ask, lead, lea):
    moved(session, lea, Stage.ENGAGED, lead.user)

    assert 'data-said=""' in ask().text


def test_two_moves_of_one_card_are_one_change(session, ask, hugo, lea):
    moved(session, lea, Stage.AWARE, hugo)
    moved(session, lea, Stage.ENGAGED, hugo)

    assert ask().text.count("data-change=") == 1


def test_a_move_that_was_written_late_is_not_missed(session, ask, hugo, lead, lea, saved):
    other = saved(make.relationship(brand=lead.brand, name="Tom"))
    now = clock.now()
    moved(session, lea, Stage.AWARE, hugo, now)
    assert "Léa" in ask().text
    moved(session, other, Stage.AWARE, hugo, now - dt.timedelta(seconds=3))

    answer = ask()
    assert "Tom" in answer.text
    assert "Léa" not in answer.text
    assert ask().status_code == 204


def test_who_does_not_match_the_boards_filters_goes_from_it(session, ask, hugo, lea):
    moved(session, lea, Stage.AWARE, hugo)

    answer = ask(tier=Tier.MACRO.value)

    assert f'data-change="{lea.id}"' in answer.text
    assert "card-item" not in answer.text


def test_another_brands_moves_are_nobodys_here(session, saved, ask, lea):
    card = saved(make.relationship(name="Somebody else"))
    other = saved(make.member(brand=card.brand)).user
    moved(session, card, Stage.AWARE, other)

    assert ask().status_code == 204


def test_much_at_once_is_loaded_anew(session, saved, ask, hugo, lead, lea):
    at = clock.now()
    for n in (31, 101):
        for _ in range(n):
            card = make.relationship(brand=lead.brand)
            session.add(card)
            session.flush()
            session.add(
                StageMove(
                    relationship_id=card.id, brand_id=lead.brand_id, to_stage=Stage.AWARE, at=at
                )
            )
        session.commit()
        answer = ask()
        assert "data-many" in answer.text
        assert "card-item" not in answer.text
        assert ask().status_code == 204
        at += dt.timedelta(minutes=1)


def test_nothing_moved_costs_one_statement(app, session, ask, hugo, lea):
    moved(session, lea, Stage.AWARE, hugo)
    ask()
    said = []

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    assert ask().status_code == 204
    event.remove(engine, "before_cursor_execute", note)

    assert len([one for one in said if "stage_moves" in one]) == 1
    assert len(said) <= 3


@pytest.mark.parametrize(
    "since",
    ["x", "~", "2026-03-02", "2026-03-02T10:00:00", "2026-03-02T10:00:00+00:00~x", "9" * 40],
)
def test_a_token_typed_by_hand_is_refused(client_of, lead, since):
    answer = client_of(lead.user).get("/funnel/changes", query_string={"since": since})

    assert answer.status_code == 422


def test_a_brand_without_relationships_has_no_changes(ask):
    assert ask().status_code == 204
