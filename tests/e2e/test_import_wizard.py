"""The wizard in a browser: a messy file put right, tried, imported, its refused rows, undone."""

import csv

import pytest
from sqlalchemy import func, select

from irm.models import Account, BatchState, ImportBatch, Influencer

pytestmark = pytest.mark.xdist_group("browser")

#: A cp1252 file as agencies send them: a title line, semicolons, a heading nobody guesses, one
#: column for followers twice, blank lines, a row without an account, one with too many cells.
MESSY = (
    "Liste influenceurs été 2026;;;;\r\n"
    ";;;;\r\n"
    "Qui;Compte Instagram;Abonnés;Pays;Remarque\r\n"
    "Zoé Léger;zoe.leger;12,5 k;France;déjà rencontrée\r\n"
    "Marc Été;@marc.ete;1\u00a0234;Belgique;\r\n"
    ";;;;\r\n"
    "Sans Compte;;900;France;\r\n"
    "Ana Sol;ana.sol;N/A;Espagne;;trop\r\n"
    "Zoé Léger;zoe.leger;12,5 k;France;déjà rencontrée\r\n"
).encode("cp1252")


def people_of(site):
    site.session.expire_all()
    return site.session.scalar(select(func.count()).select_from(Influencer))


def test_a_messy_list_is_put_right_tried_imported_and_undone(site, tab, axe, tmp_path):
    before = people_of(site)
    page = tab.page
    tab.go("/imports")
    page.set_input_files("#file", {"name": "été.csv", "mimeType": "text/csv", "buffer": MESSY})
    page.click("button:has-text('Go on to the columns')")
    page.wait_for_url("**/imports/*")

    # It is readable although it is cp1252, and the heading row was found below the title.
    assert page.locator("tbody tr").count() == 5
    assert "Zoé Léger" in page.locator("tbody").inner_text()
    names = page.locator("tr:has(th:text-is('Qui')) select")
    names.select_option("name")
    assert not tab.barriers_in_both_themes(axe)

    page.click("button:has-text('Try it, write nothing')")
    page.wait_for_selector("progress")
    site.work()
    page.wait_for_selector("text=This is what the import would do")
    assert people_of(site) == before
    page.click("text=See each row")
    page.wait_for_selector("text=No account is named in this row")
    assert not tab.barriers_in_both_themes(axe)

    page.click("main button:text-is('Import')")
    page.wait_for_selector("progress")
    site.work()
    page.wait_for_selector("text=Done.")
    assert people_of(site) == before + 2
    found = site.session.scalars(select(Account.handle).order_by(Account.id.desc()).limit(2))
    assert sorted(found) == ["marc.ete", "zoe.leger"]
    named = select(Influencer.name).order_by(Influencer.id.desc()).limit(2)
    assert sorted(site.session.scalars(named)) == ["Marc Été", "Zoé Léger"]

    with page.expect_download() as download:
        page.click("text=Rows not taken (CSV)")
    file = tmp_path / "refused.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0][:5] == ["Qui", "Compte Instagram", "Abonnés", "Pays", "Remarque"]
    assert {row[0] for row in rows[1:]} == {"Sans Compte", "Ana Sol"}

    page.click("summary:has-text('Undo this import')")
    page.click("button:text-is('Undo this import')")
    page.wait_for_selector("progress")
    site.work()
    page.wait_for_selector("text=This import was undone.")
    assert not tab.barriers_in_both_themes(axe)
    assert people_of(site) == before
    batch = site.session.scalars(select(ImportBatch)).one()
    assert batch.state is BatchState.UNDONE


def test_the_same_headings_are_recognised_the_next_time(site, tab):
    page = tab.page
    for turn in range(2):
        tab.go("/imports")
        page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": MESSY})
        page.click("button:has-text('Go on to the columns')")
        page.wait_for_url("**/imports/*")
        chosen = page.locator("tr:has(th:text-is('Remarque')) select")
        if turn:
            assert chosen.input_value() == "city"
            return
        chosen.select_option("city")
        page.click("button:has-text('Import without trying')")
        page.wait_for_selector("progress")
        site.work()
        page.wait_for_selector("text=Done.")
