"""The filters of a list in words: each a chip that leads to its change and to its end."""

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

from irm.access import here
from irm.db import db
from irm.directory import filters, team, teams, topics
from irm.directory.filters import FIELDS, ME, NONE, Clause, Group, Query, ago, between
from irm.funnel import campaigns
from irm.i18n import _, _n
from irm.web.filters import reader
from irm.web.listing import Listing
from irm.web.rows import language_name
from irm.web.words import words


class Chip(NamedTuple):
    """One clause in words, where it is changed and where it is taken away."""

    words: str
    edit_href: str
    drop_href: str
    #: It means nothing and keeps everybody; the words say what to write.
    is_unread: bool = False


class Chips(NamedTuple):
    """The clauses of one group, and where one more is added."""

    chips: list[Chip]
    add_href: str


def groups(shown: Listing) -> list[Chips]:
    """The filters of a list, group by group."""
    names = _Names()
    address = shown.encoded()
    return [
        Chips(
            [
                Chip(
                    names.clause(one),
                    _step(address, group=number, at=at, field=one.field),
                    without(shown, number, at).href(),
                    bool(one.unread),
                )
                for at, one in enumerate(group)
            ],
            _step(address, group=number),
        )
        for number, group in enumerate(shown.query.groups)
    ]


def archived(shown: Listing) -> Chip | None:
    """The chip that says that the archive is looked into."""
    if not shown.query.archived:
        return None
    said = _("In the archive") if shown.query.archived == "yes" else _("The archive too")
    out = shown.changed(query=replace(shown.query, archived="")).href()
    return Chip(said, "", out)


def without(shown: Listing, group: int, at: int) -> Listing:
    """The list without one of its clauses."""
    left = [list(one) for one in shown.query.groups]
    del left[group][at]
    kept = tuple(tuple(one) for one in left if one)
    return shown.changed(query=replace(shown.query, groups=kept))


def with_clause(query: Query, group: int, at: int | None, clause: Clause) -> Query:
    """A query with a clause in the place of another, or added to a group or as a new one."""
    kept: list[Group] = list(query.groups)
    if group >= len(kept):
        kept.append((clause,))
    elif at is None or at >= len(kept[group]):
        kept[group] = (*kept[group], clause)
    else:
        kept[group] = (*kept[group][:at], clause, *kept[group][at + 1 :])
    # Read again: this checks how many there are, and makes doubles one.
    return filters.written(filters.pairs(replace(query, groups=tuple(kept))))


def _step(address: str, **places: object) -> str:
    pairs = [(name, str(value)) for name, value in places.items()]
    return "/influencers/filter?" + filters.encoded([*pairs, ("list", address)])


class _Names:
    """What stands for the values of clauses; what the database must be asked is asked once."""

    def __init__(self) -> None:
        self._owners: dict[str, str] | None = None
        self._teams: dict[str, str] | None = None
        self._topics: dict[str, str] | None = None
        self._campaigns: dict[str, str] | None = None

    def clause(self, clause: Clause) -> str:
        if clause.unread:
            return _unread(clause)
        field = FIELDS[clause.field]
        each = [self.value(clause.field, value) for value in clause.values]
        said = _(" or ").join(each)
        if clause.is_not:
            return _("%(field)s: not %(values)s", field=field.label, values=said)
        return _("%(field)s: %(values)s", field=field.label, values=said)

    def value(self, field: str, value: str) -> str:
        kind = FIELDS[field]
        if value == NONE:
            none = {
                "due": _("nothing planned"),
                "tag": _("no tag"),
                "topic": _("no topic"),
                "campaign": _("no campaign"),
            }
            return none.get(field, _("not known"))
        if kind.words is not None:
            return str(kind.words(value).label)
        if kind.kind == "range":
            return _range(value)
        if kind.kind == "days":
            return _days(value, is_due=field == "due")
        named = {
            "owner": self.owner,
            "team": self.team,
            "topic": self.topic,
            "campaign": self.campaign,
            "language": _language,
        }
        return named[field](value) if field in named else value

    def owner(self, value: str) -> str:
        if value == ME:
            return _("me")
        if value == "0":
            return _("nobody")
        if self._owners is None:
            members = db.session.execute(team.known_to(reader()))
            self._owners = {str(id): name for id, name in members}
        return self._owners.get(value, "?")

    def team(self, value: str) -> str:
        if value == teams.MINE:
            return _("mine")
        if self._teams is None:
            found = db.session.scalars(teams.known_to(reader()))
            self._teams = {str(one.id): one.name for one in found}
        return self._teams.get(value) or _("a team that is gone")

    def topic(self, value: str) -> str:
        if self._topics is None:
            found = db.session.scalars(topics.of_brand(here().brand_id))
            self._topics = {str(topic.id): topic.name for topic in found}
        return self._topics.get(value, "?")

    def campaign(self, value: str) -> str:
        if self._campaigns is None:
            found = db.session.execute(campaigns.named(reader()))
            self._campaigns = {str(row.id): row.name for row in found}
        return self._campaigns.get(value, "?")


def _unread(clause: Clause) -> str:
    label = FIELDS[clause.field].label
    if FIELDS[clause.field].kind == "days":
        return _("%(field)s: this is no day; choose again", field=label)
    ends = between(clause.unread) or (clause.unread, "")
    typed = next((end for end in ends if end and not filters.is_number(end)), clause.unread)
    return _(
        "%(field)s: “%(typed)s” is no number; write 50000, 12.3k or 1M", field=label, typed=typed
    )


def _range(value: str) -> str:
    start, end = between(value) or ("", "")
    said = [words().number(float(one)) if one else "" for one in (start, end)]
    if not end:
        return _("%(number)s or more", number=said[0])
    if not start:
        return _("%(number)s or less", number=said[1])
    return _("%(from)s to %(to)s", **{"from": said[0], "to": said[1]})


def _language(value: str) -> str:
    return language_name(value, words().locale)


def _days(value: str, *, is_due: bool) -> str:
    fixed = {
        "never": _("never"),
        "unanswered": _("no answer three times"),
        "overdue": _("overdue"),
        "today": _("today"),
    }
    if value in fixed:
        return fixed[value]
    found = ago(value)
    if found is not None:
        return _ahead(*found) if is_due else _back(*found)
    start, end = between(value) or ("", "")
    said = [words().date[dt.date.fromisoformat(one)] if one else "" for one in (start, end)]
    if not end:
        return _("from %(day)s on", day=said[0])
    if not start:
        return _("until %(day)s", day=said[1])
    return _("%(first)s to %(last)s", first=said[0], last=said[1])


def _ahead(sign: str, n: int) -> str:
    if sign == "<":
        return _n("within %(n)s day", "within %(n)s days", n)
    return _n("in more than %(n)s day", "in more than %(n)s days", n)


def _back(sign: str, n: int) -> str:
    if sign == "<":
        return _n("in the last %(n)s day", "in the last %(n)s days", n)
    return _n("more than %(n)s day ago", "more than %(n)s days ago", n)
