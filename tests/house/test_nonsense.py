"""Nonsense is never answered with a failure of ours: one wrong value among right ones at a time."""

import io

import make
import pytest

from irm.directory import filters
from irm.models import Kind, Role, Tag
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

_LIST = ("brand", *filters.NAMES)

_BOARD = (*_LIST, "sort", "by", "fields")

_READING = ("brand", "from", "to", "days", "owner")

#: What each page reads of its address.
READS = {
    "today.home": (),
    "today.index": ("brand",),
    "funnel.index": (*_BOARD, "view"),
    "funnel.more_cards": (*_BOARD, "column", "after", "seen", "way"),
    "changes.show": (*_BOARD, "view", "since"),
    "board_facts.show": (*_BOARD, "view"),
    "card_fields.choose": ("brand", "list"),
    "moved.index": ("brand", "since", "way", "after"),
    "moved.line": ("brand",),
    "reviews.index": ("brand",),
    "reviews.past": ("brand",),
    "reviews.show": ("brand",),
    "review_cards.show": ("brand",),
    "past.index": ("brand", "day", "tier", "owner"),
    "past.more_cards": ("brand", "day", "tier", "owner", "stage", "after"),
    "past.heads": ("brand", "day", "tier", "owner"),
    "reading.index": _READING,
    "reading.show": (*_READING, "of"),
    "reading.download": (*_READING, "of", "form"),
    "reading.people": (*_READING, "before", "after", "above"),
    "influencers.index": (*_LIST, "sort", "after", "columns", "view"),
    "influencers.count": _LIST,
    "groups.show": (*_LIST, "view", "beside"),
    "filtering.choose": ("brand", "list", "group", "at", "field"),
    "filtering.put": ("brand", "list", "group", "at", "field", "is", "value", "more", "from", "to"),
    "filtering.choose_columns": ("brand", "list"),
    "views.index": ("brand",),
    "views.tabs": ("brand", "view", "page"),
    "bulk.index": ("brand",),
    "bulk.show": ("brand", "progress"),
    "comparison.show": ("brand", "id", "q"),
    "exports.show": ("brand", "progress"),
    "exports.download": ("brand",),
    "influencers.lookup": ("brand", "q"),
    "person.show": ("brand", "only"),
    "person.more_entries": ("brand", "only", "before"),
    "history.show": ("brand",),
    "scores.show": ("brand", "from", "to", "before"),
    "discovery.index": ("brand", "topic", "tier", "platform", "sort", "show", "after"),
    "worksheet.show": ("brand", "step"),
    "worksheet.whole": ("brand",),
    "newcomers.new": ("brand",),
    "profile.facts": ("brand", "view"),
    "profile.terms": ("brand", "view"),
    "profile.tier": ("brand", "view"),
    "profile.basis": ("brand", "view"),
    "presence.show": ("brand",),
    "farewells.ask": ("brand",),
    "owners.choose": ("brand",),
    "pauses.choose": ("brand", "back"),
    "imports.index": ("brand", "look"),
    "imports.show": ("brand", "verdict", "progress", "after", "step"),
    "imports.refused": ("brand",),
    "duplicates.index": ("brand", "state", "after", "rows"),
    "duplicates.show": ("brand",),
    "merges.doubles": ("brand",),
    "merges.compare": ("brand", "with", "q", "pair"),
    "outbox.index": ("brand", "state", "before"),
    "outbox.show": ("brand",),
    "status.index": ("brand",),
    "settings.index": ("brand",),
    "settings.profile": ("brand",),
    "settings.brand": ("brand",),
    "asks.show": ("brand", "tactic", "wish", "due_on"),
    "asked.index": ("brand", "days"),
    "asked.colleagues": ("brand", "days"),
    "evidence.rules": ("brand",),
    "stages.index": ("brand",),
    "stages.show": ("brand",),
    "stages.names": ("brand",),
    "guides.show": ("brand",),
    "pulses.show": ("brand",),
    "evidence.show": ("brand",),
    "evidence.missing": ("brand",),
    "claims.index": ("brand", "mine", "after"),
    "claims.honesty": ("brand",),
    "resonance.show": ("brand",),
    "rules.show": ("brand",),
    "rules.progress": ("brand", "task"),
}

_CLOSE = {"row_version": "1", "summary": "x", "logged": "", "until": "2030-01-01", "back": ""}
_TOPIC = {"name": "Repair", "keywords": "repair", "weight": "0.5"}

