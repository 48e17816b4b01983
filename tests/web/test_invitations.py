"""Inviting colleagues: who may, what the letter opens, and what becomes of it."""

import datetime as dt
import re

import make
import pytest
from at_once import at_once
from sqlalchemy import select, update

from irm import clock
from irm.models import (
    AuditEntry,
    BrandMember,
    Invitation,
    InvitationBrand,
    MailState,
    Outbox,
    Role,
    User,
)

PASSWORD = "seven small grey donkeys"
PAGE = "/settings/invitations"


@pytest.fixture
def app(app):
    """irm with a mail server, which nobody speaks to here."""
    app.config["IRM"] = app.config["IRM"].model_copy(
        update={"smtp_url": type(app.config["IRM"].smtp_url)("smtp://127.0.0.1:9")}
    )
    return app


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD, user=make.user(name="Ana"), brand=make.brand(name="Nova")))


def invite(client, *brands, **given):
    sent = {
        "name": "Mira Okafor",
        "email": "mira@example.com",
        "brands": [brand.id for brand in brands],
        "role": "manager",
        "locale": "en",
        **given,
    }
    return client.post("/settings/invitations", data=sent)


def links(session):
    texts = session.scalars(
        select(Outbox.body_text).where(Outbox.letter == "invitation").order_by(Outbox.id)
    )
    return [found[1] for text in texts if (found := re.search(r"/invitation/(\S+)", text))]


def accept(app, token, **given):
    client = app.test_client()
    client.get(f"/invitation/{token}")
    chosen = {
        "name": "Mira O.",
        "password": PASSWORD,
        "locale": "fr",
        "timezone": "Europe/Paris",
        **given,
    }
    return client, client.post("/invitation", data=chosen)


def test_whoever_is_invited_chooses_a_password_and_is_in(app, session, lead, client_of):
    assert invite(client_of(lead.user), lead.brand).status_code == 303
    client, answer = accept(app, links(session)[0])

    mira = session.scalars(select(User).where(User.email == "mira@example.com")).one()
    member = session.scalars(select(BrandMember).where(BrandMember.user_id == mira.id)).one()
    assert (answer.status_code, answer.location) == (303, "/today")
    assert client.get("/today").status_code == 200
    assert (mira.name, mira.locale, mira.timezone) == ("Mira O.", "fr", "Europe/Paris")
    assert (member.brand_id, member.role) == (lead.brand_id, Role.MANAGER)


def test_the_letter_says_who_invites_to_what_and_until_when(app, session, lead, client_of):
    invite(client_of(lead.user), lead.brand, locale="fr")

    mail = session.scalars(select(Outbox)).one()

    assert "Ana" in mail.subject
    assert "Nova" in mail.subject
    assert (mail.to_address, mail.category, mail.user_id) == ("mira@example.com", "security", None)
    assert mail.deadline_at - mail.created_at == dt.timedelta(days=7)


def test_the_page_greets_her_with_what_she_will_be(app, session, lead, client_of):
    invite(client_of(lead.user), lead.brand)
    client = app.test_client()
    first = client.get(f"/invitation/{links(session)[0]}")
    page = client.get("/invitation")

    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert "mira@example.com" in page.text
    assert "Nova" in page.text


def test_one_brand_of_several_can_be_chosen_in_a_browser(saved, lead, client_of):
    saved(make.member(Role.LEAD, user=lead.user, brand=make.brand(name="Stella")))

    boxes = re.findall(r'<input[^>]* name="brands"[^>]*>', client_of(lead.user).get(PAGE).text)

    assert len(boxes) == 2
    # A browser would ask for each of them.
    assert not any("required" in box for box in boxes)


def test_without_a_brand_it_says_what_is_missing(lead, client_of):
    answer = invite(client_of(lead.user))

    assert answer.status_code == 422
    assert "Choose at least one brand." in answer.text


def test_the_name_she_was_invited_by_is_no_password_whatever_she_calls_herself(
    app, session, lead, client_of
):
    invite(client_of(lead.user), lead.brand)
    token = links(session)[0]

    _client, refused = accept(app, token, name="M. O.", password="Mira Okafor 2026", locale="en")

    assert refused.status_code == 422
    assert "among the first that are tried" in refused.text
    assert accept(app, token, name="M. O.")[1].status_code == 303


def test_who_has_an_account_is_told_of_the_brand_she_is_in_now_as_well(
    session, saved, lead, client_of
):
    zoe = saved(make.member(user=make.user(name="Zoe", email="zoe@example.com", locale="fr"))).user

    for _twice in range(2):
        invite(client_of(lead.user), lead.brand, email="zoe@example.com", role="viewer")

    [mail] = session.scalars(select(Outbox)).all()
    assert (mail.letter, mail.to_address, mail.user_id) == ("joined", "zoe@example.com", zoe.id)
    assert mail.subject == "Vous travaillez aussi pour Nova sur irm"
    assert "Ana vous a donné accès à Nova" in mail.body_text
    assert f"/today?brand={lead.brand_id}" in mail.body_text


