"""The earned stage is kept: whatever was done, in whatever order, it is what the evidence says."""

import datetime as dt
import random

import make
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from irm.directory import merge
from irm.funnel import interactions, stages
from irm.funnel.interactions import Exchange
from irm.ledger import mentions, proving
from irm.models import (
    Direction,
    Interaction,
    Post,
    PostMention,
    Proof,
    ProofKind,
    Relationship,
    Role,
    Stage,
)

DAY = dt.timedelta(days=1)


@pytest.fixture
def known(saved, session):
    """A lead of a brand that is known by a handle and by a name."""
    ana = saved(make.member(Role.LEAD))
    ana.brand.handles = [{"platform": None, "handle": "Nova.Oil"}]
    ana.brand.aliases = ["Huile Nova"]
    session.commit()
    return ana


def slow(session, brand, person_id, day):
    """The earned stage and the day of its newest proof, step by step, from what is stored."""
    card = session.scalars(
        select(Relationship).where(
            Relationship.influencer_id == person_id, Relationship.brand_id == brand.id
        )
    ).one()
    logged = session.scalars(select(Interaction).filter_by(relationship_id=card.id)).all()
    logged = [one for one in logged if one.happened_at.date() <= day]
    typed = session.scalars(select(Proof).filter_by(relationship_id=card.id)).all()
    typed = [one for one in typed if one.day <= day]
    accounts = [one.id for one in make_accounts(session, person_id)]
    posts = session.scalars(select(Post).where(Post.account_id.in_(accounts))).all()
    mentioned = [one.published_at.date() for one in posts if "@nova.oil" in one.text.lower()]
    mentioned += [one.day for one in typed if one.kind == "mention"]
    replies = [one.happened_at.date() for one in logged if one.direction != "out"]
    signs = replies + [m for m in mentioned if m <= day]
    signs += [one.day for one in typed if one.kind in ("follow", "application", "reply")]
    talks = []
    for one in logged:
        near = [
            other
            for other in logged
            if other.direction != "in" and abs(other.happened_at - one.happened_at) <= 14 * DAY
        ]
        two_way = one.direction == "both" or (one.direction == "in" and near)
        if two_way and (day - one.happened_at.date()).days <= 60:
            talks.append(one.happened_at.date())
    deeds = [one.day for one in typed if one.kind == "activity" and (day - one.day).days <= 180]
    praise = [m for m in mentioned if m <= day and (day - m).days <= 180]
    deals = [
        one.day
        for one in typed
        if one.kind == "agreement" and (one.until is None or one.until >= day)
    ]
    if not signs:
        return None, None
    if len(talks) < 2:
        return Stage.AWARE, max(signs)
    if not deeds:
        return Stage.INTERESTED, max(signs + talks)
    if not (deals and praise):
        return Stage.ENGAGED, max(signs + talks + deeds)
    return Stage.AMBASSADOR, max(signs + talks + deeds + deals + praise)


def make_accounts(session, person_id):
    from_person = make.Account.influencer_id == person_id
    return session.scalars(select(make.Account).where(from_person)).all()


def kept(session, card_id):
    columns = select(Relationship.earned_stage, Relationship.earned_on)
    return tuple(session.execute(columns.where(Relationship.id == card_id)).one())


def publish(session, account, text, published_at, at):
    post = make.post(account_id=account.id, text=text, published_at=published_at)
    session.add(post)
    session.flush()
    proving.settle(session, proving.of_posts(session, mentions.read(session, [post.id])), at)


def do_something(session, dice, ana, card, account, at):
    back = at - dice.choice([0, 1, 13, 14, 15, 40, 100]) * DAY
    match dice.randrange(6):
        case 0:
            stage = dice.choice([one for one in Stage if one is not card.stage])
            stages.move(session, card, stage, user=ana.user, at=at, reason="So they said.")
        case 1:
            text = dice.choice(["With @Nova.Oil!", "I like @nova.oil", "@nova", "Nothing"])
            publish(session, account, text, back, at)
        case 2:
            kind = dice.choice(list(ProofKind))
            until = dice.choice([None, back.date() + 30 * DAY])
            until = until if kind is ProofKind.AGREEMENT else None
            session.add(
                make.proof(relationship_id=card.id, kind=kind, day=back.date(), until=until)
            )
            proving.settle_one(session, card, at)
        case _:
            exchange = Exchange("Hello", direction=dice.choice(list(Direction)))
            interactions.log(
                session, card, exchange, author=ana.user, happened_at=back, at=at, plan_next=False
            )


