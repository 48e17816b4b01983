"""Importing by upload: refused at once with a sentence, or put right, tried, imported, undone."""

import io
import re

import make
import pytest
from sqlalchemy import select

from irm.jobs import tasks
from irm.models import (
    Account,
    ImportBatch,
    Influencer,
    Post,
    Prospect,
    Relationship,
    Role,
    Snapshot,
    Task,
    TaskState,
)
from tests.imports.reading.workbooks import workbook

LIST = "Instagram name,Name,Followers\nwild.kitchen,Zoé,12.5K\nmarc_runs,Marc,N/A\n"


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def client(client_of, lead):
    return client_of(lead.user)


def send(client, content, name="list.csv", **fields):
    if isinstance(content, str):
        content = content.encode()
    data = {"file": (io.BytesIO(content), name), **fields}
    return client.post("/imports", data=data, content_type="multipart/form-data")


def work(app):
    while tasks.run_next(app) is not None:
        pass


def drafted(client, content=LIST, **fields):
    """Send a file and return the address of its import."""
    response = send(client, content, **fields)
    assert response.status_code == 303, response.text
    return response.location


def press(client, address, do, **fields):
    """Post the form of the columns as the page shows it, but for what is given."""
    form = {"columns": "1", "kind": "influencers", "do": do}
    for number, field in enumerate(("handle", "name", "followers")):
        form[f"column-{number}"] = field
    return client.post(f"{address}/columns", data={**form, "platform": "instagram", **fields})


def test_a_list_is_looked_into_tried_and_imported(app, session, client, lead):
    address = drafted(client)
    page = client.get(address).text
    assert "wild.kitchen" in page
    assert "12.5K" in page
    assert session.scalars(select(Task)).all() == []

    assert press(client, address, "try").location == address
    assert "Waiting for the worker" in client.get(address).text
    work(app)
    tried = client.get(f"{address}?verdict=created").text
    assert "Nothing is written yet." in tried
    assert "wild.kitchen" in tried
    assert session.scalars(select(Influencer)).all() == []

    client.post(f"{address}/run")
    work(app)
    session.expire_all()
    assert sorted(session.scalars(select(Influencer.name))) == ["Marc", "Zoé"]
    assert session.scalars(select(Account.followers).order_by(Account.id)).all() == [12_500, None]
    assert set(session.scalars(select(Relationship.brand_id))) == {lead.brand_id}
    assert "Everybody is scored." in client.get(address).text
    assert "list.csv" in client.get("/imports").text


def test_a_new_row_that_was_but_tried_bears_its_name_or_its_handle(app, client):
    address = drafted(client, "Instagram name,Name,Followers\nwild.kitchen,Zoé,1\nmarc_runs,,2\n")
    press(client, address, "try")
    work(app)

    rows = client.get(f"{address}?verdict=created").text

    assert '<td class="wrap">Zoé</td>' in rows
    assert '<td class="wrap">marc_runs</td>' in rows
    assert '<td class="wrap">–</td>' not in rows


def test_our_copy_of_the_upload_is_gone_when_it_is_read(app, client):
    address = drafted(client)
    folder = app.config["IRM"].data_dir / "imports"
    assert len(list(folder.iterdir())) == 1

    press(client, address, "import")
    work(app)

    assert list(folder.iterdir()) == []


def test_a_draft_that_is_thrown_away_leaves_nothing(app, session, client):
    address = drafted(client)

    assert client.post(f"{address}/discard").location == "/imports"

    assert session.scalars(select(ImportBatch)).all() == []
    assert list((app.config["IRM"].data_dir / "imports").iterdir()) == []


def test_a_column_put_right_is_taken_so_and_remembered(app, session, client):
    content = "Instagram name,Who,Town\nwild.kitchen,Zoé,Lyon\n"
    address = drafted(client, content)
    right = {"column-1": "name", "column-2": "city"}
    press(client, address, "import", **right)
    work(app)

    person = session.scalars(select(Influencer)).one()
    assert (person.name, person.city) == ("Zoé", "Lyon")
    again = client.get(drafted(client, content.replace("Lyon", "Nantes"))).text
    assert '<option value="city" selected>' in again
    assert "irm knows these headings" in again


def test_what_the_form_means_nothing_by_comes_back_with_a_sentence_and_its_columns(client):
    address = drafted(client)

    response = press(client, address, "try", as_of="yesterday-ish", **{"column-1": "city"})

    assert response.status_code == 422
    assert "is not a day these figures can be from" in response.text
    assert '<option value="city" selected>' in response.text


