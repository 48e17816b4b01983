"""What an audit entry knows of itself when it is written."""

import make
import pytest
from invited import invitation
from sqlalchemy import select

from irm.audit import Action, passed_on, record
from irm.models import AuditEntry

#: What each key of an entry may hold in a test: an id, or a word.
ANY = dict.fromkeys({key for action in Action for key in action.keys}, 1)


def newest(session):
    found = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    return found.brand_id, found.influencer_id


@pytest.mark.parametrize("action", Action)
def test_every_action_can_be_written(session, action):
    record(session, None, action, make.MONDAY, **{key: ANY[key] for key in action.keys})

    assert session.scalars(select(AuditEntry.action)).one() == action.code


def test_an_entry_about_a_relationship_knows_its_brand_and_its_person(session, saved):
    card = saved(make.relationship())

    record(session, None, Action.RESUMED, make.MONDAY, relationship_id=card.id)

    assert newest(session) == (card.brand_id, card.influencer_id)


def test_people_who_change_hands_are_known_too(session, saved):
    card, ana = saved(make.relationship()), saved(make.user())

    passed_on(session, {card.id: (None, ana.id)}, ana.id, make.MONDAY)

    assert newest(session) == (card.brand_id, card.influencer_id)


def test_an_invitation_to_several_brands_is_none_of_theirs_alone(session, saved):
    nova, orbit = saved(make.brand()), saved(make.brand())
    one, both = saved(invitation(brands=[nova])), saved(invitation(brands=[nova, orbit]))

    record(session, None, Action.INVITATION_CHANGED, make.MONDAY, invitation_id=one.id, change="")
    assert newest(session) == (nova.id, None)
    record(session, None, Action.INVITATION_CHANGED, make.MONDAY, invitation_id=both.id, change="")
    assert newest(session) == (None, None)


def test_what_is_gone_leaves_an_entry_that_names_no_brand(session):
    record(session, None, Action.RESUMED, make.MONDAY, relationship_id=4711)

    assert newest(session) == (None, None)
