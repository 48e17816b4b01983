"""Export, wipe, import: the same database, but for ids and what belongs to irm alone."""

import pytest
from sqlalchemy import delete, select

from irm import clock
from irm.cli.main import irm as group
from irm.directory import reindexing
from irm.directory.export.columns import COLUMNS, DERIVED
from irm.imports import lists
from irm.imports.kinds import Chosen
from irm.ledger import proving
from irm.ledger import relationships as ledger
from irm.models import (
    Account,
    AccountHandle,
    Base,
    ContactPoint,
    ImportBatch,
    Influencer,
    Interaction,
    Post,
    PostSnapshot,
    Relationship,
    RelationshipTag,
    Score,
    SearchEntry,
    Snapshot,
    StageCounter,
    StageMove,
    Tag,
    Touchpoint,
)
from tests.imports.history.conftest import Lines
from tests.imports.history.population import Population

#: People first; then what hangs on them, touchpoints before the exchanges that kept them.
ORDER = (
    "influencers",
    "relationships",
    "moves",
    "touchpoints",
    "interactions",
    "posts",
    "snapshots",
)

#: What people have with a brand.
HISTORY = ORDER[1:5]

#: What is compared, and by what a row of each table is known without its id.
KNOWN_BY = {
    Influencer: ("name",),
    Account: ("platform", "handle"),
    Relationship: ("influencer_id",),
    Touchpoint: ("relationship_id", "created_at", "due_on"),
    StageMove: ("relationship_id", "at", "to_stage"),
    Post: ("account_id", "platform_post_id"),
    Tag: ("name_key",),
    Interaction: ("relationship_id", "happened_at", "summary"),
}
COMPARED = (
    Influencer,
    ContactPoint,
    Account,
    AccountHandle,
    Snapshot,
    Post,
    PostSnapshot,
    Relationship,
    Tag,
    RelationshipTag,
    StageMove,
    Touchpoint,
    Interaction,
    StageCounter,
    Score,
    SearchEntry,
)
#: What a text that can be found was taken from.
SOURCES = {
    "name": Influencer,
    "handle": Account,
    "note": Interaction,
    "post": Post,
    "contact": ContactPoint,
}
#: Read wherever it is there, but no column can be chosen for it.
UNCHOSEN = {"posts": {"history"}}
#: Ours alone: ids, how often a row was changed, the key a form sent.
ASIDE = {"id", "row_version", "request_key"}


@pytest.fixture
def irm(app, capsys):
    """Run a command on the test's database; what it said on the standard output."""

    def run(*arguments):
        with app.app_context():
            group.main([str(one) for one in arguments], standalone_mode=False)
        return capsys.readouterr().out

    return run


def stored(session):
    """Everything of everybody, with names in the place of ids."""
    session.rollback()
    names = {}
    for model, known_by in KNOWN_BY.items():
        table = model.__table__
        for row in session.execute(select(table)):
            key = tuple(_named(names, table.c[name], getattr(row, name)) for name in known_by)
            names[table.name, row.id] = key
    return {
        model.__tablename__: sorted(
            (
                {
                    column.name: _plain(names, model, column, row)
                    for column in model.__table__.c
                    if column.name not in ASIDE
                }
                for row in session.execute(select(model.__table__))
                if model is not StageCounter or row.people
            ),
            key=repr,
        )
        for model in COMPARED
    }


def _named(names, column, value):
    for key in column.foreign_keys:
        value = names.get((key.column.table.name, value), value)
    return value


def _plain(names, model, column, row):
    value = getattr(row, column.name)
    if model is SearchEntry and column.name == "source_id":
        return names.get((SOURCES[row.source].__tablename__, value))
    if model is Touchpoint and column.name == "why" and "replaces" in value:
        replaced = [names["touchpoints", id] for id in value["replaces"]]
        return {**value, "replaces": replaced}
    if model is Score and column.name == "reasons":
        return len(value)
    return _named(names, column, value)


def differences(before, after):
    """What is not as it was, short enough to be read: a table and what is in only one of them."""
    found = []
    for table, rows in before.items():
        if len(rows) != len(after[table]):
            found.append((table, len(rows), len(after[table])))
        for old, new in zip(rows, after[table], strict=False):
            columns = {name for name in old if old[name] != new[name]}
            found += [(table, name, old[name], new[name]) for name in sorted(columns)]
    return found


def wipe(session):
    """Delete all that hangs on people; brands, colleagues and topics stay."""
    keep = {"brands", "users", "brand_members", "topics", "settings", "alembic_version"}
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in keep:
            session.execute(delete(table))
    session.commit()


def listed_posts(population, path):
    """A list of posts that gives them no ids: those are known by what they say."""
    one = population.session.scalars(select(Account).where(Account.is_current)).first()
    rows = (
        f"{one.platform.value},{one.handle},2025-11-0{day} 10:00,Caption {day},{day}"
        for day in range(1, 4)
    )
    path.write_text("\n".join(["Platform,Username,Publish time,Caption,Likes", *rows]))
    return path


#: Each form on one database, and the one that most take away on both.
ROUNDS = [
    ("sqlite", "csv", 1),
    ("postgres", "csv", 2),
    ("postgres", "json", 3),
    ("sqlite", "xlsx", 4),
]


@pytest.mark.parametrize(("backend", "form", "seed"), ROUNDS, indirect=["backend"])
def test_export_wipe_import_gives_the_same_database(irm, session, tmp_path, form, seed):
    population = Population(session, seed)
    irm("import", listed_posts(population, tmp_path / "posts of an agency.csv"))
    irm("score")
    before = stored(session)
    paths = [tmp_path / f"{kind}.{form}" for kind in ORDER]
    for kind, path in zip(ORDER, paths, strict=True):
        irm("export", kind, path)
    wipe(session)
    assert not stored(session)["influencers"]

    for path in paths:
        irm("import", path)

    after = stored(session)
    assert differences(before, after) == []
    assert ledger.rebuild(session) == 0
    assert proving.rebuild(session, clock.now()) == 0
    assert reindexing.rebuild(session) == 0
    session.rollback()
    for kind, path in zip(ORDER, paths, strict=True):
        irm("import", path, "--kind", kind)
    assert differences(after, stored(session)) == []


@pytest.mark.parametrize("order", [HISTORY, tuple(reversed(HISTORY[:2])) + HISTORY[2:]])
def test_a_history_comes_back_to_people_who_stayed(irm, session, tmp_path, order):
    Population(session, 5)
    irm("score")
    before = stored(session)
    for kind in order:
        irm("export", kind, tmp_path / f"{kind}.csv")
    session.execute(delete(Relationship))
    session.execute(delete(Tag))
    session.execute(delete(StageCounter))
    session.execute(delete(ImportBatch))
    session.commit()

    for kind in order:
        irm("import", tmp_path / f"{kind}.csv")

    irm("score")
    after = stored(session)
    assert differences(before, after) == []
    assert ledger.rebuild(session) == 0


@pytest.mark.parametrize("kind", ORDER)
def test_every_exported_column_is_read_or_listed_as_derived(irm, session, kind):
    Population(session, 6)
    sheet = Lines.of(irm("export", kind))

    made = lists.understand(sheet, Chosen())

    assert made.name == kind
    read = {sheet.headings[place] for places in made.columns.values() for place in places}
    read |= UNCHOSEN.get(kind, set())
    assert set(COLUMNS[kind]) - read == DERIVED[kind]
