"""Importing by upload: refused at once with a sentence, or queued and shown until it is done."""

import io

import make
import pytest
from sqlalchemy import select

from irm.jobs import tasks
from irm.models import Account, ImportBatch, Influencer, Relationship, Role, Task, TaskState

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


def test_a_list_is_queued_read_by_the_worker_and_shown(app, session, client, lead):
    response = send(client, LIST)
    task = session.scalars(select(Task)).one()
    assert (response.status_code, response.location) == (303, f"/imports/{task.id}")
    assert "Waiting for the worker" in client.get(f"/imports/{task.id}").text

    while tasks.run_next(app) is not None:
        pass

    session.expire_all()
    assert sorted(session.scalars(select(Influencer.name))) == ["Marc", "Zoé"]
    assert session.scalars(select(Account.followers).order_by(Account.id)).all() == [12_500, None]
    assert set(session.scalars(select(Relationship.brand_id))) == {lead.brand_id}
    page = client.get(f"/imports/{task.id}").text
    assert "Everybody is scored." in page
    assert "list.csv" in client.get("/imports").text


def test_our_copy_of_the_upload_is_gone_when_it_is_read(app, client):
    send(client, LIST)
    folder = app.config["IRM"].data_dir / "imports"
    assert len(list(folder.iterdir())) == 1

    while tasks.run_next(app) is not None:
        pass

    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\n\n   \n", "only blank lines"),
        (b"PK\x03\x04" + b"\x00" * 500, "Excel workbook or a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "protected by a password"),
        (b"%PDF-1.7\n1 0 obj", "PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "not a text file"),
        (b"a,b,c\n1,2,3\n", "does not look like a list of influencers"),
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
    assert session.scalars(select(Task)).all() == []


def test_a_file_that_turns_out_broken_fails_with_its_reason_on_the_page(app, session, client):
    send(client, LIST)
    task = session.scalars(select(Task)).one()
    path = next((app.config["IRM"].data_dir / "imports").iterdir())
    path.write_text("something else")

    while tasks.run_next(app) is not None:
        pass

    session.expire_all()
    assert task.state is TaskState.FAILED
    assert "changed while it was being imported" in client.get(f"/imports/{task.id}").text
    assert session.scalars(select(ImportBatch)).all() == []


def test_a_viewer_may_not_import(saved, client_of, lead):
    viewer = saved(make.member(Role.VIEWER, brand=lead.brand)).user

    assert send(client_of(viewer), LIST).status_code == 403
    assert client_of(viewer).get("/imports").status_code == 403


def test_an_import_of_another_brand_is_not_found(session, client, saved, client_of):
    send(client, LIST)
    task = session.scalars(select(Task)).one()
    stranger = saved(make.member(Role.LEAD)).user

    assert client_of(stranger).get(f"/imports/{task.id}").status_code == 404
