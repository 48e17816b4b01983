"""Showing once more who it is, at the sign-in service; and joining there without a password."""

import datetime as dt
import re

import invited
import make
import pytest
from identity_provider import path_of, signed_in
from sqlalchemy import select, update

from irm import clock
from irm.directory import tokens
from irm.models import AuditEntry, BrandMember, Invitation, Role, Session, Task, User, UserIdentity
from irm.web import reentry


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD, user=make.user(name="Ana", email="ana@example.com")))


@pytest.fixture
def card(saved, lead):
    return saved(make.relationship(brand=lead.brand, name="Chloé"))


@pytest.fixture
def left_alone(session, lead, client_of):
    """A browser in which the lead signed in eleven minutes ago."""
    client = client_of(lead.user)
    long_ago = clock.now() - reentry.LASTS - dt.timedelta(minutes=1)
    session.execute(update(Session).values(entered_at=long_ago))
    session.commit()
    return client


def erase(client, card, **more):
    form = {"name": card.influencer.name, **more}
    return client.post(f"/influencers/{card.influencer_id}/erase", data=form)


def show_again(client):
    return client.get(path_of(signed_in(client.get("/login/sso/again").location)))


def sign_in(client):
    return client.get(path_of(signed_in(client.get("/login/sso").location)))


def test_the_form_waits_while_she_signs_in_there_once_more(
    session, service, card, left_alone, lead
):
    asked = erase(left_alone, card)
    assert asked.status_code == 403
    assert 'href="/login/sso/again" target="_blank"' in asked.text

    shown = show_again(left_alone)

    assert shown.location == "/login/sso/again/done"
    assert "Close this tab" in left_alone.get(shown.location).text
    done = erase(left_alone, card, went_there="1", password_again="")
    assert (done.status_code, done.location) == (303, "/influencers")
    assert session.scalars(select(Task.kind)).all() == ["erase"]


def test_the_service_is_asked_to_ask_her_anew(service, left_alone):
    show_again(left_alone)

    asked = service.asked_of("/authorize")[-1]
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")


def test_going_on_too_soon_does_nothing_and_says_so(session, service, card, left_alone):
    asked = erase(left_alone, card, went_there="1")

    assert asked.status_code == 422
    assert "Acme ID has not said yet" in asked.text
    assert 'name="went_there" value="1" formnovalidate' in asked.text
    assert 'type="hidden" name="went_there"' not in asked.text
    assert session.scalars(select(Task)).all() == []


@pytest.mark.parametrize("auth_time", [None, 1, "now", -5])
def test_having_signed_in_there_some_time_ago_is_not_enough(
    session, service, card, left_alone, auth_time
):
    service.bent = {"auth_time": auth_time}

    response = show_again(left_alone)

    assert response.status_code == 403
    assert "Enter your password instead." in response.text
    assert erase(left_alone, card).status_code == 403


def test_somebody_else_there_shows_nothing(session, saved, service, card, left_alone):
    saved(make.user(email="ravi@example.com"))
    service.claims = {"sub": "r", "email": "ravi@example.com", "email_verified": True}

    response = show_again(left_alone)

    assert response.status_code == 403
    assert "as somebody else" in response.text
    assert erase(left_alone, card).status_code == 403
    assert session.scalars(select(UserIdentity)).all() == []


def test_whoever_signed_out_meanwhile_shows_nothing(session, service, left_alone):
    address = path_of(signed_in(left_alone.get("/login/sso/again").location))
    session.execute(update(Session).values(last_seen_at=make.MONDAY - dt.timedelta(days=9)))
    session.commit()

    assert left_alone.get(address).location == "/login"


def test_an_answer_to_signing_in_shows_nothing_again(session, service, card, left_alone):
    """What a browser began for one purpose does not serve another."""
    address = signed_in(left_alone.get("/login/sso/again").location)
    with left_alone.session_transaction() as cookie:
        assert cookie["errand"]["for"] == "again"
    assert left_alone.get(re.sub("code=[^&]+", "code=x", path_of(address))).status_code == 403

    assert erase(left_alone, card).status_code == 403


