"""What people type is text on every page, in every file and every mail, whatever it looks like."""

import datetime as dt

import icalendar
import make
import pytest
from markupsafe import escape
from sqlalchemy import select

from irm.jobs import noticing, reminders, tasks, weeklies
from irm.models import Base, Outbox, Role, StageMove
from irm.models import Stage as FunnelStage
from tests.house import spotted
from tests.house.aimed import Stage
from tests.house.asked import READS
from tests.house.payloads import ADDRESSES, ONE_OF_EACH, PAYLOADS, SUM, packed
from tests.house.rights import TABLE
from tests.house.sent import FORMS, RIGHT
from tests.house.typist import Typist

DAY = dt.timedelta(days=1)
NOW = dt.datetime.now(dt.UTC)

ALL = " ".join(PAYLOADS)

#: A Monday to come, in the forenoon, when digests and weeks in review are due.
MONDAY = (NOW + (7 - NOW.weekday()) * DAY).replace(hour=10, minute=0)

#: Fields that must have taken payloads, or this proves less than it says.
TOLD = {
    "profile.save_facts": {"name", "bio", "city", "categories"},
    "newcomers.add": {"name", "source"},
    "interactions.log": {"summary", "present"},
    "facts.note": {"text"},
    "promises.add": {"what"},
    "questions.ask": {"text"},
    "touchpoints.plan": {"purpose"},
    "campaigns.add": {"name", "goal", "event_name"},
    "gifts.give": {"item", "note"},
    "views.add": {"name"},
    "presence.add_tag": {"name"},
    "settings.save_profile": {"name"},
    "settings.save_brand": {"name"},
    "settings.add_topic": {"name", "keywords"},
    "stages.save_names": {"aware_en", "aware_fr"},
    "network_pictures.name": {"name"},
    "handovers.run": {"why"},
    "invitations.invite": {"name"},
    "joining.accept": {"name"},
}


@pytest.fixture
def backend():
    """One database: what is escaped on the way out was not changed by it on the way in."""
    return "sqlite"


@pytest.fixture
def stage(app, session, client_of):
    return Stage(app, session, client_of)


def stored(session):
    """Everything that any table holds, as one text."""
    rows = (session.execute(select(table)).all() for table in Base.metadata.sorted_tables)
    return "\n".join(str(cell) for table in rows for row in table for cell in row)


def write_letters(app, session, saved, stage, card):
    """Let every letter be written that tells of the person, to a lead who has to do with them."""
    due = {"next_digest_at": MONDAY - DAY, "next_weekly_at": MONDAY - DAY}
    user = make.user(name=packed(60)[0], **due)
    lead = saved(make.member(Role.LEAD, brand=stage.brand, user=user)).user
    saved(make.touchpoint(relationship=card, owner=lead, purpose=packed(180)[1], due_on=MONDAY))
    went = {
        "from_stage": FunnelStage.UNAWARE,
        "to_stage": FunnelStage.AWARE,
        "at": MONDAY - 4 * DAY,
    }
    saved(StageMove(relationship_id=card.id, brand_id=stage.brand.id, user_id=lead.id, **went))
    stage.client.post(
        f"/relationships/{card.id}/owner",
        data={"owner": lead.id, "row_version": card.row_version},
    )
    with app.app_context():
        noticing.notice(NOW + DAY / 24)
        reminders.remind(MONDAY)
        weeklies.write_due(session, MONDAY)
    session.commit()
    return session.scalars(select(Outbox)).all()


@pytest.mark.parametrize(
    "page",
    [
        *(f"<p>{text}</p>" for text in PAYLOADS if str(escape(text)) != text),
        *(f'<a href="{escape(text)}">xq</a>' for text in ADDRESSES if ":" in text[:12]),
        "<input value= xq11=1 onfocus=xq11() autofocus >",
        '<button hx-vals=\'{"a": "","xq54":"1"}\'>',
        '<button hx-vals="js:xq57()">',
        f"<p>{SUM} xq36</p>",
    ],
)
def test_a_payload_that_nobody_escaped_would_be_seen(page):
    assert spotted.in_page(page)


