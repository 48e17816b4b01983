"""The second step of signing in: set up, asked for, used once, required, taken off."""

import datetime as dt
import hashlib
import re

import make
import pytest
from at_once import at_once
from factored import factor, on_paper, shown
from sqlalchemy import select, update

from irm import clock
from irm.directory import factor_rule, factors, resets, tokens
from irm.directory.factor_rule import Who
from irm.models import (
    AuditEntry,
    Category,
    LoginAttempt,
    Outbox,
    RecoveryCode,
    Role,
    SecondFactor,
    Session,
    User,
)

PAGE, SETTINGS = "/settings/sign-in/factor", "/settings/sign-in"


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.LEAD, user=make.user(name="Ana"))).user


@pytest.fixture
def app_of(saved, ana):
    """Ana's second step, which is on."""
    return saved(factor(ana))


@pytest.fixture
def half_way(app, ana):
    """A browser that has sent Ana's password and not her code."""

    def browser(**more):
        client = app.test_client()
        form = {"email": ana.email, "password": make.PASSWORD, **more}
        response = client.post("/login", data=form)
        assert response.status_code == 302
        assert response.location.startswith("/login/code")
        return client

    return browser


def enter(client, code, **more):
    return client.post("/login/code", data={"code": code, **more})


def is_in(client):
    return client.get("/today").status_code == 200


def changes(session):
    asked = select(AuditEntry.ids).where(AuditEntry.action == "user.factor_changed")
    return [ids["change"] for ids in session.scalars(asked.order_by(AuditEntry.id))]


def letters(session):
    return session.scalars(select(Outbox.subject).order_by(Outbox.id)).all()


def require_of(session, who):
    factor_rule.set_to(session, who)
    session.commit()


def test_she_sets_it_up_by_a_first_code_and_gets_ten_recovery_codes(app, session, ana, client_of):
    client, elsewhere = client_of(ana), client_of(ana)
    assert client.post(PAGE).location == PAGE
    page = client.get(PAGE).text
    waiting = session.scalars(select(SecondFactor)).one()
    assert "data:image/svg+xml" in page
    assert not factors.is_on(session, ana.id)

    response = client.post(f"{PAGE}/confirm", data={"code": shown(waiting)})

    assert response.status_code == 200
    assert (
        len(re.findall(r"(?m:[>\n])[a-z0-9]{5}-[a-z0-9]{5}(?=[<\n])", response.text))
        == factors.CODES
    )
    assert factors.is_on(session, ana.id)
    assert (is_in(client), is_in(elsewhere)) == (True, False)
    assert changes(session) == ["on"]
    assert "data:image" not in client.get(PAGE, follow_redirects=True).text


def test_a_wrong_first_code_switches_nothing_on(session, ana, client_of):
    client = client_of(ana)
    client.post(PAGE)

    for code in ("000000", "abc", "", "١٢٣٤٥٦", "x" * 500):
        assert client.post(f"{PAGE}/confirm", data={"code": code}).status_code == 422

    assert not factors.is_on(session, ana.id)


def test_what_was_begun_an_hour_ago_is_begun_anew(session, ana, client_of):
    client = client_of(ana)
    client.post(PAGE)
    waiting = session.scalars(select(SecondFactor)).one()
    session.execute(update(SecondFactor).values(created_at=clock.now() - dt.timedelta(hours=2)))
    session.commit()

    assert client.post(f"{PAGE}/confirm", data={"code": shown(waiting)}).status_code == 409
    assert "data:image" not in client.get(PAGE).text


def test_the_password_alone_opens_no_session(session, app_of, half_way):
    client = half_way()

    assert session.scalars(select(Session)).all() == []
    assert not is_in(client)
    assert client.get("/login/code").status_code == 200


@pytest.mark.parametrize("steps", [0, 1])
def test_the_code_of_now_and_the_one_before_let_her_in(app_of, half_way, steps):
    client = half_way(next="/funnel?tier=micro")

    response = enter(client, shown(app_of, steps), next="/funnel?tier=micro")

    assert (response.status_code, response.location) == (303, "/funnel?tier=micro")
    assert is_in(client)


@pytest.mark.parametrize("steps", [3, 2000, -2])
def test_codes_of_other_times_do_not(app_of, half_way, steps):
    client = half_way()

    assert enter(client, shown(app_of, steps)).status_code == 422
    assert not is_in(client)


def test_a_code_passes_once(app_of, half_way):
    code = shown(app_of)

    assert enter(half_way(), code).status_code == 303
    assert enter(half_way(), code).status_code == 422


