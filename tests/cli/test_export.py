"""`irm export`: whole tables, readable by people, programs and irm itself."""

import csv
import io
import json
import stat

import make
import pytest
import tied
from sqlalchemy import select

from irm.directory import spreadsheet
from irm.directory.export import files, tables
from irm.directory.export.columns import COLUMNS, DERIVED
from irm.models import (
    AccountHandle,
    AuditEntry,
    ContactPoint,
    Platform,
    Stage,
    StageMove,
    Visibility,
)


@pytest.fixture
def ana(saved):
    return saved(make.user(email="ana@example.com"))


@pytest.fixture
def brand(saved):
    return saved(make.brand(name="Acme"))


@pytest.fixture
def chloe(saved, session, brand, ana):
    """Somebody with two accounts, an address, a relationship and a private note."""
    person = make.influencer(name="Chloé Martin", bio="=1+1")
    relationship = saved(
        make.relationship(influencer=person, brand=brand, owner=ana, stage=Stage.AWARE)
    )
    small = make.account(influencer=person, handle="chloe.tok", platform=Platform.TIKTOK)
    large = make.account(
        influencer=person, handle="chloe", followers=12_000, platform_id="1190739999999999999"
    )
    session.add_all([small, large])
    session.flush()
    session.add_all(
        [
            AccountHandle(
                account_id=large.id,
                platform=large.platform,
                handle="chloe_old",
                handle_key="chloe_old",
                until=make.MONDAY.date(),
            ),
            ContactPoint(
                influencer_id=person.id,
                kind="email",
                value="chloe@example.com",
                value_key="chloe@example.com",
            ),
            StageMove(
                relationship_id=relationship.id,
                brand_id=relationship.brand_id,
                to_stage=Stage.AWARE,
                at=make.MONDAY,
            ),
            make.interaction(
                relationship=relationship,
                author=ana,
                visibility=Visibility.PRIVATE,
                summary="- prefers calls",
            ),
        ]
    )
    session.commit()
    return person


def as_json(command, kind, *arguments):
    status, out, error = command("export", kind, "--format", "json", *arguments)
    assert status == 0, error
    return json.loads(out)


def test_a_person_comes_with_accounts_former_handles_and_contacts(command, chloe):
    (row,) = as_json(command, "influencers")

    assert " ".join(row).startswith(
        "id name tier archetype country audience reach resonance accounts "
    )
    assert [account["handle"] for account in row["accounts"]] == ["chloe", "chloe.tok"]
    assert " ".join(row["accounts"][0]).startswith("platform handle followers ")
    assert row["accounts"][0]["platform_id"] == "1190739999999999999"
    assert row["accounts"][0]["former_handles"] == [{"handle": "chloe_old", "until": "2026-03-02"}]
    assert row["contacts"] == [{"kind": "email", "value": "chloe@example.com"}]


def test_every_other_row_names_its_person_by_account_email_and_name(command, chloe):
    (row,) = as_json(command, "relationships")

    assert row["influencer_id"] == chloe.id
    assert (row["account"], row["platform_id"]) == ("instagram:chloe", "1190739999999999999")
    assert (row["email"], row["name"]) == ("chloe@example.com", "Chloé Martin")
    assert (row["brand"], row["stage"], row["owner"]) == ("Acme", "aware", "ana@example.com")


def test_private_notes_are_exported_and_marked(command, chloe):
    (row,) = as_json(command, "interactions")
    assert (row["visibility"], row["author"]) == ("private", "ana@example.com")


def test_what_a_spreadsheet_would_run_is_defused_in_csv(command, chloe):
    _status, out, _error = command("export", "interactions")
    (row,) = csv.DictReader(io.StringIO(out))
    assert row["summary"] == "'- prefers calls"


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("form", files.FORMATS)
def test_each_kind_is_written_in_each_format(command, chloe, tmp_path, kind, form):
    path = tmp_path / f"out.{form}"

    status, out, error = command("export", kind, path)

    assert (status, out) == (0, ""), error
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    head = {"csv": COLUMNS[kind][0].encode(), "json": b"[", "xlsx": b"PK"}[form]
    assert path.read_bytes().startswith(head)


