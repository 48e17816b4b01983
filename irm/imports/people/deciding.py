"""What becomes of each row of a list of people. Reads, and plans; writes nothing."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from irm.imports import colleagues
from irm.imports.complaints import Complaint
from irm.imports.kinds import Context, Told
from irm.imports.people import comparing, matching
from irm.imports.people.barred import barred
from irm.imports.people.comparing import Decided, Plan
from irm.imports.people.known import FIGURES, Held, Known, Person, Row
from irm.imports.people.matching import Match, match
from irm.imports.people.met import Met
from irm.imports.people.records import Record, Said
from irm.imports.people.twins import twins
from irm.models import Verdict
from irm.models.keys import fold


class Deciding:
    """Some rows of a list, decided on one after the other."""

    def __init__(
        self,
        session: Session,
        told: Sequence[Told],
        context: Context,
        *,
        met: Met,
        to_write: bool,
        is_history: bool,
    ) -> None:
        self._session = session
        self._context = context
        #: Figures are of the row's day, and stand there whatever other days say.
        self._is_history = is_history
        self._told = told
        records = [one.record for one in told if one.record is not None]
        self._known = Known(
            session,
            records,
            context.brand_id,
            to_write=to_write,
            keeps_out=context.keeps_out,
        )
        self._plan = Plan(self._known, context, shows=not to_write)
        self._erased = barred(session, records, self._known)
        names_owners = any(record.owner for record in records)
        self._colleagues = colleagues.of(session, context.brand_id) if names_owners else {}
        #: Figures to be compared with those of their days.
        self._figures: list[tuple[Decided, Said, Held, dt.date]] = []
        #: Accounts that a row of the chunk was about already: account → row.
        self._seen: dict[Held, int] = {}
        #: Those that a row of the file was about, chunks ago.
        self._met = met

    def decide(self) -> list[Decided]:
        """Decide on the rows in their order."""
        decisions: list[Decided] = []
        place = 0
        for one in self._told:
            if one.record is None:
                verdict = one.verdict or Verdict.REFUSED
                decisions.append(Decided(one.number, verdict, one.complaint))
                continue
            if place in self._erased:
                refused = self._erased[place]
                decisions.append(Decided(one.number, Verdict.REFUSED, refused, one.record))
            else:
                decisions.append(self._one(one.number, one.record, is_shared=one.is_shared))
            place += 1
        self._settle_figures()
        self._find_twins(decisions)
        for decision in decisions:
            self._conclude(decision)
        return decisions

    def _one(self, number: int, record: Record, *, is_shared: bool) -> Decided:
        try:
            found = match(record, self._known, self._context.as_of)
            if not self._is_history:
                self._refuse_disputed(found)
        except Complaint as complaint:
            return Decided(number, Verdict.CONFLICT, complaint, record)
        decision = Decided(number, Verdict.SAME, None, record, plan=self._plan)
        if found.person is not None and not self._is_history:
            earlier = self._first(found, number, is_shared=is_shared)
            if earlier != number:
                decision.verdict = Verdict.CONFLICT
                decision.complaint = Complaint("overruled", row=earlier)
                return decision
        if record.unread:
            decision.complaint = Complaint("bad_figure", cells=record.unread)
        decision.is_disputed = bool(found.disputed)
        person = self._person(decision, record, found)
        for stranger in found.absorbed:
            self._absorb(decision, stranger, person)
        for at, said in enumerate(record.accounts):
            self._account(decision, said, found.accounts[at], person, at in found.disputed)
        if record.contacts:
            self._contacts(decision, record, found, person)
        if record.tags:
            self._tag(decision, record, person)
        self._give(decision, record.owner, person)
        if is_shared:
            self._met.note(record, found, number)
        if found.disputed:
            first = next(iter(found.disputed.values()))
            decision.complaint = Complaint("handle_disputed", **first.params)
        return decision

    def _first(self, found: Match, number: int, *, is_shared: bool) -> int:
        """Return the first row about one of the accounts that a row is about, or the row itself."""
        first = number
        for held in found.accounts:
            if held is None:
                continue
            first = self._seen.setdefault(held, number)
            if first == number and (is_shared or held.now["platform_id"] or held.former):
                first = self._met.first(held, number)
            if first != number:
                break
        return first

    @staticmethod
    def _refuse_disputed(found: Match) -> None:
        for complaint in found.disputed.values():
            raise complaint

    def _person(self, decision: Decided, record: Record, found: Match) -> Person:
        """Return whom the row is about, new or with what the row changes."""
        person = found.person
        if person is None:
            person = self._newcomer(decision, record)
        else:
            decision.person = person
            comparing.compare_person(decision, record, person, self._plan, found.accounts)
        is_known = record.kept.get("known") is not False
        if is_known and person.set("known", True):
            decision.brings = decision.is_changed = True
        if is_known and person.relationship_id is None:
            self._take_in(decision, person)
        return person

    def _tag(self, decision: Decided, record: Record, person: Person) -> None:
        # Tags are put on relationships.
        has_tags = person.relates or person.relationship_id is not None
        for tag in record.tags if has_tags else ():
            key = fold(tag)
            if key and key not in person.tags:
                person.tags.add(key)
                self._plan.tags.append((person, tag, key))
                decision.note("tags", None, ", ".join(record.tags))

    def _give(self, decision: Decided, cell: str | None, person: Person) -> None:
        # Nobody looks after whom the brand only looks at.
        if not cell or not (person.relates or person.relationship_id is not None):
            return
        owner = self._colleagues.get(colleagues.word(cell))
        if owner is not None:
            comparing.compare_owner(decision, person, owner, self._plan)
        else:
            unknown = Complaint("unknown_owner", owner=cell[:80])
            decision.complaint = decision.complaint or unknown

    def _absorb(self, decision: Decided, stranger: Person, person: Person) -> None:
        """Let a stranger's accounts be those of the person who turns out to have them."""
        for held in self._known.of(stranger):
            held.person = person
            person.accounts.append(held)
            person.stand_ins.add(held.now["handle"])
        stranger.accounts = []
        decision.is_changed = True
        self._plan.absorbed.append((stranger, person))

    def _take_in(self, decision: Decided, person: Person) -> None:
        """Let the brand begin with somebody, or look at them only where the list says so."""
        if self._context.keeps_out:
            if not person.is_own:
                person.is_own = decision.is_changed = True
                self._plan.prospects.append(person)
        elif not person.relates:
            person.relates = decision.is_changed = True
            self._plan.relates.append(person)

    def _newcomer(self, decision: Decided, record: Record) -> Person:
        stand_in = next((one.handle for one in record.accounts), None) or next(
            (one.value for one in record.contacts), ""
        )
        name = record.name or stand_in[:200] or f"{record.own_id}"
        now = {**record.person, "name": name, "known": record.kept.get("known", True)}
        person = Person(None, now, kept=record.kept)
        person.stand_ins = {one.handle for one in record.accounts}
        if record.own_id is not None and record.own_id not in self._known.people:
            person.own_id = record.own_id
        decision.brings = decision.is_changed = True
        decision.person = person
        if self._plan.shows:
            for field, value in now.items():
                if field != "known":
                    decision.note(field, None, value)
        self._plan.people.append(person)
        return person

    def _account(
        self, decision: Decided, said: Said, held: Held | None, person: Person, disputed: bool
    ) -> None:
        day = decision.record.day or said.day or self._context.as_of
        if held is None:
            held = self._new_account(decision, said, person, disputed)
        else:
            comparing.compare_account(decision, said, held, day, self._plan)
        if said.figures and (self._is_history or comparing.differs(said, held)):
            undated = bool(said.kept) and said.day is None
            if not undated:
                self._figures.append((decision, said, held, day))
                comparing.set_figures(decision, said, held, day)
            elif held.is_new:
                held.now |= said.figures

    def _new_account(self, decision: Decided, said: Said, person: Person, disputed: bool) -> Held:
        now = {
            "platform": said.platform,
            "handle": said.handle,
            "handle_key": said.handle_key,
            "platform_id": said.platform_id,
            "url": said.url,
            "is_current": not disputed and said.kept.get("is_current") is not False,
            **dict.fromkeys(FIGURES),
            "figures_on": None,
        }
        held = Held(None, now, person=person)
        if said.kept.get("created_at"):
            held.now["created_at"] = said.kept["created_at"]
        person.accounts.append(held)
        person.stand_ins.add(said.handle)
        self._known.learn(held)
        self._plan.accounts.append(held)
        self._seen[held] = decision.number
        for handle, key, until in said.kept.get("former", ()):
            once = Row(None, {"handle": handle, "handle_key": key, "until": until})
            held.former.append(once)
            self._plan.handles.append((held, once))
        decision.note(f"{said.platform.value}.handle", None, said.handle)
        return held

    def _contacts(self, decision: Decided, record: Record, found: Match, person: Person) -> None:
        taken = {(contact.kind, contact.key): holder for contact, holder in found.taken}
        for contact in record.contacts:
            key = (contact.kind, contact.key)
            if key in taken or self._known.by_contact.get(key) is person:
                continue
            self._known.by_contact[key] = person
            person.stand_ins.add(contact.value)
            self._plan.contacts.append((person, contact))
            decision.note(contact.kind, None, contact.value)
        noted = [one for one in found.taken if one[0].kind != "website"]
        if noted:
            decision.complaint = matching.taken(*noted[0])

    def _settle_figures(self) -> None:
        """Compare figures with what is stored of their days; the last row of a day wins."""
        wanted = [(held.id, day) for _, _, held, day in self._figures if held.id is not None]
        stored = self._known.snapshots(wanted)
        for decision, said, held, day in self._figures:
            row = self._plan.snapshots.get((held, day))
            if row is None and held.id is not None:
                row = stored.get((held.id, day))
            if row is None:
                row = Row(None, {**dict.fromkeys(FIGURES), **said.figures})
                self._plan.snapshots[held, day] = row
                decision.has_new_figures = decision.is_changed = True
                continue
            self._plan.snapshots[held, day] = row
            for name, value in said.figures.items():
                before = row.now[name]
                if row.set(name, value):
                    decision.is_changed = True
                    if self._is_history:
                        decision.note(name.removesuffix("_average"), before, value)

    def _find_twins(self, decisions: Sequence[Decided]) -> None:
        fresh = {
            at: one.record
            for at, one in enumerate(decisions)
            if one.brings and one.person is not None and one.person.is_new and not one.is_disputed
        }
        for at, (id, name) in twins(self._session, fresh, self._context.brand_id).items():
            decisions[at].twin_id = id
            decisions[at].complaint = Complaint("possible_twin", name=name)

    def _conclude(self, decision: Decided) -> None:
        if decision.person is None or decision.verdict is Verdict.CONFLICT:
            return
        decision.influencer_id = decision.person.id
        if decision.is_disputed and decision.is_changed:
            decision.verdict = Verdict.CONFLICT
        elif decision.has_new_figures if self._is_history else decision.brings:
            decision.verdict = Verdict.CREATED
        elif decision.is_changed:
            decision.verdict = Verdict.UPDATED
