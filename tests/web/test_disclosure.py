"""What colleagues keep to themselves: a lead opens it person by person, and the audit says so."""

import datetime as dt

import make
import pytest
from at_once import at_once
from sqlalchemy import select, update

from irm import clock
from irm.directory import search
from irm.models import AuditEntry, Direction, Role, Visibility


@pytest.fixture
def ravi(saved):
    return saved(make.member(user=make.user(name="Ravi")))


@pytest.fixture
def lead(saved, ravi):
    return saved(make.member(Role.LEAD, brand=ravi.brand)).user


@pytest.fixture
def card(saved, ravi):
    return saved(make.relationship(brand=ravi.brand, name="Chloé"))


@pytest.fixture
def note(saved, ravi, card):
    return saved(
        make.interaction(
            relationship=card,
            author=ravi.user,
            summary="Her father is ill.",
            visibility=Visibility.PRIVATE,
        )
    )


def page(client, card):
    return client.get(f"/influencers/{card.influencer_id}").text


def show(client, card):
    return client.post(f"/relationships/{card.id}/private")


def readings(session):
    asked = select(AuditEntry).where(AuditEntry.action == "private.read")
    return session.scalars(asked.order_by(AuditEntry.id)).all()


def test_a_lead_presses_show_and_that_is_recorded(session, client_of, lead, card, note):
    client = client_of(lead)
    before = page(client, card)
    assert "Her father is ill." not in before
    assert "1 private or sensitive note of a colleague is folded." in before
    assert readings(session) == []

    response = show(client, card)

    assert response.location == f"/influencers/{card.influencer_id}#timeline-title"
    assert "Her father is ill." in page(client, card)
    assert "are shown until tonight" in page(client, card)
    entry = readings(session)[0]
    assert (entry.actor_id, entry.ids) == (lead.id, {"relationship_id": card.id})
    assert (entry.brand_id, entry.influencer_id) == (card.brand_id, card.influencer_id)
    assert "Private notes of colleagues read" in client.get("/settings/audit").text


def test_it_is_recorded_once_a_day_for_each_person(session, saved, client_of, lead, card, note):
    client, other = client_of(lead), saved(make.relationship(brand=card.brand))
    for _n in range(3):
        show(client, card)
    show(client, other)
    assert [one.ids["relationship_id"] for one in readings(session)] == [card.id, other.id]

    session.execute(update(AuditEntry).values(at=clock.now() - dt.timedelta(days=1)))
    session.commit()

    assert "Her father is ill." not in page(client, card)
    show(client, card)
    assert len(readings(session)) == 3


def test_of_two_presses_at_once_one_is_recorded(session, client_of, lead, card, note):
    clients = [client_of(lead) for _n in range(2)]

    at_once(lambda n: show(clients[n], card))

    assert len(readings(session)) == 1


def test_what_one_lead_opened_stays_folded_for_another(saved, client_of, lead, card, note):
    show(client_of(lead), card)
    another = saved(make.member(Role.LEAD, brand=card.brand)).user

    assert "Her father is ill." not in page(client_of(another), card)


def test_what_she_wrote_herself_was_never_folded(session, saved, client_of, lead, card):
    saved(
        make.interaction(
            relationship=card,
            author=lead,
            summary="She wants to move to Lyon.",
            visibility=Visibility.PRIVATE,
        )
    )

    said = page(client_of(lead), card)

    assert "She wants to move to Lyon." in said
    assert "folded" not in said


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER, None])
def test_nobody_else_opens_it_or_learns_that_it_is_there(
    session, saved, client_of, card, note, role
):
    user = make.user(is_admin=role is None)
    saved(make.member(role, user=user, brand=card.brand) if role else user)
    client = client_of(user)

    assert show(client, card).status_code == 403
    assert "folded" not in client.get(f"/influencers/{card.influencer_id}").text
    assert readings(session) == []


def test_what_is_folded_is_not_told_by_the_evidence_either(session, client_of, lead, card, note):
    note.direction = Direction.IN
    session.commit()
    client, address = client_of(lead), f"/relationships/{card.id}/evidence"
    assert "Her father is ill." not in client.get(address).text

    show(client, card)

    assert "Her father is ill." in client.get(address).text


@pytest.fixture
def kept(session, saved, ravi, card, note):
    """What Ravi keeps of Chloé beside his note, and what was planned with her for yesterday."""
    yesterday = clock.now().date() - dt.timedelta(days=1)
    own = {"relationship": card, "author_id": ravi.user_id}
    hers = {**own, "owner_id": ravi.user_id, "visibility": Visibility.PRIVATE}
    saved(make.touchpoint(relationship=card, owner=ravi.user, due_on=yesterday))
    saved(make.promise(**hers, what="A father's day box", due_on=yesterday))
    saved(make.question(**hers, text="May her father come?"))
    saved(make.fact(**own, text="Her father is ill.", is_sensitive=True))
    found = {"influencer_id": card.influencer_id, "source": "interaction", "source_id": note.id}
    found |= {"text": note.summary, "brand_id": card.brand_id, "author_id": ravi.user_id}
    search.index_entries(session, [found])
    session.commit()


def test_no_list_tells_a_lead_what_colleagues_keep_not_even_once_she_opened_it(
    client_of, ravi, lead, card, kept
):
    def told(user):
        client = client_of(user)
        addresses = f"/today?of={ravi.user_id}", "/today?of=team", "/promises?whose=team"
        pages = [client.get(address).text for address in addresses]
        assert "Chloé" in pages[0]
        return [
            "Chloé" in client.get("/influencers?q=father").text,
            *("father" in page for page in pages),
        ]

    assert told(ravi.user)[:2] == [True, True]
    assert not any(told(lead))

    show(client_of(lead), card)

    assert not any(told(lead))


def test_promises_and_questions_are_opened_with_the_rest(client_of, lead, card, kept):
    client, part = client_of(lead), f"/relationships/{card.id}/promises"
    assert "4 private or sensitive notes of colleagues are folded." in page(client, card)
    assert "father" not in client.get(part).text

    show(client, card)

    told = client.get(part).text
    assert "A father" in told
    assert "May her father come?" in told


def test_what_is_folded_is_not_acted_upon_either(session, client_of, lead, card, note):
    address, form = f"/interactions/{note.id}/outcome", {"outcome": "accepted", "row_version": 1}
    assert client_of(lead).post(address, data=form).status_code == 404
