"""`irm import`: what it prints, what it refuses and how it ends."""

import json
import zipfile

import make
import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from irm.cli import main
from irm.directory import team
from irm.errors import Refused
from irm.models import Account, ImportBatch, Influencer, Prospect, Relationship, Task
from tests.imports.reading.workbooks import workbook

LIST = "Instagram name,Name,Followers\nana,Ana,1.2M\nravi,Ravi,12K\n"


@pytest.fixture
def brand(saved):
    return saved(make.brand(name="Acme"))


@pytest.fixture
def irm(app, monkeypatch, capsys):
    """Run a command as a shell does; returns its exit code, what it printed and complained."""
    monkeypatch.setattr(main.config, "told", lambda: app.config["IRM"])
    monkeypatch.setattr(main, "create_app", lambda _settings: app)

    def irm(*arguments):
        code = main.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return irm


@pytest.fixture
def written(tmp_path):
    def write(content, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_an_import_counts_its_rows_and_scores_whom_it_brought(irm, brand, written, session):
    path = written(LIST)

    code, out, _ = irm("import", path, "--json")

    assert code == 0
    assert json.loads(out) == {
        "batch": session.scalar(select(ImportBatch.id)),
        "rows": 2,
        "created": 2,
        "updated": 0,
        "same": 0,
        "conflicts": 0,
        "refused": 0,
    }
    assert session.scalar(select(func.count()).where(Influencer.reach.is_not(None))) == 2
    assert path.exists()
    assert irm("import", path)[1] == (
        "Acme, 2 rows: 0 created, 0 updated, 2 unchanged, 0 in conflict, 0 refused.\n"
    )


def test_a_dry_run_changes_nothing(irm, brand, written, session):
    code, out, _ = irm("import", written(LIST), "--dry-run", "--json")

    assert code == 0
    assert (json.loads(out)["batch"], json.loads(out)["created"]) == (None, 2)
    for model in (Influencer, ImportBatch, Task):
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_platform_day_and_brand_may_be_said(irm, brand, written, session, saved):
    saved(make.brand(name="Zeta"))
    path = written("Username,Followers\nana,12\n")

    code, _, _ = irm(
        "import", path, "--brand", "zeta", "--platform", "TikTok", "--as-of", "2025-12-31"
    )

    assert code == 0
    account = session.scalars(select(Account)).one()
    assert (account.platform, account.figures_on.isoformat()) == ("tiktok", "2025-12-31")


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        ("", [], "This file is empty."),
        (" \n\n", [], "This file holds only blank lines."),
        (bytes(range(256)) * 9, [], "This is not a text file"),
        (b"PK\x03\x04...", [], "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", [], "protected by a password"),
        ("<html><table></table></html>", [], "This is a web page"),
        ('Instagram,Name\nana,"Ana\n', [], "Near line 2 a cell does not end"),
        ("Handle,Name\nana,Ana\n", [], "Which platform are these accounts on?"),
        ("product,series,sales_price\nGTX,GT,1\n", [], "looks like a list of products"),
        ("Source,Target\nana,ravi\n", [], "Which platform are these accounts on?"),
        ("Source,Target\nana,ravi\n", ["--kind", "influencers"], "who is tied to whom"),
        ("deal_stage,close_value\nWon,1\n", [], "deals of a sales team"),
        ("colour,size\nred,1\n", [], "Its columns are: colour, size."),
        (LIST, ["--platform", "myspace"], "There is no platform myspace"),
        (LIST, ["--as-of", "9999-12-31"], "9999-12-31 is not a day"),
        (LIST, ["--as-of", "0001-01-01"], "0001-01-01 is not a day"),
        (LIST, ["--as-of", "soon"], "soon is not a day"),
        (LIST, ["--brand", "Nobody"], "There is no brand “Nobody”"),
        ("a,b,c,d,e,f\n1,2,3,4,5,6\n", ["--kind", "ties"], "does not look like a list of ties"),
        (LIST, ["--tie", "loves"], "There is no kind of tie loves"),
        (LIST, ["--map", "/nowhere/map.json"], "cannot be read"),
    ],
)
def test_what_cannot_be_imported_is_refused_in_one_sentence(
    irm, brand, written, session, content, options, sentence
):
    code, out, err = irm("import", written(content), *options)

    assert (code, out) == (1, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == 0
    assert session.scalar(select(func.count()).select_from(Task)) == 0


def test_a_file_that_is_not_there_and_a_folder_are_refused(irm, brand, tmp_path):
    for path in (tmp_path / "nothing.csv", tmp_path):
        code, _, err = irm("import", path)
        assert code == 1
        assert "cannot be read" in err


def test_wrong_usage_ends_with_2(irm, brand, written):
    assert irm("import")[0] == 2
    assert irm("import", written(LIST), "--kind", "sheep")[0] == 2


def test_a_zip_archive_is_refused_whatever_it_is_called(irm, brand, tmp_path):
    path = tmp_path / "list.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")

    code, _, err = irm("import", path)

    assert code == 1
    assert err.count("\n") == 1


