"""Tags of a brand: one word whatever its spelling, on and off, renamed and dropped."""

import make
import pytest
from sqlalchemy import func, select

from irm.directory import tags
from irm.errors import Refused
from irm.models import AuditEntry, RelationshipTag, Tag


@pytest.fixture
def ana(saved):
    return saved(make.member())


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(brand=ana.brand))


def names(session, relationship):
    return [row.name for row in session.execute(tags.of_relationships([relationship.id]))]


def test_a_tag_is_one_whatever_its_accents_and_case(session, ana, card):
    first = tags.add(session, card, "  Été  2026 ", user=ana.user, at=make.MONDAY)
    again = tags.add(session, card, "ete 2026", user=ana.user, at=make.MONDAY)
    session.commit()

    assert first is again
    assert names(session, card) == ["Été 2026"]
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_a_tag_comes_off_and_stays_with_the_brand(session, ana, card):
    tag = tags.add(session, card, "food", user=ana.user, at=make.MONDAY)
    tags.remove(session, card, tag, user=ana.user, at=make.MONDAY)
    tags.remove(session, card, tag, user=ana.user, at=make.MONDAY)
    session.commit()

    assert names(session, card) == []
    assert session.execute(tags.used(ana.brand.id)).all() == [(tag, 0)]
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 2


def test_a_renamed_tag_is_renamed_everywhere_and_never_into_another(session, ana, card):
    tag = tags.add(session, card, "food", user=ana.user, at=make.MONDAY)
    tags.add(session, card, "travel", user=ana.user, at=make.MONDAY)
    tags.rename(session, tag, "Food!", user=ana.user, at=make.MONDAY)
    session.commit()

    assert names(session, card) == ["Food!", "travel"]
    with pytest.raises(Refused):
        tags.rename(session, tag, "TRAVEL", user=ana.user, at=make.MONDAY)


def test_a_dropped_tag_is_on_nobody(session, ana, card):
    tag = tags.add(session, card, "food", user=ana.user, at=make.MONDAY)
    session.commit()
    tags.drop(session, tag, user=ana.user, at=make.MONDAY)
    session.commit()

    assert session.scalars(select(Tag)).all() == []
    assert session.scalars(select(RelationshipTag)).all() == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a,b", "a;b", "-food", "\ufdfa" * 20])
def test_what_cannot_be_a_tag_is_refused(session, ana, card, name):
    with pytest.raises(Refused):
        tags.add(session, card, name, user=ana.user, at=make.MONDAY)


def test_tags_of_several_people_come_at_once(session, saved, ana, card):
    other = saved(make.relationship(brand=ana.brand))
    for relationship, name in ((card, "b"), (card, "a"), (other, "b")):
        tags.add(session, relationship, name, user=ana.user, at=make.MONDAY)
    session.commit()

    found = session.execute(tags.of_relationships([card.id, other.id])).all()

    assert [(row.relationship_id, row.name) for row in found] == [
        (card.id, "a"),
        (card.id, "b"),
        (other.id, "b"),
    ]
