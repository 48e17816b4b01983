"""Who works for a brand: seen, given another role, taken out and put back."""

import make
import pytest
from at_once import at_once
from sqlalchemy import event, func, select

from irm.db import db
from irm.ledger import counters
from irm.models import AuditEntry, BrandMember, Role, Session


@pytest.fixture
def lea(saved):
    """Lea, who leads Nova."""
    return saved(make.member(Role.LEAD, user=make.user(name="Lea"), brand=make.brand(name="Nova")))


@pytest.fixture
def ben(saved, lea):
    return saved(make.member(Role.MANAGER, brand=lea.brand, user=make.user(name="Ben")))


@pytest.fixture
def boss(saved):
    return saved(make.user(name="Boss", is_admin=True))


def statements(app, ask):
    """How many statements this takes."""
    said = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert ask().status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(said)


def role_of(session, place):
    session.expire_all()
    return session.scalar(select(BrandMember.role).where(BrandMember.user_id == place.user_id))


def change(client, place, role, seen="manager"):
    sent = {"role": role, "seen": seen}
    return client.post(f"/settings/members/{place.user_id}/role?brand={place.brand_id}", data=sent)


def act(client, place, what):
    return client.post(f"/settings/members/{place.user_id}/{what}?brand={place.brand_id}")


def test_the_page_says_who_is_in_with_what_each_has_open(session, saved, client_of, lea, ben):
    card = saved(make.relationship(brand=lea.brand, owner=ben.user))
    saved(make.touchpoint(relationship=card, owner=ben.user))
    saved(make.promise(relationship=card, owner_id=ben.user_id))
    saved(make.touchpoint(owner=ben.user))
    counters.recount(session, lea.brand_id)
    session.commit()

    page = client_of(lea.user).get("/settings/members").text

    assert "Ben" in page
    assert "1 person" in page
    assert "1 open touchpoint · 1 promise · 0 questions" in page


def test_the_page_asks_as_many_questions_for_one_as_for_twenty(app, saved, client_of, lea, ben):
    client = client_of(lea.user)
    few = statements(app, lambda: client.get("/settings/members"))
    for _one in range(20):
        saved(make.member(brand=lea.brand))

    assert statements(app, lambda: client.get("/settings/members")) == few


def test_a_lead_gives_another_role_and_takes_it_back(app, session, client_of, lea, ben):
    theirs, client = client_of(ben.user), client_of(lea.user)

    answer = change(client, ben, "lead")

    assert answer.status_code == 303
    assert role_of(session, ben) is Role.LEAD
    # What she was signed in with was for another role.
    assert theirs.get("/today").status_code == 302
    assert "Undo" in client.get(answer.location).text
    change(client, ben, "manager", seen="lead")
    assert role_of(session, ben) is Role.MANAGER
    entries = session.scalars(
        select(AuditEntry.ids).where(AuditEntry.action == "brand.member_changed")
    ).all()
    assert [one["to_role"] for one in entries] == ["lead", "manager"]


def test_whoever_saw_another_role_changes_nothing(session, client_of, lea, ben):
    assert change(client_of(lea.user), ben, "viewer", seen="viewer").status_code == 409
    assert role_of(session, ben) is Role.MANAGER


@pytest.mark.parametrize("role", ["administrator", "owner", "", "LEAD"])
def test_no_role_is_higher_than_lead(session, client_of, lea, ben, role):
    assert change(client_of(lea.user), ben, role).status_code == 422
    assert role_of(session, ben) is Role.MANAGER


def test_nobody_changes_her_own_role_nor_takes_herself_out(session, client_of, lea, ben):
    client = client_of(lea.user)

    assert change(client, lea, "viewer", seen="lead").status_code == 422
    assert act(client, lea, "remove").status_code == 422
    assert role_of(session, lea) is Role.LEAD


def test_the_last_lead_stays_and_stays_lead(session, client_of, lea, ben, boss):
    client = client_of(boss)

    assert "last lead" in change(client, lea, "viewer", seen="lead").text
    assert act(client, lea, "remove").status_code == 422
    change(client, ben, "lead")
    assert change(client, lea, "viewer", seen="lead").status_code == 303


def test_a_lead_who_is_gone_is_no_other_lead(session, saved, client_of, lea, boss):
    saved(make.member(Role.LEAD, brand=lea.brand, user=make.user(is_active=False)))

    assert change(client_of(boss), lea, "viewer", seen="lead").status_code == 422


def test_two_leads_who_lower_each_other_at_once_leave_one(session, client_of, lea, ben, app):
    change(client_of(lea.user), ben, "lead")
    first, second = client_of(lea.user), client_of(ben.user)

    acts = (
        lambda: change(first, ben, "viewer", seen="lead"),
        lambda: change(second, lea, "viewer", seen="lead"),
    )
    at_once(lambda n: acts[n]())

    session.expire_all()
    leads = select(func.count()).where(BrandMember.role == Role.LEAD)
    assert session.scalar(leads) >= 1


def test_who_is_taken_out_sees_nothing_of_it_and_comes_back_in_her_role(
    session, client_of, lea, ben
):
    theirs, client, id = client_of(ben.user), client_of(lea.user), ben.user_id
    role = select(BrandMember.role).where(BrandMember.user_id == id)
    address = f"/settings/members/{id}/restore?brand={lea.brand_id}"

    act(client, ben, "remove")

    assert session.scalar(role) is None
    assert theirs.get("/today").status_code == 302
    assert session.scalar(select(Session.id).where(Session.user_id == id)) is None
    assert client.post(address).status_code == 303
    assert session.scalar(role) is Role.MANAGER


def test_nobody_is_put_back_who_never_was_in(session, saved, client_of, lea):
    other = saved(make.member())
    address = f"/settings/members/{other.user_id}/restore?brand={lea.brand_id}"

    assert client_of(lea.user).post(address).status_code == 404


def test_another_brands_members_are_not_there(saved, client_of, lea):
    other = saved(make.member(user=make.user(name="Foreign Fritz")))
    client = client_of(lea.user)

    assert "Foreign Fritz" not in client.get("/settings/members").text
    assert client.get(f"/settings/members?brand={other.brand_id}").status_code == 404
    assert change(client, other, "viewer").status_code == 404


def test_administrators_see_everybody_with_brands_and_those_who_are_gone(
    saved, client_of, lea, ben, boss
):
    saved(make.user(name="Gone Gil", is_active=False))

    page = client_of(boss).get("/settings/users").text

    assert all(name in page for name in ("Lea", "Ben", "Boss", "Gone Gil", "Deactivated", "Nova"))


def test_whoever_signs_in_anew_begins_at_the_brand_where_she_may_do_most(saved, client_of, ben):
    looks = saved(make.member(Role.VIEWER, user=ben.user, brand=make.brand(name="Aaron & Sons")))
    saved(make.member(Role.LEAD, user=ben.user, brand=make.brand(name="Zeta")))
    here = '<span class="brand-name">{}</span>'.format
    client = client_of(ben.user)

    assert here("Zeta") in client.get("/today").text

    client.get(f"/today?brand={looks.brand_id}")
    assert here("Aaron &amp; Sons") in client.get("/funnel").text
