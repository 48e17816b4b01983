"""Who was erased does not come back by the list that brought them."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.jobs import tasks
from irm.models import ImportRow, Influencer, Task, TaskState, Verdict

LIST = (
    "name,instagram,email\nZyxwvut Name,zyx.mends,zyx@example.com\nHugo Blanc,hugo,h@example.com\n"
)


def erase(app, session, id):
    task = Task(kind="erase", arguments={"influencer_id": id}, created_at=make.MONDAY)
    session.add(task)
    session.commit()
    assert tasks.run_inline(app, task.id, lambda done, total: None).state is TaskState.DONE


def test_a_list_does_not_bring_back_whom_it_brought_once(app, session, bring):
    bring(LIST)
    who = session.scalars(select(Influencer).where(Influencer.name == "Zyxwvut Name")).one()
    erase(app, session, who.id)

    bring(LIST)

    session.expire_all()
    assert session.scalars(select(Influencer.name)).all() == ["Hugo Blanc"]
    refused = session.scalars(select(ImportRow).where(ImportRow.verdict == Verdict.REFUSED)).all()
    assert [row.reason["code"] for row in refused] == ["erased"]
    # Nor does the line of the list stay behind with what it says of them.
    assert [row.cells for row in refused] == [None]


def test_who_shared_an_address_with_them_is_not_barred(app, session, bring):
    head = "Handle,Name,Followers,E-mail,Website\n"
    bring(
        f"{head}ann,Ann Lee,10,hello@agency.com,agency.com\n"
        "carl,Carl Gray,20,hello@agency.com,agency.com\n"
    )
    who = session.scalars(select(Influencer).where(Influencer.name == "Ann Lee")).one()
    erase(app, session, who.id)

    result = bring(
        f"{head}carl,Carl Gray,25,hello@agency.com,agency.com\n"
        "dora,Dora Pink,30,,agency.com\n"
        "new,Ann Lee,30,hello@agency.com,\n",
        day=dt.date(2026, 2, 9),
    )

    session.expire_all()
    assert sorted(session.scalars(select(Influencer.name))) == ["Carl Gray", "Dora Pink"]
    assert result["refused"] == 1


def agency(app, session, bring):
    """Ann Lee, who had the address of her agency, and was erased."""
    head = "Handle,Name,E-mail\n"
    bring(f"{head}ann,Ann Lee,hello@agency.com\n")
    who = session.scalars(select(Influencer).where(Influencer.name == "Ann Lee")).one()
    erase(app, session, who.id)
    return head


def test_a_newcomer_of_the_same_agency_is_taken_in(app, session, bring):
    head = agency(app, session, bring)

    result = bring(f"{head}dora,Dora Pink,hello@agency.com\n")
    again = bring("Name,E-mail,City\nDora Pink,hello@agency.com,Lyon\n", platform=None)

    assert (result["refused"], again["refused"]) == (0, 0)
    session.expire_all()
    (dora,) = session.scalars(select(Influencer)).all()
    assert (dora.name, dora.city) == ("Dora Pink", "Lyon")


@pytest.mark.parametrize(
    "line",
    [
        "ann,Somebody Else,other@example.com",
        "new,Ann Lee,hello@agency.com",
        'new,"LEE, Annie",hello@agency.com',
        "new,,hello@agency.com",
        ",Dora Pink,hello@agency.com",
    ],
    ids=["account", "name", "a word of the name", "no name", "no account"],
)
def test_nobody_erased_comes_back_through_their_agency(app, session, bring, line):
    head = agency(app, session, bring)

    result = bring(f"{head}{line}\n")

    assert result["refused"] == 1
    assert session.scalars(select(Influencer)).all() == []
