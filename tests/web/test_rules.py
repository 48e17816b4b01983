"""The rules that scores follow, set by an administrator, and what each means to a brand."""

import make
import pytest
from sqlalchemy import select

from irm.jobs import tasks
from irm.models import Archetype, AuditEntry, Role, Setting, Task, TaskState, Tier
from irm.scoring import rules
from irm.scoring.fit import Weights
from irm.scoring.tiers import Thresholds

RULES = {"macro": "300 000", "middle": "5k", "overlap": "0,25"}


@pytest.fixture
def admin(saved):
    """Ravi, who looks after the installation and belongs to no brand."""
    return saved(make.user(is_admin=True))


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


def scorings(session):
    return session.scalars(select(Task).where(Task.kind == "score")).all()


def test_an_administrator_sets_thresholds_and_overlap_for_everybody(session, client_of, admin):
    response = client_of(admin).post("/settings/scores", data=RULES)

    assert response.status_code == 303
    found = rules.rules(session)
    assert (found.thresholds, found.overlap) == (Thresholds(300_000, 5_000), 0.25)
    assert [(one.brand_id, one.arguments) for one in scorings(session)] == [(None, {})]
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.action == "organisation.scores_changed"
    assert entry.ids == {"macro": 300_000, "middle": 5_000, "overlap": "0.25"}


def test_the_same_rules_again_score_nobody(session, client_of, admin):
    page = client_of(admin)
    page.post("/settings/scores", data={"macro": "250000", "middle": "10000", "overlap": "0.5"})

    assert scorings(session) == []
    assert session.scalars(select(Setting)).all() == []


def test_the_rules_go_back_to_irms_own(session, client_of, admin):
    page = client_of(admin)
    page.post("/settings/scores", data=RULES)
    assert "Back to irm" in page.get("/settings/scores").text

    page.post("/settings/scores/reset")

    assert rules.rules(session) == rules.Rules()
    assert len(scorings(session)) == 2
    assert "Back to irm" not in page.get("/settings/scores").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"middle": "300000"}, "begins below macro"),
        ({"middle": "400000"}, "begins below macro"),
        ({"middle": "0"}, "from 1 to"),
        ({"macro": "1"}, "from 2 to"),
        ({"macro": "9" * 40}, "from 2 to"),
        ({"macro": "nan"}, "whole number"),
        ({"macro": "-5"}, "from 2 to"),
        ({"macro": "many"}, "whole number"),
        ({"macro": ""}, "number of people"),
        ({"overlap": "7"}, "from 0 to 1"),
        ({"overlap": "-0.1"}, "from 0 to 1"),
        ({"overlap": "nan"}, "Write a number"),
        ({"overlap": "inf"}, "Write a number"),
        ({"overlap": "half"}, "Write a number"),
        ({"overlap": "😀'\"<b>"}, "Write a number"),
        ({"macro": "x" * 5000}, "whole number"),
    ],
)
def test_rules_that_cannot_be_are_refused_at_their_field(session, client_of, admin, wrong, said):
    response = client_of(admin).post("/settings/scores", data=RULES | wrong)

    assert response.status_code == 422
    assert said in response.text.split("form-error", 1)[1][:200]
    assert rules.rules(session) == rules.Rules()
    assert scorings(session) == []


def test_whoever_is_no_administrator_may_not_even_look(client_of, lead):
    page = client_of(lead.user)

    assert page.get("/settings/scores").status_code == 403
    assert page.post("/settings/scores", data=RULES).status_code == 403
    assert page.post("/settings/scores/reset").status_code == 403
    assert "/settings/scores" not in page.get("/settings/profile").text


def test_a_look_says_who_would_change_tier_and_saves_nothing(session, saved, client_of, admin):
    sizes = {Tier.MICRO: (None, 900, 6_000), Tier.MIDDLE: (20_000,), Tier.MACRO: (280_000, 400_000)}
    for tier, audiences in sizes.items():
        for audience in audiences:
            saved(make.influencer(tier=tier, audience=audience))
    saved(make.influencer(tier=Tier.MICRO, audience=8_000, archetype=Archetype.JOURNALIST))
    saved(make.influencer(tier=Tier.MICRO, audience=9_000, tier_reason="Asked for it"))
    saved(make.influencer(tier=Tier.MICRO, audience=7_000, known=False))

    same = {"macro": "300000", "middle": "5000", "overlap": "0.5", "do": "look"}
    page = client_of(admin).post("/settings/scores", data=same).text

    assert page.count("<tr>") == 4
    for row in ("Macro</td><td>Magic middle</td>", "Micro</td><td>Macro", "Micro</td><td>Magic"):
        assert row in page
    assert rules.rules(session) == rules.Rules()
    assert scorings(session) == []


