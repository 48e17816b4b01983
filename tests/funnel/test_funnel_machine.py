"""The funnel as a machine: whatever is done, in any order and by any clock, it is what was done.

Beside the real thing runs a slow one, which remembers all that was done and reads it step by step.
"""

import datetime as dt

import make
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from irm.directory.search import Reader
from irm.errors import Done, Refused, Stale, Unreasoned
from irm.funnel import asks, bulk_edit, bulk_undo, claims, evidence, interactions, stages
from irm.funnel.interactions import Exchange
from irm.ledger import proving, replay
from irm.models import Direction, Kind, ProofKind, Relationship, Role, Stage, StageMove

DAY = dt.timedelta(days=1)
ORDER = tuple(Stage)

#: How many examples: the steps are the same on both, the way to PostgreSQL is longer.
EXAMPLES = {"sqlite": 20, "postgres": 5}

stage_of = st.sampled_from(ORDER)


class Funnel(RuleBasedStateMachine):
    """One relationship, its moves, its evidence and its gate."""

    #: Set for each run: a session, and a brand's lead.
    session = ana = None

    @initialize()
    def begin(self):
        self.now = self.latest = make.MONDAY
        person = make.influencer(name="Léa", audience=1200)
        self.session.add(person)
        self.session.flush()
        self.card = stages.begin(
            self.session, person, self.ana.brand_id, user=self.ana.user, at=self.now
        )
        #: What the slow one remembers: (at, to, from what) of moves that stand, one on the other.
        self.standing = [(self.now, Stage.UNAWARE)]
        self.at = Stage.UNAWARE
        self.since = self.now
        self.moves = 1
        self.logged = []
        self.proofs = []

    def teardown(self):
        self.session.rollback()

    # What the slow one says.

    def earned(self):
        day = self.now.date()
        logged = [one for one in self.logged if one[0].date() <= day]
        typed = [one for one in self.proofs if one[1] <= day]
        signs = [at.date() for at, direction, _kind in logged if direction is not Direction.OUT]
        kinds = (ProofKind.FOLLOW, ProofKind.MENTION, ProofKind.APPLICATION, ProofKind.REPLY)
        signs += [when for kind, when, _until in typed if kind in kinds]
        talks = 0
        for at, direction, _kind in logged:
            # By the moment, not by the day: who answers in the evening answers the morning.
            near = any(
                other is not Direction.IN and abs(then - at) <= 14 * DAY
                for then, other, _kind in self.logged
            )
            both = direction is Direction.BOTH or (direction is Direction.IN and near)
            talks += both and (day - at.date()).days <= 60
        within = {
            kind: [when for of, when, _until in typed if of is kind and (day - when).days <= 180]
            for kind in ProofKind
        }
        deals = [
            when
            for kind, when, until in typed
            if kind is ProofKind.AGREEMENT and (until is None or until >= day)
        ]
        holds = [
            bool(signs),
            talks >= 2,
            bool(within[ProofKind.ACTIVITY]),
            bool(deals and within[ProofKind.MENTION]),
        ]
        stage = None
        for of, held in zip(ORDER[1:], holds, strict=True):
            if not held:
                break
            stage = of
        return stage

    def gives(self):
        count = 0
        for _at, direction, kind in sorted(self.logged, key=lambda one: one[0]):
            if direction is not Direction.IN:
                count = 0 if kind is Kind.ASK else count + (kind is Kind.GIVE)
        return count

    def is_first_contact(self):
        turned = any(direction is not Direction.IN for _at, direction, _kind in self.logged)
        return not turned and all(kind is not ProofKind.APPLICATION for kind, *_ in self.proofs)

    def is_covered(self, to):
        kept = self.card.earned_stage
        return ORDER.index(to) <= (ORDER.index(kept) if kept else 0)

    def moved(self, to):
        """Remember a move; its moment is never before the one before it."""
        at = max(self.now, self.last_at())
        self.at, self.since = to, at
        self.standing.append((at, to))
        self.moves += 1

    def last_at(self):
        return stages.newest(self.session, self.card.id).at

    def refused(self, act, error=Refused):
        """Do what is to be refused, as a request does it: nothing of it stays."""
        before = self.card.stage, self.card.stage_since
        turn = self.session.begin_nested()
        with pytest.raises(error):
            act()
        turn.rollback()
        assert (self.card.stage, self.card.stage_since) == before

    # What may be done.

    @rule(
        direction=st.sampled_from(list(Direction)),
        kind=st.sampled_from(list(Kind)),
        days=st.sampled_from([0, 0, 1, 13, 14, 15, 40, 59, 61]),
    )
    def log(self, direction, kind, days):
        at = self.now - days * DAY
        # Two at one moment have no order of their own.
        while any(at == other for other, *_ in self.logged):
            at -= dt.timedelta(seconds=1)
        interactions.log(
            self.session,
            self.card,
            Exchange("Hello", kind=kind, direction=direction),
            author=self.ana.user,
            happened_at=at,
            at=self.now,
        )
        self.logged.append((at, direction, kind))

    @rule(kind=st.sampled_from(list(ProofKind)), days=st.sampled_from([0, 1, 100, 179, 181]))
    def prove(self, kind, days):
        day = (self.now - days * DAY).date()
        until = day + 120 * DAY if kind is ProofKind.AGREEMENT else None
        typed = evidence.Typed(kind, day, until)
        evidence.add(self.session, self.card, typed, author=self.ana.user, at=self.now)
        self.proofs.append((kind, day, until))

    @rule(to=stage_of, reason=st.sampled_from([None, "So they said."]))
    def move(self, to, reason):
        def act():
            return stages.move(
                self.session, self.card, to, user=self.ana.user, at=self.now, reason=reason
            )

        if to is self.at:
            self.refused(act, Done)
        elif reason is None and (ORDER.index(to) < ORDER.index(self.at) or not self.is_covered(to)):
            self.refused(act, Unreasoned)
        else:
            made = act()
            self.moved(to)
            assert (made.at, made.to_stage) == (self.since, to)

    @rule(is_twice=st.booleans())
    def undo(self, is_twice):
        newest = stages.newest(self.session, self.card.id)

        def act():
            stages.undo(self.session, newest, self.card, user=self.ana.user, at=self.now)

        if newest.from_stage is None or newest.undoes_id is not None:
            self.refused(act)
            return
        act()
        self.standing.pop()
        self.since, self.at = self.standing[-1]
        self.moves += 1
        if is_twice:
            self.refused(act, Done)

    @precondition(lambda self: self.moves > 2)
    @rule()
    def undo_what_others_built_on(self):
        newest, older = self.session.scalars(
            select(StageMove)
            .where(StageMove.relationship_id == self.card.id)
            .order_by(StageMove.at.desc(), StageMove.id.desc())
            .limit(2)
        )
        if older.from_stage is None or older.undoes_id or newest.undoes_id == older.id:
            return
        self.refused(
            lambda: stages.undo(self.session, older, self.card, user=self.ana.user, at=self.now),
            Stale,
        )

    @rule(is_accepted=st.booleans())
    def decide_on_what_is_proposed(self, is_accepted):
        to = claims.proposed(self.card)
        if not claims.chosen(self.session, Reader(self.card.brand_id, 0), [self.card.id]):
            assert to is self.at or self.card.dismissed_from is self.at
            return
        if is_accepted:
            claims.accept(
                self.session, self.card, to, user=self.ana.user, at=self.now, reason="1 reply."
            )
            self.moved(to)
        else:
            claims.decide(
                self.session, self.card, is_dismissed=True, user=self.ana.user, at=self.now
            )
            assert not claims.chosen(self.session, Reader(self.card.brand_id, 0), [self.card.id])

    @rule(to=stage_of, is_undone=st.booleans())
    def move_in_bulk(self, to, is_undone):
        changes = {"stage": to.value, "reason": "So they said."}
        ids, user = [self.card.id], self.ana.user
        edit = bulk_edit.draft(
            self.session, self.card.brand_id, ids, changes, user=user, at=self.now
        )
        bulk_edit.begin(self.session, edit, user=user, at=self.now)
        assert bulk_edit.go_on(self.session, edit, user=user, at=self.now)
        if to is self.at:
            return
        self.moved(to)
        if is_undone:
            bulk_undo.begin(self.session, edit, user=user, at=self.now)
            assert bulk_undo.go_on(self.session, edit, user=user, at=self.now)
            self.standing.pop()
            self.since, self.at = self.standing[-1]
            self.moves += 1

    @rule(reason=st.sampled_from(["", "They asked for it."]))
    def plan_an_ask(self, reason):
        thought = asks.Thought(
            f"Would you speak on day {self.moves} at {self.now}?",
            "A fee",
            "Yes",
            "Yes",
            reason=reason,
        )

        def act():
            asks.plan(
                self.session,
                self.card,
                thought,
                due_on=self.now.date() + DAY,
                today=self.now.date(),
                at=self.now,
                author=self.ana.user,
            )

        if self.is_first_contact():
            self.refused(act, asks.GateShut)
            return
        try:
            with self.session.begin_nested():
                act()
        except asks.GateShut:
            assert not reason
        except Refused:  # The same is planned already.
            pass

    @rule(hours=st.sampled_from([1, 20, 24, 24 * 13, 24 * 61, 24 * 181]))
    def time_passes(self, hours):
        self.now += dt.timedelta(hours=hours)
        if self.now >= self.latest:
            self.latest = self.now
            while proving.settle_due(self.session, self.now):
                pass

    @rule(hours=st.sampled_from([1, 30]))
    def the_clock_jumps_back(self, hours):
        if self.now - dt.timedelta(hours=hours) > make.MONDAY:
            self.now -= dt.timedelta(hours=hours)

    # What always holds.

    @invariant()
    def the_card_stands_where_it_was_moved(self):
        assert (self.card.stage, self.card.stage_since) == (self.at, self.since)

    @invariant()
    def replaying_all_moves_gives_the_board(self):
        self.session.flush()
        report = replay.check(self.session, self.card.brand_id)
        assert (report.faults, report.moves) == ([], self.moves)

    @invariant()
    def the_earned_stage_is_the_one_the_evidence_supports(self):
        # While a clock is behind itself, what was read by the later one stands.
        if self.now == self.latest:
            kept = select(Relationship.earned_stage).where(Relationship.id == self.card.id)
            assert self.session.scalar(kept) is self.earned()

    @invariant()
    def the_gives_since_the_last_ask_are_counted(self):
        kept = select(Relationship.gives_since_ask).where(Relationship.id == self.card.id)
        assert self.session.scalar(kept) == self.gives()


def test_whatever_is_done_history_and_evidence_say_it(backend, session, saved):
    Funnel.session, Funnel.ana = session, saved(make.member(Role.LEAD))
    run_state_machine_as_test(
        Funnel,
        settings=settings(
            max_examples=EXAMPLES[backend],
            stateful_step_count=25,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
