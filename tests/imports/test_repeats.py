from hypothesis import given
from hypothesis import strategies as st

from irm.imports import lists, repeats
from irm.models import Verdict

HEADINGS = "Twitter,twitter_id,Name,Followers\n"
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ana", "ANA", "ravi", "li"]),
        st.sampled_from(["", "", "1", "2"]),
        st.sampled_from(["", "Ana", "Ravi"]),
        st.sampled_from(["", "10", "20"]),
    ),
    min_size=1,
    max_size=12,
)


def told(tmp_path, rows):
    path = tmp_path / "list.csv"
    path.write_text(HEADINGS + "".join(",".join(row) + "\n" for row in rows))
    people = lists.understand(path, "list.csv")
    return list(repeats.tell(people, repeats.find(people)))


@given(ROWS)
def test_every_row_is_told_once_and_every_account_at_its_last_row(tmp_path_factory, rows):
    found = told(tmp_path_factory.mktemp("rows"), rows)

    assert [one.number for one in found] == list(range(2, len(rows) + 2))
    kept = [one for one in found if one.row is not None]
    # No account stands twice under one id, nor without one under one handle.
    keys = [one.row.account.platform_id or one.row.account.handle_key for one in kept]
    assert len(set(keys)) == len(keys)
    # Nothing that the last row says is lost or changed by what stood above it.
    for one in kept:
        handle, _, name, followers = rows[one.number - 2]
        assert one.row.account.handle == handle
        assert not name or one.row.name == name
        assert not followers or one.row.followers == int(followers)
    for one in found:
        if one.row is None:
            assert one.verdict in (Verdict.SAME, Verdict.CONFLICT)
            assert one.complaint.params["row"] > one.number


def test_a_handle_without_its_id_means_the_one_account_that_has_it(tmp_path):
    found = told(tmp_path, [("ana", "1", "Ana", "10"), ("Ana", "", "", "20")])

    assert [one.row is not None for one in found] == [False, True]
    last = found[1].row
    assert (last.account.platform_id, last.name, last.followers) == ("1", "Ana", 20)


def test_two_ids_of_one_handle_are_two_accounts(tmp_path):
    found = told(tmp_path, [("ana", "1", "", "10"), ("ana", "2", "", "20"), ("ana", "", "", "30")])

    assert [one.row.account.platform_id for one in found] == ["1", "2", None]
