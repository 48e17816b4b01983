"""The brief of a touchpoint: in a row of Today, and as a page."""

import datetime as dt

import make
import pytest

from irm.models import FactKind, Kind, Role, Source, Visibility

HTMX = {"HX-Request": "true"}
TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def ravi(saved):
    """Ravi, who looks after a brand's people."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def chloe(saved, ravi):
    person = make.influencer(
        name="Chloé",
        timezone="Europe/Paris",
        preferred_channel="call",
        contact_ceiling=2,
        may_be_paid=False,
        may_be_paid_why="Writes for a paper",
        do_not_contact=True,
    )
    return saved(make.relationship(brand=ravi.brand, influencer=person))


@pytest.fixture
def due(saved, ravi, chloe):
    return saved(
        make.touchpoint(relationship=chloe, owner=ravi.user, due_on=TODAY, purpose="Send seeds")
    )


def test_it_says_how_to_treat_them(client_of, ravi, due):
    page = client_of(ravi.user).get(f"/touchpoints/{due.id}/brief", headers=HTMX).text

    for words in (
        "Best by call",
        "2 contacts a month at most",
        "Not to be paid",
        "Writes for a paper",
        "Wants no contact",
        "at their place",
        "Send seeds",
        "Nothing given so far",
        "Your first contact is never an ask",
        "Before the first contact",
        "None yet: this is the first.",
    ):
        assert words in page
    assert "<html" not in page


def test_without_script_it_is_a_page(client_of, ravi, due):
    page = client_of(ravi.user).get(f"/touchpoints/{due.id}/brief").text

    assert "<h1>Brief: Chloé</h1>" in page
    assert "Send seeds" in page


def test_a_guess_is_marked_and_a_no_go_stands_before_everything(saved, client_of, ravi, chloe, due):
    saved(make.fact(relationship=chloe, text="A cat", source=Source.GUESS, known_on=TODAY))
    saved(make.fact(relationship=chloe, text="The trial", kind=FactKind.NO_GO, known_on=TODAY))

    page = client_of(ravi.user).get(f"/touchpoints/{due.id}/brief", headers=HTMX).text

    assert "do not write it" in page
    assert page.index("Never speak of it: The trial") < page.index("What for")


def test_a_viewer_reads_it_without_buttons_and_without_private_notes(saved, client_of, chloe, due):
    vera = saved(make.member(Role.VIEWER, brand=chloe.brand)).user
    saved(
        make.interaction(
            relationship=chloe,
            summary="Secret",
            visibility=Visibility.PRIVATE,
            author=due.owner,
            kind=Kind.GIVE,
        )
    )

    page = client_of(vera).get(f"/touchpoints/{due.id}/brief", headers=HTMX).text

    assert "Send seeds" in page
    assert "Secret" not in page
    assert "data-quick-log" not in page


def test_that_of_another_brand_is_not_there(saved, client_of, due):
    stranger = saved(make.member(Role.LEAD)).user

    assert client_of(stranger).get(f"/touchpoints/{due.id}/brief").status_code == 404
