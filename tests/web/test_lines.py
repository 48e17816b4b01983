"""The line of quick log: what is understood is shown, and done when it is saved."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import (
    Channel,
    Direction,
    Interaction,
    Kind,
    Promise,
    Question,
    Role,
    Touchpoint,
)

HTMX = {"HX-Request": "true"}
DAY = dt.timedelta(days=1)


def today():
    return dt.datetime.now(dt.UTC).date()


@pytest.fixture
def ravi(saved):
    """Ravi, who looks after a brand's people."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def lea(saved, ravi):
    """Léa, who has a handle."""
    relationship = saved(make.relationship(brand=ravi.brand, name="Léa Martin"))
    saved(make.account(influencer=relationship.influencer, handle="lea.mends"))
    return relationship


def send(client, text, relationship=None, **values):
    address = f"/relationships/{relationship.id}/interactions" if relationship else "/log"
    sent = {"kind": "give", "quick": "1", "line": "1", "summary": text, **values}
    return client.post(address, data=sent, headers=HTMX)


def shown(client, text, **values):
    return client.get("/log/line", query_string={"text": text, **values}, headers=HTMX)


def test_a_line_says_who_what_when_and_what_next(session, client_of, ravi, lea):
    response = send(
        client_of(ravi.user), "@lea.mends call yesterday: loved the kit, wants samples; back in 2w"
    )

    assert response.status_code == 200
    logged = session.scalars(select(Interaction)).one()
    assert logged.relationship_id == lea.id
    assert logged.summary == "loved the kit, wants samples"
    assert (logged.activity, logged.kind) == ("call", Kind.TALK)
    assert (logged.channel, logged.direction) == (Channel.CALL, Direction.BOTH)
    assert logged.happened_at.date() == today() - DAY
    planned = session.scalars(select(Touchpoint)).one()
    assert planned.due_on == today() + 14 * DAY


def test_a_line_may_begin_with_a_name(session, client_of, ravi, lea):
    send(client_of(ravi.user), "lea martin appel hier : a adoré ; relance lundi")

    logged = session.scalars(select(Interaction)).one()
    assert (logged.relationship_id, logged.summary) == (lea.id, "a adoré")


def test_chips_say_what_was_understood(client_of, ravi, lea):
    page = shown(client_of(ravi.user), "@lea.mends call yesterday: loved it; back in 2w").text

    assert f'data-relationship="{lea.id}"' in page
    assert 'data-kind="talk"' in page
    assert 'data-channel="call"' in page
    for words in ("Léa Martin", "Call: talk, both ways", "yesterday, ", "in 14 days, "):
        assert words in page.replace("\xa0", " ")
    assert "Saved as: loved it" in page
    assert 'data-refuse="day:yesterday"' in page


def test_a_chip_that_was_taken_away_is_words_again(session, client_of, ravi, lea):
    client, text = client_of(ravi.user), "call yesterday: loved it"

    page = shown(client, text, about=lea.id, refused="day:yesterday").text
    send(client, text, lea, refused="day:yesterday")

    assert 'data-refuse="day:' not in page
    logged = session.scalars(select(Interaction)).one()
    assert "yesterday" in logged.summary
    assert logged.happened_at.date() == today()


def test_what_was_chosen_by_hand_counts_more_than_the_line(session, client_of, ravi, lea):
    send(
        client_of(ravi.user),
        "call yesterday: gave her the figures",
        lea,
        chosen="kind,happened_on",
        happened_on="2026-02-20",
    )

    logged = session.scalars(select(Interaction)).one()
    assert (logged.kind, logged.channel) == (Kind.GIVE, Channel.CALL)
    assert logged.happened_at.date() == dt.date(2026, 2, 20)


def test_without_the_script_a_line_is_a_summary(session, client_of, ravi, lea):
    send(client_of(ravi.user), "call yesterday: loved it", lea, line="")

    assert session.scalars(select(Interaction.summary)).all() == ["call yesterday: loved it"]


def test_another_ones_handle_is_a_word_like_any_other(session, client_of, ravi, lea):
    send(client_of(ravi.user), "@somebody.else wrote about us", lea)

    assert session.scalars(select(Interaction.summary)).all() == ["@somebody.else wrote about us"]


def test_promise_and_question_of_a_line_are_noted(session, client_of, ravi, lea):
    send(
        client_of(ravi.user),
        "call: all well; promised: samples by tomorrow; she asks when we launch?",
        lea,
    )

    logged = session.scalars(select(Interaction)).one()
    assert logged.summary == "all well; promised: samples by tomorrow; she asks when we launch?"
    promise, question = (
        session.scalars(select(Promise)).one(),
        session.scalars(select(Question)).one(),
    )
    assert (promise.what, promise.due_on) == ("samples", today() + DAY)
    assert question.text == "when we launch?"
    assert {promise.interaction_id, question.interaction_id} == {logged.id}


@pytest.mark.parametrize(
    "text", ["@nobody call: x", "sent the seeds", "@", "@lea.mends", "@lea.mends back in 2w"]
)
def test_a_line_that_names_nobody_or_says_nothing_is_refused(session, client_of, ravi, lea, text):
    response = send(client_of(ravi.user), text)

    assert response.status_code == 422
    assert response.headers["HX-Retarget"] == "#quick-log-errors"
    assert session.scalars(select(Interaction)).all() == []
    assert session.scalars(select(Touchpoint)).all() == []


def test_two_of_a_name_are_nobody(saved, session, client_of, ravi, lea):
    saved(make.relationship(brand=ravi.brand, name="Lea Martin"))

    assert send(client_of(ravi.user), "Léa Martin call: x").status_code == 422
    assert send(client_of(ravi.user), "@lea.mends call: x").status_code == 200


def test_nobody_of_another_brand_is_found(saved, client_of, ravi):
    stranger = saved(make.relationship(name="Zoé Blanc"))
    saved(make.account(influencer=stranger.influencer, handle="zoe"))
    client = client_of(ravi.user)

    assert "data-relationship" not in shown(client, "@zoe call: x").text
    assert "Nobody here is known as @zoe" in shown(client, "@zoe call: x").text
    assert send(client, "@zoe call: x").status_code == 422
    assert send(client, "Zoé Blanc call: x").status_code == 422
    assert shown(client, "call: x", about=stranger.id).status_code == 404


def test_a_viewer_may_not_log_by_a_line(saved, client_of, ravi, lea):
    vera = saved(make.member(Role.VIEWER, brand=ravi.brand)).user

    assert send(client_of(vera), "@lea.mends call: x").status_code == 403
    assert shown(client_of(vera), "call: x").status_code == 403


@pytest.mark.parametrize("text", ["", "🙂" * 5000, "::;;@@", "<script>"])
def test_any_text_is_answered(client_of, ravi, text):
    response = shown(client_of(ravi.user), text, refused=text, about="x")

    assert response.status_code == 200
    assert "<script>" not in response.text
