"""Promises in the browser's words: noted, closed in one click, taken back, listed and counted."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Promise, Promiser, PromiseState, Role, Visibility

TODAY = dt.datetime.now(dt.UTC).date()
SOON = TODAY + dt.timedelta(days=5)
PAST = TODAY - dt.timedelta(days=3)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ana(saved):
    """Ana, who manages relationships of her brand."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(brand=ana.brand, owner=ana.user, name="Mira Okafor"))


@pytest.fixture
def lead(saved, ana):
    return saved(make.member(Role.LEAD, brand=ana.brand)).user


@pytest.fixture
def promised(saved, ana, card):
    def make_one(**given):
        fixed = {"relationship": card, "owner": ana.user, "author_id": ana.user_id, "due_on": PAST}
        return saved(make.promise(**fixed | given))

    return make_one


def note(client, card, **more):
    values = {"promiser": "them", "what": "A film by May", "due_on": str(SOON)} | more
    return client.post(f"/relationships/{card.id}/promises", data=values)


def act(client, promise, what, **more):
    values = {"row_version": str(promise.row_version)} | more
    return client.post(f"/promises/{promise.id}/{what}", data=values)


def state_of(session, promise):
    session.rollback()
    asked = select(Promise.state, Promise.closed_on).where(Promise.id == promise.id)
    return session.execute(asked).one()


def test_a_promise_is_noted_from_an_exchange_and_stands_on_the_page(
    saved, session, client_of, ana, card
):
    client = client_of(ana.user)
    told = saved(make.interaction(relationship=card, summary="She will film it."))
    form = client.get(f"/relationships/{card.id}/promise?interaction={told.id}").text
    assert f'name="interaction" value="{told.id}"' in form

    answer = note(client, card, interaction=str(told.id))

    assert answer.location == f"/influencers/{card.influencer_id}#promises"
    [made] = session.scalars(select(Promise))
    assert (made.promiser, made.interaction_id) == (Promiser.THEM, told.id)
    assert "Noted: they promised it for in 5 days" in client.get(answer.location).text
    part = client.get(f"/relationships/{card.id}/promises", headers=HTMX).text
    assert "They promised: A film by May" in part
    assert "<html" not in part
    assert "<html" in client.get(f"/relationships/{card.id}/promises").text


