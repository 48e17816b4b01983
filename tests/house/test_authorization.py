"""Who may open which door: every route, for every role, on what is theirs, foreign or missing."""

import make
import pytest

from irm.directory import tags
from irm.mail import outbox
from irm.mail.letters import Letter
from irm.models import Kind, Outbox, Role
from irm.web.guard import PUBLIC

VIEWER, MANAGER, LEAD = Role.VIEWER, Role.MANAGER, Role.LEAD
ANYBODY = None
ADMINISTRATOR = "administrator"

#: Every route: whose id it takes (none: a page of the brand), and the least role it asks for.
#: Deleting and signing out come last, as the other routes need what they end.
TABLE = {
    ("today.home", "GET"): ("", ANYBODY),
    ("today.index", "GET"): ("", ANYBODY),
    ("funnel.index", "GET"): ("", VIEWER),
    ("funnel.more_cards", "GET"): ("", VIEWER),
    ("board_facts.show", "GET"): ("", VIEWER),
    ("card_fields.choose", "GET"): ("", VIEWER),
    ("card_fields.put", "POST"): ("", VIEWER),
    ("moved.index", "GET"): ("", VIEWER),
    ("moved.line", "GET"): ("", VIEWER),
    ("moved.export", "POST"): ("", MANAGER),
    ("reviews.index", "GET"): ("", VIEWER),
    ("reviews.start", "POST"): ("", LEAD),
    ("reviews.past", "GET"): ("", VIEWER),
    ("reviews.show", "GET"): ("review", VIEWER),
    ("reviews.export", "POST"): ("review", MANAGER),
    ("review_cards.show", "GET"): ("review item", VIEWER),
    ("review_cards.decide", "POST"): ("review item", MANAGER),
    ("review_cards.undo", "POST"): ("review item", MANAGER),
    ("reviews.close", "POST"): ("review", LEAD),
    ("past.index", "GET"): ("", VIEWER),
    ("past.more_cards", "GET"): ("", VIEWER),
    ("past.heads", "GET"): ("", VIEWER),
    ("reading.index", "GET"): ("", VIEWER),
    ("reading.read_anew", "POST"): ("", VIEWER),
    ("reading.show", "GET"): ("", VIEWER),
    ("reading.download", "GET"): ("", MANAGER),
    ("reading.people", "GET"): ("", VIEWER),
    ("moves.move", "POST"): ("relationship", MANAGER),
    ("moves.prove", "POST"): ("relationship", MANAGER),
    ("claims.index", "GET"): ("", VIEWER),
    ("claims.honesty", "GET"): ("", VIEWER),
    ("claims.decide", "POST"): ("relationship", MANAGER),
    ("claims.accept_several", "POST"): ("", MANAGER),
    ("claims.undo_several", "POST"): ("", MANAGER),
    ("changes.show", "GET"): ("", VIEWER),
    ("evidence.show", "GET"): ("relationship", VIEWER),
    ("evidence.missing", "GET"): ("relationship", VIEWER),
    ("evidence.add", "POST"): ("relationship", MANAGER),
    ("evidence.remove", "POST"): ("proof", MANAGER),
    ("asks.show", "GET"): ("relationship", MANAGER),
    ("asks.plan", "POST"): ("relationship", MANAGER),
    ("asked.index", "GET"): ("", MANAGER),
    ("asked.colleagues", "GET"): ("", MANAGER),
    ("asked.send", "POST"): ("", MANAGER),
    ("interactions.settle_outcome", "POST"): ("interaction", MANAGER),
    ("evidence.rules", "GET"): ("", LEAD),
    ("evidence.save_rules", "POST"): ("", LEAD),
    ("influencers.index", "GET"): ("", VIEWER),
    ("influencers.count", "GET"): ("", VIEWER),
    ("groups.show", "GET"): ("", VIEWER),
    ("influencers.lookup", "GET"): ("", VIEWER),
    ("filtering.choose", "GET"): ("", VIEWER),
    ("filtering.put", "GET"): ("", VIEWER),
    ("filtering.choose_columns", "GET"): ("", VIEWER),
    ("filtering.put_columns", "POST"): ("", VIEWER),
    ("views.index", "GET"): ("", VIEWER),
    ("views.tabs", "GET"): ("", VIEWER),
    ("views.add", "POST"): ("", VIEWER),
    ("views.save", "POST"): ("view", VIEWER),
    ("views.rename", "POST"): ("view", VIEWER),
    ("views.delete", "POST"): ("view", VIEWER),
    ("bulk.index", "GET"): ("", MANAGER),
    ("bulk.choose", "POST"): ("", MANAGER),
    ("bulk.draft", "POST"): ("", MANAGER),
    ("bulk.show", "GET"): ("bulk edit", MANAGER),
    ("bulk.run", "POST"): ("bulk edit", MANAGER),
    ("bulk.undo", "POST"): ("bulk edit", MANAGER),
    ("comparison.show", "GET"): ("", VIEWER),
    ("comparison.choose", "POST"): ("", VIEWER),
    ("exports.send", "POST"): ("", MANAGER),
    ("exports.show", "GET"): ("export", MANAGER),
    ("exports.download", "GET"): ("export", MANAGER),
    ("person.show", "GET"): ("influencer", VIEWER),
    ("person.more_entries", "GET"): ("influencer", VIEWER),
    ("history.show", "GET"): ("influencer", VIEWER),
    ("scores.show", "GET"): ("influencer", VIEWER),
    ("resonance.show", "GET"): ("influencer", VIEWER),
    ("discovery.index", "GET"): ("", VIEWER),
    ("discovery.add_several", "POST"): ("", MANAGER),
    ("worksheet.show", "GET"): ("", LEAD),
    ("worksheet.whole", "GET"): ("", LEAD),
    ("worksheet.save", "POST"): ("", LEAD),
    ("discovery.admit", "POST"): ("influencer", MANAGER),
    ("discovery.withdraw", "POST"): ("influencer", MANAGER),
    ("discovery.dismiss", "POST"): ("influencer", MANAGER),
    ("discovery.propose", "POST"): ("influencer", MANAGER),
    ("newcomers.new", "GET"): ("", MANAGER),
    ("newcomers.add", "POST"): ("", MANAGER),
    ("profile.facts", "GET"): ("influencer", MANAGER),
    ("profile.save_facts", "POST"): ("influencer", MANAGER),
    ("profile.terms", "GET"): ("influencer", MANAGER),
    ("profile.save_terms", "POST"): ("influencer", MANAGER),
    ("profile.tier", "GET"): ("influencer", MANAGER),
    ("profile.save_tier", "POST"): ("influencer", MANAGER),
    ("profile.basis", "GET"): ("influencer", MANAGER),
    ("profile.save_basis", "POST"): ("influencer", MANAGER),
    ("presence.show", "GET"): ("influencer", MANAGER),
    ("presence.add", "POST"): ("influencer", MANAGER),
    ("presence.change_account", "POST"): ("influencer", MANAGER),
    ("presence.put_back", "POST"): ("influencer", MANAGER),
    ("presence.remove_contact", "POST"): ("influencer", MANAGER),
    ("presence.add_tag", "POST"): ("relationship", MANAGER),
    ("presence.remove_tag", "POST"): ("relationship", MANAGER),
    ("farewells.archive", "POST"): ("influencer", MANAGER),
    ("farewells.restore", "POST"): ("influencer", MANAGER),
    ("farewells.give_out", "POST"): ("influencer", LEAD),
    ("farewells.ask", "GET"): ("influencer", LEAD),
    ("farewells.erase", "POST"): ("influencer", LEAD),
    ("interactions.log", "POST"): ("relationship", MANAGER),
    ("owners.choose", "GET"): ("relationship", MANAGER),
    ("owners.give", "POST"): ("relationship", MANAGER),
    ("pauses.choose", "GET"): ("relationship", MANAGER),
    ("pauses.pause", "POST"): ("relationship", MANAGER),
    ("pauses.resume", "POST"): ("relationship", MANAGER),
    ("touchpoints.plan", "POST"): ("relationship", MANAGER),
    ("touchpoints.complete", "POST"): ("touchpoint", MANAGER),
    ("touchpoints.snooze", "POST"): ("touchpoint", MANAGER),
    ("touchpoints.skip", "POST"): ("touchpoint", MANAGER),
    ("touchpoints.reopen", "POST"): ("touchpoint", MANAGER),
    ("imports.index", "GET"): ("", MANAGER),
    ("imports.send", "POST"): ("", MANAGER),
    ("imports.show", "GET"): ("import", MANAGER),
    ("imports.refused", "GET"): ("import", MANAGER),
    ("imports.columns", "POST"): ("import", MANAGER),
    ("imports.try_out", "POST"): ("import", MANAGER),
    ("imports.run", "POST"): ("import", MANAGER),
    ("imports.undo", "POST"): ("import", MANAGER),
    ("imports.discard", "POST"): ("import", MANAGER),
    ("duplicates.index", "GET"): ("", MANAGER),
    ("duplicates.find", "POST"): ("", MANAGER),
    ("duplicates.show", "GET"): ("duplicate", MANAGER),
    ("duplicates.decide", "POST"): ("duplicate", MANAGER),
    ("merges.doubles", "GET"): ("influencer", VIEWER),
    ("merges.compare", "GET"): ("influencer", MANAGER),
    ("merges.make_one", "POST"): ("influencer", MANAGER),
    ("merges.undo", "POST"): ("merge", MANAGER),
    ("outbox.index", "GET"): ("", MANAGER),
    ("outbox.show", "GET"): ("mail", MANAGER),
    ("outbox.arrived", "POST"): ("mail", MANAGER),
    ("outbox.send", "POST"): ("mail", MANAGER),
    ("status.index", "GET"): ("", LEAD),
    ("settings.index", "GET"): ("", ANYBODY),
    ("settings.profile", "GET"): ("", ANYBODY),
    ("settings.save_profile", "POST"): ("", ANYBODY),
    ("settings.language", "POST"): ("", ANYBODY),
    ("settings.brand", "GET"): ("", LEAD),
    ("settings.save_brand", "POST"): ("", LEAD),
    ("settings.add_topic", "POST"): ("", LEAD),
    ("settings.save_topic", "POST"): ("topic", LEAD),
    ("settings.remove_topic", "POST"): ("topic", LEAD),
    ("settings.rename_tag", "POST"): ("tag", LEAD),
    ("settings.drop_tag", "POST"): ("tag", LEAD),
    ("settings.save_weights", "POST"): ("", LEAD),
    ("stages.index", "GET"): ("", VIEWER),
    ("stages.show", "GET"): ("", VIEWER),
    ("stages.names", "GET"): ("", LEAD),
    ("stages.save_names", "POST"): ("", LEAD),
    ("stages.reset_names", "POST"): ("", LEAD),
    ("stages.preview", "POST"): ("", LEAD),
    ("guides.show", "GET"): ("relationship", VIEWER),
    ("pulses.show", "GET"): ("relationship", VIEWER),
    ("pulses.take", "POST"): ("relationship", MANAGER),
    ("limits.show", "GET"): ("", LEAD),
    ("limits.save", "POST"): ("", LEAD),
    ("limits.reset", "POST"): ("", LEAD),
    ("rules.show", "GET"): ("", ADMINISTRATOR),
    ("rules.save", "POST"): ("", ADMINISTRATOR),
    ("rules.reset", "POST"): ("", ADMINISTRATOR),
    ("rules.progress", "GET"): ("", LEAD),
    ("auth.sign_out", "POST"): ("", ANYBODY),
}