def test_the_page_is_in_the_language_of_the_letter_until_she_chooses(app, session, lead, client_of):
    invite(client_of(lead.user), lead.brand, locale="fr")
    client, english = app.test_client(), {"Accept-Language": "en"}
    client.get(f"/invitation/{links(session)[0]}")

    page = client.get("/invitation", headers=english).text
    again = client.post("/invitation", headers=english, data={"name": ""}).text

    for said in (page, again):
        assert '<html lang="fr"' in said
        assert "Accepter l’invitation" in said
    assert '<option selected value="fr">' in page

    chosen = {"name": "", "locale": "en"}
    again = client.post("/invitation", headers={"Accept-Language": "fr"}, data=chosen).text
    assert "Write your name." in again
    assert '<option selected value="en">' in again


def test_she_is_welcomed_in_the_language_she_chose(app, session, lead, client_of):
    invite(client_of(lead.user), lead.brand)
    client, _answer = accept(app, links(session)[0], locale="fr")

    assert "Bienvenue, Mira O." in client.get("/today").text


def test_a_link_that_was_used_says_so(app, session, lead, client_of):
    invite(client_of(lead.user), lead.brand)
    accept(app, links(session)[0])

    _client, again = accept(app, links(session)[0])

    assert again.status_code == 410
    assert "This invitation was used already." in again.text


def test_of_two_who_accept_at_once_one_is_let_in(app, session, lead, client_of):
    invite(client_of(lead.user), lead.brand)
    token, answers = links(session)[0], []

    def post(n):
        answers.append(accept(app, token, password=f"{PASSWORD} {n}")[1])

    at_once(post)

    assert [one.location for one in answers if one.status_code == 303] == ["/today"]
    assert [one.status_code for one in answers if one.status_code != 303] == [410]
    assert len(session.scalars(select(User).where(User.email_key == "mira@example.com")).all()) == 1
    changed = select(AuditEntry).where(AuditEntry.action == "invitation.changed")
    changes = session.scalars(changed.order_by(AuditEntry.id)).all()
    assert [entry.ids["change"] for entry in changes] == ["sent", "accepted"]


def test_it_runs_out_after_seven_days(app, session, lead, client_of):
    client = client_of(lead.user)
    invite(client, lead.brand)
    session.execute(update(Invitation).values(expires_at=clock.now()))
    session.commit()

    _client, answer = accept(app, links(session)[0])

    assert answer.status_code == 410
    assert "older than 7 days" in answer.text
    assert "Expired" in client.get("/settings/invitations").text


def test_withdrawn_it_opens_nothing_and_its_letter_stays_here(app, session, lead, client_of):
    client = client_of(lead.user)
    invite(client, lead.brand)
    token, made = links(session)[0], session.scalars(select(Invitation)).one()

    client.post(f"/settings/invitations/{made.id}/withdraw")

    _client, answer = accept(app, token)
    mail = session.scalars(select(Outbox)).one()
    assert answer.status_code == 410
    assert "This invitation was withdrawn." in answer.text
    session.refresh(mail)
    assert (mail.state, mail.body_text) == (MailState.CANCELLED, "")
    assert client.post(f"/settings/invitations/{made.id}/withdraw").status_code == 409
    assert client.post(f"/settings/invitations/{made.id}/send").status_code == 409


def test_another_letter_ends_the_link_of_the_one_before(app, session, lead, client_of):
    client = client_of(lead.user)
    invite(client, lead.brand)
    older = links(session)[0]
    session.execute(update(Invitation).values(expires_at=clock.now()))
    session.commit()
    made = session.scalars(select(Invitation.id)).one()

    assert client.post(f"/settings/invitations/{made}/send").status_code == 303

    session.expire_all()
    newer = links(session)[-1]
    assert newer != older
    assert accept(app, older)[1].status_code == 410
    assert accept(app, newer)[1].location == "/today"


def test_whoever_has_an_account_is_added_and_that_is_said(app, session, saved, lead, client_of):
    ravi = saved(make.member(user=make.user(name="Ravi"))).user
    client = client_of(lead.user)

    answer = invite(client, lead.brand, email=ravi.email.upper(), role="viewer")

    page = client.get(answer.location).text
    member = select(BrandMember).where(
        BrandMember.user_id == ravi.id, BrandMember.brand_id == lead.brand_id
    )
    assert "Ravi has an account already and works for Nova too" in page
    assert session.scalars(member).one().role is Role.VIEWER
    assert session.scalars(select(Outbox.letter)).all() == ["joined"]
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_id) == ("brand.member_added", lead.user_id)


