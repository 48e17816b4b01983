"""Nonsense is never answered with a failure of ours: one wrong value among right ones at a time."""

import io

import make
import pytest

from irm.models import Role
from irm.web.guard import PUBLIC

#: What no reader types and every parser meets: other digits, days and numbers without bounds,
#: the edges of what text can be, and what looks like a token of ours.
NONSENSE = (
    "",
    "😀'\"<b>",
    "\ud7ff",
    "\U0010ffff",
    "\ufdfa" * 60,
    "²",
    "١",
    "-1",
    "nan",
    "9999999999",
    "9" * 40,
    "9999-12-31",
    "0001-01-01",
    "//[",
    "~",
    "2026-01-01T00:00:00+00:00~move~9999999999",
    "9999-12-31~inf~9999999999",
    "x" * 5000,
)

_FILTER = ("brand", "q", "stage", "tier", "owner", "platform")

#: What each page reads of its address.
READS = {
    "today.home": (),
    "today.index": ("brand",),
    "funnel.index": _FILTER,
    "funnel.more_cards": (*_FILTER, "after"),
    "influencers.index": (*_FILTER, "sort", "after"),
    "influencers.count": _FILTER,
    "influencers.lookup": ("brand", "q"),
    "influencers.show": ("brand", "only"),
    "influencers.more_entries": ("brand", "only", "before"),
    "owners.choose": ("brand",),
    "imports.index": ("brand",),
    "imports.show": ("brand", "verdict", "progress"),
    "outbox.index": ("brand", "state", "before"),
    "outbox.show": ("brand",),
    "status.index": ("brand",),
    "settings.index": ("brand",),
    "settings.profile": ("brand",),
    "settings.brand": ("brand",),
}

_CLOSE = {"row_version": "1", "summary": "x", "logged": "", "until": "2030-01-01", "back": ""}
_TOPIC = {"name": "Repair", "keywords": "repair", "weight": "0.5"}

#: A form that each address takes.
FORMS = {
    "auth.sign_in": {"email": "ana@example.com", "password": "wrong", "next": ""},
    "funnel.move": {"stage": "aware", "reason": "", "row_version": "1", "undoes": "", "page": ""},
    "interactions.log": {
        "kind": "give",
        "summary": "Sent the seeds.",
        "direction": "out",
        "channel": "message",
        "visibility": "team",
        "happened_on": "2026-01-05",
        "request_key": "",
        "quick": "",
    },
    "owners.give": {"owner": "0", "row_version": "1"},
    "touchpoints.plan": {"due_on": "2030-01-01", "kind": "talk", "purpose": "x", "back": ""},
    "touchpoints.complete": _CLOSE,
    "touchpoints.snooze": _CLOSE,
    "touchpoints.skip": _CLOSE,
    "touchpoints.reopen": _CLOSE,
    "imports.send": {"platform": "", "as_of": "", "source": ""},
    "outbox.arrived": {},
    "outbox.send": {},
    "settings.save_profile": {
        "name": "Ana",
        "locale": "en",
        "timezone": "UTC",
        "digest_hour": "7",
        "letter_keys": "1",
    },
    "settings.language": {"locale": "en"},
    "settings.save_brand": {"name": "Acme"},
    "settings.add_topic": _TOPIC,
    "settings.save_topic": _TOPIC,
    "settings.remove_topic": {},
}


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
        id = card.influencer_id if endpoint.startswith("influencers") else card.id
        address = found[endpoint].replace("<int:id>", str(id))
        for name in names:
            for value in NONSENSE:
                right = {"stage": "unaware"} if endpoint == "funnel.more_cards" else {}
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
            elif endpoint == "settings.save_topic":
                id = topic.id
            values = {**form, name: value}
            if endpoint == "imports.send":
                values["file"] = (io.BytesIO(b"platform,handle\ninstagram,abc\n"), "list.csv")
            response = client.post(address.replace("<int:id>", str(id)), data=values)
            assert response.status_code < 500, (address, name, value)
