"""Nonsense is never answered with a failure of ours: one wrong value among right ones at a time."""

import datetime as dt
import io

import make
import pytest
import tied

from irm.models import FactUse, Kind, Role, Tag, Team
from irm.web.guard import PUBLIC
from tests.house.asked import READS, nonsense
from tests.house.sent import FORMS, OF_PEOPLE, RIGHT


def drafted(client):
    """The id of an import whose columns may be chosen."""
    file = (io.BytesIO(b"platform,handle\ninstagram,abc\n"), "list.csv")
    return client.post("/imports", data={"file": file}).location.rpartition("/")[2]


@pytest.fixture
def ana(saved):
    """Ana, who leads a brand, in a zone a day ahead of others."""
    user = make.user(name="Ana", timezone="Pacific/Tongatapu")
    return saved(make.member(Role.LEAD, user=user))


def addresses(app, method):
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ())
    }


def test_every_route_is_tried(app):
    assert set(READS) == set(addresses(app, "GET")) - PUBLIC
    assert set(FORMS) == set(addresses(app, "POST")) - {"auth.sign_out"}


def _campaign(of):
    return make.campaign(brand_id=of.brand_id)


def _fact(of):
    return make.fact(relationship=of)


#: What is about a colleague, who is made anew for each try.
_OF_COLLEAGUES = ("members.", "leaving.")

#: What a page is about, or what is done with it, made anew for each try.
_MADE = {
    "interactions.settle_outcome": lambda of: make.interaction(relationship=of, kind=Kind.ASK),
    "settings.rename_tag": lambda of: Tag(
        brand_id=of.brand_id, name=f"t{of.id}", name_key=f"t{of.id}"
    ),
    "handovers.undo": lambda of: make.handover(brand_id=of.brand_id),
    **{
        f"teams.{one}": lambda of: Team(
            brand_id=of.brand_id, name=f"t{of.id}", created_at=make.MONDAY
        )
        for one in ("rename", "put", "take", "remove", "restore")
    },
    "team_days.remove": lambda of: make.season(brand_id=of.brand_id),
    **{
        f"network_pictures.{one}": lambda of: tied.community(brand_id=of.brand_id)
        for one in ("community", "name")
    },
    **{
        f"promises.{one}": lambda of: make.promise(relationship=of)
        for one in ("show", "change", "keep", "break_", "withdraw", "reopen")
    },
    **{
        f"questions.{one}": lambda of: make.question(relationship=of)
        for one in ("show", "change", "hold", "release", "answer", "drop", "reopen")
    },
    **{f"campaigns.{one}": _campaign for one in ("show", "edit", "save", "call_off")},
    **{
        f"introductions.{one}": lambda of: tied.introduction(of, of.influencer)
        for one in ("make", "unmake")
    },
    "campaigns.take_up": lambda of: make.campaign(brand_id=of.brand_id, cancelled_at=make.MONDAY),
    **{f"campaign_members.{one}": _campaign for one in ("find", "add", "remove", "take_back")},
    **{f"facts.{one}": _fact for one in ("choose", "edit", "confirm", "end", "use", "take_back")},
    "facts.restore": lambda of: make.fact(relationship=of, ended_at=make.MONDAY),
}

#: What is done with members, for which there has to be one.
_OF_MEMBERS = ("campaign_members.remove", "campaign_members.take_back")

#: What a form names besides: its field, and what is made of the relationship and the address's id.
_NAMED = {
    "presence.change_account": ("account", lambda of, id: make.account(influencer_id=id)),
    "gifts.give": ("answers", lambda of, id: _fact(of)),
    "facts.take_back": (
        "use",
        lambda of, id: FactUse(fact_id=id, occasion="2025", at=make.MONDAY),
    ),
    "campaign_members.add_chosen": (
        "campaign",
        lambda of, id: make.campaign(brand_id=of.brand_id, ends_on=dt.date(2099, 1, 1)),
    ),
}


def test_no_page_answers_nonsense_in_its_address_with_a_failure_of_ours(
    app, saved, client_of, ana, backend
):
    card = saved(make.relationship(brand=ana.brand))
    client = client_of(ana.user)
    found = addresses(app, "GET")
    for endpoint, names in READS.items():
        id = card.influencer_id if endpoint.startswith(OF_PEOPLE) else card.id
        if endpoint in _MADE:
            id = saved(_MADE[endpoint](card)).id
        if endpoint.startswith(_OF_COLLEAGUES):
            id = saved(make.member(brand=ana.brand)).user_id
        address = found[endpoint].replace("<int:id>", str(id))
        for name, value in nonsense(names, backend):
            right = RIGHT.get(endpoint, {})
            response = client.get(address, query_string={**right, name: value})
            assert response.status_code < 500, (address, name, value)


def acted_on(endpoint, address, touchpoint, ana, saved):
    """The id of what a form is about, made where it is neither the touchpoint nor its people."""
    relationship = touchpoint.relationship
    of_touchpoints = ("touchpoints.", "plan_touches.")
    if endpoint.startswith(of_touchpoints) and endpoint != "touchpoints.plan":
        return touchpoint.id
    if endpoint.startswith("absences") and not address.startswith("/influencers"):
        return saved(make.absence(user_id=ana.user_id)).id
    if endpoint in _MADE:
        id = saved(_MADE[endpoint](relationship)).id
        if endpoint in _OF_MEMBERS:
            of = {"campaign_id": id, "relationship": relationship, "added_by_id": ana.user_id}
            saved(make.campaign_member(**of))
        return id
    if endpoint.startswith("review"):
        item = make.review_item(review=make.review(brand=ana.brand), relationship=relationship)
        return saved(item).id if endpoint.startswith("review_cards") else saved(item).review_id
    if endpoint == "settings.save_topic":
        return saved(make.topic(brand_id=ana.brand_id)).id
    return relationship.influencer_id if address.startswith("/influencers") else relationship.id


def beside(endpoint, name, id, relationship, saved):
    """What a form names beside its own fields, as values of other fields than this one."""
    values = {}
    if endpoint in _NAMED and name != _NAMED[endpoint][0]:
        named, of_it = _NAMED[endpoint]
        values[named] = saved(of_it(relationship, id)).id
    if endpoint.startswith("campaign_members.") and name != "who":
        values["who"] = relationship.id
    if endpoint == "imports.send":
        values["file"] = (io.BytesIO(b"platform,handle\ninstagram,abc\n"), "list.csv")
    return values


@pytest.mark.parametrize("endpoint", sorted(FORMS))
def test_no_form_answers_nonsense_with_a_failure_of_ours(
    app, saved, client_of, ana, backend, endpoint
):
    client = client_of(ana.user)
    address, form = addresses(app, "POST")[endpoint], FORMS[endpoint]
    response = None
    for name, value in nonsense(form, backend):
        # What the form before may have closed or moved is there again; refused, it did neither.
        if response is None or response.status_code < 400:
            touchpoint = saved(make.touchpoint(relationship=make.relationship(brand=ana.brand)))
            if endpoint.startswith(_OF_COLLEAGUES):
                id = saved(make.member(brand=ana.brand)).user_id
            else:
                id = acted_on(endpoint, address, touchpoint, ana, saved)
        more = beside(endpoint, name, id, touchpoint.relationship, saved)
        values = {**form, name: value, **more}
        response = client.post(address.replace("<int:id>", str(id)), data=values)
        assert response.status_code < 500, (address, name, value)
