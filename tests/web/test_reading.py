"""Reading the funnel: pages, files and the people behind a number."""

import csv
import datetime as dt
import io
import json
import re
from html import unescape

import make
import pytest
from python_calamine import CalamineWorkbook

from irm.funnel import stages
from irm.funnel.reading import kept
from irm.models import Role, Stage
from irm.web import reading

NOW = dt.datetime.now(dt.UTC)
READINGS = ("flow", "people", "cohorts", "stays", "tiers", "owners")


def days_ago(days):
    return NOW - dt.timedelta(days=days)


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def moved(session, lead):
    """Three who began: one came to aware, one went back by undo, one is where they were."""
    made = []
    for name in ("Ada", "Bob", "Cléo"):
        person = make.influencer(name=name)
        session.add(person)
        made.append(stages.begin(session, person, lead.brand_id, user=lead.user, at=days_ago(200)))
    ada, bob, _cleo = made
    reason = {"user": lead.user, "reason": "They answered."}
    stages.move(session, ada, Stage.AWARE, at=days_ago(20), **reason)
    wrong = stages.move(session, bob, Stage.ENGAGED, at=days_ago(10), **reason)
    stages.undo(session, wrong, bob, user=lead.user, at=days_ago(9))
    session.commit()
    return made


def table_of(page, name):
    """The rows of one reading as they stand in the page, as plain text."""
    part = page.split(f'id="reading-{name}"')[1].split("</section>")[0]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", part, re.DOTALL)
    return [
        [unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


def test_the_page_holds_a_table_below_each_drawing(client_of, lead, moved):
    page = client_of(lead.user).get("/funnel/reading").text

    for name in READINGS:
        part = page.split(f'id="reading-{name}"')[1].split("</section>")[0]
        assert part.index("data-drawing") < part.index("<table")
        drawing = json.loads(unescape(re.search(r'data-drawing="(.*?)"', part)[1]))
        assert drawing["kind"]


def test_the_flow_says_who_went_where_and_the_sums_are_the_board_s(client_of, lead, moved):
    client = client_of(lead.user)

    rows = table_of(client.get("/funnel/reading?days=90").text, "flow")

    assert rows[0] == [
        "From",
        "Unaware",
        "Aware",
        "Interested",
        "Engaged",
        "Ambassador",
        "Together",
    ]
    assert rows[1:] == [["Unaware", "2", "1", "–", "–", "–", "3"]]


def test_a_number_leads_to_the_people(client_of, lead, moved):
    client = client_of(lead.user)

    went = client.get("/funnel/flow?days=90&before=unaware&after=aware").text
    stayed = client.get("/funnel/flow?days=90&before=unaware&after=unaware").text
    came = client.get("/funnel/flow?days=0&before=none&after=aware").text

    assert [name in went for name in ("Ada", "Bob", "Cléo")] == [True, False, False]
    assert [name in stayed for name in ("Ada", "Bob", "Cléo")] == [False, True, True]
    assert "Ada" in came


def test_people_behind_a_number_come_page_by_page(client_of, lead, moved, monkeypatch):
    monkeypatch.setattr(reading, "PAGE", 1)
    client = client_of(lead.user)

    first = client.get("/funnel/flow?days=90&before=unaware&after=unaware").text
    [more] = re.findall(r'href="(/funnel/flow[^"]*above=[^"]*)"', first)
    second = client.get(unescape(more)).text

    assert "Bob" in first
    assert "Cléo" not in first
    assert "Cléo" in second
    assert "Bob" not in second
    assert "above=" not in second


def test_a_move_that_was_taken_back_is_not_in_a_cohort(client_of, lead, moved):
    rows = table_of(client_of(lead.user).get("/funnel/reading?days=365").text, "cohorts")

    [cohort] = [row for row in rows[1:] if row[1] == "3"]
    assert cohort[2:] == ["1", "33 %", "0", "0 %", "0", "–", "0", "–", "over"]


def test_young_cohorts_are_marked_as_unfinished(client_of, lead, moved):
    rows = table_of(client_of(lead.user).get("/funnel/reading?days=365").text, "cohorts")

    assert rows[-1][-1] == "unfinished"
    assert rows[1][-1] == "over"


def test_however_short_the_period_finished_cohorts_are_shown_and_they_alone_are_drawn(
    client_of, lead, moved
):
    page = client_of(lead.user).get("/funnel/reading?days=30").text

    rows = table_of(page, "cohorts")[1:]
    section = page.partition('id="reading-cohorts"')[2].partition("</section>")[0]
    drawing = json.loads(unescape(re.search('data-drawing="([^"]+)"', section)[1]))
    assert {row[-1] for row in rows} == {"over", "unfinished"}
    assert drawing["names"] == [row[0] for row in rows if row[-1] == "over"]
    assert section.count('class="unfinished"') == sum(row[-1] == "unfinished" for row in rows)


@pytest.mark.parametrize("name", READINGS)
def test_each_table_comes_as_a_file(client_of, lead, moved, name):
    client = client_of(lead.user)
    shown = table_of(client.get("/funnel/reading?days=90").text, name)

    plain = client.get(f"/funnel/reading/file?days=90&of={name}&form=csv")
    book = client.get(f"/funnel/reading/file?days=90&of={name}&form=xlsx")

    rows = list(csv.reader(io.StringIO(plain.data.decode("utf-8-sig"))))
    assert rows[0] == shown[0]
    assert len(rows) == len(shown)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0)
    cells = sheet.to_python()
    assert (cells[0], len(cells)) == (rows[0], len(shown))


def test_many_moves_are_read_after_the_page(client_of, lead, moved, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    client = client_of(lead.user)

    page = client.get("/funnel/reading?days=90").text
    fragment = client.get("/funnel/reading/one?days=90&of=flow", headers={"HX-Request": "true"})

    assert 'id="reading-flow"' not in page
    assert 'id="reading-tiers"' in page
    assert "/funnel/reading/one?days=90&amp;of=flow" in page
    assert table_of(fragment.text, "flow")[1][0] == "Unaware"
    assert "<html" not in fragment.text


def test_what_took_long_is_kept_for_the_day_until_it_is_read_anew(
    client_of, session, lead, moved, monkeypatch
):
    monkeypatch.setattr(kept, "MOST", 2)
    client, fragment = client_of(lead.user), {"HX-Request": "true"}
    before = {
        name: table_of(client.get(f"/funnel/reading/one?of={name}", headers=fragment).text, name)
        for name in kept.KINDS
    }
    stages.move(
        session, moved[2], Stage.AWARE, user=lead.user, at=days_ago(1), reason="They wrote."
    )
    session.commit()

    page = client.get("/funnel/reading").text
    assert {name: table_of(page, name) for name in kept.KINDS} == before
    assert "As of" in page

    client.post("/funnel/reading?days=90")
    anew = client.get("/funnel/reading/one?of=flow", headers=fragment).text
    assert table_of(anew, "flow")[1] == ["Unaware", "1", "2", "–", "–", "–", "3"]


def test_one_owner_s_people_are_read_alone(client_of, session, lead, moved):
    moved[0].owner_id = lead.user_id
    session.commit()

    page = client_of(lead.user).get(
        f"/funnel/flow?days=90&before=unaware&after=aware&owner={lead.user_id}"
    )
    nobody = client_of(lead.user).get("/funnel/flow?days=90&before=unaware&after=aware&owner=0")

    assert "Ada" in page.text
    assert "Ada" not in nobody.text


@pytest.mark.parametrize(
    "address",
    [
        "/funnel/reading?from=2026-03-05&to=2026-03-05",
        "/funnel/reading?from=2026-03-06&to=2026-03-05",
        "/funnel/reading?from=yesterday",
        "/funnel/reading?days=12",
        "/funnel/reading?owner=me",
        "/funnel/reading/file?of=flow&form=pdf",
        "/funnel/flow?before=none&after=aware&above=x",
    ],
)
def test_what_nobody_can_mean_is_refused_in_a_sentence(client_of, lead, address):
    answer = client_of(lead.user).get(address)

    assert answer.status_code in (400, 409, 422)


def test_a_brand_without_people_has_a_page_that_says_so(client_of, lead):
    page = client_of(lead.user).get("/funnel/reading?days=0").text

    assert "Nobody yet." in page
