"""Moving cards in a browser: by drag, keyboard, menu and in bulk, asked why, in conflict, live."""

from contextlib import contextmanager

import make
import pytest
from sqlalchemy import select

from irm import clock
from irm.ledger import proving
from irm.models import Direction, Interaction, Relationship, Role, Stage, StageMove

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


def card_of(tab, name):
    return tab.page.locator(".card-item", has=tab.page.get_by_role("link", name=name))


def stage_of(tab, name):
    return card_of(tab, name).evaluate("card => card.parentElement.dataset.stage")


def drag(tab, card, column):
    start = card.bounding_box()
    end = tab.page.locator(f'.cards[data-stage="{column}"]').bounding_box()
    from_x, from_y = start["x"] + 60, start["y"] + start["height"] - 20
    to_x, to_y = end["x"] + 80, end["y"] + 60
    mouse = tab.page.mouse
    mouse.move(from_x, from_y)
    mouse.down()
    # One jump is not a drag to the library: it wants to see the way.
    for n in range(1, 16):
        mouse.move(from_x + (to_x - from_x) * n / 15, from_y + (to_y - from_y) * n / 15)
        tab.page.wait_for_timeout(20)
    mouse.up()


def said(tab, words):
    tab.page.locator(".toast-note", has_text=words).wait_for()


def asked(tab):
    tab.page.locator("#halt[open]").wait_for()
    return tab.page.locator("#halt")


def because(tab, reason):
    tab.page.fill("#halt-reason", reason)
    tab.page.keyboard.press("Enter")


def moves(site):
    site.session.rollback()
    return [
        (move.to_stage, move.reason)
        for move in site.session.scalars(select(StageMove).order_by(StageMove.id))
    ]


@pytest.fixture
def answered(site):
    """Anna, at unaware, answered us: the evidence covers aware."""
    anna = site.people[0]
    site.session.add(
        make.interaction(relationship=anna, direction=Direction.IN, happened_at=clock.now())
    )
    site.session.flush()
    proving.rebuild(site.session, clock.now())
    site.session.commit()
    return anna


@pytest.fixture
def other(site, tab, chromium):
    """A second browser, in which Hugo looks at the same board."""
    hugo = make.user(name="Hugo Marin", email="hugo@example.com")
    site.session.add(make.member(Role.MANAGER, user=hugo, brand=site.lead.brand))
    site.session.commit()

    @contextmanager
    def signed_in():
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        context.set_default_timeout(30_000)
        second = type(tab)(context.new_page(), site.url)
        second.go("/login")
        second.page.fill("#email", "hugo@example.com")
        second.page.fill("#password", make.PASSWORD)
        second.page.click("main button")
        second.page.wait_for_url("**/today")
        yield second
        context.close()
        assert not second.faults

    with signed_in() as second:
        yield second


def test_a_covered_move_by_drag_takes_no_reason_and_undo_takes_it_back(site, tab, answered):
    tab.go("/funnel")

    drag(tab, card_of(tab, "Anna Moreau"), "aware")
    said(tab, "Anna Moreau moved to Aware.")

    assert stage_of(tab, "Anna Moreau") == "aware"
    assert moves(site) == [(Stage.AWARE, None)]
    tab.page.locator("#honesty", has_text="9 of 10").wait_for()

    tab.page.locator(".toast-note").get_by_role("button", name="Undo").click()
    said(tab, "Anna Moreau moved to Unaware.")
    assert stage_of(tab, "Anna Moreau") == "unaware"
    tab.page.locator("#honesty", has_text="9 of 9").wait_for()


def test_what_is_missing_is_asked_and_cancelling_puts_the_card_back(site, tab):
    tab.go("/funnel")

    drag(tab, card_of(tab, "Anna Moreau"), "interested")
    dialog = asked(tab)
    assert "no reply, follow, mention or application" in dialog.inner_text().lower()
    assert "0 of 2 exchanges both ways" in dialog.inner_text()
    tab.page.keyboard.press("Escape")

    tab.page.locator("#halt[open]").wait_for(state="detached")
    assert stage_of(tab, "Anna Moreau") == "unaware"
    assert moves(site) == []

    drag(tab, card_of(tab, "Anna Moreau"), "interested")
    asked(tab)
    because(tab, "We talked at the fair.")
    said(tab, "Anna Moreau moved to Interested.")
    assert moves(site) == [(Stage.INTERESTED, "We talked at the fair.")]


