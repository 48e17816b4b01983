"""Whatever leads to a person or a relationship, a merge knows what to do with it."""

from sqlalchemy import UniqueConstraint

from irm.directory import moving
from irm.models import Base


def leading_to(name):
    """Every foreign key of the schema that names this table, as table and column."""
    return {
        (table.name, key.parent.name)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == name
    }


def uniques(table):
    """The sets of columns of which a table holds each value once."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [column.name for column in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield [column.name for column in index.columns]
    yield [column.name for column in table.primary_key]


def test_a_merge_knows_every_foreign_key_to_a_person():
    known = [*moving.MOVE, *moving.JOIN, *moving.TAKE, *moving.TIED, *moving.STAY]

    assert len(known) == len(set(known)), "declared twice"
    assert leading_to("influencers") == set(known)
    assert all(moving.STAY.values()), "whatever stays has a reason"


def test_a_merge_knows_every_foreign_key_to_a_relationship():
    assert leading_to("relationships") == {
        (name, moving.related_by(name)) for name in moving.RELATED
    }


def test_no_unique_key_is_in_the_way_of_what_moves():
    for name, column in moving.MOVE:
        for columns in uniques(moving.table(name)):
            assert column not in columns, f"{name}: {columns} may clash in a merge"
    for name in moving.RELATED:
        for columns in uniques(moving.table(name)):
            if "relationship_id" in columns:
                others = tuple(one for one in columns if one != "relationship_id")
                assert moving.UNIQUE.get(name) == others, f"{name}: {columns} may clash in a merge"
