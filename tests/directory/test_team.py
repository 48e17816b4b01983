"""Colleagues and brands."""

import make
import pytest
from sqlalchemy import select

from irm.directory import team
from irm.errors import Refused
from irm.models import BrandMember, Role, User


def add(session, **given):
    values = {"name": "Ana", "email": "ana@example.com", "password": make.PASSWORD}
    return team.add_user(session, at=make.MONDAY, **{**values, **given})


def test_a_password_is_not_kept_as_it_is(session):
    add(session)

    assert make.PASSWORD not in session.scalars(select(User.password_hash)).one()


@pytest.mark.parametrize("taken", ["ana@example.com", "ANA@EXAMPLE.COM", " ana@example.com "])
def test_nobody_exists_twice(session, taken):
    add(session)

    with pytest.raises(Refused, match="already a user"):
        add(session, email=taken)


@pytest.mark.parametrize("email", ["", "ana", "ana@", "@example.com", "a b@example.com", "😀"])
def test_what_is_no_address_is_refused(session, email):
    with pytest.raises(Refused, match="not an e-mail address"):
        add(session, email=email)


@pytest.mark.parametrize(
    ("length", "is_admin"), [(11, False), (14, True), (129, False), (0, False)]
)
def test_a_password_too_short_or_too_long_is_refused(session, length, is_admin):
    with pytest.raises(Refused, match="characters"):
        add(session, password="x" * length, is_admin=is_admin)


def test_joining_twice_changes_the_role(session, saved):
    ana, brand = saved(make.user()), saved(make.brand())
    team.join(session, ana, brand, Role.VIEWER)
    session.commit()
    team.join(session, ana, brand, Role.LEAD)
    session.commit()

    assert session.scalars(select(BrandMember.role)).all() == [Role.LEAD]


def test_the_only_brand_that_is_no_demo_needs_no_name(session, saved):
    saved(make.brand(name="Demo", is_demo=True))
    acme = saved(make.brand(name="Acme"))

    assert team.brand_named(session, None) is acme
    assert team.brand_named(session, "ACME") is acme


def test_where_several_fit_the_brands_are_named(session, saved):
    saved(make.brand(name="Acme"))
    saved(make.brand(name="Bravo"))

    with pytest.raises(Refused, match="Acme, Bravo"):
        team.brand_named(session, None)
    with pytest.raises(Refused, match="There is no brand “Charlie”"):
        team.brand_named(session, "Charlie")


def test_without_a_brand_it_says_how_to_add_one(session, saved):
    saved(make.brand(name="Demo", is_demo=True))

    with pytest.raises(Refused, match="irm brand add"):
        team.brand_named(session, None)


#: One character whose plain form has eighteen letters.
LONG = "\ufdfa"


def test_a_brand_whose_name_grows_too_long_when_folded_is_refused(session, saved):
    acme = saved(make.brand())

    with pytest.raises(Refused, match="1 to 120 characters"):
        team.add_brand(session, name=LONG * 60, at=make.MONDAY)
    with pytest.raises(Refused, match="1 to 120 characters"):
        team.rename_brand(session, acme, LONG * 60)
    team.rename_brand(session, acme, LONG * 6)
    session.commit()


def test_a_brand_takes_no_name_of_another_one_but_keeps_its_own(session, saved):
    acme, other = saved(make.brand(name="Acme")), saved(make.brand())

    team.rename_brand(session, acme, "ACME")
    with pytest.raises(Refused, match="already"):
        team.rename_brand(session, other, "acme")


def test_an_address_that_grows_too_long_when_folded_is_refused(session, monkeypatch):
    monkeypatch.setattr(team, "email_address", str)

    with pytest.raises(Refused, match="is not an e-mail address"):
        team.add_user(session, name="Ana", email=LONG * 20, password=make.PASSWORD, at=make.MONDAY)