#: What they send, where a view answers 404 to a request that names nothing.
QUERIES = {
    "funnel.more_cards": {"column": "unaware", "after": "2026-01-01~1.0~1"},
    "past.more_cards": {"stage": "unaware", "day": "2026-01-05", "after": "1.0~1"},
    "past.heads": {"day": "2026-01-05"},
    "filtering.put": {"field": "stage", "value": "aware"},
    "reading.show": {"of": "flow"},
    "reading.download": {"of": "stays", "form": "csv"},
    "reading.people": {"before": "none", "after": "aware"},
}

#: What shows the current brand's part of a person, and nothing where that brand has none.
OF_THE_BRAND = {"person.more_entries"}

#: What is for nobody but whoever asked for it.
OF_ONE = {"exports.show", "exports.download"}

ROLES = ("viewer", "manager", "lead", "administrator", "stranger")
MISSING = 2**31 - 1


def routes(app):
    """The address of every route that is not public, by endpoint and method."""
    return {
        (rule.endpoint, method): rule.rule.rstrip("/") or "/"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint not in PUBLIC
    }


def expected(endpoint, role, whose):
    """The status that a table of rights demands; 200 stands for being let in."""
    kind, least = next(row for key, row in TABLE.items() if key[0] == endpoint)
    ranks = {"viewer": 0, "manager": 1, "lead": 2, "administrator": 3, "stranger": -1}
    rank = -1 if least is ANYBODY else [VIEWER, MANAGER, LEAD, ADMINISTRATOR].index(least)
    if not kind:
        return 200 if ranks[role] >= rank else 403
    if kind == "mail" and ranks[role] < rank:
        return 403  # the whole outbox is closed, whatever is in it
    if whose == "missing" or role == "stranger":
        return 404
    if whose == "foreign":
        closed = OF_THE_BRAND | OF_ONE
        return 200 if role == "administrator" and endpoint not in closed else 404
    return 200 if ranks[role] >= rank else 403


