"""Nonsense is never answered with a failure of ours: one wrong value among right ones at a time."""

import io

import make
import pytest

from irm.models import Kind, Role, Tag
from irm.web.guard import PUBLIC
from tests.house.asked import FORMS, NONSENSE, OF_PEOPLE, READS, RIGHT


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


def test_no_page_answers_nonsense_in_its_address_with_a_failure_of_ours(app, saved, client_of, ana):
    card = saved(make.relationship(brand=ana.brand))
    client = client_of(ana.user)
    found = addresses(app, "GET")
    for endpoint, names in READS.items():
        id = card.influencer_id if endpoint.startswith(OF_PEOPLE) else card.id
        address = found[endpoint].replace("<int:id>", str(id))
        for name in names:
            for value in NONSENSE:
                right = RIGHT.get(endpoint, {})
                response = client.get(address, query_string={**right, name: value})
                assert response.status_code < 500, (address, name, value)


@pytest.mark.parametrize("endpoint", sorted(FORMS))
def test_no_form_answers_nonsense_with_a_failure_of_ours(app, saved, client_of, ana, endpoint):
    client = client_of(ana.user)
    address, form = addresses(app, "POST")[endpoint], FORMS[endpoint]
    topic = saved(make.topic(brand_id=ana.brand.id))
    for name in form:
        for value in NONSENSE:
            # What the form before may have closed or moved is there again.
            touchpoint = saved(make.touchpoint(relationship=make.relationship(brand=ana.brand)))
            id = touchpoint.relationship.id
            if endpoint.startswith("touchpoints") and endpoint != "touchpoints.plan":
                id = touchpoint.id
            elif endpoint == "interactions.settle_outcome":
                of = touchpoint.relationship
                id = saved(make.interaction(relationship=of, kind=Kind.ASK)).id
            elif endpoint.startswith("review"):
                review = make.review(brand=ana.brand)
                item = make.review_item(review=review, relationship=touchpoint.relationship)
                id = saved(item).id if endpoint.startswith("review_cards") else saved(review).id
            elif endpoint == "settings.save_topic":
                id = topic.id
            elif endpoint == "settings.rename_tag":
                id = saved(Tag(brand_id=ana.brand_id, name=f"t{id}", name_key=f"t{id}")).id
            elif address.startswith("/influencers/<int:id>"):
                id = touchpoint.relationship.influencer_id
            values = {**form, name: value}
            if endpoint == "presence.change_account" and name != "account":
                values["account"] = saved(make.account(influencer_id=id)).id
            if endpoint == "imports.send":
                values["file"] = (io.BytesIO(b"platform,handle\ninstagram,abc\n"), "list.csv")
            response = client.post(address.replace("<int:id>", str(id)), data=values)
            assert response.status_code < 500, (address, name, value)
