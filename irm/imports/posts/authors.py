"""Whose posts these are: accounts we know, and people whom a list of posts names first.

They are found, compared and written as the rows of a list of people are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from irm.imports.kinds import Context, Step, Told
from irm.imports.people import writing
from irm.imports.people.comparing import Decided
from irm.imports.people.deciding import Deciding
from irm.imports.people.known import Held as Account
from irm.imports.people.met import Met
from irm.imports.people.records import Record, Said
from irm.imports.posts.record import Author
from irm.models import Verdict


@dataclass(slots=True, eq=False)
class Group:
    """One account that rows of a chunk are of, and what is to become of it."""

    #: The row that named it first.
    number: int
    author: Author
    #: What was decided on it, and which account it is; None where it cannot be taken.
    decision: Decided | None = None
    account: Account | None = None

    def takes(self, other: Author) -> bool:
        """Say whether another row's account is this one: by id, else by name."""
        ours = self.author
        if ours.platform_id and other.platform_id:
            return ours.platform_id == other.platform_id
        return ours.handle_key == other.handle_key

    def add(self, other: Author) -> None:
        """Let a later row fill in what the earlier ones left open."""
        self.author = self.author._replace(
            platform_id=self.author.platform_id or other.platform_id,
            name=self.author.name or other.name,
        )

    @property
    def settled(self) -> Decided:
        """What was decided on the account."""
        assert self.decision is not None
        return self.decision


def decide(
    session: Session, authors: Iterable[tuple[int, Author]], context: Context, *, to_write: bool
) -> dict[int, Group]:
    """Decide what becomes of the accounts of some rows; returns row number → its account."""
    groups: list[Group] = []
    of_row: dict[int, Group] = {}
    by_key: dict[tuple[str, ...], list[Group]] = {}
    for number, author in authors:
        keys = [(author.platform, "handle", author.handle_key)]
        if author.platform_id:
            keys.insert(0, (author.platform, "id", author.platform_id))
        near = (group for key in keys for group in by_key.get(key, ()) if group.takes(author))
        group = next(near, None)
        if group is None:
            group = Group(number, author)
            groups.append(group)
        else:
            group.add(author)
        for key in keys:
            if group not in by_key.setdefault(key, []):
                by_key[key].append(group)
        of_row[number] = group
    _settle(session, groups, context, to_write=to_write)
    return of_row


def write(session: Session, groups: Sequence[Group], step: Step) -> None:
    """Write the people, accounts and relationships that are new or changed."""
    decisions = {id(group.settled): group.settled for group in groups}.values()
    for plan in dict.fromkeys(one.plan for one in decisions):
        if plan is not None:
            writing.write(session, plan, [one for one in decisions if one.plan is plan], step)


def _settle(session: Session, groups: Sequence[Group], context: Context, *, to_write: bool) -> None:
    told = [Told(group.number, _record(group.author)) for group in groups]
    deciding = Deciding(session, told, context, met=Met(), to_write=to_write, is_history=False)
    decided = deciding.decide()
    by_number = {group.number: group for group in groups}
    for group, decision in zip(groups, decided, strict=True):
        group.decision = decision
        complaint = decision.complaint
        if complaint and complaint.code == "overruled" and decision.person is None:
            # Another name, of former days, of an account that was decided on.
            other = by_number[int(complaint.params["row"])]
            group.decision, group.account = other.decision, other.account
        elif decision.person and decision.verdict not in (Verdict.CONFLICT, Verdict.REFUSED):
            group.account = _account(decision, group.author)


def _account(decision: Decided, author: Author) -> Account | None:
    """Return which of a person's accounts is the author's."""
    assert decision.person is not None
    of_platform = [
        one for one in decision.person.accounts if one.now["platform"] == author.platform
    ]
    for one in of_platform:
        if author.platform_id and one.now["platform_id"] == author.platform_id:
            return one
    for one in of_platform:
        if one.now["is_current"] and one.now["handle_key"] == author.handle_key:
            return one
    former = (one for one in of_platform if one.once(author.handle_key))
    return next(former, None)


def _record(author: Author) -> Record:
    said = Said(author.platform, author.handle, author.handle_key, author.platform_id)
    return Record({"name": author.name} if author.name else {}, (said,))