def belongings(session, saved, brand, user):
    """One of everything at a brand, with the ids by kind."""
    card, twin = (saved(make.relationship(brand=brand)) for _ in range(2))
    letter = Letter("digest", "Your day", "text", "<p>")
    key = f"of {user.id} at {brand.id}"
    at = make.MONDAY
    outbox.put(session, key, letter, to="x@example.com", sender="y@example.com", at=at)
    mail = session.query(Outbox).filter_by(dedupe_key=key).one()
    mail.user_id, mail.brand_id = user.id, brand.id
    session.commit()
    return {
        "relationship": card.id,
        "influencer": card.influencer_id,
        "touchpoint": saved(make.touchpoint(relationship=card)).id,
        "proof": saved(make.proof(relationship=card)).id,
        "interaction": saved(make.interaction(relationship=card, kind=Kind.ASK)).id,
        "topic": saved(make.topic(brand_id=brand.id)).id,
        "tag": saved(tags.named(session, brand.id, "food")).id,
        "import": saved(make.import_batch(brand_id=brand.id)).id,
        "mail": mail.id,
        "view": saved(make.view(brand_id=brand.id, user_id=user.id, is_team=True)).id,
        "bulk edit": saved(make.bulk_edit(brand_id=brand.id, ids=[card.id])).id,
        "review": (review := saved(make.review(brand_id=brand.id))).id,
        "review item": saved(make.review_item(review=review, relationship=card)).id,
        "export": saved(make.export(brand_id=brand.id, user_id=user.id)).id,
        "duplicate": saved(make.duplicate(left=card.influencer, right=twin.influencer)).id,
        "merge": saved(make.merge(kept=card.influencer, gone=saved(make.influencer()))).id,
    }


