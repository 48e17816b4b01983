"""Which stored post a row is about, and what would change if it were taken. Reads, never writes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from irm.imports import kinds
from irm.imports.complaints import Complaint
from irm.imports.kinds import IF_EMPTY, NEVER, OVERWRITE, Context, Told
from irm.imports.posts import authors
from irm.imports.posts.authors import Group
from irm.imports.posts.record import BASE, COUNTS, Counts, Record
from irm.models import Post, PostSnapshot, Verdict
from irm.models.inserts import table_of

#: What is set once, unless the user says otherwise; texts and counts follow the newest list.
RULED = {
    "text": OVERWRITE,
    "url": IF_EMPTY,
    "published_at": IF_EMPTY,
    "language": IF_EMPTY,
    **dict.fromkeys(COUNTS, OVERWRITE),
}
_SAID = ("text", "url", "published_at", "language")
_COLUMNS = ("platform_post_id", "content_key", *_SAID, *COUNTS, "counts_on")
#: What a row calls a column.
_FIELDS = {"platform_post_id": "post_id"}
#: So much of a text is shown beside what it becomes.
_SHOWN = 200

_posts, _snapshots = table_of(Post), table_of(PostSnapshot)
_keys: BindParameter[Any] = bindparam("keys", expanding=True)
_of_accounts = _posts.c.account_id.in_(bindparam("accounts", expanding=True))
_KNOWN = select(_posts.c.id, _posts.c.account_id, *(_posts.c[name] for name in _COLUMNS)).where(
    _of_accounts
)
_BY_ID = _KNOWN.where(_posts.c.platform_post_id.in_(_keys))
_BY_URL = _KNOWN.where(_posts.c.url.in_(_keys))
_BY_CONTENT = _KNOWN.where(func.substr(_posts.c.content_key, 1, BASE).in_(_keys))
_DAYS = select(_snapshots).where(_snapshots.c.post_id.in_(_keys))


@dataclass(slots=True, eq=False)
class Held:
    """A post as it stands, or will stand once the rows decided on so far are written."""

    group: Group
    #: None until it is written.
    id: int | None
    #: As stored; empty for a new post.
    stored: Mapping[str, Any]
    columns: dict[str, Any]
    #: The ids of the days that are stored.
    day_ids: dict[dt.date, int] = field(default_factory=dict)
    stored_days: dict[dt.date, Counts] = field(default_factory=dict)
    days: dict[dt.date, Counts] = field(default_factory=dict)

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """Return the columns that are to be written: {column: (before, after)}."""
        return {
            name: (self.stored.get(name), value)
            for name, value in self.columns.items()
            if value != self.stored.get(name)
        }


@dataclass(slots=True)
class Decision(kinds.Decision):
    """What becomes of one row: which account, which post."""

    group: Group | None = None
    post: Held | None = None


def decide(
    session: Session, told: Sequence[Told], context: Context, *, to_write: bool = False
) -> list[Decision]:
    """Decide on some rows, in their order, from what is stored now."""
    records = [(one.number, one.record) for one in told if one.record is not None]
    groups = authors.decide(
        session, ((number, record.author) for number, record in records), context, to_write=to_write
    )
    shelf = _Shelf(session, [(groups[number], record) for number, record in records])
    decisions = []
    for one in told:
        if one.record is None:
            verdict = one.verdict or Verdict.SAME
            complaint = one.complaint or Complaint("sum_row")
            decisions.append(Decision(one.number, verdict, complaint))
        else:
            decisions.append(_decide_one(one, groups[one.number], shelf, context))
    return decisions


def _decide_one(told: Told, group: Group, shelf: "_Shelf", context: Context) -> Decision:
    record: Record = told.record
    author = group.settled
    if group.account is None:
        return Decision(told.number, author.verdict, author.complaint, record)
    tomorrow = context.at.date() + dt.timedelta(days=1)
    day = record.day or context.as_of
    if day > tomorrow:
        return Decision(told.number, Verdict.REFUSED, Complaint("day", day=day.isoformat()), record)
    note = Complaint("bad_figure", cells=record.unread) if record.unread else None
    decision = Decision(told.number, Verdict.SAME, note, record, group=group)
    decision.influencer_id = author.influencer_id
    is_first = told.number == group.number
    if is_first:
        decision.twin_id = author.twin_id
        decision.complaint = note or author.complaint
    held = shelf.find(group, record, day)
    if held is None:
        decision.verdict = Verdict.CREATED
        held = shelf.add(group, record)
    elif is_first and author.verdict is not Verdict.SAME:
        decision.verdict = Verdict.UPDATED  # The account was filled in or is new to the brand.
    decision.post = held
    before, days = dict(held.columns), dict(held.days)
    _take(held, record, day, context, is_new=decision.verdict is Verdict.CREATED)
    if decision.verdict is not Verdict.CREATED and (before != held.columns or days != held.days):
        decision.verdict = Verdict.UPDATED
        decision.changes = _shown(before, days, held)
    return decision


def _take(held: Held, record: Record, day: dt.date, context: Context, *, is_new: bool) -> None:
    """Let a post be what a row says of it."""
    columns, rules = held.columns, {**RULED, **context.field_rules}
    newest = columns["counts_on"]
    is_newest = newest is None or day >= newest
    if record.post_id and columns["platform_post_id"] in (None, record.link_id):
        columns["platform_post_id"] = record.post_id
    for name in _SAID:
        said, stands = getattr(record, name), columns[name]
        if said is None or said == stands or (rules[name] == NEVER and not is_new):
            continue
        if not stands or (rules[name] == OVERWRITE and is_newest):
            columns[name] = said
    if record.history is not None:
        _come_back(held, record, is_newest=is_newest)
    elif _take_counts(held, record, day, rules, is_new=is_new):
        if newest and newest < day and newest not in held.days:  # It becomes history.
            held.days[newest] = Counts(*(columns[name] for name in COUNTS))
        if newest is None or newest in held.days:
            _count_anew(held)


def _come_back(held: Held, record: Record, *, is_newest: bool) -> None:
    """Let a post have the days and counts that our own export knows."""
    assert record.history is not None
    for day, counts in record.history:
        held.days[day] = counts
    if is_newest:
        held.columns.update(record.counts._asdict())
        held.columns["counts_on"] = record.day


def _take_counts(
    held: Held, record: Record, day: dt.date, rules: Mapping[str, str], *, is_new: bool
) -> bool:
    """Note the counts of a day; False where they are no news.

    Where the list is of one day, counts that stood there before are none. A row with a day of
    its own is history, and stands whatever other days say.
    """
    there = held.days.get(day, Counts())
    stands = there if day in held.days or record.day else _before(held, day)
    news = {
        name: said
        for name, said, was in zip(COUNTS, record.counts, stands, strict=True)
        if said is not None and said != was and (is_new or _may(rules[name], was))
    }
    if not news:
        return False
    if day not in held.days and not record.day:
        # What did not move is a fact of this day as well.
        said = record.counts._asdict()
        news |= {name: value for name, value in said.items() if value == getattr(stands, name)}
    held.days[day] = there._replace(**news)
    return True


def _before(held: Held, day: dt.date) -> Counts:
    """Return what a post had before a day, as far as anybody knows."""
    earlier = max((one for one in held.days if one < day), default=None)
    if earlier is not None:
        return held.days[earlier]
    if (held.columns["counts_on"] or day) <= day:
        return Counts(*(held.columns[name] for name in COUNTS))
    return Counts()


def _may(rule: str, stands: int | None) -> bool:
    return rule == OVERWRITE or (rule == IF_EMPTY and stands is None)


def _count_anew(held: Held) -> None:
    """Give a post the newest of each of its counts."""
    days = sorted(held.days)
    for day in days:
        for name, value in held.days[day]._asdict().items():
            if value is not None:
                held.columns[name] = value
    held.columns["counts_on"] = days[-1]


def _shown(
    before: Mapping[str, Any], days: Mapping[dt.date, Counts], held: Held
) -> dict[str, list[Any]]:
    """Return what a row changes as the page shows it: {field: [before, after]}."""
    shown = {
        _FIELDS.get(name, name): [_plain(before[name]), _plain(value)]
        for name, value in held.columns.items()
        if value != before[name]
    }
    if not shown.keys() & set(COUNTS):  # Counts of a day that is not the newest.
        for day, counts in held.days.items():
            there = days.get(day, Counts())
            for name, was, now in zip(COUNTS, there, counts, strict=True):
                if was != now:
                    shown[name] = [was, now]
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):  # Moments are days too.
        return value.isoformat()
    return value[:_SHOWN] if isinstance(value, str) else value


class _Shelf:
    """The stored posts that some rows may be about, and those that the rows bring."""

    def __init__(self, session: Session, wanted: Sequence[tuple[Group, Record]]) -> None:
        self._connection = session.connection()
        self._by_key: dict[tuple[int, str, str], list[Held]] = defaultdict(list)
        self._groups: dict[int, Group] = {}
        self._taken: set[tuple[Held, dt.date]] = set()
        known = [(group, record) for group, record in wanted if _of(group) > 0]
        if not known:
            return
        for group, _ in known:
            self._groups[_of(group)] = group
        ids = {record.post_id for _, record in known if record.post_id}
        urls = {record.url for _, record in known if record.url}
        contents = {record.content for _, record in known if record.content}
        found: dict[int, Held] = {}
        for statement, keys in ((_BY_ID, ids), (_BY_URL, urls), (_BY_CONTENT, contents)):
            for row in self._find(statement, keys) if keys else ():
                if row.id not in found:
                    stored = {name: getattr(row, name) for name in _COLUMNS}
                    group = self._groups[row.account_id]
                    found[row.id] = Held(group, row.id, stored, dict(stored))
        for id in sorted(found):
            self._shelve(found[id])
        self._read_days(found)

    def _find(self, statement: Any, keys: Iterable[str]) -> Sequence[Any]:
        params = {"accounts": sorted(self._groups), "keys": sorted(keys)}
        return self._connection.execute(statement, params).all()

    def _read_days(self, found: Mapping[int, Held]) -> None:
        if not found:
            return
        for row in self._connection.execute(_DAYS, {"keys": sorted(found)}):
            held = found[row.post_id]
            held.day_ids[row.day] = row.id
            held.stored_days[row.day] = held.days[row.day] = Counts(
                row.likes, row.comments, row.shares, row.views
            )

    def find(self, group: Group, record: Record, day: dt.date) -> Held | None:
        """Return the post that a row is about; None where it is a new one."""
        account = _of(group)
        for kind, key in (("id", record.post_id), ("url", record.url)):
            for held in self._by_key.get((account, kind, key), ()) if key else ():
                named = held.columns["platform_post_id"]
                ids = (None, record.link_id)
                if kind == "id" or named in ids or record.post_id in ids:
                    return held
        if record.content is None:
            return None
        alike = self._by_key.get((account, "content", record.content), ())
        if not record.is_nameless:
            return alike[0] if alike else None
        return self._nearest(alike, record, day)

    def _nearest(self, alike: Sequence[Held], record: Record, day: dt.date) -> Held | None:
        """Of posts with the same words and no day, find the one whose counts went on like this.

        One that has other counts on the same day is another post, as is one that an earlier row
        was about.
        """
        free = [held for held in alike if (held, day) not in self._taken]
        same = [held for held in free if _counts(held, day) == record.counts]
        open_ = [held for held in free if day not in held.days and held.columns["counts_on"] != day]
        found = same or sorted(open_, key=lambda held: _distance(held, record.counts))
        if not found:
            return None
        self._taken.add((found[0], day))
        return found[0]

    def add(self, group: Group, record: Record) -> Held:
        """Make place for a post that is new."""
        columns: dict[str, Any] = dict.fromkeys(_COLUMNS)
        held = Held(group, None, {}, columns)
        columns["text"] = ""
        columns["platform_post_id"] = record.post_id
        if record.content:
            alike = self._by_key.get((_of(group), "content", record.content), ())
            columns["content_key"] = f"{record.content}.{len(alike)}" if alike else record.content
        columns["url"] = record.url
        self._shelve(held)
        return held

    def _shelve(self, held: Held) -> None:
        account = _of(held.group)
        content = held.columns["content_key"]
        for kind, key in (
            ("id", held.columns["platform_post_id"]),
            ("url", held.columns["url"]),
            ("content", content and content[:BASE]),
        ):
            if key:
                self._by_key[account, kind, key].append(held)


def _of(group: Group) -> int:
    """Name an account: by its id, or while it has none by its place in memory."""
    account = group.account
    return (account.id if account is not None else None) or -id(account)


def _counts(held: Held, day: dt.date) -> Counts:
    """Return what a post had on a day, as far as anybody knows."""
    return held.days.get(day) or Counts(*(held.columns[name] for name in COUNTS))


def _distance(held: Held, counts: Counts) -> int:
    pairs = zip(_counts(held, dt.date.max), counts, strict=True)
    return sum(abs((was or 0) - (now or 0)) for was, now in pairs)
