"""The stages in the browser: what they are for, what a brand calls them, what to do with one."""

import datetime as dt
import json

import make
import pytest
from sqlalchemy import select

from irm import clock
from irm.funnel import tactics
from irm.ledger import counters
from irm.models import Brand, Role, Stage, Touchpoint

TODAY = dt.datetime.now(dt.UTC).date()
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


def shown(answer):
    """The page without its dialogs, which are the same everywhere."""
    return answer.text.split("<dialog")[0]


def name(client, **names):
    return client.post("/settings/stages", data=names)


def test_all_stages_stand_on_one_page_with_their_goals_and_tactics(client_of, lead):
    page = client_of(lead.user).get("/stages").text
    for stage in Stage:
        assert str(tactics.GOALS[stage]) in page
    for one in tactics.TACTICS:
        assert str(one.label) in page


def test_one_stage_is_a_fragment_for_a_dialog_and_a_page_for_others(client_of, lead):
    client = client_of(lead.user)
    assert "<html" not in client.get("/stages/aware", headers=HTMX).text
    page = shown(client.get("/stages/aware"))
    assert "Comment on their posts" in page
    assert "Bring them business" not in page
    assert client.get("/stages/nowhere").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/funnel",
        "/influencers?stage=aware",
        "/influencers/{person}",
        "/relationships/{id}/evidence",
        "/relationships/{id}/guide",
        "/today",
        "/stages",
        "/influencers/filter?group=0&field=stage",
    ],
)
def test_a_stage_is_called_by_the_brands_own_name_on_each_page(
    saved, session, client_of, lead, path
):
    card = saved(make.relationship(brand=lead.brand, stage=Stage.AWARE, owner=lead.user))
    counters.recount(session)
    session.commit()
    saved(make.touchpoint(relationship=card, owner=lead.user, due_on=TODAY))
    client = client_of(lead.user)
    address = path.format(id=card.id, person=card.influencer_id)
    client.get(address)  # What is remembered from page to page is remembered under irm's name.

    assert name(client, aware_en="Has met us").status_code == 303

    page = shown(client.get(address))
    assert "Has met us" in page
    assert ">Aware<" not in page


def test_another_brand_and_another_language_keep_their_own_words(saved, client_of, lead):
    name(client_of(lead.user), aware_en="Has met us", aware_fr="Nous a rencontrés")
    other = saved(make.member(Role.LEAD, brand=make.brand(name="Other")))
    colleague = saved(make.member(brand=lead.brand, user=make.user(locale="fr")))

    assert "Has met us" not in client_of(other.user).get("/funnel").text
    french = client_of(colleague.user).get("/stages").text
    assert "Nous a rencontrés" in french
    assert "Has met us" not in french


def test_what_was_done_is_said_with_the_brands_name(saved, client_of, lead):
    card = saved(make.relationship(brand=lead.brand, name="Mira"))
    client = client_of(lead.user)
    name(client, aware_en="Has met us")
    moved = {"stage": "aware", "row_version": card.row_version, "reason": "Met at a fair"}
    page = client.post(f"/relationships/{card.id}/move", data=moved, follow_redirects=True).text
    assert "Mira moved to Has met us." in page


def test_the_file_of_a_list_says_what_the_page_says(saved, client_of, lead):
    saved(make.relationship(brand=lead.brand, stage=Stage.AWARE))
    client = client_of(lead.user)
    name(client, aware_en="Has met us")
    file = client.post("/exports", data={"list": "", "columns": "stage", "form": "csv"})
    assert "Has met us" in file.text


def test_names_two_stages_would_share_are_refused_and_kept_in_the_form(session, client_of, lead):
    answer = name(client_of(lead.user), aware_en="Fan", engaged_en="fan")
    assert answer.status_code == 422
    assert "Two stages would be called" in answer.text
    assert 'value="Fan"' in answer.text
    session.expire_all()
    assert session.get(Brand, lead.brand_id).stage_labels == {}


def test_a_name_that_would_break_the_columns_is_refused(client_of, lead):
    answer = name(client_of(lead.user), aware_en="x" * 25)
    assert answer.status_code == 422
    assert "24 characters at most" in answer.text


def test_what_a_stage_takes_is_said_with_the_brands_names(client_of, lead):
    client = client_of(lead.user)
    name(client, aware_en="Has met us")
    page = client.get("/settings/evidence").text
    assert "Has met us takes a reply" in page
    assert "Aware takes" not in page


def test_how_it_reads_shows_the_stages_that_are_named(client_of, lead):
    data = {"aware_en": "Has met us", "interested_en": "Curious"}
    seen = client_of(lead.user).post("/settings/stages/preview", data=data).text
    assert "Camille moved to Has met us." in seen
    assert "Camille moved to Curious." in seen
    assert "Camille moved to Engaged." not in seen