def test_escaped_payloads_are_nothing_to_see():
    assert spotted.in_page(f'<p title="{escape(ALL)}">{escape(ALL)}</p>') == []


def test_sixty_payloads_in_every_field_stay_text_on_every_page_and_in_every_mail(
    app, session, stage, client_of, saved
):
    typist = Typist(stage)
    with app.app_context():
        noticing.notice(NOW - DAY)
    for endpoint in FORMS:
        typist.fill(endpoint)
    while tasks.run_next(app) is not None:
        pass
    for endpoint, names in TOLD.items():
        assert typist.took[endpoint].keys() >= names, endpoint
    everything = stored(session)
    assert [text for text in PAYLOADS if text not in everything] == []

    session.refresh(typist.card)
    mails = write_letters(app, session, saved, stage, typist.card)
    told = {mail.letter for mail in mails if "xq" in mail.body_html}
    assert told >= {"digest", "weekly", "assignment", "invitation"}
    for mail in mails:
        typist.wrong += [f"{mail.letter}: {one}" for one in spotted.in_mail(mail.body_html)]

    seen = typist.crawl(client_of(stage.ana), most=2)
    lead = saved(make.member(Role.LEAD, brand=stage.brand)).user
    typist.crawl(client_of(lead), most=1)
    for form in ("csv", "xlsx"):
        sent = {"list": "", "columns": "stage,tags", "form": form}
        with client_of(stage.ana).post("/exports", data=sent) as file:
            typist.look(form, file)

    # A file is made later only where there are many people.
    pages = {endpoint for endpoint, method in TABLE if method == "GET"}
    assert pages - seen == {"exports.show", "exports.download"}
    assert typist.wrong == []


def test_what_stands_in_an_address_stays_text_on_the_page_it_opens(stage):
    typist = Typist(stage)
    for endpoint, address, names in pages_of(typist):
        one_by_one = ({name: " ".join(ONE_OF_EACH)} for name in names)
        for typed in (*one_by_one, dict.fromkeys(names, ALL)):
            asked = {**RIGHT.get(endpoint, {}), **typed}
            with stage.client.get(address, query_string=asked) as response:
                typist.look(f"{address} with {asked}", response)
    for address in ("/login", "/forgot", "/forgot/sent", "/no/<xq01>", "/static/<xq01>"):
        with stage.app.test_client().get(address, query_string={"next": ALL}) as response:
            typist.look(address, response)
    assert typist.wrong == []


def pages_of(typist):
    """Every page of the one person or of all, with what it reads of its address."""
    found = {rule.endpoint: rule.rule for rule in typist.stage.app.url_map.iter_rules()}
    for endpoint, names in READS.items():
        kind = TABLE[endpoint, "GET"][0]
        of = {"influencer": typist.card.influencer_id, "relationship": typist.card.id}
        address = found[endpoint].replace("<int:id>", str(of.get(kind, 1)))
        yield endpoint, address.replace("<word>", "aware"), names


def test_a_calendar_takes_a_title_for_a_title(app, session, saved, stage, client_of):
    """A title ends where its line ends, whatever stands in it."""
    card = saved(make.relationship(brand=stage.brand, name="Mira\r\nX-XQ:1\r\nBEGIN:VEVENT"))
    typed = "Seeds;X=1,\\n\r\nEND:VCALENDAR\r\nX-XQ:2 " + packed(100)[0]
    saved(make.touchpoint(relationship=card, owner=stage.ana, purpose=typed, due_on=MONDAY))
    page = stage.client.post("/settings/calendar").text
    address = page.partition('value="http://')[2].partition('"')[0]
    feed = app.test_client().get("/" + address.partition("/")[2])

    assert feed.mimetype == "text/calendar"
    calendar = icalendar.Calendar.from_ical(feed.data)
    assert len(calendar.walk("VEVENT")) == 1
    assert not any(line.startswith(b"X-XQ") for line in feed.data.splitlines())
