"""The main job in a browser: import, move by drag, by keyboard and by menu, log, find it again."""

import pytest
from sqlalchemy import select

from irm.models import Interaction, Stage, StageMove

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")

LIST = "name,instagram,followers\nMira Okafor,mira.mends,48200\nTomás Ito,tomas.ito,9100\n"


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


def because(tab, reason):
    """Nothing covers the move: say why it is made all the same."""
    tab.page.locator("#halt[open]").wait_for()
    tab.page.fill("#halt-reason", reason)
    tab.page.keyboard.press("Enter")


def moves(site):
    site.session.rollback()
    return [
        (move.to_stage, move.reason)
        for move in site.session.scalars(select(StageMove).order_by(StageMove.id))
    ]


def test_an_uploaded_list_stands_on_the_board(site, tab):
    tab.go("/imports")
    tab.page.set_input_files(
        "input[type=file]", {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    )
    tab.page.click("main form button")
    tab.page.wait_for_url("**/imports/*")
    tab.page.click("text=Import without trying")
    tab.page.wait_for_selector("progress")
    site.work()

    tab.go("/funnel?q=mira")

    assert stage_of(tab, "Mira Okafor") == "unaware"


def test_a_card_is_moved_by_drag_and_back_by_undo(site, tab):
    tab.go("/funnel")

    drag(tab, card_of(tab, "Anna Moreau"), "interested")
    because(tab, "We talked at the fair.")
    toast = tab.page.locator(".toast-note", has_text="Anna Moreau moved to Interested.")
    toast.wait_for()

    assert stage_of(tab, "Anna Moreau") == "interested"
    assert tab.page.inner_text("#head-interested .tally") == "3"
    assert moves(site) == [(Stage.INTERESTED, "We talked at the fair.")]

    toast.get_by_role("button", name="Undo").click()
    tab.page.locator(".toast-note", has_text="Anna Moreau moved to Unaware.").wait_for()

    assert stage_of(tab, "Anna Moreau") == "unaware"
    assert tab.page.inner_text("#head-interested .tally") == "2"


def test_a_card_is_moved_by_keyboard_and_said_aloud(site, tab):
    tab.go("/funnel")
    live = tab.page.locator("#live")
    card_of(tab, "Bruno Costa").locator(".card-link").focus()

    tab.page.keyboard.press("Space")
    live.get_by_text("Bruno Costa picked up, at Aware.").wait_for(state="attached")
    tab.page.keyboard.press("ArrowRight")
    live.get_by_text("Bruno Costa over Interested, column 3 of 5.").wait_for(state="attached")
    tab.page.keyboard.press("Space")
    because(tab, "He wrote to us.")
    tab.page.locator(".toast-note", has_text="Bruno Costa moved to Interested.").wait_for()

    assert stage_of(tab, "Bruno Costa") == "interested"
    assert tab.page.evaluate("document.activeElement.textContent") == "Bruno Costa"
    assert moves(site) == [(Stage.INTERESTED, "He wrote to us.")]


def test_escape_puts_a_card_back(site, tab):
    tab.go("/funnel")
    card_of(tab, "Bruno Costa").locator(".card-link").focus()

    for key in ("Space", "ArrowRight", "ArrowRight", "Escape"):
        tab.page.keyboard.press(key)

    assert stage_of(tab, "Bruno Costa") == "aware"
    assert moves(site) == []


def test_the_menu_moves_a_card_with_a_reason(site, tab):
    tab.go("/funnel")
    card_of(tab, "Anna Moreau").get_by_role("button").click()

    tab.page.locator("#move label", has_text="Engaged").click()
    tab.page.fill("#move-reason", "She came to the workshop.")
    tab.page.keyboard.press("Enter")
    tab.page.locator(".toast-note", has_text="Anna Moreau moved to Engaged.").wait_for()

    assert moves(site) == [(Stage.ENGAGED, "She came to the workshop.")]


def test_l_logs_in_a_few_keys_and_the_timeline_has_it(site, tab):
    tab.page.keyboard.press("l")
    tab.page.keyboard.type("chlo")
    tab.page.keyboard.press("Enter")
    tab.page.locator("#quick-log [data-picked]").wait_for()
    tab.page.keyboard.type("Sent her the winter seeds")
    tab.page.keyboard.press("Enter")
    tab.page.locator("#quick-log").get_by_role("button", name="3 days").click()
    tab.page.locator(".toast-note", has_text="Planned with Chloé Petit: in 3 days").wait_for()

    tab.go(f"/influencers/{site.people[2].influencer_id}")

    first = tab.page.locator(".timeline > li").first
    assert "Sent her the winter seeds" in first.inner_text()
    assert "in 3 days" in tab.page.locator(".facts").first.inner_text()
    site.session.rollback()
    assert site.session.scalars(
        select(Interaction.summary).where(Interaction.relationship_id == site.people[2].id)
    ).all() == ["Sent her the winter seeds"]


def test_a_half_written_log_survives_a_reload(site, tab):
    tab.go(f"/influencers/{site.people[2].influencer_id}")
    tab.page.keyboard.press("l")
    tab.page.keyboard.type("Half a sen")
    tab.page.reload()

    tab.page.keyboard.press("l")

    assert tab.page.input_value("#quick-log-summary") == "Half a sen"
    assert tab.page.input_value("#quick-log-who") == "Chloé Petit"


def test_a_key_in_the_moment_after_a_dialog_was_closed_is_heard(site, tab):
    tab.page.keyboard.press("l")
    tab.page.locator("#quick-log-who:focus").wait_for()

    # Until the next frame is drawn the field that was left has the focus.
    is_open = tab.page.evaluate(
        """() => {
            const dialog = document.querySelector("dialog[open]");
            const field = document.activeElement;
            dialog.close();
            field.dispatchEvent(new KeyboardEvent("keydown", { key: "l", bubbles: true }));
            return dialog.open;
        }"""
    )

    assert is_open


def test_a_log_keeps_its_key_until_its_text_changes(site, tab):
    def key():
        return tab.page.input_value("#quick-log [name=request_key]")

    tab.go(f"/influencers/{site.people[2].influencer_id}")
    tab.page.keyboard.press("l")
    tab.page.keyboard.type("Half a sen")
    first = key()
    tab.page.reload()
    tab.page.keyboard.press("l")
    after_reload = key()
    tab.page.keyboard.press("End")
    tab.page.keyboard.type("tence")
    changed = key()
    tab.page.keyboard.press("Enter")
    tab.page.locator("#quick-log").get_by_role("button", name="3 days").wait_for()

    assert len(first) == 32
    assert first == after_reload != changed
    site.session.rollback()
    kept = site.session.scalars(select(Interaction.request_key)).all()
    assert [one for one in kept if one] == [changed]


def test_a_key_without_a_row_chooses_the_first_one_and_says_so(site, tab):
    tab.go("/today")

    tab.page.keyboard.press("d")

    tab.page.locator("#live", has_text="is chosen. Press the key again").wait_for(state="attached")


def test_the_palette_finds_people_and_actions(site, tab):
    tab.page.keyboard.press("Control+k")
    tab.page.keyboard.type("hugo")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(f"**/influencers/{site.people[7].influencer_id}")

    tab.page.keyboard.press("Control+k")
    tab.page.keyboard.type("funn")
    tab.page.keyboard.press("Enter")

    tab.page.wait_for_url("**/funnel")


@pytest.mark.parametrize(("keys", "page"), [("gf", "/funnel"), ("gi", "/influencers")])
def test_two_letters_go_to_a_page(tab, keys, page):
    tab.page.keyboard.type(keys)

    tab.page.wait_for_url(f"**{page}")


def test_letters_are_only_letters_once_they_are_switched_off(site, tab):
    site.lead.user.letter_keys = False
    site.session.commit()
    tab.go("/today")

    tab.page.keyboard.press("l")

    assert tab.page.locator("#quick-log").is_hidden()


def test_a_key_and_enter_are_done_with_a_row_of_today(site, tab):
    tab.go("/today")
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("d")
    tab.page.locator(".day-panel [name=summary]:focus").wait_for()
    tab.page.keyboard.press("Enter")

    tab.page.get_by_text("When is the next touchpoint?").wait_for()

    site.session.rollback()
    assert [
        one.summary
        for one in site.session.scalars(
            select(Interaction).where(Interaction.touchpoint_id.is_not(None))
        )
    ] == ["Send the seed box"]


def test_a_session_that_ended_leads_to_the_sign_in_page(site, tab):
    tab.go("/funnel")
    # What the page loads after itself has come: it would lead to the sign-in page as well.
    tab.page.wait_for_selector("#honesty:not([hx-get])", state="attached")
    tab.page.context.clear_cookies()

    drag(tab, card_of(tab, "Anna Moreau"), "aware")

    tab.page.wait_for_url("**/login*")


def test_the_theme_survives_a_reload_without_a_flash(tab):
    tab.page.click(".rail-foot button")
    tab.page.click(".rail-foot [data-theme-toggle]")
    tab.page.reload(wait_until="commit")

    assert tab.page.get_attribute("html", "data-bs-theme") == "dark"