def test_an_older_code_does_not_pass_after_a_newer_one(app_of, half_way):
    enter(half_way(), shown(app_of))

    assert enter(half_way(), shown(app_of, 1)).status_code == 422


def test_of_two_who_send_one_code_at_once_one_is_in(session, app_of, half_way):
    browsers, code = [half_way(), half_way()], shown(app_of)

    at_once(lambda n: enter(browsers[n], code))

    assert sorted(map(is_in, browsers)) == [False, True]


def test_of_two_who_send_one_recovery_code_at_once_one_is_in(session, ana, app_of, half_way):
    browsers, code = [half_way(), half_way()], on_paper(session, ana)[0]

    at_once(lambda n: enter(browsers[n], code))

    assert sorted(map(is_in, browsers)) == [False, True]


def test_a_recovery_code_works_once_however_it_is_typed(session, ana, app_of, half_way):
    code = on_paper(session, ana)[3]

    assert enter(half_way(), f" {code.upper().replace('-', ' ')} ").status_code == 303
    assert enter(half_way(), code).status_code == 422
    assert factors.left(session, ana.id) == factors.CODES - 1
    assert changes(session)[-1] == "code_used"


def test_nobody_waits_for_the_next_recovery_code(session, ana, app_of, half_way):
    used, *_others = on_paper(session, ana)
    enter(half_way(), used)

    for code, more in ((used, {}), (used, {"recovery": "1"}), ("222", {"recovery": "1"})):
        page = enter(half_way(), code, **more).text
        assert "This recovery code is wrong or used already" in page, (code, more)
        assert "Wait for the next one" not in page
    assert "Wait for the next one" in enter(half_way(), "000000").text


def test_codes_are_kept_as_hashes_and_the_table_makes_none(session, ana, app_of):
    codes = on_paper(session, ana)

    kept = " ".join(session.scalars(select(RecoveryCode.code_hash)))
    assert not any(code.replace("-", "") in kept for code in codes)
    assert factors.secret(app_of, "another key") != factors.secret(app_of, "tests-only-" + "x" * 32)


def test_one_code_of_two_colleagues_is_kept_as_two_hashes(saved, app_of):
    other = saved(factor(saved(make.user()), seed="cd" * 24))

    (kept, _before), (others, _of_others) = (
        factors._hashes(one, "ABCDE-FGHJK") for one in (app_of, other)
    )

    assert kept != others
    # Slow, and in as much memory as a guesser has little of.
    assert factors._SLOWLY["memory_cost"] * factors._SLOWLY["time_cost"] >= 2 * 19 * 1024


def test_a_code_from_before_they_were_hashed_slowly_lets_in_once(session, ana, app_of, half_way):
    before = hashlib.sha256(f"recovery:{ana.id}:abcdefghjk".encode()).hexdigest()
    session.add(RecoveryCode(user_id=ana.id, code_hash=before))
    session.commit()

    assert enter(half_way(), "ABCDE-FGHJK").status_code == 303
    assert enter(half_way(), "ABCDE-FGHJK").status_code == 422


def test_after_five_wrong_codes_the_right_one_has_to_wait_in_any_browser(
    session, ana, app_of, half_way
):
    codes = on_paper(session, ana)
    for _ in range(factors.TRIES):
        assert enter(half_way(), "000000").status_code == 422

    assert enter(half_way(), shown(app_of)).status_code == 429
    assert enter(half_way(), codes[0]).status_code == 429
    session.execute(update(LoginAttempt).values(at=clock.now() - factors.TRIES_IN))
    session.commit()
    assert enter(half_way(), shown(app_of)).status_code == 303


def test_of_many_wrong_codes_at_once_no_more_than_five_are_looked_at(session, app_of, half_way):
    browsers, seen = [half_way() for _ in range(9)], []

    at_once(lambda n: seen.append(enter(browsers[n], "000000").status_code), 9)

    assert sorted(seen) == [422] * 5 + [429] * 4


def test_wrong_codes_are_no_reason_to_refuse_her_password(app, session, ana, app_of, half_way):
    for _ in range(factors.TRIES):
        enter(half_way(), "000000")

    half_way()


def test_the_way_between_password_and_code_ends(app, session, ana, app_of, half_way):
    client = half_way()
    with client.session_transaction() as cookie:
        kept = dict(cookie["second_step"])
        cookie["second_step"] = {**kept, "until": clock.now().timestamp() - 1}
    assert client.get("/login/code").location == "/login"
    assert enter(client, shown(app_of)).location == "/login"

    changed = half_way()
    session.execute(update(User).values(password_hash="another"))
    session.commit()
    assert enter(changed, shown(app_of)).location == "/login"
    assert not is_in(changed)


