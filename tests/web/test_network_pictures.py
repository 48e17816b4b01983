"""Pictures of the network: who is around somebody, who leads, and who is in a community."""

import json
from html import unescape
from itertools import pairwise

import make
import pytest
import tied
from sqlalchemy import select

from irm.models import AuditEntry, Community, Role, TieKind
from irm.network import pictures

XSS = """"><script>alert('x')</script>"""


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def client(client_of, lead):
    return client_of(lead.user)


@pytest.fixture
def person(saved, lead):
    """Makes somebody of the brand."""

    def made(name, **given):
        given.setdefault("brand", lead.brand)
        return saved(make.relationship(name=name, **given)).influencer

    return made


@pytest.fixture
def community(saved, lead):
    """Makes a community of some people, the first of them with the most influence."""

    def made(*people):
        brand_id = lead.brand_id
        found = saved(tied.community(brand_id=brand_id, size=len(people)))
        for rank, one in enumerate(people, 1):
            saved(tied.place(one, brand_id=brand_id, rank=rank, community_id=found.id))
        return found

    return made


@pytest.fixture
def chain(saved, person):
    """Ana reaches Ben, who reaches Chloé, who reaches Dan; a stranger mentions Ana."""
    people = [person(name) for name in ("Ana Ribeiro", "Ben Okoye", "Chloé Roux", "Dan Ek")]
    for one, other in pairwise(people):
        saved(tied.tie(one, other))
    zoe = saved(make.influencer(name="zoe_bakes", known=False))
    saved(tied.tie(zoe, people[0], kind=TieKind.MENTIONS))
    return [*people, zoe]


def drawing(page):
    """What the script is given of a page."""
    return json.loads(unescape(page.text.split('data-drawing="')[1].split('"')[0]))


def drawn(page):
    """The names of those in the drawing."""
    return {one["name"] for one in drawing(page)["people"]}


def test_who_is_around_somebody_is_drawn_in_one_step_or_two(client, chain):
    near = client.get(f"/network/around/{chain[0].id}?steps=1")
    far = client.get(f"/network/around/{chain[0].id}")

    assert drawn(near) == {"Ana Ribeiro", "Ben Okoye", "zoe_bakes"}
    assert drawn(far) == {"Ana Ribeiro", "Ben Okoye", "Chloé Roux", "zoe_bakes"}
    assert "4 people · 3 ties" in far.text


def test_the_table_says_what_the_drawing_shows(client, chain):
    page = client.get(f"/network/around/{chain[0].id}")
    given = drawing(page)
    ana = next(one for one in given["people"] if one["is_middle"])
    zoe = next(one for one in given["people"] if one["name"] == "zoe_bakes")

    assert (ana["name"], ana["href"]) == ("Ana Ribeiro", "")
    assert zoe["href"] == f"/network/around/{chain[4].id}"
    # In the drawing with a click, by keyboard here: to the next picture, a page, or a way.
    assert f'href="/network/around/{chain[4].id}"' in page.text
    assert f'href="/influencers/{chain[1].id}"' in page.text
    assert f'href="/network/paths?to={chain[4].id}"' in page.text
    assert f'href="/influencers/{chain[4].id}"' not in page.text
    assert "is reached, strength 0.5" in page.text
    assert "reaches, strength 1" in page.text
    assert "over others" in page.text


def test_a_stranger_has_a_picture_of_their_own(client, chain):
    page = client.get(f"/network/around/{chain[4].id}?steps=1")

    assert drawn(page) == {"Ana Ribeiro", "zoe_bakes"}
    assert "No ties are known yet" not in page.text


def test_somebody_without_ties_is_told_where_ties_come_from(client, person):
    page = client.get(f"/network/around/{person('Ana Ribeiro').id}")

    assert page.status_code == 200
    assert "No ties are known yet" in page.text
    assert "data-drawing" not in page.text


def test_people_are_sized_by_what_is_asked_for_and_hollow_where_it_is_not_known(
    client, saved, person
):
    ana, ben, chloe = person("Ana"), person("Ben"), person("Chloé")
    ana.reach, ben.reach = 90.0, 30.0
    for other in (saved(ben), chloe):
        saved(tied.tie(saved(ana), other))

    page = client.get(f"/network/around/{chloe.id}?size=reach")
    of = {one["name"]: one for one in drawing(page)["people"]}

    assert of["Ana"]["size"] > of["Ben"]["size"] > of["Chloé"]["size"] == pictures.SMALLEST
    assert [of[name]["is_unknown"] for name in ("Ana", "Ben", "Chloé")] == [False, False, True]
    assert "Reach: 90" in of["Ana"]["words"]
    assert "Hollow: Reach is not known" in page.text
    rows = page.text.split("<tbody>")[1]
    assert rows.index("Ana") < rows.index("Ben") < rows.index("Chloé")