def test_once_it_is_logged_the_move_goes_on_by_itself(site, tab):
    tab.go("/funnel")
    drag(tab, card_of(tab, "Anna Moreau"), "aware")
    asked(tab).get_by_role("button", name="Log it").click()

    assert tab.page.input_value("#quick-log [data-who]") == "Anna Moreau"
    assert tab.page.input_value("#quick-log-direction") == "in"
    tab.page.fill("#quick-log-summary", "She wrote back")
    tab.page.keyboard.press("Enter")
    tab.page.locator("#quick-log-after button, #quick-log-after a").first.wait_for()
    tab.page.keyboard.press("Escape")

    said(tab, "Anna Moreau moved to Aware.")
    assert moves(site) == [(Stage.AWARE, None)]
    assert site.session.scalars(
        select(Interaction.summary).where(Interaction.relationship_id == site.people[0].id)
    ).all() == ["She wrote back"]


def test_once_the_evidence_is_added_the_move_goes_on_by_itself(site, tab):
    tab.go("/funnel")
    drag(tab, card_of(tab, "Anna Moreau"), "aware")
    asked(tab).locator("summary").click()
    tab.page.locator("#halt details button").click()

    said(tab, "Anna Moreau moved to Aware.")
    assert moves(site) == [(Stage.AWARE, None)]


def test_by_keyboard_a_move_back_is_asked_why_and_the_focus_stays(site, tab):
    tab.go("/funnel")
    card_of(tab, "Bruno Costa").locator(".card-link").focus()

    for key in ("Space", "ArrowLeft", "Space"):
        tab.page.keyboard.press(key)
    asked(tab)
    tab.page.keyboard.type("No answer for a year")
    tab.page.keyboard.press("Enter")
    said(tab, "Bruno Costa moved to Unaware.")

    assert stage_of(tab, "Bruno Costa") == "unaware"
    assert tab.page.evaluate("document.activeElement.textContent") == "Bruno Costa"
    assert moves(site) == [(Stage.UNAWARE, "No answer for a year")]


def test_the_dialog_asks_at_once_why_somebody_goes_back(site, tab):
    tab.go("/funnel")
    card_of(tab, "Bruno Costa").locator(".move-button").click()
    tab.page.locator("#move label", has_text="Unaware").first.click()
    assert "Why do they go back?" in tab.page.inner_text("label[for=move-reason]")

    tab.page.locator("#move .btn-primary").click()
    assert tab.page.locator("#move[open]").count() == 1
    tab.page.fill("#move-reason", "He left the field.")
    tab.page.locator("#move .btn-primary").click()

    said(tab, "Bruno Costa moved to Unaware.")
    assert moves(site) == [(Stage.UNAWARE, "He left the field.")]


def test_after_a_move_all_that_is_counted_above_the_board_is_counted_again(site, tab):
    tab.go("/funnel")
    tab.page.locator("#moved-line a", has_text="0 moved").wait_for()
    tab.page.locator("#facts-unaware", has_text="1 overdue").wait_for()
    card_of(tab, "Anna Moreau").locator(".move-button").click()
    tab.page.locator("#move label", has_text="Ambassador").click()
    tab.page.fill("#move-reason", "We signed.")
    tab.page.locator("#move .btn-primary").click()

    said(tab, "Anna Moreau moved to Ambassador.")
    tab.page.locator("#moved-line a", has_text="1 moved").wait_for()
    tab.page.locator("#facts-ambassador", has_text="1 overdue").wait_for()
    assert "overdue" not in tab.page.inner_text("#facts-unaware")


def test_somebody_is_paused_from_their_card_by_keyboard_and_it_is_taken_back(site, tab):
    tab.go("/funnel?sort=fit")
    card_of(tab, "Anna Moreau").locator(".move-button").focus()
    tab.page.keyboard.press("Enter")
    tab.page.locator("#move [data-pauses]").focus()
    tab.page.keyboard.press("Enter")
    tab.page.locator("#pause[open]", has_text="Anna Moreau").wait_for()
    tab.page.locator("#pause-why").focus()
    tab.page.keyboard.type("On tour")
    tab.page.keyboard.press("Enter")

    card_of(tab, "Anna Moreau").locator(".card-paused", has_text="On tour").wait_for()
    assert "sort=fit" in tab.page.url
    tab.page.locator(".toast-note button", has_text="Undo").click()
    said(tab, "Anna Moreau is not paused any more.")
    assert card_of(tab, "Anna Moreau").locator(".card-paused").count() == 0