def test_another_password_by_mail_does_not_take_the_second_step_off(
    app, session, ana, app_of, half_way
):
    token = tokens.new()
    resets.ask(session, ana, token, clock.now())
    session.commit()
    client = app.test_client()
    client.get(f"/reset/{token}")

    response = client.post("/reset", data={"password": "seven small grey donkeys"})

    assert response.location == "/login"
    assert not is_in(client)
    assert not is_in(half_way(password="seven small grey donkeys"))


def test_whoever_has_entered_no_password_is_asked_for_it(app):
    client = app.test_client()

    assert client.get("/login/code").location == "/login"
    assert enter(client, "123456").location == "/login"


def test_signing_in_by_code_leads_nowhere_but_here(app_of, half_way):
    response = enter(half_way(), shown(app_of), next="//evil.example")

    assert response.location == "/today"


def test_she_makes_new_codes_and_the_old_ones_are_dead(session, ana, app_of, client_of, half_way):
    old, client = on_paper(session, ana), client_of(ana)

    response = client.post(f"{PAGE}/codes")

    assert response.status_code == 200
    assert not any(code in response.text for code in old)
    assert enter(half_way(), old[0]).status_code == 422


def test_she_switches_it_off(session, ana, app_of, client_of, app):
    on_paper(session, ana)
    client = client_of(ana)

    assert client.post(f"{PAGE}/off").status_code == 303

    assert session.scalars(select(SecondFactor)).all() == []
    assert session.scalars(select(RecoveryCode)).all() == []
    assert changes(session)[-1] == "off"
    form = {"email": ana.email, "password": make.PASSWORD}
    assert app.test_client().post("/login", data=form).location == "/today"


@pytest.mark.parametrize("path", ["", "/confirm", "/codes", "/off"])
def test_a_browser_that_was_left_alone_changes_nothing_without_the_password(
    session, saved, ana, client_of, path
):
    if path in ("/codes", "/off"):
        saved(factor(ana))
    client = client_of(ana)
    session.execute(update(Session).values(entered_at=clock.now() - dt.timedelta(minutes=11)))
    session.commit()

    response = client.post(f"{PAGE}{path}")

    assert response.status_code == 403
    assert 'name="password_again"' in response.text
    assert changes(session) == []


def test_who_has_to_have_one_is_led_to_setting_it_up_and_nowhere_else(session, ana, client_of):
    client = client_of(ana)
    require_of(session, Who.ALL)

    for address in ("/today", "/funnel", "/settings/profile", SETTINGS):
        assert client.get(address).location == PAGE
    assert client.post("/settings/sign-in/others/end").location == PAGE
    fragment = client.get("/today", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (401, PAGE)

    client.post(PAGE)
    waiting = session.scalars(select(SecondFactor)).one()
    assert client.post(f"{PAGE}/confirm", data={"code": shown(waiting)}).status_code == 200
    assert is_in(client)
    refused = client.post(f"{PAGE}/off")
    assert refused.status_code == 422
    assert factors.is_on(session, ana.id)


def test_the_rule_for_administrators_leaves_others_alone(session, saved, ana, client_of):
    boss = client_of(saved(make.user(is_admin=True)))
    client = client_of(ana)

    response = boss.post("/settings/sign-in/required", data={"who": "administrators"})

    assert response.status_code == 303
    assert boss.get("/today").location == PAGE
    assert is_in(client)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.ids) == (
        "organisation.factor_required",
        {"who": "administrators"},
    )


def test_a_rule_that_is_not_sound_asks_nobody():
    assert [factor_rule.read(value) for value in (None, "all", {"for": 3}, {"for": "x"}, [])] == [
        Who.NOBODY
    ] * 5


def test_each_change_of_the_second_step_is_told_by_mail(session, ana, client_of):
    ana.locale = "fr"
    session.commit()
    client = client_of(ana)
    client.post(PAGE)
    waiting = session.scalars(select(SecondFactor)).one()
    assert client.post(f"{PAGE}/confirm", data={"code": "000000"}).status_code == 422
    assert letters(session) == []

    client.post(f"{PAGE}/confirm", data={"code": shown(waiting)})
    client.post(f"{PAGE}/codes")
    client.post(f"{PAGE}/off")
    client.post(f"{PAGE}/off")

    assert letters(session) == [
        "irm vous demande désormais une deuxième étape",
        "Vos codes de secours pour irm sont nouveaux",
        "Votre deuxième étape a été désactivée sur irm",
    ]
    assert set(session.scalars(select(Outbox.to_address))) == {ana.email}
    assert set(session.scalars(select(Outbox.category))) == {Category.SECURITY}