#: Pages whose address holds the id of a person.
OF_PEOPLE = ("person.", "history.", "scores.", "resonance.", "profile.", "presence.", "farewells.")

_SECTION = {"row_version": "1", "seen": "{}"}

#: A form that each address takes.
FORMS = {
    "auth.sign_in": {"email": "ana@example.com", "password": "wrong", "next": ""},
    "moves.move": {
        "stage": "aware",
        "reason": "",
        "row_version": "1",
        "undoes": "",
        "person": "",
        "page": "",
    },
    "moves.prove": {
        "stage": "aware",
        "row_version": "1",
        "kind": "follow",
        "day": "2026-01-05",
        "until": "",
        "note": "x",
    },
    "reading.read_anew": {},
    "claims.decide": {"decision": "dismiss", "stage": "aware", "row_version": "1", "undoes": ""},
    "claims.accept_several": {"who": "1~aware"},
    "claims.undo_several": {"moves": "1,2"},
    "asks.plan": {
        "wish": "x",
        "tactic": "interview",
        "due_on": "2030-01-01",
        "channel": "message",
        "benefit": "x",
        "community": "x",
        "shared_values": "x",
        "reason": "x",
    },
    "asked.send": {"what": "asks", "days": "30"},
    "interactions.settle_outcome": {"outcome": "accepted", "row_version": "1"},
    "evidence.add": {"kind": "agreement", "day": "2026-01-05", "until": "2027-01-05", "note": "x"},
    "evidence.remove": {},
    "evidence.save_rules": {
        "handles": "@nova",
        "aliases": "Nova",
        "exchanges": "2",
        "exchange_days": "60",
        "activity_days": "180",
        "mention_days": "180",
    },
    "interactions.log": {
        "kind": "give",
        "summary": "Sent the seeds.",
        "direction": "out",
        "channel": "message",
        "visibility": "team",
        "activity": "interview",
        "outcome": "accepted",
        "happened_on": "2026-01-05",
        "request_key": "",
        "quick": "",
    },
    "filtering.put_columns": {"list": "stage=aware", "column": "fit", "order": "fit", "up": "fit"},
    "card_fields.put": {"list": "page=funnel&stage=aware", "field": "fit"},
    "views.add": {"list": "stage=aware", "name": "Mine", "is_team": "1", "maker": ""},
    "views.save": {"list": "stage=aware"},
    "views.rename": {"name": "Mine", "is_team": ""},
    "views.delete": {},
    "bulk.choose": {"list": "stage=aware", "whom": "some", "who": "1"},
    "bulk.draft": {
        "list": "stage=aware",
        "whom": "some",
        "who": "1",
        "owner": "0",
        "add_tags": "food, travel",
        "remove_tags": "",
        "tier": "macro",
        "stage": "aware",
        "reason": "They said so.",
        "archive": "",
    },
    "comparison.choose": {"list": "stage=aware", "who": "1"},
    "bulk.run": {},
    "bulk.undo": {},
    "reviews.start": {"kinds": "moved"},
    "reviews.close": {"recipients": "1"},
    "reviews.export": {},
    "review_cards.decide": {
        "decision": "planned",
        "seen": "",
        "note": "Done.",
        "stage": "aware",
        "reason": "They said so.",
        "purpose": "Send seeds",
        "due_on": "2030-01-05",
        "kind": "give",
        "owner": "",
        "until": "2030-01-05",
        "why": "On tour",
    },
    "review_cards.undo": {"seen": "2026-01-05T00:00:00+00:00"},
    "moved.export": {"since": "2026-01-05"},
    "exports.send": {"list": "stage=aware", "columns": "fit,stage", "form": "csv"},
    "owners.give": {"owner": "0", "row_version": "1"},
    "pauses.pause": {
        "until": "2030-01-01",
        "why": "On tour",
        "row_version": "1",
        "back": "funnel",
    },
    "pauses.resume": {"row_version": "1", "back": ""},
    "limits.save": {
        "unaware": "90",
        "aware": "90",
        "interested": "",
        "engaged": "180",
        "ambassador": "",
        "first": "45",
        "second": "90",
        "do": "look",
    },
    "limits.reset": {},
    "stages.save_names": {"aware_en": "Knows us", "aware_fr": "Nous connaît", "engaged_en": ""},
    "stages.preview": {"aware_en": "Knows us", "aware_fr": "Nous connaît", "engaged_en": ""},
    "stages.reset_names": {},
    "pulses.take": {"pulse": "partner", "worked_on": "2026-01-05"},
    "worksheet.save": {
        "step": "3",
        "go": "finish",
        "promise": "Repair",
        "interests": "Repair things",
        "people": "mira",
        "name-0": "Repair",
        "keywords-0": "repair, mend",
        "weight-0": "0.5",
    },
    "discovery.add_several": {"who": "1", "list": "sort=fit"},
    "discovery.admit": {"list": "sort=fit", "back": "person"},
    "discovery.withdraw": {"own": "1"},
    "discovery.dismiss": {"list": "sort=fit"},
    "discovery.propose": {"list": "sort=fit"},
    "newcomers.add": {
        "name": "Mira Okafor",
        "platform": "instagram",
        "handle": "mira.mends",
        "platform2": "",
        "handle2": "https://www.tiktok.com/@mira",
        "email": "mira@example.com",
        "phone": "+33 1 02 03 04 05",
        "country": "France",
        "language": "fr",
        "source": "Met at a fair",
        "lawful_basis": "consent",
        "is_another": "",
        "joins": "",
        "pulse": "partner",
        "worked_on": "2026-01-05",
    },
    "profile.save_facts": {
        **_SECTION,
        "name": "Mira Okafor",
        "archetype": "creator",
        "origin": "external",
        "country": "France",
        "city": "Lyon",
        "language": "fr",
        "further_languages": "English, es",
        "timezone": "Europe/Paris",
        "categories": "Repair",
        "bio": "Mends.",
    },
    "profile.save_terms": {
        **_SECTION,
        "do_not_contact": "",
        "preferred_channel": "email",
        "contact_ceiling": "2",
        "may_be_paid": "no",
        "may_be_paid_why": "Civil servant",
        "looks_for": "Tools",
        "business_model": "Workshops",
    },
    "profile.save_tier": {**_SECTION, "tier": "macro", "tier_reason": "Television"},
    "profile.save_basis": {**_SECTION, "source": "A fair", "lawful_basis": "consent"},
    "presence.add": {"handle": "https://www.instagram.com/mira", "email": "mira@example.com"},
    "presence.change_account": {
        "account": "1",
        "what": "rename",
        "handle": "mira",
        "why": "mistyped",
    },
    "presence.put_back": {"kind": "email", "value": "mira@example.com"},
    "presence.remove_contact": {"contact": "1"},
    "presence.add_tag": {"name": "Repair"},
    "presence.remove_tag": {"tag": "1"},
    "farewells.archive": {},
    "farewells.restore": {},
    "farewells.give_out": {},
    "farewells.erase": {"name": "x"},
    "touchpoints.plan": {
        "due_on": "2030-01-01",
        "kind": "talk",
        "purpose": "x",
        "tactic": "share",
        "back": "",
    },
    "touchpoints.complete": _CLOSE,
    "touchpoints.snooze": _CLOSE,
    "touchpoints.skip": _CLOSE,
    "touchpoints.reopen": _CLOSE,
    "imports.columns": {
        "columns": "1",
        "kind": "influencers",
        "platform": "",
        "account": "",
        "day_order": "",
        "as_of": "",
        "source": "",
        "encoding": "utf-8",
        "separator": ",",
        "table": "0",
        "heading_row": "1",
        "column-0": "platform",
        "column-1": "handle",
        "rule-bio": "never",
        "keeps_out": "1",
        "do": "try",
    },
    "imports.try_out": {},
    "imports.run": {},
    "imports.undo": {},
    "imports.discard": {},
    "imports.send": {"platform": "", "as_of": "", "source": "", "keeps_out": "y"},
    "duplicates.find": {},
    "duplicates.decide": {"decision": "later"},
    "merges.make_one": {"other": "1", "kept_version": "1", "gone_version": "1", "pair": ""},
    "merges.undo": {"pair": ""},
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
    "settings.rename_tag": {"name": "food"},
    "settings.drop_tag": {},
    "settings.save_weights": {"reach": "0.2", "resonance": "0.4", "relevance": "0.4"},
    "rules.save": {"macro": "250000", "middle": "10000", "overlap": "0.5", "do": "look"},
    "rules.reset": {},
}


#: What an address has to say besides, or the page looks no further.
RIGHT = {
    "funnel.more_cards": {"stage": "unaware"},
    "reading.show": {"of": "flow"},
    "reading.download": {"of": "flow", "form": "csv"},
    "reading.people": {"before": "none", "after": "aware"},
}


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
