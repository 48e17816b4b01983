"""A list of ties by upload, with its second file: tried, imported, undone; a bad one is no loss."""

import io

import make
import pytest
from sqlalchemy import func, select

from irm.jobs import tasks
from irm.models import Account, ImportBatch, Influencer, Role, Task, TaskState, Tie
from tests.imports.reading.workbooks import workbook

TIES = "from_id,to_id,weight\n1,2,3\n2,3,1\n3,1,2\n"
NODES = "number,handle\n1,wild_kitchen\n2,marc_runs\n3,li_bakes\n"


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def client(client_of, lead):
    return client_of(lead.user)


@pytest.fixture
def address(client):
    """The address of a list of ties between numbers that was just sent."""
    data = {"file": (io.BytesIO(TIES.encode()), "ties.csv")}
    answer = client.post("/imports", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


def say(client, address, do, nodes=None, name="nodes.csv", **fields):
    """Post the form of the columns as the page shows it, with a second file."""
    form = {"columns": "1", "kind": "ties", "platform": "x", "do": do, "tie": "follows"}
    for number, field in enumerate(("from_id", "to_id", "weight")):
        form[f"column-{number}"] = field
    if nodes is not None:
        content = nodes.encode() if isinstance(nodes, str) else nodes
        form["nodes"] = (io.BytesIO(content), name)
    return client.post(
        f"{address}/columns", data={**form, **fields}, content_type="multipart/form-data"
    )


def work(app):
    while tasks.run_next(app) is not None:
        pass


def kept(app):
    return sorted((app.config["IRM"].data_dir / "imports").iterdir())


def count(session, model):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model))


def test_ties_of_numbers_are_tried_imported_and_undone_with_their_second_file(
    app, session, client, address
):
    assert "Second file: whose the numbers are" in client.get(address).text

    assert say(client, address, "try", NODES).status_code == 303
    work(app)
    page = client.get(address).text
    assert "This is what the import would do." in page
    assert count(session, Tie) == count(session, Influencer) == 0

    client.post(f"{address}/run")
    work(app)
    assert "To the network" in client.get(address).text
    handles = dict(session.execute(select(Account.influencer_id, Account.handle)).all())
    tied = {(handles[one.from_id], handles[one.to_id]) for one in session.scalars(select(Tie))}
    assert tied == {
        ("wild_kitchen", "marc_runs"),
        ("marc_runs", "li_bakes"),
        ("li_bakes", "wild_kitchen"),
    }
    # Both of our copies are gone.
    assert kept(app) == []

    client.post(f"{address}/undo")
    work(app)
    assert "This import was undone." in client.get(address).text
    assert count(session, Tie) == count(session, Influencer) == count(session, Account) == 0


def test_the_page_names_the_second_file_that_another_replaces(app, session, client, address):
    say(client, address, "again", NODES, name="lists/first.csv")
    assert "There is one: first.csv." in client.get(address).text

    say(client, address, "again", NODES, name="second.csv")
    assert "There is one: second.csv." in client.get(address).text
    assert len(kept(app)) == 2  # The list, and the one that stands.


def test_a_second_file_can_be_done_without(app, client, address):
    say(client, address, "again", NODES)

    say(client, address, "again", no_nodes="1")

    assert "There is one" not in client.get(address).text
    assert len(kept(app)) == 1


def test_a_workbook_may_be_the_second_file(app, session, client, address):
    rows = [line.split(",") for line in NODES.splitlines()]
    say(client, address, "import", workbook({"Accounts": rows}), name="nodes.xlsx")
    work(app)

    assert count(session, Tie) == 3


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "nodes.csv", "This file is empty."),
        (b"%PDF-1.7 nothing", "nodes.csv", "PDF"),
        (b"PK\x03\x04broken", "nodes.xlsx", "."),
    ],
)
def test_a_second_file_that_is_none_is_refused_at_once_and_nothing_else_is_lost(
    app, session, client, address, content, name, said
):
    say(client, address, "again", NODES, name="good.csv")

    answer = say(client, address, "import", content, name=name, tie="mentions", is_mutual="1")

    assert answer.status_code == 422
    assert answer.text.count('role="alert"') == 1
    assert f"{name}: " in answer.text
    assert said in answer.text
    assert "There is one: good.csv." in answer.text
    # What was said in the same breath stands.
    assert '<option value="mentions" selected>' in answer.text
    assert 'name="is_mutual" value="1" checked' in answer.text
    assert len(kept(app)) == 2
    assert session.scalars(select(Task)).all() == []


@pytest.mark.parametrize("do", ["try", "import"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("number,handle\n71,wild_kitchen\n72,marc_runs\n", "The two files do not belong together"),
        ("number,age\n1,30\n2,31\n3,32\n", "The second file names no accounts"),
    ],
)
def test_a_second_file_that_does_not_fit_says_so_and_another_can_be_given(
    app, session, client, address, do, content, said
):
    say(client, address, do, content)
    work(app)

    assert session.scalars(select(Task)).one().state is TaskState.FAILED
    page = client.get(address).text
    assert said in page
    assert "Back to the columns" in page
    assert count(session, Tie) == count(session, Influencer) == 0

    assert say(client, address, "import", NODES).status_code == 303
    work(app)
    assert count(session, Tie) == 3
    assert session.scalars(select(ImportBatch)).one().rows == 3


def test_a_number_that_the_second_file_does_not_name_is_a_row_not_taken(
    app, session, client, address
):
    say(client, address, "import", "number,handle\n1,wild_kitchen\n2,marc_runs\n")
    work(app)

    assert count(session, Tie) == 1
    answer = client.post(f"{address}/refused.csv")
    assert answer.text.count("3 stands in no row of the list of accounts.") == 2
    answer.close()