def person(saved, brand, role):
    if role == "administrator":
        return saved(make.user(is_admin=True))
    if role == "stranger":
        return saved(make.user())
    return saved(make.member(Role(role), brand=brand)).user


def test_every_route_stands_in_the_table(app):
    assert set(routes(app)) == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_every_route_lets_in_whom_the_table_names_and_nobody_else(
    app, session, saved, client_of, role
):
    acme, other = saved(make.brand()), saved(make.brand())
    user = person(saved, acme, role)
    ids = {
        "own": belongings(session, saved, acme, user),
        "foreign": belongings(session, saved, other, saved(make.member(brand=other)).user),
        "missing": {},
    }
    client, wrong = client_of(user), []
    for (endpoint, method), (kind, _least) in TABLE.items():
        for whose in ids if kind else ("own",):
            address = routes(app)[endpoint, method]
            address = address.replace("<int:id>", str(ids[whose].get(kind, MISSING)))
            address = address.replace("<word>", "aware")
            query = QUERIES.get(endpoint)
            response = client.open(address, method=method, query_string=query)
            status = response.status_code
            response.close()
            # Whoever is let in may still be told that her form is empty.
            seen = 200 if status < 400 or status in (409, 422) else status
            if seen != expected(endpoint, role, whose):
                wrong.append((endpoint, whose, status))
    assert wrong == []
