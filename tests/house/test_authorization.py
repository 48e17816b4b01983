"""Who may open which door: every route, for every role, on what is theirs, foreign or missing."""

import invited
import make
import pytest
import teamed
import tied

from irm import assigned
from irm.directory import tags
from irm.mail import outbox
from irm.mail.letters import Letter
from irm.models import Kind, Outbox, Role
from irm.web.guard import PUBLIC
from tests.house.rights import (
    ADMINISTRATOR,
    ANYBODY,
    LEAD,
    LEADS_ALONE,
    MANAGER,
    OF_ONE,
    OF_THE_BRAND,
    QUERIES,
    TABLE,
    VIEWER,
)

ROLES = ("viewer", "partner", "manager", "lead", "administrator", "stranger")
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
    ranks = {"viewer": 0, "partner": 1, "manager": 1, "lead": 2, "administrator": 3, "stranger": -1}
    rank = -1 if least is ANYBODY else [VIEWER, MANAGER, LEAD, ADMINISTRATOR].index(least)
    is_closed = role == "partner" and endpoint not in assigned.OPEN
    if is_closed or (kind in ("mail", "address", "colleague", "user") and ranks[role] < rank):
        return 403  # the whole page is closed, whatever is in it
    if not kind:
        return 200 if ranks[role] >= rank else 403
    if whose in ("missing", "a colleague's") or role == "stranger":
        return 404
    if role == "administrator" and endpoint in LEADS_ALONE:
        return 403
    if whose == "foreign":
        closed = OF_THE_BRAND | OF_ONE
        return 200 if role == "administrator" and endpoint not in closed else 404
    return 200 if ranks[role] >= rank else 403


def belongings(session, saved, brand, user, owner=None):
    """One of everything at a brand, with the ids by kind; `owner` looks after its people."""
    card, twin = (saved(make.relationship(brand=brand, owner=owner)) for _ in range(2))
    letter = Letter("digest", "Your day", "text", "<p>")
    key = f"of {user.id} and {card.id} at {brand.id}"
    at = make.MONDAY
    outbox.put(session, key, letter, to="x@example.com", sender="y@example.com", at=at)
    mail = session.query(Outbox).filter_by(dedupe_key=key).one()
    mail.user_id, mail.brand_id = user.id, brand.id
    session.commit()
    return {
        "relationship": card.id,
        "influencer": card.influencer_id,
        "touchpoint": saved(make.touchpoint(relationship=card)).id,
        "absence": saved(make.absence(influencer_id=card.influencer_id)).id,
        "handover": saved(make.handover(brand_id=brand.id)).id,
        "community": saved(tied.community(brand_id=brand.id)).id,
        "season": saved(make.season(brand_id=brand.id)).id,
        "proof": saved(make.proof(relationship=card)).id,
        "fact": saved(make.fact(relationship=card)).id,
        "promise": saved(make.promise(relationship=card)).id,
        "question": saved(make.question(relationship=card)).id,
        "interaction": saved(make.interaction(relationship=card, kind=Kind.ASK)).id,
        "changed interaction": (changed := saved(make.interaction(relationship=card))).id,
        "version": saved(
            make.interaction_version(relationship_id=card.id, interaction_id=changed.id)
        ).id,
        "team": teamed.team(saved, brand_id=brand.id).id,
        "topic": saved(make.topic(brand_id=brand.id)).id,
        "tag": saved(tags.named(session, brand.id, "food")).id,
        "campaign": saved(make.campaign(brand_id=brand.id)).id,
        "import": saved(make.import_batch(brand_id=brand.id)).id,
        "mail": mail.id,
        "address": saved(make.suppression(address=user.email)).id,
        "invitation": saved(invited.invitation(brands=[brand])).id,
        "colleague": saved(make.member(brand=brand)).user_id,
        "user": saved(make.member(brand=brand)).user_id,
        "view": saved(make.view(brand_id=brand.id, user_id=user.id, is_team=owner is None)).id,
        "bulk edit": saved(make.bulk_edit(brand_id=brand.id, ids=[card.id])).id,
        "review": (review := saved(make.review(brand_id=brand.id))).id,
        "review item": saved(make.review_item(review=review, relationship=card)).id,
        "try": saved(make.attempt(brand_id=brand.id, user_id=user.id)).id,
        "introduction": saved(tied.introduction(card, twin.influencer)).id,
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
    user, is_partner = person(saved, acme, role), role == "partner"
    ids = {
        "own": belongings(session, saved, acme, user, owner=user if is_partner else None),
        "foreign": belongings(session, saved, other, saved(make.member(brand=other)).user),
        "missing": {},
    }
    if is_partner:
        colleague = saved(make.member(brand=acme)).user
        ids["a colleague's"] = belongings(session, saved, acme, colleague, owner=colleague)
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