@pytest.mark.parametrize(("auth_time", "status"), [(None, 403), ("long ago", 403), ("now", 303)])
def test_signing_in_without_a_word_there_counts_from_when_she_entered_something(
    app, service, lead, card, auth_time, status
):
    """A service that still knows her lets anybody at her browser in: that shows nothing anew."""
    now = int(clock.now().timestamp())
    service.bent = {"auth_time": {"long ago": now - 3600, "now": now}.get(auth_time)}
    client = app.test_client()
    sign_in(client)

    assert erase(client, card).status_code == status


@pytest.fixture
def invitation(saved, lead):
    """What makes an invitation of Mira, and its token."""
    token = tokens.new()
    saved(
        invited.invitation(
            email="mira@example.com", token=token, brands=[lead.brand], invited_by=lead.user
        )
    )
    return token


@pytest.fixture
def mira(service):
    service.claims = {
        "sub": "mira-1",
        "email": "Mira@example.com",
        "email_verified": True,
        "name": "Mira Okafor",
    }


@pytest.fixture
def holder(app, invitation):
    """A browser with the link of the letter."""
    client = app.test_client()
    client.get(f"/invitation/{invitation}")
    return client


def join(client):
    return client.get(path_of(signed_in(client.get("/login/sso/join").location)))


def test_whoever_is_invited_joins_there_without_a_password(session, service, lead, mira, holder):
    assert 'href="/login/sso/join"' in holder.get("/invitation").text

    assert join(holder).location == "/today"

    assert "Welcome, Mira Okafor." in holder.get("/today").text
    user = session.scalars(select(User).where(User.email == "mira@example.com")).one()
    place = session.scalars(select(BrandMember).where(BrandMember.user_id == user.id)).one()
    assert (place.brand_id, place.role) == (lead.brand_id, Role.MANAGER)
    assert session.scalars(select(UserIdentity.user_id)).all() == [user.id]
    assert session.scalars(select(Invitation.accepted_by_id)).all() == [user.id]
    said = [one.action for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert said == [
        "user.added",
        "invitation.changed",
        "brand.member_added",
        "user.identity_changed",
        "user.signed_in",
    ]


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "x", "email": "other@example.com", "email_verified": True},
        {"sub": "x", "email": "mira@example.com", "email_verified": False},
        {"sub": "x"},
    ],
)
def test_nobody_joins_by_the_invitation_of_another(session, service, holder, claims):
    service.claims = claims

    response = join(holder)

    assert response.location == "/invitation"
    assert "This invitation is for mira@example.com." in holder.get("/invitation").text
    assert session.scalars(select(User.email)).all() == ["ana@example.com"]
    assert session.scalars(select(Invitation.accepted_at)).all() == [None]


def test_an_account_that_is_a_colleague_already_does_not_join_as_another(
    session, saved, lead, service, mira, holder
):
    saved(
        UserIdentity(
            user_id=lead.user_id, issuer=service.url, subject="mira-1", created_at=make.MONDAY
        )
    )

    assert join(holder).location == "/invitation"
    assert session.scalars(select(User.email)).all() == ["ana@example.com"]
    assert session.scalars(select(Invitation.accepted_at)).all() == [None]


def test_whoever_got_an_account_meanwhile_joins_with_it(session, saved, service, mira, holder):
    user = saved(make.user(email="mira@example.com"))

    assert join(holder).location == "/today"

    assert session.scalars(select(BrandMember.user_id).order_by(BrandMember.id)).all()[-1] == (
        user.id
    )


def test_an_invitation_is_not_accepted_by_merely_signing_in(session, service, mira, holder):
    response = sign_in(holder)

    assert response.status_code == 403
    assert "open the link in that letter" in response.text
    assert session.scalars(select(Invitation.accepted_at)).all() == [None]


def test_without_a_link_there_is_nothing_to_join(app, service):
    assert app.test_client().get("/login/sso/join").status_code == 410