def test_an_import_is_undone_by_its_number(irm, brand, written, session):
    irm("import", written(LIST), "--json")
    batch_id = session.scalar(select(ImportBatch.id))

    code, out, _ = irm("import", "--undo", batch_id)

    assert code == 0
    assert out == "2 records that the import made were removed.\n"
    assert session.scalar(select(func.count()).select_from(Influencer)) == 0
    code, _, err = irm("import", "--undo", batch_id)
    assert (code, err) == (1, "This import was undone; send the file again to import it anew.\n")
    assert irm("import", "--undo", 4711)[0] == 1
    assert irm("import", written(LIST), "--undo", batch_id)[0] == 2


def test_an_undo_says_what_it_did_as_json(irm, brand, written, session):
    irm("import", written(LIST))
    batch_id = session.scalar(select(ImportBatch.id))

    code, out, _ = irm("import", "--undo", batch_id, "--json")

    assert code == 0
    assert json.loads(out) == {"batch": batch_id, "deleted": 2}


def test_what_was_not_taken_is_named_and_written_to_a_file(irm, brand, written, tmp_path):
    text = LIST + "".join(f",Nobody {n},=1+{n}\n" for n in range(7))
    for options in (["--dry-run"], []):
        path = tmp_path / "refused.csv"

        code, _, err = irm("import", written(text), *options)

        assert code == 0
        lines = err.splitlines()
        assert lines[0].startswith("Row 4: No account is named in this row.")
        assert len(lines) == 6
        assert lines[-1].startswith("… and 2 more; --refused FILE")

        code, _, err = irm("import", written(text), *options, "--refused", path)

        assert (code, len(err.splitlines())) == (0, 5)
        rows = path.read_text(encoding="utf-8-sig").splitlines()
        assert rows[0] == "Instagram name,Name,Followers,Row,Reason"
        assert rows[1].startswith(",Nobody 0,'=1+0,4,No account is named in this row.")
        assert len(rows) == 8
        assert irm("import", written(text), *options, "--refused", tmp_path)[0] == 1


def test_refused_rows_that_were_mended_are_read_as_the_list_was(irm, brand, written, session):
    path = written("@ana,12,Ana\n@ravi,13," + "R" * 201 + "\n")
    columns = {"handle": 1, "followers": 2, "name": 3}
    said = {"platform": "tiktok", "columns": columns, "reading": {"heading_row": 0}}
    refused = path.with_name("not-taken.csv")
    mapping = written(json.dumps(said), "map.json")
    assert irm("import", path, "--map", mapping, "--refused", refused)[0] == 0
    mended = refused.read_text(encoding="utf-8-sig").replace("R" * 201, "Ravi")

    code, out, err = irm("import", written(mended, "mended.csv"), "--json")

    assert (code, err, json.loads(out)["created"]) == (0, "", 1)
    found = session.scalars(select(Account).order_by(Account.id)).all()
    assert [(one.handle, one.platform) for one in found] == [("ana", "tiktok"), ("ravi", "tiktok")]


