"""What only shares a word with somebody who is erased stays as it is."""

import make
import pytest
from sqlalchemy import select

from irm.directory import erasing, presence
from irm.directory.presence import Contact
from irm.jobs import erasing as files
from irm.models import (
    ImportRow,
    ImportStep,
    Outbox,
    Role,
    SavedView,
    Task,
    TaskState,
    Verdict,
)
from tests.directory import planted
from tests.jobs.erased import erase


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


WORDS = ("name", "state", "source", "instagram", "people", "influencers", "headings", "columns")


@pytest.mark.parametrize("word", WORDS)
def test_our_own_words_are_nobodys_name(app, session, lead, saved, word):
    who = make.influencer(name=word.title())
    account = saved(make.account(influencer=who, handle=word))
    order = {"name": "list.csv", "state": [1, 2], "source": "", "platform": "instagram"}
    order |= {"kind": "influencers", "columns": {"name": "Name", "handle": "instagram"}}
    brought = planted.batch(lead.brand, "Hand", order)
    brought.reading = {"headings": ["name", "instagram"], "columns": {"name": "name"}}
    saved(brought)
    arguments = {"people": [], "list": "state=x", "form": "csv", "columns": ["name", "instagram"]}
    done = saved(Task(kind="export", arguments=arguments, created_at=make.MONDAY))
    before = (order, brought.reading, arguments)
    done.state = TaskState.DONE
    session.commit()

    assert erase(app, session, account.influencer_id).state is TaskState.DONE

    session.refresh(brought)
    session.refresh(done)
    assert (brought.order, brought.reading, done.arguments) == before


def test_what_only_shares_a_word_with_their_name_stays(app, session, lead, saved):
    account = saved(make.account(influencer=make.influencer(name="Anna"), handle="anna"))
    who = account.influencer_id
    other = saved(make.influencer(name="Anna Karenina"))
    brought = saved(planted.batch(lead.brand, "Anna"))
    brought.reading = {"fields": {"handle": [0], "name": [1]}}
    theirs = ["anna", "Anna", "5"]
    others = ["x2", "Anna Other", "5"]
    kept = [["influencers", other.id, {"bio": ["I know Anna", "Anna"]}]]
    session.add_all(
        [
            ImportRow(batch_id=brought.id, number=2, verdict=Verdict.REFUSED, cells=theirs),
            ImportRow(batch_id=brought.id, number=3, verdict=Verdict.REFUSED, cells=others),
            ImportRow(
                batch_id=brought.id,
                number=4,
                verdict=Verdict.UPDATED,
                influencer_id=other.id,
                twin_id=who,
                changes={"name": ["Anna", "Anna Karenina"]},
            ),
            ImportRow(batch_id=brought.id, number=5, verdict=Verdict.UPDATED, influencer_id=who),
            ImportStep(
                batch_id=brought.id,
                number=1,
                changed=[*kept, ["influencers", who, {"bio": ["", "y"]}]],
            ),
            SavedView(
                brand_id=lead.brand_id,
                user_id=lead.user_id,
                name="Anna’s friends",
                query="q=Anna",
                created_at=make.MONDAY,
            ),
        ]
    )
    planted.mails(session, lead.user, "Anna", other.id, "Hello Anna, call Anna Karenina.")
    session.commit()

    erase(app, session, who, lead.user)

    lines = session.scalars(select(ImportRow).order_by(ImportRow.number)).all()
    assert [line.cells for line in lines] == [None, others, None, None]
    assert lines[2].changes == {"name": ["Anna", "Anna Karenina"]}
    assert session.scalars(select(ImportStep)).one().changed == kept
    assert session.scalars(select(SavedView.query)).one() == "q=Anna"
    assert all("Hello Anna" in mail.body_text for mail in session.scalars(select(Outbox)))


def test_of_a_line_about_somebody_else_only_they_are_blanked(app, session, lead, saved):
    account = saved(make.account(influencer=make.influencer(name="May"), handle="may.l"))
    person = account.influencer_id
    mine = Contact("email", "may@example.com", "may@example.com")
    presence.put_contact(session, person, mine)
    other = saved(make.influencer(name="Hugo Blanc"))
    brought = saved(planted.batch(lead.brand))
    reason = {"code": "contact_taken", "params": {"contact": "may@example.com", "name": "May"}}
    line = ImportRow(
        batch_id=brought.id,
        number=2,
        verdict=Verdict.CONFLICT,
        influencer_id=other.id,
        reason=reason,
        cells=["hugo", "In May", "may@example.com"],
    )
    saved(line)

    erase(app, session, person, lead.user)

    session.refresh(line)
    assert line.reason == {"code": "contact_taken", "params": {"contact": "–", "name": "–"}}
    assert line.cells == ["hugo", "In May", "–"]


def test_a_draft_shows_no_row_of_theirs_and_a_mail_that_links_to_them_nothing(
    app, session, lead, saved
):
    account = saved(make.account(influencer=make.influencer(name="May"), handle="may"))
    draft = planted.batch(lead.brand, "Hand", {"account": "May", "name": "x"})
    draft.reading = {"sample": [["may", "May", "Lyon"], ["hugo", "May", "Paris"]]}
    saved(draft)
    planted.mails(session, lead.user, "May", account.influencer_id, "You may leave.")
    session.commit()

    erase(app, session, account.influencer_id, lead.user)

    session.refresh(draft)
    assert draft.reading["sample"] == [["–", "–", "–"], ["hugo", "May", "Paris"]]
    assert draft.order == {"account": "", "name": "x"}
    assert all(mail.subject == "–" for mail in session.scalars(select(Outbox)))


@pytest.mark.parametrize(
    ("content", "is_theirs"),
    [
        ("Handle,Name\nq,Anna Wintour\n", False),
        ("anna,name\nx,y\n", False),
        ('[{"x": 1}]\n[{"anna": "x"}]', False),
        ("Handle,Name\nanna,Somebody\n", True),
        ("Name,Profile\nx,https://www.instagram.com/anna/\n", True),
        ("Name,Profile\nx,https://www.instagram.com/anna.b\n", False),
        ("Note\nby @anna.\n", True),
        ("Mail\nanna@example.com\n", True),
        ("Mail\njo.anna@example.com\n", False),
    ],
)
def test_a_file_is_removed_where_it_is_about_them(tmp_path, content, is_theirs):
    path = tmp_path / "list.csv"
    path.write_text(content)

    names = erasing.Names(["Anna", "anna@example.com"], [], ["anna"])
    assert files.names_them(path, names) is is_theirs
