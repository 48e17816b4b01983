"""What a link of a mail is bound to, and what it says of what changed since the mail."""

import datetime as dt
from types import SimpleNamespace

import make
import pytest
from sqlalchemy import delete, update

from irm.mail import signed
from irm.models import (
    BrandMember,
    Influencer,
    Role,
    State,
    Touchpoint,
    User,
)
from tests.web.links import DAY, TODAY, buttons, link_of, press, reread

# What a link is bound to.


def test_a_link_works_for_thirty_days(app, ana, due):
    assert app.test_client().get(link_of(app, ana.user, due, days=29)).status_code == 200

    late = app.test_client().get(link_of(app, ana.user, due, days=30))

    assert late.status_code == 410
    assert "more than 30 days old" in late.text
    assert "Chloé" not in late.text


def test_a_link_that_was_tampered_with_opens_nothing(app, link):
    client = app.test_client()
    start, said = link.rsplit(".", 1)
    numbers = said.split("-")
    tampered = [
        "-".join([*numbers[:i], f"{int(number, 16) + 1:x}", *numbers[i + 1 :]])
        for i, number in enumerate(numbers)
    ]
    for other in (*tampered, said.upper() + "-0", "0", "", said + "-1"):
        answer = client.get(f"{start}.{other}")
        assert answer.status_code in (400, 404), other
        assert "Chloé" not in answer.text
    for other in ("x", "é", "x" * 3000, "%00", "%ED%A0%80", "a.b-c", "." * 30):
        assert client.post(f"/act/{other}").status_code == 400, other


def test_a_link_for_one_thing_opens_no_other(app, ana, link):
    with app.app_context():
        letter = "/" + signed.letter_address(ana.user, None).split("/", 3)[3]
    client = app.test_client()

    assert client.get(letter).status_code == 200
    assert client.get(letter.replace("/unsubscribe/", "/act/")).status_code == 400
    assert client.get(link.replace("/act/", "/unsubscribe/")).status_code == 400


def test_a_link_made_with_another_secret_opens_nothing(app, ana, due, link):
    other = SimpleNamespace(get_secret_value=lambda: "another " + "y" * 32)
    app.config["IRM"] = app.config["IRM"].model_copy(update={"secret_key": other})

    assert app.test_client().get(link).status_code == 400


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "ana@elsewhere.example"}])
def test_it_ends_when_she_leaves_or_has_another_address(app, session, ana, due, link, change):
    pressed = press(app.test_client(), link)
    session.execute(update(User).where(User.id == ana.user_id).values(**change))
    session.commit()

    for answer in (app.test_client().get(link), pressed.post()):
        assert answer.status_code == 400
        assert "works no more" in answer.text
        assert "Chloé" not in answer.text
    assert reread(session, due).state is State.OPEN


def test_a_new_password_leaves_it_as_it_is(app, session, ana, link):
    session.execute(update(User).where(User.id == ana.user_id).values(password_hash="new"))
    session.commit()

    assert app.test_client().get(link).status_code == 200


def test_it_is_hers_whoever_is_signed_in(app, saved, session, client_of, due, link, ana):
    ravi = saved(make.member(Role.LEAD, brand=ana.brand)).user

    press(client_of(ravi), link).post()

    assert reread(session, due).closed_by_id == ana.user_id


# What changed since the mail.


def test_what_a_colleague_did_is_said_and_not_hers_to_take_back(app, saved, session, due, link):
    brand = due.relationship.brand
    ravi = saved(make.member(Role.LEAD, brand=brand, user=make.user(name="Ravi Nair"))).user
    session.execute(
        update(Touchpoint).values(
            state=State.DONE, closed_by_id=ravi.id, closed_at=dt.datetime.now(dt.UTC)
        )
    )
    session.commit()

    page = app.test_client().get(link).text

    assert "Ravi Nair logged it as done" in page
    assert buttons(page) == []
    app.test_client().post(f"{link}/undo", data={"row_version": due.row_version})
    assert reread(session, due).state is State.DONE


def test_of_what_the_cadence_closed_nothing_is_offered(app, session, due, link):
    session.execute(
        update(Touchpoint).values(state=State.SKIPPED, closed_at=dt.datetime.now(dt.UTC))
    )
    session.commit()

    page = app.test_client().get(link).text

    assert "It is not planned any more" in page
    assert buttons(page) == []


def test_what_was_moved_says_where_to_and_can_be_done(app, session, due, link):
    session.execute(update(Touchpoint).values(due_on=TODAY + 2 * DAY))
    session.commit()

    page = app.test_client().get(link).text

    assert "It was moved since this mail: in 2 days" in page
    assert buttons(page) == ["Done, log it"]


def test_what_is_a_colleagues_now_is_not_hers_to_do(app, saved, session, due, link):
    brand = due.relationship.brand
    ravi = saved(make.member(Role.MANAGER, brand=brand, user=make.user(name="Ravi Nair"))).user
    pressed = press(app.test_client(), link)
    session.execute(update(Touchpoint).values(owner_id=ravi.id))
    session.commit()

    page = pressed.post()

    assert "Ravi Nair makes this contact now" in page.text
    assert buttons(page.text) == []
    assert reread(session, due).state is State.OPEN


def test_who_was_archived_is_not_acted_on(app, session, due, link):
    session.execute(update(Influencer).values(archived_at=dt.datetime.now(dt.UTC)))
    session.commit()

    page = app.test_client().get(link).text

    assert "Chloé was archived since this mail" in page
    assert buttons(page) == []


def test_who_was_merged_is_named_as_they_are_now(app, saved, session, due, link):
    other = saved(make.influencer(name="Chloé Martin"))
    session.execute(update(due.relationship.__class__).values(influencer_id=other.id))
    session.commit()

    assert "Two records were made one since this mail: this is Chloé Martin" in (
        app.test_client().get(link).text
    )


def test_what_was_erased_is_no_longer_there(app, session, due, link):
    pressed = press(app.test_client(), link)
    session.execute(delete(Touchpoint))
    session.commit()

    for answer in (app.test_client().get(link), pressed.post()):
        assert answer.status_code == 404
        assert "no longer there" in answer.text


@pytest.mark.parametrize("role", [None, Role.VIEWER])
def test_who_left_the_brand_or_looks_on_only_learns_nothing(app, session, ana, due, link, role):
    pressed = press(app.test_client(), link)
    if role is None:
        session.execute(delete(BrandMember))
    else:
        session.execute(update(BrandMember).values(role=role))
    session.commit()

    for answer in (app.test_client().get(link), pressed.post()):
        assert answer.status_code == 403
        assert "your place at this brand changed" in answer.text
        assert "Chloé" not in answer.text
    assert reread(session, due).state is State.OPEN


def test_it_speaks_her_language_and_by_her_clock(app, session, ana, due, link):
    zone = {"locale": "fr", "timezone": "Pacific/Kiritimati"}
    session.execute(update(User).where(User.id == ana.user_id).values(**zone))
    session.commit()

    page = app.test_client().get(link, headers={"Accept-Language": "en"}).text

    assert '<html lang="fr"' in page
    assert "noter l’échange" in page
    assert "Annuler" in press(app.test_client(), link).post().text


def test_it_calls_stages_as_the_brand_does(app, session, ana, link):
    ana.brand.stage_labels = {"unaware": {"en": "Seedlings"}, "aware": {"en": "Seedlings"}}
    session.commit()

    assert "Seedlings" in app.test_client().get(link).text
