"""`irm import`: what it prints, what it refuses and how it ends."""

import json
import zipfile

import make
import pytest
from sqlalchemy import func, select

from irm.cli import main
from irm.models import Account, ImportBatch, Influencer, Task

LIST = "Instagram name,Name,Followers\nana,Ana,1.2M\nravi,Ravi,12K\n"


@pytest.fixture
def brand(saved):
    return saved(make.brand(name="Acme"))


@pytest.fixture
def irm(app, monkeypatch, capsys):
    """Run a command as a shell does; returns its exit code, what it printed and complained."""
    monkeypatch.setattr(main, "create_app", lambda: app)

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
        (b"PK\x03\x04...", [], "This is an Excel workbook or a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", [], "protected by a password"),
        ("<html><table></table></html>", [], "This is a web page"),
        ('Instagram,Name\nana,"Ana\n', [], "Near line 2 a cell does not end"),
        ("Handle,Name\nana,Ana\n", [], "Which platform are these accounts on?"),
        ("product,series\nGTX,GT\n", [], "This does not look like a list of influencers"),
        ("Post ID,Caption\n1,x\n", [], "This looks like a list of posts"),
        (LIST, ["--platform", "myspace"], "There is no platform myspace"),
        (LIST, ["--as-of", "9999-12-31"], "9999-12-31 is not a day"),
        (LIST, ["--as-of", "0001-01-01"], "0001-01-01 is not a day"),
        (LIST, ["--as-of", "soon"], "soon is not a day"),
        (LIST, ["--brand", "Nobody"], "There is no brand “Nobody”"),
        (LIST, ["--kind", "posts"], "Files of kind posts cannot be imported yet"),
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


def test_a_workbook_is_refused_whatever_it_is_called(irm, brand, tmp_path):
    path = tmp_path / "list.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    code, _, err = irm("import", path)

    assert code == 1
    assert "save the sheet as CSV" in err