@pytest.mark.parametrize("size", [one.value for one in pictures.Size])
def test_every_score_draws_every_picture(client, chain, community, size):
    made = community(*chain[:4])
    for page in (f"around/{chain[0].id}", "picture", f"communities/{made.id}"):
        assert client.get(f"/network/{page}?size={size}").status_code == 200, page


def test_of_many_the_nearest_are_drawn_and_it_is_said(client, session, person):
    hub = person("Hub")
    others = [make.influencer(name=f"fan{n}", known=False) for n in range(pictures.MOST + 5)]
    session.add_all(others)
    session.flush()
    session.add_all(tied.tie(other, hub, weight=float(n + 1)) for n, other in enumerate(others))
    session.commit()

    page = client.get(f"/network/around/{hub.id}")

    assert len(drawn(page)) == pictures.MOST
    assert "fan0" not in drawn(page)
    assert f"the {pictures.MOST} with the strongest ties are drawn" in page.text


def test_of_very_many_ties_the_strongest_are_drawn_and_it_is_said(client, session, lead, person):
    people = [person(f"P{n}") for n in range(30)]
    session.add_all(
        tied.tie(one, other, weight=float(1 + number))
        for number, (one, other) in enumerate(
            (one, other) for one in people for other in people if one.id < other.id
        )
    )
    session.commit()

    page = client.get(f"/network/around/{people[0].id}?steps=1")
    given = drawing(page)
    ends = {end for one in given["links"] for end in (one["from"], one["to"])}

    assert len(given["links"]) == pictures.MOST_LINKS
    assert len(ends) == 30
    assert f"{30 * 29 // 2 - pictures.MOST_LINKS} weaker ties are not drawn." in page.text


def test_a_tie_that_alone_joins_two_parts_is_told(client, saved, person):
    people = [person(f"P{n}") for n in range(6)]
    for one, other in ((0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3)):
        saved(tied.tie(people[one], people[other]))

    page = client.get(f"/network/around/{people[2].id}")

    assert "one tie alone joins two parts: P2 – P3." in page.text
    assert sum(one["is_sole"] for one in drawing(page)["links"]) == 1


def test_communities_are_named_and_have_a_shape_beside_their_colour(client, chain, community):
    made = community(chain[0], chain[1])
    page = client.get(f"/network/around/{chain[0].id}")
    given = drawing(page)

    assert given["groups"] == [{"name": "Around Ana Ribeiro, Ben Okoye", "colour": 0, "shape": 0}]
    assert {one["name"]: one["group"] for one in given["people"]}["zoe_bakes"] == -1
    assert (
        f'<a href="/network/communities/{made.id}">Around Ana Ribeiro, Ben Okoye</a>' in page.text
    )
    assert "No community" in page.text


def test_those_who_lead_are_drawn(client, chain, community):
    assert "Nobody to draw yet" in client.get("/network/picture").text
    community(*chain[:3])

    page = client.get("/network/picture")

    assert drawn(page) == {"Ana Ribeiro", "Ben Okoye", "Chloé Roux"}
    assert "no. 1" in page.text
    assert "speak of your topics yet" in client.get("/network/picture?size=topical").text


def test_a_name_is_text_wherever_it_stands(client, saved, person, community):
    ana, ben = person(XSS), person("Ben")
    saved(tied.tie(ana, ben))
    made = community(ana, ben)
    client.post(f"/network/communities/{made.id}", data={"name": XSS, "was": ""})

    for address in (f"around/{ben.id}", "picture", f"communities/{made.id}"):
        page = client.get(f"/network/{address}")
        assert XSS in drawn(page)
        assert drawing(page)["groups"][0]["name"] == XSS
        assert "<script>alert" not in page.text


def test_another_brand_draws_none_of_it(client_of, saved, session, person, chain, community):
    made = community(*chain[:4])
    other = saved(make.member(Role.LEAD))
    theirs = saved(make.relationship(brand=other.brand, name="Their friend")).influencer
    # Of the four it knows Ben; what Ana reaches, Ana's brand was told.
    saved(make.relationship(brand=other.brand, influencer=chain[1]))
    saved(tied.tie(theirs, chain[1]))
    client = client_of(other.user)

    assert drawn(client.get(f"/network/around/{chain[1].id}")) == {"Ben Okoye", "Their friend"}
    for address in (f"around/{chain[0].id}", f"communities/{made.id}", "around/2147483647"):
        assert client.get(f"/network/{address}").status_code == 404, address
    answer = client.post(f"/network/communities/{made.id}", data={"name": "Ours", "was": ""})
    assert answer.status_code == 404
    session.expire_all()
    assert session.get_one(Community, made.id).name == ""