def test_a_map_says_what_the_columns_are_and_is_remembered(irm, brand, written, session):
    mapping = written(
        json.dumps(
            {
                "kind": "influencers",
                "platform": "tiktok",
                "columns": {"handle": "A", "name": 3, "followers": ["b"]},
                "rules": {"name": "never"},
            }
        ),
        "map.json",
    )
    path = written("a,b,c\nana,12,Ana\nravi,13,Ravi\n")

    code, _, err = irm("import", path, "--map", mapping)

    assert (code, err) == (0, "")
    account = session.scalars(select(Account).order_by(Account.id)).first()
    assert (account.handle, account.followers, account.platform) == ("ana", 12, "tiktok")
    assert account.influencer.name == "Ana"
    code, _, _ = irm("import", written("a,b,c\nben,1,Ben\n"), "--platform", "tiktok")
    assert code == 0
    assert session.scalar(select(func.count()).select_from(Account)) == 3


def test_a_map_counts_tables_from_1_as_the_page_does(irm, brand, written, session):
    sheets = {"March": [["Username", "Fans"], ["ana", 1]], "April": [["Username"], ["ravi"]]}
    path = written(workbook(sheets), "lists.xlsx")
    for number, handles in ((2, ["ravi"]), (1, ["ravi", "ana"])):
        said = {"platform": "x", "reading": {"table": number}}
        assert irm("import", path, "--map", written(json.dumps(said), "map.json"))[0] == 0
        assert session.scalars(select(Account.handle).order_by(Account.id)).all() == handles
        session.rollback()

    said = {"reading": {"table": 3}}
    code, _, err = irm("import", path, "--map", written(json.dumps(said), "map.json"))
    assert (code, err) == (1, "There is no table 3; this file has 2.\n")


def test_of_several_brands_the_command_names_all_and_how_to_say_one(
    irm, app, brand, written, saved, session
):
    brand.name, brand.name_key = "A & Co", "a & co"
    saved(make.brand(name="Zeta"))

    code, out, err = irm("import", written(LIST), "--dry-run")

    assert (code, out) == (1, "")
    assert err == (
        "There are several brands: A & Co, Zeta. Say which one is meant: --brand 'A & Co'.\n"
    )
    assert irm("import", written(LIST), "--dry-run", "--brand", "a & co")[0] == 0
    with app.app_context(), force_locale("fr"), pytest.raises(Refused) as refused:
        team.brand_named(session, None)
    with app.app_context(), force_locale("fr"):
        assert "Dites laquelle" in str(refused.value.message)


@pytest.mark.parametrize(
    "said",
    [
        "no JSON",
        "[]",
        '{"colums": {}}',
        '{"columns": {"handle": "Nickname"}}',
        '{"columns": {"handle": 0}}',
        '{"columns": {"handle": 9}}',
        '{"columns": {"sheep": 1}}',
        '{"columns": {"handle": true}}',
        '{"columns": []}',
        '{"rules": {"name": "always"}}',
        '{"reading": {"colour": "red"}}',
        '{"reading": {"table": "x"}}',
        '{"reading": {"table": 0}}',
        '{"reading": {"table": true}}',
        '{"reading": {"table": 2}}',
        '{"reading": {"encoding": 7}}',
        '{"reading": {"encoding": "klingon"}}',
        '{"day_order": "dym"}',
        '{"kind": "sheep"}',
        '{"kind": 5}',
        '{"platform": "myspace"}',
        "[" * 100_000,
    ],
)
def test_a_map_that_says_nonsense_is_refused_in_one_sentence(irm, brand, written, session, said):
    code, out, err = irm("import", written(LIST), "--map", written(said, "map.json"))

    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == 0


def test_people_can_be_looked_through_without_entering_the_funnel(irm, brand, written, session):
    code, out, _ = irm("import", written(LIST), "--no-funnel", "--json")

    assert (code, json.loads(out)["created"]) == (0, 2)
    assert session.scalar(select(func.count()).select_from(Prospect)) == 2
    assert session.scalar(select(func.count()).select_from(Relationship)) == 0

    code, out, _ = irm("import", written(LIST), "--dry-run", "--no-funnel", "--json")

    assert (code, json.loads(out)["same"]) == (0, 2)
