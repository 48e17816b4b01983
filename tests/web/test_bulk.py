"""Changing many people from the list, and the list as a file."""

import csv
import datetime as dt
import io
import re
import zipfile

import make
import pytest
from sqlalchemy import select

from irm.directory import downloads, tags
from irm.funnel import bulk_edit, bulk_undo
from irm.jobs import bulk_editing, tasks
from irm.ledger import relationships as ledger
from irm.models import AuditEntry, BulkEdit, Relationship, Role, Stage
from irm.web import exports


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def cards(saved, session, lead):
    made = [saved(make.relationship(brand=lead.brand, name=f"Person {n}")) for n in range(5)]
    saved(make.account(influencer=made[0].influencer, handle="=cmd"))
    ledger.rebuild(session)
    session.commit()
    return made


def stages(session):
    session.expire_all()
    return [one.stage for one in session.scalars(select(Relationship).order_by(Relationship.id))]


CHANGE = {"stage": "aware", "reason": "They answered."}


def test_the_selected_are_changed_after_a_look_and_taken_back(session, client_of, lead, cards):
    client, who = client_of(lead.user), [card.id for card in cards[:2]]

    form = client.post("/bulk/choose", data={"whom": "some", "who": who, "list": ""}).text
    address = client.post("/bulk", data={"whom": "some", "who": who, **CHANGE}).location
    preview = client.get(address).text
    assert "2 people selected" in form
    assert "Change 2 people" in preview
    assert "Stage: Unaware → Aware" in preview
    assert stages(session) == [Stage.UNAWARE] * 5

    client.post(f"{address}/run")
    assert stages(session) == [Stage.AWARE] * 2 + [Stage.UNAWARE] * 3
    assert "Take it back" in client.get(address).text

    client.post(f"{address}/undo")
    assert stages(session) == [Stage.UNAWARE] * 5
    page = client.get(address).text
    assert "2 people are as before" in page
    assert "<dt>As before</dt><dd>2</dd>" in page
    assert "<dt>Still changed</dt><dd>0</dd>" in page
    assert "<dt>Changed</dt>" not in page
    assert "Taken back" in client.get("/bulk").text


def test_a_preview_says_from_what_to_what_each_is_changed(session, client_of, saved, lead, cards):
    client, tag = client_of(lead.user), tags.named(session, lead.brand_id, "Food")
    tags.put(session, cards[1].id, tag.id)
    cards[2].owner = saved(make.member(Role.MANAGER, brand=lead.brand)).user
    cards[2].owner.name = "Bea"
    session.commit()
    change = {
        "owner": lead.user_id,
        "tier": "macro",
        "add_tags": "Travel",
        "remove_tags": tag.id,
        "archive": "yes",
    }

    drafted = client.post("/bulk", data={"whom": "all", "list": "", **CHANGE, **change})
    page = client.get(drafted.location).text

    of = {part.split("</a>")[0][-8:]: part.split("</ul>")[0] for part in page.split("<li><a")}
    assert f"Owner: – → {lead.user.name}" in of["Person 0"]
    assert "Stage: Unaware → Aware" in of["Person 0"]
    assert "Tier: Micro → Macro" in of["Person 0"]
    assert "Tags put on: Travel" in of["Person 0"]
    assert "Archive: not in it → in it" in of["Person 0"]
    assert "Tags taken off" not in of["Person 0"]
    assert "Tags taken off: Food" in of["Person 1"]
    assert f"Owner: Bea → {lead.user.name}" in of["Person 2"]


def test_a_tier_that_is_only_taken_over_says_so(client_of, lead, cards):
    client = client_of(lead.user)

    sent = {"whom": "some", "who": cards[0].id, "tier": "micro", "reason": "I know them."}
    page = client.get(client.post("/bulk", data=sent).location).text

    assert "Tier: Micro → set by hand" in page


def test_who_was_left_out_is_named_with_the_reason(session, client_of, saved, lead, cards):
    client, other = client_of(lead.user), saved(make.brand())
    for card in cards[:2]:
        saved(make.relationship(brand=other, influencer=card.influencer))
    drafted = client.post("/bulk", data={"whom": "all", "list": "", "archive": "yes"}).location
    session.delete(session.get(Relationship, cards[4].id))
    session.commit()

    client.post(f"{drafted}/run")
    page = client.get(drafted).text

    assert "2: another brand works with them too" in page
    assert "1: no longer in this brand" in page
    for card in cards[:2]:
        assert f'<a href="/influencers/{card.influencer_id}">{card.influencer.name}</a>' in page
    assert f'"/influencers/{cards[2].influencer_id}"' not in page


