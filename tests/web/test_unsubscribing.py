"""Stopping a letter by the link in it: with one post and no cookie, and back by the same link."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor

import make
import pytest
from sqlalchemy import select, update

from irm.funnel import letters_wanted
from irm.mail import signed
from irm.models import AuditEntry, Notice, User

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def ana(saved):
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=3)
    return saved(make.user(name="Ana Ribeiro", digest_hour=7, next_digest_at=later))


def link_of(app, user, notice=None):
    with app.app_context():
        return "/" + signed.letter_address(user, notice).split("/", 3)[3]


def reread(session, user):
    session.expire_all()
    return session.get(User, user.id)


def of_row(user):
    return user.digest_hour, user.next_digest_at, user.unwanted, user.row_version


@pytest.mark.parametrize("notice", [None, *Notice])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_shows_one_button_and_stops_nothing(app, session, ana, notice, method):
    before = of_row(ana)

    page = app.test_client().open(link_of(app, ana, notice), method=method)

    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert of_row(reread(session, ana)) == before
    if method == "GET":
        assert page.text.count("<button") == 1
        assert (str(notice.label) if notice else "The morning mail") in page.text


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_post_of_a_mail_program_stops_the_digest(app, session, ana, kind):
    client = app.test_client(use_cookies=False)
    far = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}

    answer = client.post(link_of(app, ana), data=ONE_CLICK, content_type=kind, headers=far)

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    kept = reread(session, ana)
    assert (kept.digest_hour, kept.next_digest_at) == (None, None)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_id) == ("user.profile_changed", ana.id)


@pytest.mark.parametrize("notice", list(Notice))
def test_one_post_stops_one_notice_and_no_other(app, session, ana, notice):
    app.test_client().post(link_of(app, ana, notice), data=ONE_CLICK)

    kept = reread(session, ana)
    assert [one for one in Notice if not kept.wants(one)] == [notice]
    assert kept.digest_hour == 7


@pytest.mark.parametrize("notice", [None, Notice.MENTION])
def test_many_posts_at_once_stop_it_once(app, session, ana, notice):
    link = link_of(app, ana, notice)

    def post(_number):
        return app.test_client().post(link, data=ONE_CLICK).status_code

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(post, range(10))) == {200}
    assert len(session.scalars(select(AuditEntry)).all()) == 1
    assert reread(session, ana).unwanted == ([] if notice is None else ["mention"])


def test_a_post_that_does_not_say_it_stops_nothing(app, session, ana):
    for values in ({}, {"List-Unsubscribe": "no"}, {"x": "One-Click"}):
        assert app.test_client().post(link_of(app, ana), data=values).status_code == 422
    assert reread(session, ana).digest_hour == 7


@pytest.mark.parametrize("notice", [None, Notice.WEEKLY])
def test_who_stopped_it_can_have_it_again_as_it_was(app, session, ana, notice):
    client = app.test_client()
    link = link_of(app, ana, notice)
    page = client.post(link, data=ONE_CLICK).text
    assert "it comes no more" in page
    action = re.search(r'action="([^"]+)"', page)[1]

    again = client.post(action).text

    assert "You get this mail again" in again
    kept = reread(session, ana)
    assert (kept.digest_hour, kept.unwanted) == (7, [])
    assert kept.next_digest_at is not None


def test_her_hour_is_still_known_on_a_page_that_is_opened_anew(app, session, ana):
    client = app.test_client()
    client.post(link_of(app, ana), data=ONE_CLICK)
    assert "at 7:00" in client.get(link_of(app, ana)).text

    client.post(link_of(app, ana) + "/again", data={"hour": "23"})

    assert reread(session, ana).digest_hour == 7


def test_of_an_hour_that_nobody_knows_it_comes_at_the_usual_one(app, session, ana):
    session.execute(update(User).where(User.id == ana.id).values(digest_hour=None))
    session.commit()
    client = app.test_client()
    assert "at 8:00" in client.get(link_of(app, ana)).text
    client.post(link_of(app, ana) + "/again")
    assert reread(session, ana).digest_hour == letters_wanted.USUAL_HOUR


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "ana@elsewhere.example"}])
def test_it_opens_nothing_of_who_left_or_has_another_address(app, session, ana, change):
    link = link_of(app, ana)
    session.execute(update(User).where(User.id == ana.id).values(**change))
    session.commit()

    assert app.test_client().post(link, data=ONE_CLICK).status_code == 400
    assert reread(session, ana).digest_hour == 7


def test_it_is_bound_to_its_letter_and_its_colleague(app, saved, session, ana):
    ravi = saved(make.user(name="Ravi"))
    start, said = link_of(app, ana).rsplit(".", 1)
    user, letter = said.split("-")
    for other in (f"{user}-1", f"{ravi.id:x}-{letter}", f"{user}-ff", user, f"{said}-0"):
        answer = app.test_client().post(f"{start}.{other}", data=ONE_CLICK)
        assert answer.status_code == 400, other
    assert reread(session, ana).unwanted == []


def test_every_notice_has_a_number_of_its_own(app, ana):
    links = {link_of(app, ana, notice) for notice in (None, *Notice)}

    assert len(links) == len(Notice) + 1


def test_it_speaks_her_language(app, session, ana):
    session.execute(update(User).values(locale="fr"))
    session.commit()

    page = app.test_client().get(link_of(app, ana, Notice.MINUTES)).text

    assert "Le compte rendu d’une revue" in page