def test_of_two_who_move_one_card_the_second_sees_both_and_chooses(site, tab, other):
    for one in (tab, other):
        one.go("/funnel")
    drag(other, card_of(other, "Anna Moreau"), "aware")
    asked(other)
    because(other, "She follows us.")
    said(other, "Anna Moreau moved to Aware.")

    drag(tab, card_of(tab, "Anna Moreau"), "engaged")
    dialog = asked(tab)
    text = dialog.inner_text()
    for words in ("Somebody was faster", "Engaged", "Aware", "Hugo Marin", "She follows us."):
        assert words in text
    dialog.get_by_role("button", name="Leave it at Aware").click()
    tab.page.locator("#halt[open]").wait_for(state="detached")
    assert stage_of(tab, "Anna Moreau") == "aware"

    drag(tab, card_of(tab, "Anna Moreau"), "engaged")
    asked(tab)
    because(tab, "She came to the workshop.")
    said(tab, "Anna Moreau moved to Engaged.")
    assert len(moves(site)) == 2


def test_a_colleagues_move_appears_without_reload_and_is_said_once(site, tab, other):
    for one in (tab, other):
        one.go("/funnel")
    heard = "window.heard = []; new MutationObserver(() => {"
    heard += " const said = document.getElementById('live').textContent;"
    heard += " if (said) window.heard.push(said); })"
    heard += ".observe(document.getElementById('live'), {childList: true})"
    other.page.evaluate(heard)
    card_of(other, "Bruno Costa").locator(".card-link").focus()
    drag(tab, card_of(tab, "Anna Moreau"), "engaged")
    asked(tab)
    because(tab, "We met.")
    said(tab, "Anna Moreau moved to Engaged.")

    other.page.locator("#column-engaged .card-item", has_text="Anna Moreau").wait_for()
    # Once more round: what was said is not said again.
    other.page.wait_for_timeout(9_000)
    assert other.page.evaluate("window.heard") == ["Ana Lopes moved Anna Moreau to Engaged."]
    assert other.page.inner_text("#head-engaged .tally") == "3"
    assert other.page.evaluate("document.activeElement.textContent") == "Bruno Costa"


def test_in_bulk_the_preview_says_what_rests_on_the_reason_alone(site, tab):
    tab.go("/influencers")
    for name in ("Anna Moreau", "Bruno Costa"):
        tab.page.get_by_role("row", name=name).locator("input[name=who]").check()
    tab.page.locator('[data-selection] button[value="some"]:not([formaction])').click()
    tab.page.select_option("[name=stage]", "aware")
    tab.page.fill("[name=reason]", "They signed the list at the fair.")
    tab.page.locator("main form .btn-primary").click()

    tab.page.wait_for_url("**/bulk/*")
    assert "1 move is not covered by evidence" in tab.page.inner_text("main")
    tab.page.locator("main form .btn-primary").click()
    said(tab, "1 person was changed.")
    assert moves(site) == [(Stage.AWARE, "They signed the list at the fair.")]

    tab.page.locator(".toast-note").get_by_role("button", name="Undo").click()
    said(tab, "1 person is as before.")
    assert [to for to, _reason in moves(site)] == [Stage.AWARE, Stage.UNAWARE]


def test_on_the_persons_page_what_is_missing_is_a_page(site, tab):
    tab.go(f"/influencers/{site.people[0].influencer_id}")
    tab.page.get_by_role("button", name="Move to…").click()
    tab.page.locator("#move label", has_text="Engaged").click()
    tab.page.locator("#move .btn-primary").click()
    tab.page.fill("#halt-reason", "She came to the workshop.")
    tab.page.keyboard.press("Enter")

    said(tab, "Anna Moreau moved to Engaged.")
    assert moves(site) == [(Stage.ENGAGED, "She came to the workshop.")]


def test_on_a_phone_a_card_is_moved_by_its_menu_and_the_dialog_fits(site, tab, axe):
    tab.page.set_viewport_size({"width": 390, "height": 800})
    tab.go("/funnel")
    card_of(tab, "Anna Moreau").locator(".move-button").click()
    tab.page.locator("#move label", has_text="Ambassador").click()
    tab.page.locator("#move .btn-primary").click()

    asked(tab)
    assert not tab.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not tab.barriers_in_both_themes(axe)
    because(tab, "We signed.")
    said(tab, "Anna Moreau moved to Ambassador.")
    card = site.session.get(Relationship, site.people[0].id, populate_existing=True)
    assert card.stage is Stage.AMBASSADOR


def test_on_a_phone_a_button_opens_the_ways_to_look_at_the_funnel(site, tab, axe):
    tab.page.set_viewport_size({"width": 390, "height": 800})
    tab.go("/funnel")
    review = tab.page.locator("#board-lines a[href='/funnel/review']")
    review.wait_for(state="attached")
    assert not review.is_visible()

    tab.page.locator(".board-look").click()

    for address in ("/funnel/review", "/funnel/moved", "/funnel/past"):
        box = tab.page.locator(f"#board-lines a[href='{address}']").bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert not tab.barriers_in_both_themes(axe)