def test_all_that_match_are_meant_whatever_page_is_shown(session, client_of, lead, cards):
    client = client_of(lead.user)

    nobody = client.post("/bulk", data={"whom": "all", "list": "tag=gone", **CHANGE})
    assert nobody.status_code == 422
    address = client.post("/bulk", data={"whom": "all", "list": "stage=unaware", **CHANGE}).location
    client.post(f"{address}/run")
    assert stages(session) == [Stage.AWARE] * 5


def test_many_are_left_to_the_worker(app, session, client_of, lead, cards, monkeypatch):
    monkeypatch.setattr(bulk_edit, "INLINE", 2)
    monkeypatch.setattr(bulk_edit, "CHUNK", 2)
    client = client_of(lead.user)

    address = client.post("/bulk", data={"whom": "all", "list": "", **CHANGE}).location
    client.post(f"{address}/run")
    assert "Waiting for the worker" in client.get(address).text
    assert client.post(f"{address}/run").status_code == 422
    tasks.run_next(app)
    assert stages(session) == [Stage.AWARE] * 5

    client.post(f"{address}/undo")
    tasks.run_next(app)
    assert stages(session) == [Stage.UNAWARE] * 5
    assert "5 people are as before" in client.get(address).text


class Broken(Exception):
    """What nobody foresaw."""


def breaking(module, monkeypatch):
    """Let a change stop for good after its first two people."""
    real, calls = module.go_on, []

    def go_on(*given, **named):
        calls.append(1)
        if len(calls) > 1:
            raise Broken
        return real(*given, **{**named, "limit": 2})

    monkeypatch.setattr(module, "go_on", go_on)
    return lambda: monkeypatch.setattr(module, "go_on", real)


@pytest.mark.parametrize("then", ["run", "undo"])
def test_what_stopped_half_way_goes_on_or_is_taken_back(
    app, session, client_of, lead, cards, monkeypatch, then
):
    client, who = client_of(lead.user), [card.id for card in cards]
    monkeypatch.setattr(bulk_edit, "INLINE", 1)
    address = client.post("/bulk", data={"whom": "some", "who": who, **CHANGE}).location
    mended = breaking(bulk_edit, monkeypatch)
    client.post(f"{address}/run")
    assert client.post(f"{address}/undo").status_code == 422
    tasks.run_next(app)
    mended()

    page = client.get(address).text
    assert "It stopped before its end" in page
    assert f'action="{address}/run"' in page
    assert f'action="{address}/undo"' in page
    assert address in client.get("/bulk").text
    client.post(f"{address}/{then}")
    assert client.post(f"{address}/{then}").status_code == 422
    tasks.run_next(app)

    assert stages(session) == [Stage.AWARE if then == "run" else Stage.UNAWARE] * 5
    assert "It stopped" not in client.get(address).text
    assert client.post(f"{address}/run").status_code == 422


def test_taking_back_goes_on_where_it_stopped(app, session, client_of, lead, cards, monkeypatch):
    client, who = client_of(lead.user), [card.id for card in cards]
    address = client.post("/bulk", data={"whom": "some", "who": who, **CHANGE}).location
    client.post(f"{address}/run")
    monkeypatch.setattr(bulk_edit, "INLINE", 1)
    mended = breaking(bulk_undo, monkeypatch)
    client.post(f"{address}/undo")
    tasks.run_next(app)
    mended()
    assert stages(session) == [Stage.UNAWARE] * 2 + [Stage.AWARE] * 3
    assert "before all were taken back" in client.get(address).text
    assert client.post(f"{address}/run").status_code == 422

    client.post(f"{address}/undo")
    tasks.run_next(app)

    assert stages(session) == [Stage.UNAWARE] * 5
    assert "5 people are as before" in client.get(address).text


def test_what_was_made_in_part_is_not_forgotten_with_the_drafts(session, lead, cards):
    at = make.MONDAY
    ids = [card.id for card in cards]
    edits = [
        bulk_edit.draft(session, lead.brand_id, ids, CHANGE, user=lead.user, at=at)
        for _ in range(2)
    ]
    bulk_edit.go_on(session, edits[0], user=lead.user, at=at, limit=2)
    bulk_editing.forget_drafts(session, at + dt.timedelta(days=3))

    assert session.scalars(select(BulkEdit.id)).all() == [edits[0].id]


