"""The hashes that keep an erased person from coming back."""

import threading

from sqlalchemy import func, select

from irm.directory import erasure
from irm.models import ErasedKey, Erasure, Setting
from tests.conftest import MONDAY


def test_the_salt_is_made_once_and_stays(session):
    first = erasure.salt(session)
    session.commit()

    assert erasure.salt(session) == first
    assert len(first) == erasure.SALT_BYTES


def test_of_two_who_ask_for_the_salt_at_once_both_get_the_same(app, session):
    found = []

    def ask():
        with app.app_context():
            from_db = app.extensions["sqlalchemy"].sessionmaker
            with from_db() as own:
                found.append(erasure.salt(own))
                own.commit()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1
    assert session.scalar(select(func.count()).select_from(Setting)) == 1


def test_a_hash_tells_kinds_and_keys_apart_and_does_not_tell_the_key():
    salt = b"s" * 32
    made = {
        erasure.key_hash(salt, kind, key)
        for kind in ("email", "phone")
        for key in ("a", "b", "lea@example.com")
    }

    assert len(made) == 6
    assert all(len(one) == 64 and "lea" not in one for one in made)
    assert erasure.key_hash(b"t" * 32, "email", "a") not in made


def test_the_hashes_of_erased_people_are_found_among_many(session):
    erased = Erasure(influencer_id=7, at=MONDAY)
    session.add(erased)
    session.flush()
    theirs = erasure.key_hash(erasure.salt(session), "email", "lea@example.com")
    session.add(ErasedKey(key_hash=theirs, erasure_id=erased.id))
    session.flush()

    others = [f"{n:064x}" for n in range(1200)]

    assert erasure.among(session, [*others, theirs]) == {theirs}
    assert erasure.among(session, []) == set()
