"""A kind of list as plain as can be: what the engine does with it is what is looked at.

Its files have the headings Handle, Name and Followers, and all accounts are on Instagram.
"""

from dataclasses import dataclass

from sqlalchemy import select, update

from irm.directory import search
from irm.imports.complaints import Complaint
from irm.imports.kinds import Decision
from irm.ledger import counters
from irm.ledger.relationships import order_columns
from irm.models import (
    Account,
    Influencer,
    Platform,
    Relationship,
    Snapshot,
    Stage,
    StageMove,
    Tier,
    Verdict,
)
from irm.models.keys import fold_handle

HEADINGS = "Handle,Name,Followers\n"


@dataclass(slots=True)
class _Decision(Decision):
    known: Account | None = None
    fit: None = None


class _Unscored:
    fit = relevance = None


class Plain:
    """The kind; it can be told to die after so many chunks."""

    name = "plain"
    fields = ("handle", "name", "followers")
    ruled: dict[str, str] = {}
    columns = {"handle": (0,), "name": (1,), "followers": (2,)}

    @classmethod
    def likeness(cls, sheet, chosen):
        return 1.0 if "Handle" in sheet.headings else 0.0

    @classmethod
    def of(cls, sheet, chosen):
        return cls()

    def read(self, cells):
        handle, name, followers = (*cells, "", "", "")[:3]
        if not handle:
            raise Complaint("no_account")
        return handle, name or None, int(followers) if followers else None

    def keys(self, record):
        return [fold_handle(record[0])]

    def merged(self, later, earlier):
        return tuple(
            new if new is not None else old for new, old in zip(later, earlier, strict=True)
        )

    def agrees(self, record, merged):
        return all(
            said is None or said == then for said, then in zip(record[1:], merged[1:], strict=True)
        )

    def decide(self, session, told, context, *, to_write=False):
        keys = [fold_handle(one.record[0]) for one in told if one.record]
        wanted = select(Account).where(Account.handle_key.in_(keys))
        if to_write:
            wanted = wanted.order_by(Account.id).with_for_update()
        wanted = wanted.execution_options(populate_existing=True)
        known = {account.handle_key: account for account in session.scalars(wanted)}
        return [self._decide(one, known) for one in told]

    def _decide(self, one, known):
        if one.record is None:
            return _Decision(one.number, one.verdict, one.complaint)
        account = known.get(fold_handle(one.record[0]))
        if account is None:
            return _Decision(one.number, Verdict.CREATED, record=one.record)
        decision = _Decision(one.number, Verdict.SAME, record=one.record, known=account)
        decision.influencer_id = account.influencer_id
        if one.record[2] is not None and one.record[2] != account.followers:
            decision.changes["followers"] = [account.followers, one.record[2]]
        if one.record[1] and one.record[1] != account.influencer.name:
            decision.changes["name"] = [account.influencer.name, one.record[1]]
        if decision.changes:
            decision.verdict = Verdict.UPDATED
        return decision

    def write(self, session, decisions, context, step):
        for one in decisions:
            if one.verdict is Verdict.CREATED:
                self._create(session, one, context, step)
            elif one.verdict is Verdict.UPDATED:
                self._update(session, one, context, step)

    def _create(self, session, one, context, step):
        handle, name, followers = one.record
        person = Influencer(
            name=name or handle, audience=followers, tier=Tier.MICRO, source=context.source,
            lawful_basis=context.lawful_basis, created_at=context.at,
        )  # fmt: skip
        account = Account(
            influencer=person, platform=Platform.INSTAGRAM, handle=handle,
            handle_key=fold_handle(handle), followers=followers, created_at=context.at,
            figures_on=context.as_of,
        )  # fmt: skip
        related = Relationship(
            influencer=person, brand_id=context.brand_id, stage=Stage.UNAWARE,
            stage_since=context.at, created_at=context.at, **order_columns(
                Influencer(name=name or handle), _Unscored),
        )  # fmt: skip
        session.add_all([person, account, related])
        session.flush()
        figures = Snapshot(account_id=account.id, day=context.as_of, followers=followers)
        move = StageMove(
            relationship_id=related.id,
            brand_id=related.brand_id,
            to_stage=Stage.UNAWARE,
            at=context.at,
        )
        session.add_all([figures, move])
        session.flush()
        search.index_entries(
            session,
            [
                {"influencer_id": person.id, "source": "name", "source_id": person.id,
                 "text": person.name},
                {"influencer_id": person.id, "source": "handle", "source_id": account.id,
                 "text": handle},
            ],
        )  # fmt: skip
        counters.shift(
            session,
            [(None, counters.Cell(context.brand_id, Stage.UNAWARE, Tier.MICRO, None, followers))],
        )
        for row in (person, account, related, figures, move):
            step.creates(type(row), [row.id])
        step.touched.add(person.id)
        one.influencer_id = person.id

    def _update(self, session, one, context, step):
        account = one.known
        if "followers" in one.changes:
            before, after = one.changes["followers"]
            days = [account.figures_on and account.figures_on.isoformat(),
                    context.as_of.isoformat()]  # fmt: skip
            step.changes(
                Account, account.id, {"followers": (before, after), "figures_on": tuple(days)}
            )
            session.execute(
                update(Account)
                .where(Account.id == account.id)
                .values(followers=after, figures_on=context.as_of)
            )
        if "name" in one.changes:
            before, after = one.changes["name"]
            step.changes(Influencer, account.influencer_id, {"name": (before, after)})
            session.execute(
                update(Influencer)
                .where(Influencer.id == account.influencer_id)
                .values(name=after, row_version=Influencer.row_version + (1 << 14))
            )
            search.reindex(session, "name", account.influencer_id, after)
            columns = order_columns(Influencer(name=after), _Unscored)
            session.execute(
                update(Relationship)
                .where(Relationship.influencer_id == account.influencer_id)
                .values(name_order=columns["name_order"])
            )