def test_a_look_adds_the_accounts_up_again_where_the_overlap_would_be_another(
    session, saved, client_of, admin
):
    person = saved(make.influencer(tier=Tier.MICRO, audience=9_000))
    for followers in (6_000, 6_000):
        saved(make.account(influencer=person, followers=followers))
    saved(make.account(influencer=person, followers=50_000, is_current=False))
    saved(make.influencer(tier=Tier.MICRO))
    page, look = client_of(admin), {"macro": "250000", "middle": "10000", "do": "look"}

    assert (
        "Nobody would change tier"
        in page.post("/settings/scores", data=look | {"overlap": "0.6"}).text
    )
    assert "Magic middle</td>" in page.post("/settings/scores", data=look | {"overlap": "1"}).text


def test_a_lead_weighs_the_scores_and_the_brands_people_are_scored_anew(session, client_of, lead):
    page = client_of(lead.user)
    response = page.post("/settings/fit", data={"reach": "0", "resonance": "0,5", "relevance": "1"})

    assert response.status_code == 303
    session.refresh(lead.brand)
    assert rules.weights(lead.brand.fit_weights) == Weights(0, 0.5, 1)
    assert [one.brand_id for one in scorings(session)] == [lead.brand.id]
    assert "brand.changed" in session.scalars(select(AuditEntry.action)).all()

    page.post("/settings/fit", data={"reach": "0", "resonance": "0.5", "relevance": "1"})
    assert len(scorings(session)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"reach": "0", "resonance": "0", "relevance": "0"},
        {"reach": "7"},
        {"reach": "-1"},
        {"reach": "nan"},
        {"reach": ""},
        {"reach": "much"},
    ],
)
def test_weights_that_cannot_be_are_refused_at_their_field(session, client_of, lead, wrong):
    right = {"reach": "0.2", "resonance": "0.5", "relevance": "0.3"}

    response = client_of(lead.user).post("/settings/fit", data=right | wrong)

    assert response.status_code == 422
    assert "form-error" in response.text
    session.refresh(lead.brand)
    assert rules.weights(lead.brand.fit_weights) == Weights()
    assert scorings(session) == []


def fragment(page, id=""):
    return page.get(f"/settings/scores/progress?task={id}", headers={"HX-Request": "true"}).text


def test_a_rescoring_shows_how_far_it_is_until_it_is_over(session, saved, client_of, lead):
    task = saved(
        Task(kind="score", brand_id=lead.brand.id, arguments={}, created_at=make.MONDAY, total=200)
    )
    page = client_of(lead.user)
    assert "as soon as the worker is free" in page.get("/settings/brand").text

    task.state, task.done = TaskState.RUNNING, 80
    session.commit()
    said = fragment(page, task.id)
    assert "40%" in said
    assert f"progress?task={task.id}" in said

    task.state, task.result = TaskState.DONE, {"changed": 1234}
    session.commit()
    said = fragment(page, task.id)
    assert "1,234 scores changed" in said
    assert "hx-get" not in said
    assert "scoring-bar" not in page.get("/settings/brand").text


def test_a_rescoring_that_failed_says_why(saved, client_of, lead):
    task = saved(
        Task(
            kind="score",
            brand_id=lead.brand.id,
            created_at=make.MONDAY,
            state=TaskState.FAILED,
            error={"message": "It was started several times and never finished.", "params": {}},
        )
    )

    assert "never finished" in fragment(client_of(lead.user), task.id)


def test_nobody_sees_the_rescoring_of_a_brand_that_is_not_theirs(saved, client_of, lead):
    other = saved(make.brand())
    theirs = saved(Task(kind="score", brand_id=other.id, created_at=make.MONDAY))
    export = saved(make.export(brand_id=lead.brand.id, user_id=lead.user.id))
    page = client_of(lead.user)

    assert "scoring-bar" not in page.get("/settings/brand").text
    for id in (theirs.id, export.id, 2**40, "²", "-1", "nan"):
        assert fragment(page, id).strip() == ""


def test_who_was_edited_is_scored_without_a_word(saved, client_of, lead):
    saved(Task(kind="score", arguments={"people": [1]}, created_at=make.MONDAY))

    assert "scoring-bar" not in client_of(lead.user).get("/settings/brand").text


def test_the_worker_scores_by_the_new_rules(app, session, saved, client_of, admin):
    card = saved(make.relationship())
    for followers in (6_000, 6_000):
        saved(make.account(influencer=card.influencer, followers=followers))

    client_of(admin).post("/settings/scores", data={**RULES, "overlap": "0.5"})
    tasks.run_inline(app, scorings(session)[0].id, lambda _done, _total: None)

    session.refresh(card.influencer)
    assert (card.influencer.tier, card.influencer.audience) == (Tier.MIDDLE, 9_000)
