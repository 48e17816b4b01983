"""Today: what is overdue, due, ahead, and who has nothing planned."""

import datetime as dt

import make
import pytest

from irm.models import Ask, FactKind, Promiser, Role, Source, Visibility

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def ravi(saved):
    """Ravi, who looks after a brand's people."""
    return saved(make.member(Role.MANAGER))


def section(page, key):
    return page.split(f'id="{key}"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("days", "key", "said"),
    [
        (-3, "overdue", "Overdue by 3 days"),
        (0, "now", "Today"),
        (5, "next", "In 5 days"),
    ],
)
def test_a_touchpoint_stands_in_the_section_of_its_day(saved, client_of, ravi, days, key, said):
    day = TODAY + dt.timedelta(days=days)
    relationship = make.relationship(brand=ravi.brand, name="Chloé")
    saved(
        make.touchpoint(
            relationship=relationship, owner=ravi.user, due_on=day, purpose="Send the seeds"
        )
    )

    part = section(client_of(ravi.user).get("/today").text, key)

    assert "Chloé" in part
    assert "Send the seeds" in part
    assert said in part
    assert f'datetime="{day}"' in part


def test_whoever_has_nothing_planned_is_offered_a_plan(saved, client_of, ravi):
    saved(make.relationship(brand=ravi.brand, owner=ravi.user, name="Chloé"))

    part = section(client_of(ravi.user).get("/today").text, "unplanned")

    assert "Chloé" in part
    assert "Never contacted" in part
    assert "Plan in 3 days" in part


def test_what_a_colleague_owns_is_hers(saved, client_of, ravi):
    ana = saved(make.member(Role.LEAD, brand=ravi.brand)).user
    saved(make.relationship(brand=ravi.brand, owner=ana, name="Chloé"))

    assert "Chloé" not in client_of(ravi.user).get("/today").text


def test_a_viewer_sees_no_buttons(saved, client_of):
    vera = saved(make.member(Role.VIEWER))
    saved(make.relationship(brand=vera.brand, owner=vera.user, name="Chloé"))

    page = client_of(vera.user).get("/today").text

    assert "Chloé" in page
    assert "Plan in 3 days" not in page
    assert "quick-log" not in page


def test_somebody_without_a_brand_still_finds_a_page(saved, client_of):
    response = client_of(saved(make.user())).get("/today")

    assert response.status_code == 200
    assert "You belong to no brand yet" in response.text


def test_the_first_page_is_today(client_of, ravi):
    assert client_of(ravi.user).get("/").location == "/today"


def test_a_colleagues_private_note_counts_as_contact_without_being_told(
    session, saved, client_of, ravi
):
    ana = saved(make.member(Role.LEAD, brand=ravi.brand)).user
    chloe = make.relationship(brand=ravi.brand, last_contact_at=dt.datetime.now(dt.UTC))
    saved(make.touchpoint(relationship=chloe, owner=ravi.user, due_on=TODAY))
    saved(
        make.interaction(
            relationship=chloe, author=ana, summary="Secret.", visibility=Visibility.PRIVATE
        )
    )

    part = section(client_of(ravi.user).get("/today").text, "now")

    assert "Last contact today" in part
    assert "Never contacted" not in part
    assert "Secret." not in part


def test_whom_nobody_contacted_is_said_to_be_new(saved, client_of, ravi):
    chloe = make.relationship(brand=ravi.brand)
    saved(make.touchpoint(relationship=chloe, owner=ravi.user, due_on=TODAY))

    part = section(client_of(ravi.user).get("/today").text, "now")

    assert "Never contacted; this is the first time." in part


def test_what_is_paused_stands_nowhere_and_is_counted_with_a_way_to_it(saved, client_of, ravi):
    until = TODAY + dt.timedelta(days=20)
    resting = make.relationship(
        brand=ravi.brand, owner=ravi.user, name="On tour", paused_until=until
    )
    for days in (-3, 0, 5):
        day = TODAY + dt.timedelta(days=days)
        saved(make.touchpoint(relationship=resting, owner=ravi.user, due_on=day))

    page = client_of(ravi.user).get("/today").text

    assert "On tour" not in page
    assert "1 of your people is paused" in page
    assert "/influencers?age=paused&amp;owner=me" in page