@settings(
    max_examples=25,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6))
def test_whatever_happens_the_kept_stage_is_the_one_the_evidence_supports(
    session, saved, known, seed
):
    dice = random.Random(seed)
    person = saved(make.influencer())
    account = saved(make.account(influencer=person))
    at = make.MONDAY
    if dice.random() < 0.3:
        publish(session, account, "I like @nova.oil", at - DAY, at)
    card = stages.begin(session, person, known.brand_id, user=known.user, at=at)
    for _ in range(dice.randrange(14)):
        at += dt.timedelta(hours=dice.choice([1, 20, 100, 400]))
        if dice.random() < 0.2:
            at += 70 * DAY
        while proving.settle_due(session, at):
            pass
        do_something(session, dice, known, card, account, at)
        assert kept(session, card.id) == slow(session, known.brand, person.id, at.date())

    assert proving.rebuild(session, at, known.brand_id) == 0
    later = at + dice.choice([1, 61, 190, 400]) * DAY
    while proving.settle_due(session, later):
        pass
    assert kept(session, card.id) == slow(session, known.brand, person.id, later.date())
    assert proving.rebuild(session, later, known.brand_id) == 0
    session.rollback()


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Made with @Nova.Oil today", True),
        ("Thanks, @nova.oil.", True),
        ("HUILE   NOVA, toujours", True),
        ("#huile nova", True),
        ("@nova.oil.fr is somebody else", False),
        ("write to me@nova.oil", False),
        ("@nova", False),
        ("huile novatrice", False),
        ("My favourite: @nova.oil #ad", False),
        ("@nova.oil, the #adventure", True),
        ("", False),
    ],
)
def test_a_brand_is_known_by_whole_handles_and_words(session, saved, known, text, speaks):
    account = saved(make.account())
    post = saved(make.post(account_id=account.id, text=text))

    mentions.read(session, [post.id])

    assert bool(session.scalars(select(PostMention.brand_id)).all()) is speaks


def test_a_handle_of_one_platform_is_nobodys_on_another(session, saved, known):
    known.brand.handles, known.brand.aliases = [{"platform": "x", "handle": "nova"}], []
    accounts = [saved(make.account(platform=name)) for name in ("x", "tiktok")]
    posts = [saved(make.post(account_id=one.id, text="@nova")) for one in accounts]

    assert mentions.read(session, [post.id for post in posts]) == {posts[0].id}


def test_what_was_dismissed_is_proposed_again_once_the_evidence_is_another(session, saved, known):
    card = saved(make.relationship(brand=known.brand))
    card.dismissed_from = Stage.UNAWARE
    session.commit()

    for direction, expected in ((Direction.OUT, Stage.UNAWARE), (Direction.IN, None)):
        interactions.log(
            session,
            card,
            Exchange("Hello", direction=direction),
            author=known.user,
            happened_at=make.MONDAY,
            at=make.MONDAY,
        )
        session.commit()
        session.refresh(card)
        assert card.dismissed_from is expected


def test_two_who_become_one_have_the_evidence_of_both(session, saved, known):
    one, other = (saved(make.relationship(brand=known.brand)) for _ in range(2))
    for card in (one, other):
        interactions.log(
            session,
            card,
            Exchange("Called", direction=Direction.BOTH),
            author=known.user,
            happened_at=make.MONDAY,
            at=make.MONDAY,
        )
    session.commit()

    merge.merge(
        session, one.influencer_id, other.influencer_id, {}, user=known.user, at=make.MONDAY
    )

    assert session.scalars(select(Relationship.earned_stage)).all() == [Stage.INTERESTED]
