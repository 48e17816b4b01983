"""Strangers whom nothing names are cleared before networks are measured; all others stay."""

import make
import pytest
from sqlalchemy import select
from tied import tie

from irm.db import db
from irm.directory import untied
from irm.jobs import tasks
from irm.jobs.network import clearing
from irm.models import (
    Account,
    Duplicate,
    ImportBatch,
    ImportStep,
    Influencer,
    Place,
    Prospect,
    TaskState,
    Tie,
)
from tests.imports.brought import counts


@pytest.fixture
def stranger(saved):
    def stranger(name):
        person = saved(make.influencer(name=name, known=False))
        saved(make.account(influencer=person, handle=name))
        return person

    return stranger


@pytest.fixture
def cleared(app, session):
    """Clear, and say by their names who is left of all strangers."""

    def cleared():
        session.commit()
        with app.app_context():
            clearing.clear(db.session)
        session.expire_all()
        left = select(Influencer.name).where(Influencer.known.is_(False))
        return sorted(session.scalars(left))

    return cleared


def test_whom_nothing_names_goes_with_accounts_and_place(session, saved, stranger, cleared):
    brand, zoe = saved(make.brand()), stranger("zoe")
    numbers = {"influence": 0.1, "rank": 1, "bridging": 0.0, "ties_in": 1, "ties_out": 0}
    saved(Place(brand_id=brand.id, influencer_id=zoe.id, **numbers))
    known = saved(make.influencer(name="Ana"))

    assert cleared() == []
    assert session.scalars(select(Account.id)).all() == []
    assert session.scalars(select(Place.influencer_id)).all() == []
    assert session.get(Influencer, known.id) is not None


def test_who_asked_to_be_left_alone_is_not_forgotten(stranger, cleared):
    # The next list would bring them in as somebody who may be written to.
    stranger("zoe").do_not_contact = True
    stranger("mia")
    assert cleared() == ["zoe"]


def test_whoever_is_named_anywhere_stays(session, saved, stranger, cleared):
    ana = saved(make.influencer(name="Ana"))
    saved(tie(ana, stranger("reached")))
    saved(tie(stranger("reaching"), ana))
    saved(
        make.prospect(
            influencer_id=stranger("prospect").id, brand_id=saved(make.brand()).id, is_own=False
        )
    )
    account = session.scalars(
        select(Account).where(Account.influencer_id == stranger("author").id)
    ).one()
    saved(make.post(account_id=account.id))
    stranger("merged").merged_into_id = stranger("kept").id
    stranger("nobody")

    assert cleared() == ["author", "kept", "merged", "prospect", "reached", "reaching"]


def test_whom_an_import_may_still_take_back_waits_for_that(
    session, saved, bring, brand, stranger, cleared
):
    counts(bring("from,to\nana,ravi\n", kind="ties", platform="x"))
    for one in session.scalars(select(Tie)):
        session.delete(one)
    session.commit()
    assert cleared() == ["ana", "ravi"]

    # After 30 days its steps are swept.
    for step in session.scalars(select(ImportStep)):
        session.delete(step)
    assert cleared() == []


def test_undone_lists_leave_nobody_behind(session, bring, done, cleared):
    first = bring("from,to\nana,ravi\n", kind="ties", platform="x")
    second = bring("from,to\nana,li\n", kind="ties", platform="x")
    done(first["batch"], "undo")
    # The second list speaks of her.
    assert cleared() == ["ana", "li"]

    done(second["batch"], "undo")
    assert cleared() == []
    assert session.scalars(select(ImportBatch)).all() != []


def test_a_tie_that_comes_in_between_is_seen(app, session, saved, stranger):
    ana, zoe, li = saved(make.influencer(name="Ana")), stranger("zoe"), stranger("li")
    session.commit()
    assert untied.among(session, [zoe.id, li.id]) == {zoe.id, li.id}
    saved(tie(ana, zoe))
    session.commit()

    with app.app_context():
        assert untied.clear(db.session, [zoe.id, li.id]) == 1
        db.session.commit()
    session.expire_all()
    left = select(Influencer.name).where(Influencer.known.is_(False))
    assert session.scalars(left).all() == ["zoe"]


def test_each_table_that_leads_to_a_person_counts():
    said = " ".join(str(one) for one in untied._loose())
    for table in (Tie, Prospect, Duplicate):
        assert table.__tablename__ in said
    for name in ("relationships", "contact_points", "import_rows", "merges", "posts", "snapshots"):
        assert name in said


def test_measuring_all_networks_clears_first_and_says_so(app, session, saved, stranger):
    saved(make.brand())
    stranger("zoe")
    session.commit()

    task = tasks.run_new(app, "network", {}, lambda done, total: None)

    assert task.state is TaskState.DONE, task.error
    assert task.result["cleared"] == 1
