"""Whatever people did before, a merge loses nothing of it and undoing gives it back."""

import datetime as dt
import random

import make
from conftest import wipe
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from irm.db import db
from irm.directory import comparing, merge, moving, search, tags, unmerge
from irm.funnel import interactions, stages, touchpoints
from irm.funnel.interactions import Exchange
from irm.ledger import proving
from irm.models import (
    ContactPoint,
    Direction,
    Duplicate,
    Influencer,
    Interaction,
    Kind,
    Platform,
    ProofKind,
    Prospect,
    Relationship,
    Role,
    Score,
    ScoreKind,
    Stage,
    StageMove,
    Visibility,
)
from tests.directory.pictures import picture, rebuilt_as_kept

LATER = make.MONDAY + dt.timedelta(days=400)

#: What undoing does not give back: what happened is told, and an edit counts as one.
NOT_COMPARED = {"audit_entries", "merges", "tasks"}


def cast(session, saved):
    """Two brands, Ana and Ravi at the first, and two people of different history."""
    ana = saved(make.member(Role.MANAGER))
    ravi = saved(make.member(Role.MANAGER, brand=ana.brand))
    return ana.brand, ana.user, ravi.user, saved(make.brand())


def a_person(session, dice, brands, users, **given):
    person = make.influencer(
        country=dice.choice([None, "France", "Spain"]),
        bio=dice.choice([None, "I bake.", "Sourdough"]),
        audience=dice.choice([None, 900, 40_000]),
        created_at=make.MONDAY + dt.timedelta(days=dice.randrange(9)),
        **given,
    )
    session.add(person)
    session.flush()
    entries = [{"influencer_id": person.id, "source": "name", "source_id": person.id}]
    search.index_entries(session, [{**entries[0], "text": person.name}])
    for n in range(dice.randrange(3)):
        session.add(make.account(influencer=person, platform=dice.choice(list(Platform))))
        key = f"x{person.id}n{n}@example.com"
        session.add(ContactPoint(influencer_id=person.id, kind="email", value=key, value_key=key))
    for brand in brands:
        if dice.random() < 0.6:
            history(session, dice, person, brand, users)
        elif dice.random() < 0.8:
            relevance = dice.choice([None, 0.0, 61.5])
            to = {"brand_id": brand.id, "influencer_id": person.id, "relevance": relevance}
            session.add(make.prospect(**to, is_own=dice.random() < 0.5, reasons=[{"code": "x"}]))
            session.flush()
    return person


def history(session, dice, person, brand, users):
    at = make.MONDAY + dt.timedelta(days=dice.randrange(30))
    owner = dice.choice([None, *users])
    owner_id = owner.id if owner else None
    card = stages.begin(session, person, brand.id, user=users[0], at=at, owner_id=owner_id)
    for _ in range(dice.randrange(7)):
        at += dt.timedelta(hours=dice.randint(1, 300))
        user = dice.choice(users)
        match dice.randrange(6):
            case 0:
                to = dice.choice([stage for stage in Stage if stage is not card.stage])
                stages.move(session, card, to, user=user, at=at, reason="So they said.")
            case 1:
                due = at.date() + dt.timedelta(days=dice.randrange(30))
                touchpoints.plan(session, card, due_on=due, today=at.date(), at=at, author=user)
            case 2:
                tag = tags.named(session, brand.id, dice.choice(["Été", "bread"]))
                tags.put(session, card.id, tag.id)
            case 3:
                day = at.date()
                score = {"kind": ScoreKind.FIT, "day": make.MONDAY.date(), "value": 3.5}
                old = select(Score).where(Score.relationship_id == card.id)
                if session.scalars(old).first() is None:
                    ids = {"influencer_id": person.id, "relationship_id": card.id}
                    session.add(Score(**ids, **score))
                kind = dice.choice(list(ProofKind))
                session.add(make.proof(relationship_id=card.id, kind=kind, day=day))
            case _:
                planned = next(iter(touchpoints.open_ones(session, card)), None)
                exchange = Exchange(
                    dice.choice(["Hello", "Sent flour", "Do not tell"]),
                    kind=dice.choice(list(Kind)),
                    direction=dice.choice(list(Direction)),
                    visibility=dice.choice(list(Visibility)),
                )
                fulfils = dice.choice([planned, None])
                interactions.log(
                    session, card, exchange, author=user, happened_at=at, at=at, fulfils=fulfils
                )
    session.flush()
    return card


@settings(
    max_examples=12,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000), sides=st.lists(st.sampled_from(["kept", "gone"]), min_size=24))
def test_a_merge_loses_nothing_and_undoing_it_restores_both(app, session, saved, seed, sides):
    dice = random.Random(seed)
    acme, ana, ravi, other = cast(session, saved)
    people = [a_person(session, dice, (acme, other), (ana, ravi)) for _ in range(3)]
    kept, gone = dice.sample(people, 2)
    left, right = sorted((kept.id, gone.id))
    pair = {"left_id": left, "right_id": right, "score": 80.0, "found_at": make.MONDAY}
    session.add(Duplicate(**pair))
    proving.rebuild(session, LATER)
    session.commit()
    before, talks = picture(session), set(session.scalars(select(Interaction.id)))
    known = {one.id: known_to(session, one.id, {kept.id, gone.id}) for one in (acme, other)}
    names = [*comparing.FIELDS, f"stage-{acme.id}", f"owner-{acme.id}", f"stage-{other.id}"]
    choices = dict(zip(names, sides, strict=False))

    made = merge.merge(session, kept.id, gone.id, choices, user=ana, at=LATER)
    session.commit()

    assert set(session.scalars(select(Interaction.id))) == talks
    assert session.get(Influencer, gone.id).merged_into_id == kept.id
    for table, column in (*moving.MOVE, *moving.JOIN):
        rows = moving.table(table)
        assert not session.scalar(select(rows.c.id).where(rows.c[column] == gone.id))
    for brand in (acme, other):
        ends_as_it_stands(session, kept.id, brand.id)
        is_known_as_before(session, brand.id, kept.id, known[brand.id])
    rebuilt_as_kept(session)

    report = unmerge.unmerge(session, made, user=ravi, at=LATER)
    session.commit()

    assert report == []
    assert picture(session) == before
    rebuilt_as_kept(session)
    with app.app_context():
        wipe(db.engine)
    session.expunge_all()


def known_to(session, brand_id, people):
    """What a brand knows of some people: in its funnel, its own prospects, proposed to it."""
    cards, proposed = (
        session.scalars(
            select(model).where(model.brand_id == brand_id, model.influencer_id.in_(people))
        ).all()
        for model in (Relationship, Prospect)
    )
    return bool(cards), any(one.is_own for one in proposed), bool(proposed)


def is_known_as_before(session, brand_id, kept_id, before):
    """Whom a brand knew in one way or the other, it knows as the one who is kept."""
    has_card, is_own, is_proposed = before
    expected = (True, False, False) if has_card else (False, is_own, is_proposed)
    assert known_to(session, brand_id, {kept_id}) == expected


def ends_as_it_stands(session, person_id, brand_id):
    """The joined history ends at the stage the relationship has."""
    both = {"influencer_id": person_id, "brand_id": brand_id}
    card = session.scalars(select(Relationship).filter_by(**both)).one_or_none()
    if card is not None:
        moves = select(StageMove).filter_by(relationship_id=card.id)
        last = session.scalars(moves.order_by(StageMove.at.desc(), StageMove.id.desc())).first()
        assert last.to_stage is card.stage