def test_the_file_is_read_anew_with_another_separator(client):
    address = drafted(client, "Instagram name;Name\nwild.kitchen;Zoé, the cook\n")
    assert "Zoé, the cook" in client.get(address).text

    press(client, address, "again", encoding="utf-8", separator=",", heading_row="1", table="0")

    assert "Instagram name;Name" in client.get(address).text


def test_columns_can_be_changed_after_a_trial(app, client):
    address = drafted(client)
    press(client, address, "try")
    work(app)
    assert "wild.kitchen" in client.get(f"{address}?step=columns").text

    answer = press(client, address, "again", **{"column-1": "city"})

    assert answer.location == f"{address}?step=columns"
    assert '<option value="city" selected>' in client.get(answer.location).text


def test_of_several_sheets_one_is_chosen_openly_and_its_columns_seen_first(app, session, client):
    heads = ["Instagram name", "Name", "Followers"]
    march = [heads, ["wild.kitchen", "Zoé", 12], ["marc_runs", "Marc", 9]]
    book = workbook({"March": march, "April": [heads, ["ana", "Ana", 3]], "Empty": []})
    response = send(client, book, name="list.xlsx")
    page = client.get(response.location).text

    assert "the others are not: for those, send the file again." in page
    assert page.count('type="radio" name="table"') == 2
    assert "2 rows" in page
    assert "1 row<" in page
    assert '<select class="form-select" id="table"' not in page

    answer = press(client, response.location, "import", table="1", heading_row="1")
    assert answer.location == f"{response.location}?step=columns"
    assert session.scalars(select(Task)).all() == []
    page = client.get(answer.location).text
    assert 'name="table" value="1" checked' in page
    assert "<span>ana</span>" in page

    press(client, response.location, "import", table="1", heading_row="1")
    work(app)
    assert session.scalars(select(Account.handle)).all() == ["ana"]


def test_a_file_with_one_table_asks_for_none(client):
    assert 'name="table"' not in client.get(drafted(client)).text


def test_days_that_read_both_ways_are_asked_about(app, session, client):
    content = "Instagram name,Followers,Date\na.b,10,03/04/2026\na.b,12,05/04/2026\n"
    address = drafted(client, content)
    assert "Day first" in client.get(address).text

    press(
        client, address, "import", kind="snapshots", day_order="dmy",
        **{"column-1": "followers", "column-2": "day"},
    )  # fmt: skip
    work(app)

    days = session.scalars(select(Snapshot.day).order_by(Snapshot.day)).all()
    assert [day.isoformat() for day in days] == ["2026-04-03", "2026-04-05"]


def test_a_kind_chosen_by_hand_still_gets_its_question(client):
    address = drafted(client, "Contact,Date,Note,Followers\na@b.example,03/04/2026,called,12\n")
    assert '<option value="interactions" selected>' not in client.get(address).text

    answer = press(client, address, "try", kind="interactions")

    assert answer.status_code == 422
    assert "Day first" in answer.text
    assert "Day first" in client.get(address).text
    assert '<option value="interactions" selected>' in answer.text


def test_an_import_is_undone_and_says_what_it_did(app, session, client):
    address = drafted(client)
    press(client, address, "import")
    work(app)

    client.post(f"{address}/undo")
    work(app)

    session.expire_all()
    assert session.scalars(select(Influencer)).all() == []
    assert "This import was undone." in client.get(address).text
    assert client.post(f"{address}/undo").status_code in (409, 422)


def test_the_rows_that_were_not_taken_come_as_a_file(app, client):
    address = drafted(client, LIST + ",Nobody,12\n")
    press(client, address, "import")
    work(app)

    response = client.post(f"{address}/refused.csv")

    assert response.headers["Content-Disposition"].startswith("attachment")
    text = response.text
    response.close()
    assert ",Nobody,12,4,No account is named in this row." in text