def test_an_exchange_with_somebody_else_is_no_source(saved, session, client_of, ana, card):
    other = saved(make.interaction())
    note(client_of(ana.user), card, interaction=str(other.id))
    assert session.scalars(select(Promise.interaction_id)).one() is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"what": " "}, "Write what was promised."),
        ({"what": "x" * 501}, "too long"),
        ({"due_on": ""}, "Choose a day."),
        ({"due_on": "9999-12-31"}, "within the next three years"),
        ({"due_on": "1999-12-31"}, "too long ago"),
        ({"promiser": "nobody"}, "Choose one from the list."),
        ({"owner": "2147483647"}, "Choose a colleague who works for this brand."),
    ],
)
def test_what_cannot_be_meant_comes_back_with_a_sentence(
    session, client_of, ana, card, typed, said
):
    answer = note(client_of(ana.user), card, **typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(select(Promise)) is None


@pytest.mark.parametrize(
    ("what", "more", "state", "on"),
    [
        ("keep", {}, PromiseState.KEPT, TODAY),
        ("keep", {"on": str(PAST)}, PromiseState.KEPT, PAST),
        ("break", {}, PromiseState.BROKEN, TODAY),
        ("withdraw", {}, PromiseState.WITHDRAWN, TODAY),
    ],
)
def test_one_click_closes_it_and_undo_opens_it(
    session, client_of, ana, promised, what, more, state, on
):
    client, promise = client_of(ana.user), promised()

    answer = act(client, promise, what, **more)

    assert state_of(session, promise) == (state, on)
    assert f"/promises/{promise.id}/reopen" in client.get(answer.location).text
    act(client, promise, "reopen", row_version="2")
    assert state_of(session, promise) == (PromiseState.OPEN, None)


def test_a_day_ahead_is_not_the_day_on_which_it_was_kept(session, client_of, ana, promised):
    promise = promised()
    answer = act(client_of(ana.user), promise, "keep", on=str(SOON))
    assert answer.status_code == 422
    assert state_of(session, promise).state is PromiseState.OPEN


def test_who_comes_second_is_told_so(session, client_of, ana, promised):
    client, promise = client_of(ana.user), promised()
    act(client, promise, "keep")
    assert act(client, promise, "break", row_version="1").status_code == 409
    assert state_of(session, promise).state is PromiseState.KEPT


def test_a_list_gets_what_is_left_of_its_row(client_of, ana, promised):
    promise = promised()
    answer = client_of(ana.user).post(
        f"/promises/{promise.id}/keep",
        data={"row_version": "1", "back": "promises"},
        headers=HTMX,
    )
    assert f'<li class="day-row is-done" id="row-p{promise.id}">' in answer.text
    assert 'name="back" value="promises"' in answer.text


def test_a_promise_is_put_otherwise_and_the_message_offers_what_it_said(
    session, client_of, ana, promised
):
    client, promise = client_of(ana.user), promised(what="Send the recipe")
    assert 'value="Send the recipe"' in client.get(f"/promises/{promise.id}").text

    answer = client.post(
        f"/promises/{promise.id}",
        data={"promiser": "us", "what": "Send two", "due_on": str(SOON), "row_version": "1"},
    )

    session.rollback()
    assert session.scalar(select(Promise.what)) == "Send two"
    assert 'name="what" value="Send the recipe"' in client.get(answer.location).text
    again = {"promiser": "us", "what": "x", "due_on": str(SOON), "row_version": "1"}
    assert client.post(f"/promises/{promise.id}", data=again).status_code == 409


def test_the_list_is_ones_own_overdue_first_and_the_teams_for_a_lead(
    client_of, saved, ana, lead, promised, card
):
    promised(what="The late one")
    promised(what="The next one", due_on=SOON)
    promised(what="Theirs", promiser=Promiser.THEM)
    promised(what="Of another", owner=saved(make.member(brand=ana.brand)).user)
    promised(what="Done with", state=PromiseState.KEPT, closed_on=TODAY)

    mine = client_of(ana.user).get("/promises").text
    assert mine.index("The late one") < mine.index("The next one") < mine.index("Theirs")
    assert "Of another" not in mine
    assert "Done with" not in mine
    assert "Overdue by 3 days" in mine
    # A manager has no team's list, whatever she types.
    assert "Of another" not in client_of(ana.user).get("/promises?whose=team").text
    assert "Nothing is open" in client_of(lead).get("/promises").text
    assert "Of another" in client_of(lead).get("/promises?whose=team").text


def test_of_a_long_list_the_first_are_shown_and_that_there_are_more_is_said(
    session, client_of, ana, card
):
    session.add_all(
        make.promise(relationship=card, owner_id=ana.user_id, what=f"No. {n}") for n in range(101)
    )
    session.commit()
    page = client_of(ana.user).get("/promises").text
    assert page.count('data-key="done"') == 100
    assert "100+" in page
    assert "More follow as soon as these are done." in page


def test_private_promises_are_their_authors_and_the_leads(
    saved, client_of, ana, lead, promised, card
):
    promise = promised(what="Between us", visibility=Visibility.PRIVATE)
    other = client_of(saved(make.member(brand=ana.brand)).user)
    part = f"/relationships/{card.id}/promises"

    client_of(lead).post(f"/relationships/{card.id}/private")
    assert "Between us" in client_of(ana.user).get(part).text
    assert "Between us" in client_of(lead).get(part).text
    assert "Between us" not in other.get(part).text
    assert other.get(f"/promises/{promise.id}").status_code == 404
    assert act(other, promise, "keep").status_code == 404


def test_figures_are_counted_by_colleague_and_come_as_a_file(
    client_of, session, ana, lead, promised
):
    promised()
    promised(state=PromiseState.KEPT, closed_on=PAST)
    promised(state=PromiseState.KEPT, closed_on=TODAY)
    promised(state=PromiseState.BROKEN, closed_on=TODAY, promiser=Promiser.THEM)
    promised(state=PromiseState.WITHDRAWN, closed_on=TODAY)

    file = client_of(lead).post(
        "/promises/file", data={"what": "colleagues", "whose": "team", "days": "30"}
    )

    line = file.get_data(as_text=True).splitlines()[1]
    assert line == f"{ana.user.name},0,1,1,1,0,0,0,0,0,1,0,0,0,0,"
    assert ana.user.name in client_of(lead).get("/promises/colleagues?whose=team").text
    assert ana.user.name not in client_of(lead).get("/promises/colleagues").text


def test_what_is_open_comes_as_a_file(client_of, ana, promised, saved, card):
    promised(what="=SUM(1)")
    saved(make.question(relationship=card, owner_id=ana.user_id, text="May I?"))

    file = client_of(ana.user).post("/promises/file", data={"what": "open"})

    rows = file.get_data(as_text=True).splitlines()
    assert rows[1].startswith("Question,Mira Okafor,May I?")
    assert rows[1].endswith("Beyond its time")
    assert rows[2] == f"We promised,Mira Okafor,'=SUM(1),{PAST},{ana.user.name},Overdue"


def test_a_viewer_sees_what_is_open_and_nothing_to_click(saved, client_of, ana, promised, card):
    promised(what="Send the recipe")
    ravi = saved(make.member(Role.VIEWER, brand=ana.brand)).user

    page = client_of(ravi).get(f"/relationships/{card.id}/promises").text

    assert "We promised: Send the recipe" in page
    assert "/keep" not in page
    assert client_of(ravi).get("/promises").status_code == 403


def test_with_somebody_in_the_archive_nothing_new_is_promised_and_the_old_can_end(
    session, client_of, ana, promised, card
):
    promise = promised()
    card.influencer.archived_at = make.MONDAY
    session.commit()
    client = client_of(ana.user)

    assert "is in the archive. Restore them first." in note(client, card).text
    assert promise.what not in client.get("/promises").text
    act(client, promise, "keep")
    assert state_of(session, promise).state is PromiseState.KEPT


def test_somebody_who_left_still_stands_where_she_promised_and_can_be_replaced(
    session, saved, client_of, ana, promised
):
    gone = saved(make.member(brand=ana.brand, user=make.user(name="Gone", is_active=False))).user
    promise = promised(owner=gone, what="Whose is it")
    client = client_of(ana.user)

    # What nobody sees to any more comes to who looks after the person.
    assert "Whose is it" in client.get("/promises").text
    assert ">Gone</option>" in client.get(f"/promises/{promise.id}").text
    values = {"promiser": "us", "what": "Mine now", "due_on": str(SOON), "row_version": "1"}
    client.post(f"/promises/{promise.id}", data={**values, "owner": str(ana.user_id)})
    session.rollback()
    assert session.scalar(select(Promise.owner_id)) == ana.user_id


def test_on_the_timeline_each_exchange_leads_to_a_promise_and_each_promise_to_itself(
    saved, client_of, ana, card, promised
):
    told = saved(make.interaction(relationship=card))
    promise = promised(what="Send the recipe")

    page = client_of(ana.user).get(f"/influencers/{card.influencer_id}").text

    assert f'href="/relationships/{card.id}/promise?interaction={told.id}"' in page
    assert f'href="/relationships/{card.id}/question?interaction={told.id}"' in page
    assert f'href="/promises/{promise.id}"' in page
    assert "Overdue</span>" in page
