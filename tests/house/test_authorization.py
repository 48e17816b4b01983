"""Who may open which door: every route, for every role, on what is theirs, foreign or missing."""

import make
import pytest

from irm.mail import outbox
from irm.mail.letters import Letter
from irm.models import Outbox, Role, Task
from irm.web.guard import PUBLIC

VIEWER, MANAGER, LEAD = Role.VIEWER, Role.MANAGER, Role.LEAD
ANYBODY = None

#: Every route: whose id it takes (none: a page of the brand), and the least role it asks for.
#: Deleting and signing out come last, as the other routes need what they end.
TABLE = {
    ("today.home", "GET"): ("", ANYBODY),
    ("today.index", "GET"): ("", ANYBODY),
    ("funnel.index", "GET"): ("", VIEWER),
    ("funnel.more_cards", "GET"): ("", VIEWER),
    ("funnel.move", "POST"): ("relationship", MANAGER),
    ("influencers.index", "GET"): ("", VIEWER),
    ("influencers.count", "GET"): ("", VIEWER),
    ("influencers.lookup", "GET"): ("", VIEWER),
    ("influencers.show", "GET"): ("influencer", VIEWER),
    ("influencers.more_entries", "GET"): ("influencer", VIEWER),
    ("interactions.log", "POST"): ("relationship", MANAGER),
    ("owners.choose", "GET"): ("relationship", MANAGER),
    ("owners.give", "POST"): ("relationship", MANAGER),
    ("touchpoints.plan", "POST"): ("relationship", MANAGER),
    ("touchpoints.complete", "POST"): ("touchpoint", MANAGER),
    ("touchpoints.snooze", "POST"): ("touchpoint", MANAGER),
    ("touchpoints.skip", "POST"): ("touchpoint", MANAGER),
    ("touchpoints.reopen", "POST"): ("touchpoint", MANAGER),
    ("imports.index", "GET"): ("", MANAGER),
    ("imports.send", "POST"): ("", MANAGER),
    ("imports.show", "GET"): ("task", MANAGER),
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
    ("auth.sign_out", "POST"): ("", ANYBODY),
}

#: What they send, where a view answers 404 to a request that names nothing.
QUERIES = {"funnel.more_cards": {"stage": "unaware", "after": "2026-01-01~1.0~1"}}

#: What shows the current brand's part of a person, and nothing where that brand has none.
OF_THE_BRAND = {"influencers.more_entries"}

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
    rank = -1 if least is ANYBODY else [VIEWER, MANAGER, LEAD].index(least)
    if not kind:
        return 200 if ranks[role] >= rank else 403
    if kind == "mail" and ranks[role] < rank:
        return 403  # the whole outbox is closed, whatever is in it
    if whose == "missing" or role == "stranger":
        return 404
    if whose == "foreign":
        return 200 if role == "administrator" and endpoint not in OF_THE_BRAND else 404
    return 200 if ranks[role] >= rank else 403


def belongings(session, saved, brand, user):
    """One of everything at a brand, with the ids by kind."""
    card = saved(make.relationship(brand=brand))
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
        "topic": saved(make.topic(brand_id=brand.id)).id,
        "task": saved(Task(kind="import", brand_id=brand.id, created_at=at)).id,
        "mail": mail.id,
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
            query = QUERIES.get(endpoint)
            response = client.open(address, method=method, query_string=query)
            status = response.status_code
            # Whoever is let in may still be told that her form is empty.
            seen = 200 if status < 400 or status in (409, 422) else status
            if seen != expected(endpoint, role, whose):
                wrong.append((endpoint, whose, status))
    assert wrong == []