def test_what_only_another_brand_was_told_joins_nobody_here(client, saved, person):
    ana, ben = person("Ana"), person("Ben")
    other = saved(make.brand())
    saved(tied.tie(ana, ben, brand_id=other.id))

    assert "No ties are known yet" in client.get(f"/network/around/{ana.id}").text


def test_of_two_brands_the_one_at_hand_draws(client, saved, lead, chain, community):
    second = saved(make.member(Role.LEAD, user=lead.user))
    made = community(*chain[:4])

    assert client.get(f"/network/communities/{made.id}?brand={second.brand_id}").status_code == 404
    assert client.get(f"/network/around/{chain[0].id}?brand={second.brand_id}").status_code == 404


def test_whoever_is_archived_has_no_picture_and_no_link_to_one(client, saved, chain):
    address = f"/network/around/{chain[1].id}"
    assert address in client.get(f"/influencers/{chain[1].id}/ties").text
    chain[1].archived_at = make.MONDAY
    saved(chain[1])

    assert client.get(address).status_code == 404
    assert address not in client.get(f"/influencers/{chain[1].id}/ties").text
    assert drawn(client.get(f"/network/around/{chain[0].id}")) == {"Ana Ribeiro", "zoe_bakes"}


def test_whoever_was_merged_leads_on_to_the_one_they_are_now(client, session, saved, chain):
    chain[0].merged_into_id = chain[1].id
    saved(chain[0])

    answer = client.get(f"/network/around/{chain[0].id}")

    assert answer.status_code == 302
    assert answer.location == f"/influencers/{chain[1].id}"


def test_a_community_is_given_a_name_and_keeps_it(client, session, lead, chain, community):
    made = community(*chain[:3])
    address = f"/network/communities/{made.id}"
    assert "<h1>Around Ana Ribeiro, Ben Okoye, Chloé Roux</h1>" in client.get(address).text

    answer = client.post(address, data={"name": "  The   menders ", "was": ""})

    assert (answer.status_code, answer.location) == (303, address)
    page = client.get(address).text
    assert "<h1>The menders</h1>" in page
    assert "The community is called “The menders” now." in page
    session.expire_all()
    assert session.get_one(Community, made.id).named_by_id == lead.user_id
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "community.changed")
    ).one()
    assert (entry.actor_id, entry.ids) == (
        lead.user_id,
        {"brand_id": lead.brand_id, "community_id": made.id, "change": "named"},
    )


def test_without_a_name_it_is_called_after_its_leaders_again(client, session, chain, community):
    made = community(*chain[:2])
    address = f"/network/communities/{made.id}"
    client.post(address, data={"name": "Menders", "was": ""})

    client.post(address, data={"name": "", "was": "Menders"})

    assert "<h1>Around Ana Ribeiro, Ben Okoye</h1>" in client.get(address).text
    session.expire_all()
    assert session.get_one(Community, made.id).named_by_id is None


def test_a_name_that_is_too_long_is_refused_in_one_sentence(client, session, chain, community):
    made = community(*chain[:2])

    answer = client.post(f"/network/communities/{made.id}", data={"name": "x" * 121, "was": ""})

    assert answer.status_code == 422
    assert "This is too long: 120 characters at most." in answer.text
    session.expire_all()
    assert session.get_one(Community, made.id).name == ""


def test_of_two_who_name_it_the_second_is_told_of_the_first(client, session, chain, community):
    made = community(*chain[:2])
    address = f"/network/communities/{made.id}"
    client.post(address, data={"name": "Menders", "was": ""})

    answer = client.post(address, data={"name": "Bakers", "was": ""})

    assert answer.status_code == 409
    assert "A colleague gave this community another name meanwhile. Look again." in answer.text
    session.expire_all()
    assert session.get_one(Community, made.id).name == "Menders"


def test_only_who_may_edit_is_offered_to_name_it(client_of, saved, lead, chain, community):
    made = community(*chain[:2])
    viewer = client_of(saved(make.member(Role.VIEWER, brand=lead.brand)).user)
    address = f"/network/communities/{made.id}"

    assert "Give it a name" not in viewer.get(address).text
    assert viewer.post(address, data={"name": "Menders", "was": ""}).status_code == 403


def test_a_community_that_is_gone_says_when_it_was_found_last(client, session, saved, community):
    made = community()

    page = client.get(f"/network/communities/{made.id}").text

    assert "This community was found last on" in page
    assert "data-drawing" not in page


def test_one_that_is_there_says_since_when_and_how_many_it_has(client, saved, chain, community):
    made = community(*chain[:2])
    saved(tied.network_run(brand_id=made.brand_id))

    page = client.get(f"/network/communities/{made.id}").text

    assert "2 people · known since Mon" in page
    assert "was found last" not in page
