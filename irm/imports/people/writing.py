"""Writes what was planned for some rows: all of it or nothing, in the caller's transaction."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from irm.directory import search, strangers
from irm.imports import bulk
from irm.imports.kinds import Context, Step
from irm.imports.people import prospecting, relating
from irm.imports.people.comparing import Decided, Plan
from irm.imports.people.fields import COLUMNS
from irm.imports.people.known import Held, Person, Row
from irm.models import (
    Account,
    AccountHandle,
    Base,
    ContactPoint,
    Influencer,
    Relationship,
    Snapshot,
    Tier,
    User,
    inserts,
)
from irm.models.ids import count_on_from, draw
from irm.models.keys import name_order
from irm.scoring import reach, tiers

#: Kinds of contact points that can be searched.
_FOUND_BY = frozenset({"email", "phone"})

#: Numbers beyond this are no ids that anybody was given.
_HIGHEST_ID = 10**9


def write(session: Session, plan: Plan, decisions: Sequence[Decided], step: Step) -> None:
    """Write a plan, note it in the step, and say in its decisions whom they are about."""
    _Writing(session, plan, step).write()
    for decision in decisions:
        if decision.person is not None:
            decision.influencer_id = decision.person.id
            if decision.is_changed and decision.person.id is not None:
                step.touched.add(decision.person.id)


class _Writing:
    def __init__(self, session: Session, plan: Plan, step: Step) -> None:
        self._session = session
        self._plan = plan
        self._context: Context = plan.context
        self._step = step
        self._entries: list[dict[str, Any]] = []
        #: Who was found to be a stranger too.
        self._absorbers: list[int] = []

    def write(self) -> None:
        plan = self._plan
        changed = [one for one in plan.known.people.values() if one.before]
        held = [one for one in plan.known.held() if one.before]
        stored = [row for one in plan.known.held() for row in one.former if row.before]
        snapshots = [row for row in plan.snapshots.values() if row.before]
        self._draw()
        self._add_people()
        self._absorb()
        self._add_accounts()
        self._change(Influencer, changed)
        self._change(Account, held)
        self._change(AccountHandle, stored)
        self._change(Snapshot, snapshots)
        self._rename(changed, held)
        self._add_contacts()
        search.index_entries(self._session, self._entries)
        met = [one.id for one in changed if one.before.get("known") is False and one.id]
        strangers.index(self._session, [*met, *self._absorbers])
        relating.relate(self._session, plan, self._step)
        prospecting.propose(self._session, plan, self._step)

    def _draw(self) -> None:
        """Give ids to all that is new."""
        plan = self._plan
        self._snapshots = [(k, row) for k, row in plan.snapshots.items() if row.is_new]
        wanted: dict[type[Base], int] = {
            Influencer: len(plan.people),
            Account: len(plan.accounts),
            AccountHandle: len(plan.handles),
            ContactPoint: len(plan.contacts),
            Snapshot: len(self._snapshots),
        }
        above: dict[type[Base], int] = {
            Influencer: max((one.own_id or 0 for one in plan.people), default=0)
        }
        drawn = draw(self._session, wanted, above)
        self._new_people, self._new_accounts = tuple(plan.people), tuple(plan.accounts)
        taken = set(drawn[Influencer])
        own: set[int] = set()
        for person, id in zip(plan.people, drawn[Influencer], strict=True):
            wish = person.own_id
            if wish and wish not in taken and wish not in own and wish < _HIGHEST_ID:
                own.add(wish)
                id = wish
            person.id = id
        for account, id in zip(plan.accounts, drawn[Account], strict=True):
            account.id = id
        self._handle_ids, self._contact_ids = drawn[AccountHandle], drawn[ContactPoint]
        self._snapshot_ids = drawn[Snapshot]
        for model, ids in drawn.items():
            if model is not Influencer:
                self._step.creates(model, ids)
        self._step.creates(Influencer, [one.id for one in plan.people if one.id is not None])
        if own:
            count_on_from(self._session, Influencer, max(own))

    def _add_people(self) -> None:
        new = self._new_people
        if not new:
            return
        context = self._context
        said = set().union(*(one.now for one in new))
        names = [c for c in COLUMNS if c != "name" and c in said]
        rows: list[dict[str, Any]] = []
        has_kept = any(one.kept for one in new)
        choosers = self._choosers(new) if has_kept else {}
        for one in new:
            now = one.now
            row = {"id": one.id, "name": now["name"], **{name: now.get(name) for name in names}}
            if "origin" in row and row["origin"] is None:
                del row["origin"]
            audience = reach.audience(
                [held.now["followers"] for held in one.accounts if held.now["is_current"]],
                context.organisation.overlap,
            )
            row["audience"] = now["audience"] = audience
            row["tier"] = tiers.tier(
                audience, now.get("archetype"), context.organisation.thresholds
            )
            if has_kept:
                row |= self._kept(one, choosers)
            now["tier"] = row["tier"]
            rows.append(row)
            if not now["known"]:
                continue  # Nobody finds a stranger.
            self._entries.append(
                {
                    "influencer_id": one.id,
                    "source": "name",
                    "source_id": one.id,
                    "text": now["name"],
                }
            )
        shared: dict[str, Any] = {}
        if not has_kept:
            shared = {
                "source": context.source,
                "lawful_basis": context.lawful_basis,
                "created_at": context.at,
            }
        if any(not one.now["known"] for one in new):
            for one, row in zip(new, rows, strict=True):
                row["known"] = one.now["known"]
        for alike in _alike(rows):
            inserts.put(self._session, Influencer, alike, **shared)

    def _absorb(self) -> None:
        """Give what hangs on strangers to those who they turn out to be."""
        for stranger, person in self._plan.absorbed:
            assert stranger.id is not None
            assert person.id is not None
            for model, id, columns in strangers.absorb(self._session, stranger.id, person.id):
                self._step.changes(model, id, columns)
            self._absorbers.append(person.id)

    def _choosers(self, new: Sequence[Person]) -> dict[str, int]:
        """Colleagues who chose a tier, by their addresses."""
        emails = {one.kept["tier_set_by"] for one in new if "tier_set_by" in one.kept}
        if not emails:
            return {}
        found = self._session.execute(select(User.email, User.id).where(User.email.in_(emails)))
        return {row.email: row.id for row in found}

    def _kept(self, one: Person, choosers: Mapping[str, int]) -> dict[str, Any]:
        context = self._context
        kept = one.kept
        row = {
            "source": kept.get("source", context.source),
            "lawful_basis": kept.get("lawful_basis", context.lawful_basis),
            "do_not_contact": kept.get("do_not_contact", False),
            "archived_at": kept.get("archived_at"),
            "created_at": kept.get("created_at", context.at),
            "tier_set_by_id": choosers.get(kept.get("tier_set_by", "")),
            "tier_reason": kept.get("tier_reason"),
            "tier_set_at": kept.get("tier_set_at"),
        }
        one.now["archived_at"] = row["archived_at"]
        if tiers.is_chosen(row["tier_set_by_id"], row["tier_reason"]) and "tier" in kept:
            row["tier"] = Tier(kept["tier"])
        return row

    def _add_accounts(self) -> None:
        new = self._new_accounts
        rows = []
        for one in new:
            row = {"id": one.id, "influencer_id": one.person.id, **one.now}
            row.setdefault("created_at", self._context.at)
            rows.append(row)
            if not one.person.now["known"]:
                continue
            self._entries.append(
                {
                    "influencer_id": one.person.id,
                    "source": "handle",
                    "source_id": one.id,
                    "text": one.now["handle"],
                }
            )
        inserts.put(self._session, Account, rows)
        inserts.put(
            self._session,
            AccountHandle,
            [
                {
                    "id": id,
                    "account_id": held.id,
                    "platform": held.now["platform"],
                    **row.now,
                }
                for id, (held, row) in zip(self._handle_ids, self._plan.handles, strict=True)
            ],
        )
        inserts.put(
            self._session,
            Snapshot,
            [
                {"id": id, "account_id": held.id, "day": day, **row.now}
                for id, ((held, day), row) in zip(self._snapshot_ids, self._snapshots, strict=True)
            ],
        )

    def _add_contacts(self) -> None:
        rows = []
        for id, (person, contact) in zip(self._contact_ids, self._plan.contacts, strict=True):
            rows.append(
                {
                    "id": id,
                    "influencer_id": person.id,
                    "kind": contact.kind,
                    "value": contact.value,
                    "value_key": contact.key,
                }
            )
            if contact.kind in _FOUND_BY:
                self._entries.append(
                    {
                        "influencer_id": person.id,
                        "source": "contact",
                        "source_id": id,
                        "text": contact.value,
                    }
                )
        inserts.put(self._session, ContactPoint, rows)

    def _change(self, model: type[Base], rows: Iterable[Row]) -> None:
        """Write columns that changed, and note what they held."""
        changed = []
        for row in rows:
            assert row.id is not None
            columns = {name: row.now[name] for name in row.before}
            changed.append({"of_id": row.id, **columns})
            self._step.changes(
                model,
                row.id,
                {name: (_plain(old), _plain(row.now[name])) for name, old in row.before.items()},
            )
        bulk.update(self._session, model, changed)

    def _rename(self, people: Iterable[Person], accounts: Iterable[Held]) -> None:
        """Let whoever has another name or handle now be sorted and found by it."""
        table = inserts.table_of(Relationship)
        for account in accounts:
            if "handle" in account.before and account.id is not None:
                search.reindex(self._session, "handle", account.id, account.now["handle"])
        for person in people:
            if "name" in person.before and person.id is not None:
                search.reindex(self._session, "name", person.id, person.now["name"])
                order = name_order(person.now["name"])
                self._session.connection().execute(
                    update(table).where(table.c.influencer_id == person.id).values(name_order=order)
                )


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, dt.date) else value


def _alike(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Put rows with the same columns together."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(tuple(row), []).append(row)
    return list(found.values())
