"""Accounts and contact points kept by hand: one owner each, with what they once were called."""

import make
import pytest
from sqlalchemy import select

from irm.directory import newcomer, presence, reindexing, search
from irm.directory.presence import Contact, Handle, Known, Why
from irm.errors import NotFound, Refused
from irm.models import (
    Account,
    AccountHandle,
    AuditEntry,
    Platform,
    Post,
    Relationship,
    SearchEntry,
    Task,
    Tier,
)

MAIL = Contact("email", "Lea@example.com", "lea@example.com")


@pytest.fixture
def ana(saved):
    return saved(make.user())


@pytest.fixture
def lea(saved):
    return saved(make.influencer(name="Léa Petit"))


@pytest.fixture
def account(session, ana, lea):
    one = Handle(Platform.INSTAGRAM, "Lea.Mends", "77")
    made = presence.add_account(session, lea.id, one, user=ana, at=make.MONDAY)
    session.commit()
    return made


def test_an_account_is_found_scored_and_on_record(session, account, lea):
    assert session.scalars(select(SearchEntry.text)).one() == "lea.mends"
    assert session.scalars(select(Task)).one().arguments == {"people": [lea.id]}
    ids = session.scalars(select(AuditEntry)).one().ids
    assert ids == {"influencer_id": lea.id, "account_id": account.id, "change": "added"}


@pytest.mark.parametrize(
    "one",
    [Handle(Platform.INSTAGRAM, "@LEA.mends"), Handle(Platform.INSTAGRAM, "other", "77")],
)
def test_an_account_has_one_owner(session, account, saved, ana, lea, one):
    other = saved(make.influencer())

    with pytest.raises(Known) as refused:
        presence.add_account(session, other.id, one, user=ana, at=make.MONDAY)

    assert refused.value.influencer_id == lea.id
    assert newcomer.known(session, [one], []) == [lea.id]
    with pytest.raises(Refused, match="stands here already"):
        presence.add_account(session, lea.id, one, user=ana, at=make.MONDAY)


def test_a_renamed_account_is_still_known_by_its_former_handle(session, account, ana, lea):
    account.url = "https://www.instagram.com/lea.mends"

    assert presence.rename_account(session, account, "lea.now", user=ana, at=make.MONDAY)
    session.commit()

    former = session.scalars(select(AccountHandle)).one()
    assert (former.handle, former.until) == ("Lea.Mends", make.MONDAY.date())
    assert account.url is None
    assert session.scalars(select(SearchEntry.text)).one() == "lea.now"
    assert newcomer.known(session, [Handle(Platform.INSTAGRAM, "lea.mends")], []) == [lea.id]


def test_a_handle_written_otherwise_is_no_former_one(session, account, ana):
    assert presence.rename_account(session, account, "LEA.MENDS", user=ana, at=make.MONDAY)

    assert account.handle == "LEA.MENDS"
    assert session.scalars(select(AccountHandle)).all() == []
    assert not presence.rename_account(session, account, "LEA.MENDS", user=ana, at=make.MONDAY)


def test_a_handle_of_somebody_else_is_not_taken(session, account, saved, ana):
    saved(make.account(handle="lea.now"))

    with pytest.raises(Known):
        presence.rename_account(session, account, "Lea.Now", user=ana, at=make.MONDAY)


def test_the_handle_of_an_account_that_was_left_is_free(session, account, saved, ana):
    other = saved(make.influencer())
    presence.leave_account(session, account, user=ana, at=make.MONDAY)
    one = Handle(Platform.INSTAGRAM, "lea.mends")
    presence.add_account(session, other.id, one, user=ana, at=make.MONDAY)

    with pytest.raises(Known):
        presence.return_to_account(session, account, user=ana, at=make.MONDAY)
    with pytest.raises(Refused):
        presence.leave_account(session, account, user=ana, at=make.MONDAY)


def test_an_account_comes_back_into_use(session, account, ana):
    presence.leave_account(session, account, user=ana, at=make.MONDAY)
    presence.return_to_account(session, account, user=ana, at=make.MONDAY)

    assert account.is_current
    with pytest.raises(Refused):
        presence.return_to_account(session, account, user=ana, at=make.MONDAY)


def test_a_removed_account_goes_with_all_that_hangs_on_it(session, account, ana, lea, saved):
    post = saved(Post(account_id=account.id, platform_post_id="1", text="Seeds"))
    entry = {"source": "post", "source_id": post.id, "text": post.text}
    search.index_entries(session, [{"influencer_id": lea.id, **entry}])

    presence.remove_account(session, account, Why.MISTYPED, user=ana, at=make.MONDAY)
    session.commit()

    assert session.scalars(select(Account)).all() == []
    assert session.scalars(select(SearchEntry)).all() == []
    newest = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert newest.ids["change"] == "removed:mistyped"


def test_a_contact_has_one_owner(session, saved, ana, lea):
    other = saved(make.influencer())
    point = presence.add_contact(session, lea.id, MAIL, user=ana, at=make.MONDAY)

    with pytest.raises(Known) as refused:
        presence.add_contact(session, other.id, MAIL, user=ana, at=make.MONDAY)
    assert refused.value.influencer_id == lea.id
    with pytest.raises(Refused, match="stands here already"):
        presence.add_contact(session, lea.id, MAIL, user=ana, at=make.MONDAY)
    with pytest.raises(NotFound):
        presence.contact_of(session, other.id, point.id)

    presence.remove_contact(session, point, user=ana, at=make.MONDAY)
    presence.add_contact(session, other.id, MAIL, user=ana, at=make.MONDAY)
    assert newcomer.known(session, [], [MAIL]) == [other.id]


def test_an_address_added_by_hand_is_found_until_it_is_removed(session, saved, ana):
    card = saved(make.relationship())

    def found():
        reader = search.Reader(card.brand_id, ana.id)
        condition = search.restrict(session, MAIL.value, reader)
        return session.scalars(select(Relationship.id).where(condition)).all()

    point = presence.add_contact(session, card.influencer_id, MAIL, user=ana, at=make.MONDAY)
    assert found() == [card.id]
    assert reindexing.mend(session, "contact", [point.id]) == 0

    presence.remove_contact(session, point, user=ana, at=make.MONDAY)
    assert found() == []


def test_whoever_was_merged_is_known_as_the_one_they_are(session, saved, ana):
    kept = saved(make.influencer())
    gone = saved(make.influencer(merged_into_id=kept.id))
    presence.put_contact(session, gone.id, MAIL)

    assert newcomer.known(session, [], [MAIL]) == [kept.id]


def test_a_newcomer_is_found_and_scored(session, saved, ana):
    brand = saved(make.brand())
    one = Handle(Platform.TIKTOK, "mira")

    made = newcomer.add(
        session,
        {"name": "Mira Okafor", "source": "Met at a fair", "lawful_basis": "consent"},
        [one],
        [MAIL],
        tier=Tier.MICRO,
        brand_id=brand.id,
        user=ana,
        at=make.MONDAY,
    )
    session.commit()

    assert sorted(session.scalars(select(SearchEntry.text))) == [
        "lea@example.com",
        "mira",
        "mira okafor",
    ]
    assert newcomer.known(session, [one], []) == [made.id]
    assert session.scalars(select(Task)).one().arguments == {"people": [made.id]}
    assert session.scalars(select(AuditEntry)).one().ids == {
        "influencer_id": made.id,
        "brand_id": brand.id,
    }