def test_ties_name_whom_the_brand_knows_and_the_accounts_of_others(command, chloe, saved):
    stranger = saved(make.influencer(name="Nobody Yet", known=False))
    saved(make.account(influencer=stranger, platform=Platform.X, handle="nobody"))
    assert as_json(command, "ties") == []
    _status, out, _error = command("export", "ties")
    assert out.split("\r\n") == [",".join(COLUMNS["ties"]), ""]
    saved(tied.tie(chloe, stranger, weight=3))

    (tie,) = as_json(command, "ties")

    assert (tie["source_name"], tie["source_id"]) == (chloe.name, chloe.id)
    assert (tie["target_account"], tie["target_name"], tie["target_id"]) == ("x:nobody", None, None)
    assert (tie["kind"], tie["weight"], tie["origin"]) == ("follows", 3.0, "posts")


def test_only_the_brands_people_are_exported(command, chloe, saved):
    other = saved(make.relationship())
    stranger = saved(make.influencer(known=False))

    assert [row["id"] for row in as_json(command, "influencers", "--brand", "acme")] == [chloe.id]
    with_strangers = as_json(command, "influencers", "--brand", "acme", "--strangers")
    assert [row["id"] for row in with_strangers] == [chloe.id, stranger.id]
    assert other.influencer_id not in {row["id"] for row in with_strangers}


def test_of_several_brands_one_must_be_named(command, chloe, saved):
    saved(make.brand(name="Bolt"))
    status, _out, error = command("export", "influencers")
    assert status == 1
    assert "--brand" in error


def test_rows_come_in_chunks_and_all_of_them(session, saved, brand, monkeypatch):
    monkeypatch.setattr(tables, "CHUNK", 3)
    people = [saved(make.relationship(brand=brand)).influencer_id for _ in range(8)]

    assert [row["id"] for row in tables.rows(session, "influencers", brand.id)] == people
    of_them = tables.rows(session, "relationships", brand.id)
    assert [row["influencer_id"] for row in of_them] == people
    assert tables.count(session, "influencers", brand.id) == len(people)
    assert tables.count(session, "relationships", brand.id) == len(people)


def test_half_a_file_never_stands_under_its_name(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("kept")

    def broken():
        yield {"id": 1}
        raise RuntimeError

    with pytest.raises(RuntimeError):
        files.write(path, "csv", ["id"], broken())

    assert path.read_text() == "kept"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_where_nothing_can_be_written_is_refused(command, chloe, tmp_path):
    for path in (tmp_path, tmp_path / "missing" / "people.csv"):
        status, _out, error = command("export", "influencers", path, "--format", "csv")
        assert status == 1
        assert str(path) in error


def test_a_cell_that_a_sheet_would_cut_short_is_refused(tmp_path):
    rows = [{"bio": "a" * (spreadsheet.MOST_TEXT + 1)}]
    with pytest.raises(files.Refused, match="choose CSV"):
        files.write(tmp_path / "people.xlsx", "xlsx", ["bio"], rows)


def test_what_is_derived_is_a_column():
    assert set(DERIVED) == set(COLUMNS)
    for kind, derived in DERIVED.items():
        assert derived <= set(COLUMNS[kind])


@pytest.mark.parametrize("to_file", [True, False])
def test_a_table_that_leaves_irm_is_recorded(command, session, chloe, brand, tmp_path, to_file):
    where = [tmp_path / "all.json"] if to_file else []

    assert command("export", "influencers", *where, "--format", "json")[0] == 0

    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_id, entry.brand_id) == ("list.exported", None, brand.id)
    assert entry.ids == {"brand_id": brand.id, "rows": 1, "form": "json"}