def test_on_the_day_a_pause_ends_they_are_back(saved, client_of, ravi):
    back = make.relationship(brand=ravi.brand, owner=ravi.user, name="Back", paused_until=TODAY)
    saved(make.touchpoint(relationship=back, owner=ravi.user, due_on=TODAY))

    page = client_of(ravi.user).get("/today").text

    assert "Back" in section(page, "now")
    assert "paused" not in page


def test_a_lead_is_told_who_was_left_alone_and_a_manager_is_not(saved, client_of, ravi):
    lead = saved(make.member(Role.LEAD, brand=ravi.brand))
    last = dt.datetime.now(dt.UTC) - dt.timedelta(days=120)
    saved(
        make.relationship(
            brand=ravi.brand,
            owner=ravi.user,
            name="Mira Okafor",
            last_contact_at=last,
            contact_order=last.date(),
        )
    )

    part = section(client_of(lead.user).get("/today/beyond").text, "beyond")

    assert "Beyond the second limit: 1 person of 1 colleague" in part
    assert "Mira Okafor" in part
    assert "120 days without contact" in part
    assert f"/influencers?age=lost&amp;owner={ravi.user_id}" in part
    assert "/today/beyond" in client_of(lead.user).get("/today").text
    assert "/today/beyond" not in client_of(ravi.user).get("/today").text
    assert client_of(ravi.user).get("/today/beyond").status_code == 403


def test_a_lead_is_told_that_the_gate_was_overridden_of_late_and_a_manager_is_not(
    saved, client_of, ravi
):
    lead = saved(make.member(Role.LEAD, brand=ravi.brand))
    now = dt.datetime.now(dt.UTC)
    for brand, reason, days in (
        (ravi.brand, "The fair is on Friday", 2),
        (ravi.brand, "Long ago", 8),
        (ravi.brand, None, 1),
        (make.brand(), "Elsewhere", 1),
    ):
        one = saved(make.relationship(brand=brand))
        saved(
            Ask(
                relationship_id=one.id,
                wish="Come",
                benefit="Visible",
                community="Tickets",
                shared_values="Repair",
                gives=0,
                override_reason=reason,
                author_id=ravi.user_id,
                created_at=now - days * dt.timedelta(days=1),
            )
        )

    said = "1 ask was planned although the gate was shut"
    assert said in client_of(lead.user).get("/today").text
    assert said not in client_of(ravi.user).get("/today").text


def test_a_no_go_stands_in_the_row_and_one_fact_to_use(saved, client_of, ravi):
    chloe = make.relationship(brand=ravi.brand, name="Chloé")
    saved(make.touchpoint(relationship=chloe, owner=ravi.user, due_on=TODAY))
    saved(make.fact(relationship=chloe, text="The trial", kind=FactKind.NO_GO, known_on=TODAY))
    saved(make.fact(relationship=chloe, text="Sourdough", known_on=TODAY))
    saved(make.fact(relationship=chloe, text="A cat", source=Source.GUESS, known_on=TODAY))

    part = section(client_of(ravi.user).get("/today").text, "now")

    assert "Never speak of it: The trial" in part
    assert "Passion: Sourdough" in part
    assert "A cat" not in part


