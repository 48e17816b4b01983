"""A brand with people who have everything that irm can know of them, made from a seed."""

import datetime as dt
import random

import make
from sqlalchemy import select

from irm import clock
from irm.directory import reindexing
from irm.ledger import proving
from irm.ledger import relationships as ledger
from irm.models import (
    AccountHandle,
    Archetype,
    Channel,
    ContactPoint,
    Direction,
    Kind,
    Level,
    Origin,
    Outcome,
    Planner,
    Platform,
    Post,
    PostSnapshot,
    RelationshipTag,
    Snapshot,
    Stage,
    StageMove,
    State,
    Tag,
    Tier,
    Visibility,
)
from irm.models.keys import fold

TEXTS = (
    "Sent samples.",
    "=1+1 is no formula; “neither” is this, “nor” that…",
    '- prefers calls\n- on Mondays, "never" before ten',
    "'+33 is her country",
    "N/A",
    "Éléonore, vélo & café ☕",
)
FIRST = dt.datetime(2025, 9, 1, 8, 30, 0, 123456, tzinfo=dt.UTC)


class Population:
    """Builds it: `people` of them, the same for the same seed."""

    def __init__(self, session, seed, people=12):
        self.session = session
        self.dice = random.Random(seed)
        self.brand = make.brand(name="Acme", timezone="Europe/Paris")
        self.users = [make.user(email=f"{name}@example.com") for name in ("ana", "Ben", "cleo")]
        session.add_all(make.member(brand=self.brand, user=user) for user in self.users)
        session.flush()
        self.tags = [
            Tag(brand_id=self.brand.id, name=name, name_key=fold(name))
            for name in ("Vélo", "slow", "[draft]")
        ]
        session.add_all([*self.tags, make.topic(brand_id=self.brand.id, name="vélo")])
        session.flush()
        for number in range(people):
            self._person(number)
        session.flush()
        ledger.rebuild(session)
        proving.rebuild(session, clock.now())
        reindexing.rebuild(session)
        session.commit()

    def _maybe(self, value, odds=0.6):
        return value if self.dice.random() < odds else None

    def _one(self, words):
        return self.dice.choice(list(words))

    def _text(self):
        return self._one(TEXTS)

    def _moment(self, after=FIRST, days=60):
        return after + dt.timedelta(
            days=self.dice.randrange(1, days), microseconds=self.dice.randrange(10**9)
        )

    def _person(self, number):
        chosen = self._maybe(self._one(self.users), 0.3)
        person = make.influencer(
            name=f"Zoé {number} O’Brien",
            country=self._maybe("France"),
            city=self._maybe("Orléans"),
            language=self._maybe("fr"),
            further_languages=self._maybe("en es"),
            timezone=self._maybe("Europe/Paris"),
            bio=self._maybe(self._text()),
            categories=self._maybe("cycling, food"),
            archetype=self._maybe(self._one(Archetype)),
            origin=self._one(Origin),
            tier=self._one(Tier) if chosen else Tier.MICRO,
            tier_set_by_id=chosen and chosen.id,
            tier_reason=chosen and "We know her.",
            tier_set_at=chosen and make.MONDAY,
            preferred_channel=self._maybe("email"),
            contact_ceiling=self._maybe(3),
            do_not_contact=self.dice.random() < 0.2,
            business_model=self._maybe(self._text()),
            looks_for=self._maybe(self._text()),
            may_be_paid=self._one([None, True, False]),
            may_be_paid_why=self._maybe("A journalist."),
            source="agency.xlsx",
            lawful_basis="consent",
            archived_at=self._maybe(self._moment(), 0.2),
            created_at=self._moment(),
        )
        self.session.add(person)
        self.session.flush()
        accounts = self.dice.randrange(0, 4)
        self._contacts(person, number, needed=accounts == 0)
        for which in range(accounts):
            self._account(person, number, which)
        self._relationship(person)

    def _contacts(self, person, number, *, needed):
        found = []
        if needed or self.dice.random() < 0.5:
            found.append(("email", f"zoe{number}@example.com", f"zoe{number}@example.com"))
        if self.dice.random() < 0.5:
            found.append(("phone", f"+33 6 12 34 56 {number:02}", f"+336123456{number:02}"))
        for kind, value, key in found:
            self.session.add(
                ContactPoint(influencer_id=person.id, kind=kind, value=value, value_key=key)
            )

    def _account(self, person, number, which):
        day = self._moment().date()
        figures = {
            "followers": self.dice.randrange(1000, 2_000_000),
            "likes_average": self._maybe(round(self.dice.uniform(1, 900), 3)),
            "engagement_average": self._maybe(round(self.dice.uniform(1, 900), 3)),
        }
        is_current = self.dice.random() < 0.8
        account = make.account(
            influencer=person,
            platform=list(Platform)[which],
            handle=f"Zoé.{number}.{which}",
            platform_id=f"11907399999999{number:03}{which}" if not is_current or which else None,
            url=self._maybe(f"https://social.example/zoe{number}"),
            is_current=is_current,
            figures_on=day,
            created_at=self._moment(),
            **figures,
        )
        self.session.add(account)
        self.session.flush()
        if self.dice.random() < 0.5:
            self.session.add(
                AccountHandle(
                    account_id=account.id,
                    platform=account.platform,
                    handle=f"Old.{number}.{which}",
                    handle_key=f"old.{number}.{which}",
                    until=self._maybe(day),
                )
            )
        self.session.add(Snapshot(account_id=account.id, day=day, **figures))
        for back in range(1, self.dice.randrange(1, 4)):
            earlier = day - dt.timedelta(days=30 * back)
            followers = figures["followers"] - 10 * back
            self.session.add(Snapshot(account_id=account.id, day=earlier, followers=followers))
        for post in range(self.dice.randrange(0, 4)):
            self._post(account, post)

    def _post(self, account, number):
        published = self._moment()
        days = [published.date() + dt.timedelta(days=n) for n in range(self.dice.randrange(0, 3))]
        newest = {
            "likes": 40,
            "comments": self._maybe(3),
            "shares": None,
            "views": self._maybe(900),
        }
        post = Post(
            account_id=account.id,
            platform_post_id=f"1740289999999999{account.id:03}{number}",
            published_at=published,
            text=self._text(),
            language=self._maybe("fr"),
            url=self._maybe(f"https://social.example/p/{account.id}-{number}"),
            counts_on=days[-1] if days else None,
            **newest,
        )
        self.session.add(post)
        self.session.flush()
        for day in days:
            counts = newest if day == days[-1] else {**newest, "likes": 20}
            self.session.add(PostSnapshot(post_id=post.id, day=day, **counts))

    def _relationship(self, person):
        born = self._moment()
        owner = self._maybe(self._one(self.users))
        relationship = make.relationship(
            influencer=person,
            brand=self.brand,
            owner=owner,
            stage_since=born,
            created_at=born,
            level=self._maybe(self._one(Level), 0.3),
            cadence_ideal=self._maybe(9, 0.3),
            cadence_worst=self._maybe(21, 0.3),
            paused_until=self._maybe(dt.date(2026, 12, 31), 0.3),
            paused_why=self._maybe("Holidays", 0.3),
        )
        self.session.add(relationship)
        self.session.flush()
        for tag in self.tags:
            if self.dice.random() < 0.4:
                self.session.add(RelationshipTag(relationship_id=relationship.id, tag_id=tag.id))
        self._moves(relationship, born)
        self._history(relationship)

    def _moves(self, relationship, born):
        stages = list(Stage)[: self.dice.randrange(1, 6)]
        at, before = born, None
        for stage in stages:
            move = StageMove(
                relationship_id=relationship.id,
                brand_id=relationship.brand_id,
                from_stage=before,
                to_stage=stage,
                at=at,
                user_id=self._one(self.users).id if before else None,
                reason=self._maybe(self._text(), 0.4) if before else None,
            )
            self.session.add(move)
            self.session.flush()
            relationship.stage, relationship.stage_since = stage, at
            at, before = self._moment(at, 30), stage
        if len(stages) > 1 and self.dice.random() < 0.5:
            self._undo(relationship, at)

    def _undo(self, relationship, at):
        """Take the last move back, as irm/funnel/stages.py does: the older clock goes on."""
        newest = StageMove.relationship_id == relationship.id
        made = self.session.scalars(select(StageMove).where(newest).order_by(StageMove.id)).all()
        back = StageMove(
            relationship_id=relationship.id,
            brand_id=relationship.brand_id,
            from_stage=made[-1].to_stage,
            to_stage=made[-2].to_stage,
            at=at,
            user_id=self.users[0].id,
            undoes_id=made[-1].id,
        )
        self.session.add(back)
        relationship.stage, relationship.stage_since = made[-2].to_stage, made[-2].at

    def _history(self, relationship):
        touchpoints = []
        for _ in range(self.dice.randrange(0, 4)):
            planned = self._moment()
            state = self._one(State)
            closed = state is not State.OPEN
            is_ours = self.dice.random() < 0.5
            replaced = [touchpoints[-1].id] if touchpoints and not is_ours else []
            if replaced:
                touchpoints[-1].planned_by = Planner.CADENCE
            why = {"code": "planned", "replaces": replaced}
            touchpoint = make.touchpoint(
                relationship=relationship,
                owner_id=self._one(self.users).id,
                due_on=self._moment().date(),
                kind=self._one(Kind).value,
                purpose=self._maybe("Send the samples, “now”") or "",
                tactic=self._maybe("gift"),
                channel=self._maybe(self._one(Channel).value),
                state=state,
                planned_by=self._one((Planner.CADENCE, Planner.PLAN))
                if is_ours
                else Planner.PERSON,
                minutes=self._maybe(self.dice.randrange(5, 90)),
                is_pinned=self.dice.random() < 0.2,
                why={"code": "cadence", "days": 14, "stage": "aware"} if is_ours else why,
                author_id=self._one(self.users).id,
                snoozes=self.dice.randrange(3),
                closed_at=self._moment() if closed else None,
                closed_by_id=self.users[1].id if closed else None,
                created_at=planned,
            )
            self.session.add(touchpoint)
            self.session.flush()
            touchpoints.append(touchpoint)
        done = [one for one in touchpoints if one.state is State.DONE]
        for _ in range(self.dice.randrange(0, 6)):
            self._interaction(relationship, done)

    def _interaction(self, relationship, done):
        kept = done.pop() if done and self.dice.random() < 0.7 else None
        kind = self._one(Kind)
        outcome = self._maybe(self._one(Outcome), 0.6) if kind is Kind.ASK else None
        interaction = make.interaction(
            relationship=relationship,
            happened_at=self._moment(),
            kind=kind,
            outcome=outcome,
            direction=self._one(Direction),
            channel=self._one(Channel),
            activity=self._maybe("interview", 0.3),
            summary=self._text(),
            present=self._maybe("Her agent; and a friend", 0.3) or "",
            links=self._one(
                ([], ["https://a.example/1"], ["https://b.example/x;y", "http://c.ex"])
            ),
            visibility=self._one(Visibility),
            is_breach=self.dice.random() < 0.2,
            author_id=self._maybe(self._one(self.users).id),
            touchpoint_id=kept and kept.id,
            created_at=self._moment(),
        )
        self.session.add(interaction)
        self.session.flush()