def test_how_names_read_is_shown_before_they_are_kept(session, client_of, lead):
    client = client_of(lead.user)
    seen = client.post("/settings/stages/preview", data={"engaged_fr": "Complice"}).text
    assert "Camille passe à l’étape «\xa0Complice\xa0»." in seen
    assert "Camille moved to Engaged." in seen
    session.expire_all()
    assert session.get(Brand, lead.brand_id).stage_labels == {}
    assert (
        "Two stages"
        in client.post(
            "/settings/stages/preview", data={"engaged_fr": "Complice", "aware_fr": "complice"}
        ).text
    )


def test_own_names_are_given_up_at_once(client_of, lead):
    client = client_of(lead.user)
    name(client, aware_en="Has met us")
    assert client.post("/settings/stages/reset").status_code == 303
    assert "Has met us" not in client.get("/settings/stages").text


def test_what_a_brand_writes_stays_text(client_of, lead):
    client = client_of(lead.user)
    name(client, aware_en="<b>Fan</b>")
    assert "<b>Fan" not in client.get("/funnel").text


def test_codes_in_an_answer_for_programs_stay_as_they_are(saved, session, client_of, lead):
    card = saved(make.relationship(brand=lead.brand, stage=Stage.AWARE))
    counters.recount(session)
    session.commit()
    client = client_of(lead.user)
    name(client, aware_en="Has met us")
    assert f'data-stage="{card.stage.value}"' in client.get("/funnel").text
    assert json.loads(json.dumps({"stage": card.stage})) == {"stage": "aware"}


def test_a_tactic_of_the_guide_is_planned_and_then_proposed_no_more(
    saved, session, client_of, lead
):
    card = saved(make.relationship(brand=lead.brand, stage=Stage.AWARE))
    client = client_of(lead.user)
    guide = f"/relationships/{card.id}/guide"
    page = client.get(guide, headers=HTMX).text
    assert "<html" not in page
    assert page.index("Do this next") < page.index("Link to their content")

    due = str(TODAY + dt.timedelta(days=3))
    values = {"tactic": "curate", "kind": "give", "purpose": "Curate", "due_on": due}
    client.post(f"/relationships/{card.id}/touchpoints", data=values)

    assert session.scalar(select(Touchpoint.tactic)) == "curate"
    page = client.get(guide).text
    assert "Planned for" in page
    assert (
        page.index("Link to their content") < page.index("Do this next") < page.index("Comment on")
    )


def test_a_tactic_done_and_logged_is_marked_with_day_and_name(saved, client_of, lead):
    card = saved(make.relationship(brand=lead.brand, stage=Stage.AWARE))
    planned = saved(
        make.touchpoint(relationship=card, owner=lead.user, tactic="curate", due_on=TODAY)
    )
    client = client_of(lead.user)
    client.post(f"/touchpoints/{planned.id}/complete", data={"row_version": planned.row_version})
    page = client.get(f"/relationships/{card.id}/guide").text
    assert f"by {lead.user.name}." in page
    assert "Used last" in page


def test_asking_is_planned_on_the_ask_form_alone(saved, client_of, lead):
    card = saved(make.relationship(brand=lead.brand, stage=Stage.ENGAGED))
    page = shown(client_of(lead.user).get(f"/relationships/{card.id}/guide"))
    assert f'href="/relationships/{card.id}/ask?tactic=event"' in page
    assert "Early: give something first." in page
    assert 'value="event"' not in page


def test_who_may_look_only_plans_nothing(saved, client_of, lead):
    viewer = saved(make.member(Role.VIEWER, brand=lead.brand))
    card = saved(make.relationship(brand=lead.brand, stage=Stage.AWARE))
    page = client_of(viewer.user).get(f"/relationships/{card.id}/guide").text
    assert "Curate their best content" in page
    assert "Plan it" not in page


def test_what_the_next_stage_takes_stands_beside_the_tactics(saved, client_of, lead):
    card = saved(make.relationship(brand=lead.brand, stage=Stage.AWARE))
    saved(make.proof(relationship=card, day=clock.now().date()))
    page = client_of(lead.user).get(f"/relationships/{card.id}/guide").text
    assert "0 of 2 exchanges both ways" in page


def test_a_page_about_two_brands_calls_stages_as_each_of_them_does(saved, client_of, lead):
    other = saved(make.member(Role.LEAD, user=lead.user, brand=make.brand(name="Zest")))
    left = saved(make.relationship(brand=lead.brand, stage=Stage.AWARE))
    right = saved(make.relationship(brand=other.brand, stage=Stage.ENGAGED))
    saved(make.duplicate(left=left.influencer, right=right.influencer))
    client = client_of(lead.user)
    client.get(f"/funnel?brand={lead.brand_id}")
    name(client, aware_en="Has met us", engaged_en="Accomplice")
    page = shown(client.get("/duplicates"))
    assert "Has met us" in page
    assert "Engaged" in page
    assert "Accomplice" not in page