def test_a_change_without_a_reason_comes_back_with_a_sentence(client_of, lead, cards):
    sent = {"whom": "some", "who": cards[0].id, "stage": "aware"}

    answer = client_of(lead.user).post("/bulk", data=sent)

    assert answer.status_code == 422
    assert "needs a reason" in answer.text


def test_the_selected_are_paused_after_a_look_and_gone_on_with(session, client_of, lead, cards):
    client, who = client_of(lead.user), [card.id for card in cards[:2]]
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=40)
    pause = {"pause_until": until.isoformat(), "pause_why": "On tour"}

    address = client.post("/bulk", data={"whom": "some", "who": who, **pause}).location
    preview = client.get(address).text
    assert "Pause: not paused → until" in preview
    assert "On tour" in preview
    client.post(f"{address}/run")
    session.expire_all()
    assert session.get(Relationship, who[0]).paused_until == until

    client.post(f"{address}/undo")
    session.expire_all()
    assert session.get(Relationship, who[0]).paused_until is None


@pytest.mark.parametrize(
    ("until", "why", "said"),
    [
        ("2001-01-01", "On tour", "Choose a day after today"),
        ("2999-01-01", "On tour", "Choose a day within the next three years"),
        ("2026-02-30", "On tour", "Write a day as 2026-03-31."),
        ("2999-01-01", "", "Say why"),
        ("", "On tour", "Choose the day as well"),
    ],
)
def test_a_pause_for_many_says_what_it_needs_in_its_own_fields(
    client_of, lead, cards, until, why, said
):
    data = {"whom": "some", "who": [cards[0].id], "pause_until": until, "pause_why": why}

    response = client_of(lead.user).post("/bulk", data=data)

    assert response.status_code == 422
    assert said in response.text
    assert len(re.findall(r'id="pause_(?:until|why)-fault"', response.text)) == 1


def test_a_viewer_sees_no_boxes(client_of, saved, lead, cards):
    viewer = saved(make.member(Role.VIEWER, brand=lead.brand))

    page = client_of(viewer.user).get("/influencers").text

    assert 'name="who"' not in page
    assert "/exports" not in page


def table(answer):
    text = answer.data.decode("utf-8-sig")
    answer.close()
    return list(csv.reader(io.StringIO(text)))


def test_what_is_shown_is_exported_with_its_columns_and_formulas_defused(
    session, client_of, lead, cards
):
    sent = {"form": "csv", "list": "sort=name", "columns": "stage,audience,tags"}

    answer = client_of(lead.user).post("/exports", data=sent)

    rows = table(answer)
    assert rows[0] == ["Name", "Platform", "Handle", "Stage", "Audience", "Tags"]
    assert rows[1] == ["Person 0", "Instagram", "'=cmd", "Unaware", "", ""]
    assert len(rows) == 6
    assert "attachment" in answer.headers["Content-Disposition"]
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "list.exported"))
    assert (entry.ids["rows"], entry.ids["form"]) == (5, "csv")


def test_a_sheet_can_be_had_too(client_of, lead, cards):
    answer = client_of(lead.user).post("/exports", data={"form": "xlsx", "columns": "fit"})

    assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()


def test_a_long_list_is_written_by_the_worker_for_whoever_asked(
    app, session, client_of, saved, lead, cards, monkeypatch
):
    monkeypatch.setattr(exports, "INLINE", 2)
    client = client_of(lead.user)
    address = client.post("/exports", data={"form": "csv", "list": "", "columns": "fit"}).location
    assert "Waiting for the worker" in client.get(address).text

    tasks.run_next(app)

    assert "Download" in client.get(address).text
    assert len(table(client.get(f"{address}/file"))) == 6
    colleague = saved(make.member(Role.LEAD, brand=lead.brand))
    assert client_of(colleague.user).get(f"{address}/file").status_code == 404
    folder = downloads.folder(app.config["IRM"].data_dir)
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    later = dt.datetime.now(dt.UTC) + downloads.KEPT
    assert downloads.sweep(app.config["IRM"].data_dir, later) == 1
    assert client.get(f"{address}/file").status_code == 422