def test_refused_rows_that_come_back_are_recognised_and_our_columns_passed_over(
    app, session, client
):
    address = drafted(client, "Who,Town,Instagram\n" + "Z" * 201 + ",Lyon,@zoe\nMarc,Nice,@marc\n")
    chosen = {"column-0": "name", "column-1": "city", "column-2": "handle"}
    press(client, address, "import", **chosen, **{"rule-city": "never"})
    work(app)
    with client.post(f"{address}/refused.csv") as response:
        refused = response.text

    again = drafted(client, refused.replace("Z" * 201, "Zoé"), name="list-refused.csv")

    page = client.get(again).text
    assert "These rows were not taken by an earlier import" in page
    assert '<option value="city" selected>' in page
    assert '<option value="instagram" selected>' in page
    assert 'value="list.csv"' in page
    assert "Reason" not in page
    assert "left out" not in page
    press(client, again, "import", **chosen)
    work(app)
    session.expire_all()
    assert sorted(session.scalars(select(Influencer.name))) == ["Marc", "Zoé"]
    assert "Reason" not in client.get(again).text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\n\n   \n", "only blank lines"),
        (b"PK\x03\x04" + b"\x00" * 500, "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "protected by a password"),
        (b"%PDF-1.7\n1 0 obj", "PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "not a text file"),
    ],
)
def test_a_file_that_is_no_list_is_refused_at_once_with_a_sentence(
    session, client, app, content, sentence
):
    response = send(client, content)

    assert response.status_code == 422
    assert sentence in response.text
    assert session.scalars(select(Task)).all() == []
    folder = app.config["IRM"].data_dir / "imports"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_no_file_is_answered_with_a_sentence(client):
    response = client.post("/imports", data={}, content_type="multipart/form-data")

    assert response.status_code == 422
    assert "Choose a file." in response.text


def test_a_file_of_200_mb_is_refused_with_a_sentence(client, session):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
    body = head + b"x" * (200 * 1024 * 1024) + b"\r\n--x--\r\n"

    response = client.post("/imports", data=body, content_type="multipart/form-data; boundary=x")

    assert response.status_code == 413
    assert "too large" in response.text
    assert session.scalars(select(Task)).all() == []


@pytest.mark.parametrize("day", ["9999-12-31", "yesterday-ish", "0001-01-01"])
def test_a_day_that_cannot_be_is_refused_with_a_sentence(client, session, day):
    response = send(client, LIST, as_of=day)

    assert response.status_code == 422
    assert "is not a day these figures can be from" in response.text
    assert session.scalars(select(ImportBatch)).all() == []


def test_a_list_that_is_none_of_ours_says_so_on_its_columns(client, session):
    address = drafted(client, "opportunity_id,deal_stage,close_value\n1,Won,3\n")

    assert "looks like" in client.get(address).text
    assert press(client, address, "import", kind="auto", **{"column-0": ""}).status_code == 422
    assert session.scalars(select(Task)).all() == []


def test_a_file_that_turns_out_broken_fails_with_its_reason_on_the_page(app, session, client):
    address = drafted(client)
    press(client, address, "import")
    path = next((app.config["IRM"].data_dir / "imports").iterdir())
    path.write_text("something else")

    work(app)

    assert session.scalars(select(Task)).one().state is TaskState.FAILED
    assert "changed while it was being imported" in client.get(address).text
    assert session.scalars(select(Influencer)).all() == []


def test_a_viewer_may_not_import(saved, client_of, lead):
    viewer = saved(make.member(Role.VIEWER, brand=lead.brand)).user

    assert send(client_of(viewer), LIST).status_code == 403
    assert client_of(viewer).get("/imports").status_code == 403


def test_an_import_of_another_brand_is_not_found(client, saved, client_of):
    address = drafted(client)
    stranger = client_of(saved(make.member(Role.LEAD)).user)

    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/run").status_code == 404
    assert stranger.post(f"{address}/refused.csv").status_code == 404


def test_people_who_are_only_looked_through_stay_out_of_the_funnel(app, session, client, lead):
    box = re.compile(r"<input[^>]*name=.keeps_out.[^>]*>")
    assert " checked" not in box.search(client.get("/imports").text)[0]
    assert " checked" in box.search(client.get("/imports?look=1").text)[0]
    address = drafted(client, keeps_out="y")
    assert 'name="keeps_out" value="1" checked' in client.get(address).text

    press(client, address, "import", keeps_out="1")
    work(app)

    assert session.scalars(select(Relationship)).all() == []
    assert sorted(session.scalars(select(Prospect.brand_id))) == [lead.brand_id] * 2
    page = client.get(address).text
    assert "only looked through" in page
    assert "Zoé" in client.get("/discovery").text

    again = drafted(client)
    press(client, again, "import")
    work(app)

    assert len(session.scalars(select(Relationship)).all()) == 2


def test_a_list_of_posts_keeps_the_columns_that_the_page_shows(app, session, client):
    address = drafted(client, "handle,text,date,likes\nmira,How I mend,2026-01-05,7\n")
    page = client.get(address).text
    shown = re.findall(r'name="(column-\d+)".*?value="([^"]+)" selected', page, re.DOTALL)
    assert dict(shown)["column-1"] == "text"

    form = {"columns": "1", "kind": "posts", "platform": "instagram", "do": "import"}
    client.post(f"{address}/columns", data={**form, **dict(shown)})
    work(app)

    assert session.scalars(select(Post.text)).all() == ["How I mend"]
