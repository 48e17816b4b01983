"""Rows about one thing become one, whatever kind of thing it is."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from irm.imports import repeated
from irm.imports.complaints import Complaint
from irm.models import Verdict


class Said(NamedTuple):
    id: str
    handle: str
    text: str


class Things:
    """A kind as small as can be: an id, else a handle, and a text."""

    def read(self, cells):
        if not any(cells[:2]):
            raise Complaint("no_account")
        return Said(*cells)

    def keys(self, record):
        ids = [("id", record.id)] if record.id else []
        return [*ids, ("handle", record.handle)] if record.handle else ids

    def merged(self, later, earlier):
        if later.id and earlier.id and later.id != earlier.id:
            return None
        return Said(*(new or old for new, old in zip(later, earlier, strict=True)))

    def agrees(self, record, merged):
        return self.merged(record, merged) == merged


class Sheet:
    def __init__(self, rows):
        self._rows = rows

    def rows(self):
        yield from enumerate(self._rows, 2)


def told(*rows):
    kind, sheet = Things(), Sheet(rows)
    return list(repeated.tell(kind, sheet, repeated.find(kind, sheet)))


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "", "1", "2"]),
        st.sampled_from(["", "ana", "ravi", "li"]),
        st.sampled_from(["", "x", "y"]),
    ),
    max_size=12,
)


@given(ROWS)
def test_every_row_is_told_once_and_every_thing_at_its_last_row(rows):
    found = told(*rows)

    assert [one.number for one in found] == list(range(2, len(rows) + 2))
    kept = [one.record for one in found if one.record is not None]
    firsts = [Things().keys(record)[0] for record in kept]
    assert len(set(firsts)) == len(firsts)
    for one in found:
        said = rows[one.number - 2]
        if one.record is not None:
            # Nothing that the last row says is lost or changed by what stood above it.
            assert all(new in ("", kept) for new, kept in zip(said, one.record, strict=True))
        elif any(said[:2]):
            assert one.verdict in (Verdict.SAME, Verdict.CONFLICT)
            assert one.complaint.params["row"] > one.number
        else:
            assert one.verdict is Verdict.REFUSED


@given(ROWS)
def test_rows_with_one_id_are_one_thing(rows):
    kept = [one.record for one in told(*rows) if one.record is not None]

    assert {one.id for one in kept if one.id} == {id for id, *_ in rows if id}
    assert len([one for one in kept if one.id]) == len({one.id for one in kept if one.id})


def test_a_handle_without_its_id_means_the_one_thing_that_has_it():
    before, after = told(("1", "ana", "x"), ("", "ana", "y"))

    assert (before.record, after.record) == (None, ("1", "ana", "y"))
    assert (before.verdict, before.complaint.code) == (Verdict.CONFLICT, "overruled")
    assert told(("", "ana", ""), ("1", "ana", "y"))[1].record == ("1", "ana", "y")


def test_two_ids_of_one_handle_are_two_things():
    found = told(("1", "ana", ""), ("2", "ana", ""), ("", "ana", "z"), ("", "ana", ""))

    assert [one.record and one.record.id for one in found] == ["1", "2", None, ""]
    assert found[2].verdict is Verdict.SAME
    assert found[3].record.text == "z"


def test_what_two_rows_tell_of_is_one_thing_where_a_third_shares_a_key_with_both():
    found = told(("1", "", "x"), ("", "ana", ""), ("1", "ana", ""))

    assert [one.record for one in found] == [None, None, ("1", "ana", "x")]


def test_chunks_are_cut_where_a_first_key_stands_again():
    kind, sheet = Things(), Sheet([("1", "ana", ""), ("2", "ana", ""), ("", "ana", "")])
    rows = list(repeated.tell(kind, sheet, repeated.find(kind, sheet)))

    assert [len(chunk) for chunk in repeated.chunks(kind, rows, lambda: 2)] == [2, 1]
    assert [len(chunk) for chunk in repeated.chunks(kind, rows + rows, lambda: 9)] == [3, 3]
