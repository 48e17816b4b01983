"""How passwords are kept, and how many are looked at in one moment."""

import threading

import argon2
import make
import pytest
from crowd import crowd
from sqlalchemy import select, update

from irm.cli import serve
from irm.directory import password_change, passwords
from irm.errors import Busy, Refused
from irm.models import User


def test_whoever_finds_no_place_is_told_at_once_and_gets_in_later():
    kept = passwords.keep(make.PASSWORD)

    with crowd():
        with pytest.raises(Busy):
            passwords.matches(kept, make.PASSWORD)
        with pytest.raises(Busy):
            passwords.keep(make.PASSWORD)

    assert passwords.matches(kept, make.PASSWORD)


def test_a_wrong_password_gives_its_place_back():
    kept = passwords.keep(make.PASSWORD)

    for _n in range(passwords.PLACES + 1):
        assert not passwords.matches(kept, "not the password")
        assert not passwords.matches("no hash at all", make.PASSWORD)


def test_who_finds_a_place_waits_until_the_one_before_is_done():
    kept, found = passwords.keep(make.PASSWORD), []
    waiting = threading.Thread(target=lambda: found.append(passwords.matches(kept, make.PASSWORD)))

    with passwords._hashing():
        waiting.start()
        waiting.join(0.05)
        assert found == []
    waiting.join()

    assert found == [True]


def test_half_of_the_threads_of_the_web_server_stay_free_for_pages():
    assert passwords.PLACES * 2 <= serve.THREADS


def test_a_hash_is_not_made_anew_where_the_password_was_changed_meanwhile(session, saved):
    older = argon2.PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(make.PASSWORD)
    ana = saved(make.user(password_hash=older))
    renewed = passwords.renewed(older, make.PASSWORD)
    assert passwords.matches(renewed, make.PASSWORD)
    with session.no_autoflush:
        session.connection().execute(update(User).values(password_hash="changed elsewhere"))

    password_change.renew_hash(session, ana, renewed)

    assert session.scalar(select(User.password_hash)) == "changed elsewhere"


def test_a_hash_of_today_is_left_alone_and_an_older_one_waits_where_it_is_crowded():
    assert passwords.renewed(passwords.keep(make.PASSWORD), make.PASSWORD) is None

    with crowd():
        older = argon2.PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(
            make.PASSWORD
        )
        assert passwords.renewed(older, make.PASSWORD) is None


@pytest.mark.parametrize(("is_admin", "least"), [(False, 12), (True, 15)])
def test_an_administrator_needs_a_longer_password(is_admin, least):
    password = "fjord quartz ibex velvet"

    with pytest.raises(Refused, match=f"{least} to 128 characters"):
        passwords.keep(password[: least - 1], is_admin=is_admin)

    kept = passwords.keep(password[:least], is_admin=is_admin)
    assert passwords.matches(kept, password[:least])