def test_a_member_keeps_the_role_she_has(app, session, saved, lead, client_of):
    client = client_of(lead.user)

    answer = invite(client, lead.brand, email=lead.user.email, role="viewer")

    session.expire_all()
    assert "nothing changed" in client.get(answer.location).text
    assert session.get(BrandMember, lead.id).role is Role.LEAD


def test_whoever_got_an_account_meanwhile_joins_with_it(app, session, saved, lead, client_of):
    invite(client_of(lead.user), lead.brand)
    token = links(session)[0]
    mira = saved(make.user(email="mira@example.com"))
    kept = mira.password_hash

    _client, answer = accept(app, token)

    session.refresh(mira)
    assert answer.location == "/login"
    assert mira.password_hash == kept
    member = session.scalars(select(BrandMember).where(BrandMember.user_id == mira.id)).one()
    assert member.brand_id == lead.brand_id


def test_somebody_deactivated_is_not_invited(app, session, saved, lead, client_of):
    gone = saved(make.user(name="Gone", is_active=False))

    answer = invite(client_of(lead.user), lead.brand, email=gone.email)

    assert answer.status_code == 422
    assert "Gone was deactivated" in answer.text


def test_who_is_invited_already_is_not_invited_again(app, session, lead, client_of):
    client = client_of(lead.user)
    invite(client, lead.brand)

    again = invite(client, lead.brand, email="MIRA@example.com")

    assert again.status_code == 422
    assert "is invited already" in again.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"email": "a@b\r\nBcc: c@d"},
        {"name": "  "},
        {"role": "administrator"},
        {"brands": []},
        {"brands": ["x"]},
        {"locale": "xx"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_sent(app, session, lead, client_of, wrong):
    answer = invite(client_of(lead.user), lead.brand, **wrong)

    assert answer.status_code == 422
    assert session.scalars(select(Outbox)).all() == []


def test_a_lead_invites_to_her_own_brands_alone(app, session, saved, lead, client_of):
    other = saved(make.brand(name="Strange"))
    managed = saved(make.member(Role.MANAGER, user=lead.user, brand=make.brand(name="Zeta")))
    client = client_of(lead.user)

    for brand in (other, managed.brand):
        assert invite(client, lead.brand, brand).status_code == 422
    page = client.get("/settings/invitations").text
    assert "Strange" not in page
    assert session.scalars(select(Invitation)).all() == []


def test_an_administrator_invites_to_several_brands_a_lead_of_one_sees_but_may_not_change_it(
    app, session, saved, lead, client_of
):
    other = saved(make.brand())
    admin = saved(make.user(is_admin=True))
    invite(client_of(admin), lead.brand, other)
    made = session.scalars(select(Invitation)).one()
    client = client_of(lead.user)

    assert len(session.scalars(select(InvitationBrand)).all()) == 2
    assert "Mira Okafor" in client.get("/settings/invitations").text
    assert client.post(f"/settings/invitations/{made.id}/withdraw").status_code == 403


def test_a_password_that_will_not_do_uses_nothing_up(app, session, lead, client_of):
    invite(client_of(lead.user), lead.brand)
    token = links(session)[0]

    _client, refused = accept(app, token, password="short", locale="en")

    assert refused.status_code == 422
    assert "A password needs 12 to 128 characters." in refused.text
    assert accept(app, token)[1].location == "/today"


def test_without_a_mail_server_nobody_is_invited_by_mail(app, session, lead, client_of):
    empty = type(app.config["IRM"].smtp_url)("")
    app.config["IRM"] = app.config["IRM"].model_copy(update={"smtp_url": empty})
    client = client_of(lead.user)

    assert "IRM_SMTP_URL" in client.get("/settings/invitations").text
    assert invite(client, lead.brand).status_code == 422
    assert session.scalars(select(Invitation)).all() == []


def test_it_is_audited_from_the_letter_to_the_answer(app, session, lead, client_of):
    client = client_of(lead.user)
    invite(client, lead.brand)
    made = session.scalars(select(Invitation)).one()
    client.post(f"/settings/invitations/{made.id}/send")
    accept(app, links(session)[-1])

    found = [
        (entry.action, entry.ids.get("change", entry.ids.get("role")))
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]

    assert found == [
        ("invitation.changed", "sent"),
        ("invitation.changed", "sent_again"),
        ("user.added", None),
        ("invitation.changed", "accepted"),
        ("brand.member_added", "manager"),
        ("user.signed_in", None),
    ]