def test_promises_are_ours_first_and_questions_say_what_is_left(saved, client_of, ravi):
    chloe = saved(make.relationship(brand=ravi.brand, owner=ravi.user, name="Chloé"))
    now = dt.datetime.now(dt.UTC)
    for promiser, what, days in (
        (Promiser.THEM, "A film", -9),
        (Promiser.US, "Seeds", 2),
        (Promiser.US, "Later", 30),
    ):
        day = TODAY + dt.timedelta(days=days)
        saved(
            make.promise(
                relationship=chloe, promiser=promiser, what=what, due_on=day, owner_id=ravi.user_id
            )
        )
    for text, hours in (("When?", 5), ("Where?", -30)):
        by = now + dt.timedelta(hours=hours, minutes=10)
        saved(
            make.question(
                relationship=chloe, text=text, asked_at=now, answer_by=by, owner_id=ravi.user_id
            )
        )

    page = client_of(ravi.user).get("/today").text
    promised, asked = section(page, "promises"), section(page, "questions")

    assert promised.index("Seeds") < promised.index("A film")
    assert "Later" not in promised
    assert "Overdue by 9 days" in promised
    assert asked.index("Where?") < asked.index("When?")
    assert "5 hours left" in asked
    assert "Overdue by 30 hours" in asked


def test_days_to_remember_come_after_the_page_and_are_a_page_without_script(saved, client_of, ravi):
    chloe = make.relationship(brand=ravi.brand, owner=ravi.user, name="Chloé")
    day = TODAY + dt.timedelta(days=2)
    saved(
        make.fact(
            relationship=chloe,
            kind=FactKind.BIRTHDAY,
            text="",
            on_month=day.month,
            on_day=day.day,
            is_yearly=True,
        )
    )
    client = client_of(ravi.user)

    assert 'hx-get="/today/days"' in client.get("/today").text
    part = client.get("/today/days", headers={"HX-Request": "true"}).text
    assert "Chloé" in part
    assert "Birthday in 2 days" in part
    assert "<h1>Days to remember</h1>" in client.get("/today/days").text


def test_the_team_is_counted_by_colleague_and_what_is_overdue_is_listed(saved, client_of, ravi):
    ana = saved(make.member(Role.MANAGER, brand=ravi.brand, user=make.user(name="Ana Lopes"))).user
    late = TODAY - dt.timedelta(days=4)
    for n in range(52):
        relationship = make.relationship(
            brand=ravi.brand, owner=ana, name=f"Person {n}", next_order=late
        )
        saved(make.touchpoint(relationship=relationship, owner=ana, due_on=late))

    page = client_of(ravi.user).get("/today?of=team").text

    assert f'href="/today?of={ana.id}">Ana Lopes</a></th><td class="num late">50+' in page
    assert page.count("data-row") == 50
    assert "Overdue by 4 days" in page


def test_the_day_of_a_colleague_shows_what_the_reader_may_read(saved, client_of, ravi):
    ana = saved(make.member(Role.LEAD, brand=ravi.brand, user=make.user(name="Ana Lopes"))).user
    chloe = make.relationship(brand=ravi.brand, owner=ana, name="Chloé")
    saved(make.touchpoint(relationship=chloe, owner=ana, due_on=TODAY, purpose="Call"))
    saved(
        make.interaction(
            relationship=chloe, author=ana, summary="Secret.", visibility=Visibility.PRIVATE
        )
    )
    saved(
        make.promise(
            relationship=chloe,
            what="Hush",
            due_on=TODAY,
            owner_id=ana.id,
            author_id=ana.id,
            visibility=Visibility.PRIVATE,
        )
    )

    page = client_of(ravi.user).get(f"/today?of={ana.id}").text

    assert "<h1>Today: Ana Lopes</h1>" in page
    assert "Call" in section(page, "now")
    assert "Secret." not in page
    assert "Hush" not in page
    assert "Hush" in client_of(ana).get("/today").text


@pytest.mark.parametrize("of", ["0", "x", "99999999999", "-1", "team2"])
def test_the_day_of_nobody_is_not_there(client_of, ravi, of):
    assert client_of(ravi.user).get(f"/today?of={of}").status_code == 404


def test_a_viewer_sees_her_own_day_alone(saved, client_of, ravi):
    vera = saved(make.member(Role.VIEWER, brand=ravi.brand)).user

    for of in ("team", ravi.user_id):
        assert client_of(vera).get(f"/today?of={of}").status_code == 403
    assert client_of(vera).get(f"/today?of={vera.id}").status_code == 200
