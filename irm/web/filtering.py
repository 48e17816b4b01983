"""Adding a filter to the list in two steps, field and values; choosing its columns."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, session
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from irm.access import Permission, here, me, require
from irm.db import db
from irm.directory import columns, filters, tags, team, teams, topics
from irm.directory.filters import FIELDS, ME, NONE, Clause, ago, between
from irm.directory.people import is_listed
from irm.directory.search import Reader
from irm.errors import NotFound
from irm.forms import figures
from irm.forms.text import one_line
from irm.funnel import campaigns
from irm.i18n import _
from irm.models import Influencer, Relationship
from irm.web import chips, listing
from irm.web.answers import Answer
from irm.web.filters import reader
from irm.web.guard import is_fragment
from irm.web.listing import Listing
from irm.web.rows import language_name
from irm.web.words import words

bp = Blueprint("filtering", __name__)

#: Countries, languages or cities offered; more are too many to look through.
OFFERED = 300


class Place(NamedTuple):
    """Where in the list a clause stands, or will."""

    shown: Listing
    group: int
    #: None: it is a new one.
    at: int | None

    @property
    def clause(self) -> Clause | None:
        """The clause that is changed."""
        groups = self.shown.query.groups
        if self.at is None or self.group >= len(groups) or self.at >= len(groups[self.group]):
            return None
        return groups[self.group][self.at]


class Days(NamedTuple):
    """A filter by days as its form shows it."""

    how: str = ""
    days: int = 30
    start: str = ""
    end: str = ""


@bp.get("/influencers/filter")
def choose() -> str:
    """The fields to filter by; once one is chosen, its values."""
    require(Permission.SEE)
    place, field = _place(), request.args.get("field", "")
    if not field:
        return _step(
            "influencers/_fields.html",
            fields=[(name, str(one.label), _address(place, name)) for name, one in FIELDS.items()],
            archive=_archive(place.shown),
            is_or=place.group > 0,
        )
    if field not in FIELDS:
        raise NotFound()
    clause = place.clause
    values = clause.values if clause is not None and clause.field == field else ()
    return _step(
        "influencers/_values.html",
        field=field,
        kind=FIELDS[field].kind,
        label=FIELDS[field].label,
        is_not=clause.is_not if clause is not None else False,
        values=values,
        options=_options(field, values) if FIELDS[field].kind == "choice" else [],
        has_none=FIELDS[field].has_none,
        ends=next((found for one in values if (found := between(one))), ("", "")),
        days=_days(values),
        group=place.group,
        at=place.at,
        list=place.shown.encoded(),
        back=_address(place, ""),
    )


@bp.get("/influencers/filter/set")
def put() -> AnyResponse:
    """Write the chosen filter into the address of the list."""
    require(Permission.SEE)
    place, field = _place(), request.args.get("field", "")
    if field not in FIELDS:
        raise NotFound()
    values = _values(field)
    if not values:  # Nothing is asked of the field: there is no such filter, or no longer.
        left = place.shown if place.clause is None else _without(place)
        return redirect(left.href(), 303)
    clause = filters.made(field, values, request.args.get("is") == "not")
    query = chips.with_clause(place.shown.query, place.group, place.at, clause)
    return redirect(place.shown.changed(query=query).href(), 303)


@bp.get("/influencers/columns")
def choose_columns() -> str:
    """The columns of the list, to show, hide and put in order."""
    require(Permission.SEE)
    shown = _list()
    return _columns(shown, shown.shown)


@bp.post("/influencers/columns")
def put_columns() -> Answer:
    """Keep the columns: with the view that is open, else for the reader. Or move one of them."""
    require(Permission.SEE)
    shown = listing.of(request.form.get("list", ""))
    chosen = columns.chosen(request.form.getlist("column"))
    order = columns.chosen(request.form.getlist("order"))
    for name, step in (("up", -1), ("down", 1)):
        if name in request.form:
            return _columns(shown, chosen, _moved(order, request.form[name], step))
    if "reset" in request.form:
        session.pop("columns", None)
        return redirect(replace(shown, columns=None).href(), 303)
    if shown.view_id is not None or shown.columns is not None:
        return redirect(shown.changed(columns=chosen).href(), 303)
    session["columns"] = ",".join(chosen)
    return redirect(shown.href(), 303)


def _step(template: str, **given: object) -> str:
    """A step in the dialog, or a page of its own for those without script."""
    if is_fragment():
        return render_template(template, **given)
    return render_template("influencers/step.html", step=template, **given)


def _columns(shown: Listing, chosen: tuple[str, ...], order: tuple[str, ...] = ()) -> str:
    rest = (*chosen, *columns.COLUMNS)
    return _step(
        "influencers/_columns.html",
        columns=[
            (name, str(columns.COLUMNS[name].label), name in chosen)
            for name in dict.fromkeys((*order, *rest))
        ],
        list=shown.encoded(),
    )


def _moved(order: tuple[str, ...], word: str, step: int) -> tuple[str, ...]:
    names = list(order)
    if word in names:
        at = names.index(word)
        names.insert(max(0, at + step), names.pop(at))
    return tuple(names)


def _list() -> Listing:
    return listing.of(request.args.get("list", ""))


def _place() -> Place:
    shown, groups = _list(), filters.MOST_GROUPS
    group, at = _number("group") or 0, _number("at")
    return Place(shown, min(group, len(shown.query.groups), groups), at)


def _number(name: str) -> int | None:
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 4 else None


def _address(place: Place, field: str) -> str:
    at = [("at", str(place.at))] if place.at is not None else []
    named = [("field", field)] if field else []
    pairs = [("group", str(place.group)), *at, *named, ("list", place.shown.encoded())]
    return "/influencers/filter?" + filters.encoded(pairs)


def _archive(shown: Listing) -> list[tuple[str, str]]:
    """What else can be shown: the archive too, or alone."""
    words = {"": _("Without the archive"), "any": _("The archive too"), "yes": _("In the archive")}
    return [
        (said, shown.changed(query=replace(shown.query, archived=value)).href())
        for value, said in words.items()
        if value != shown.query.archived
    ]


def _values(field: str) -> list[str]:
    """The values that the form of a field sent."""
    kind, given = FIELDS[field].kind, request.args
    if kind == "choice":
        more = one_line(given.get("more"))
        return [*map(one_line, given.getlist("value")), *([more] if more else [])]
    start, end = (one_line(given.get(name)) for name in ("from", "to"))
    if kind == "range":
        start, end = (figures.plain(one, is_count=field == "audience") for one in (start, end))
    span = [f"{start}..{end}"] if start or end else []
    if kind == "range":
        return [*span, *([NONE] if given.get("none") else [])]
    how, days = given.get("how", ""), one_line(given.get("days"))
    if how in ("<", ">"):
        return [f"{how}{days}d"]
    return span if how == "between" else [how] if how else []


def _without(place: Place) -> Listing:
    """The list without the clause that was changed."""
    return chips.without(place.shown, place.group, place.at or 0)


def _days(values: tuple[str, ...]) -> Days:
    """What the form of a field of days begins with."""
    value = values[0] if values else ""
    found = ago(value)
    if found is not None:
        return Days(found[0], found[1])
    ends = between(value)
    return Days("between", 30, *ends) if ends else Days(value or "<")


def _options(field: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
    """What can be chosen of a field: value and words; what the clause has stands in it too."""
    known = FIELDS[field].words
    if known is not None:
        offered = [(word.value, str(word.label)) for word in known]
    else:
        offered = _asked(field)
    if FIELDS[field].has_none:
        offered.append(
            (NONE, _("None") if field in ("tag", "topic", "campaign") else _("Not known"))
        )
    there = {value for value, _said in offered}
    gone = _("A team that is gone") if field == "team" else ""
    return [*offered, *((value, gone or value) for value in values if value not in there)]


def _asked(field: str) -> list[tuple[str, str]]:
    ask = _OF_BRAND.get(field)
    return _spoken(field) if ask is None else ask(reader())


def _owners(who: Reader) -> list[tuple[str, str]]:
    nobody_and_me = [("0", _("Nobody")), (ME, _("Me, whoever reads this"))]
    own = str(me().id)
    named = [(str(id), name) for id, name in db.session.execute(team.known_to(who))]
    return [*nobody_and_me, *sorted(named, key=lambda one: one[0] != own)]


def _teams(who: Reader) -> list[tuple[str, str]]:
    found = [(str(one.id), one.name) for one in db.session.scalars(teams.known_to(who))]
    return [(teams.MINE, _("Mine, whoever reads this")), *found] if found else []


def _tags(who: Reader) -> list[tuple[str, str]]:
    return [(tag.name, tag.name) for tag in db.session.scalars(tags.known_to(who))]


def _topics(who: Reader) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in db.session.scalars(topics.of_brand(who.brand_id))]


def _campaigns(who: Reader) -> list[tuple[str, str]]:
    return [(str(row.id), row.name) for row in db.session.execute(campaigns.named(who))]


#: What of a brand's own is offered, by the field that is filtered by.
_OF_BRAND: dict[str, Callable[[Reader], list[tuple[str, str]]]] = {
    "owner": _owners,
    "team": _teams,
    "tag": _tags,
    "topic": _topics,
    "campaign": _campaigns,
}


def _spoken(field: str) -> list[tuple[str, str]]:
    """The countries or languages of the brand's people."""
    brand_id = here().brand_id
    column = {"country": Influencer.country, "language": Influencer.language}[field]
    there = db.session.scalars(
        select(column)
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .where(
            Relationship.brand_id == brand_id,
            *reader().seen,
            is_listed(),
            column.is_not(None),
            column != "",
        )
        .distinct()
        .order_by(column)
        .limit(OFFERED)
    )
    if field == "language":
        return [(str(one), language_name(str(one), words().locale)) for one in there]
    return [(str(one), str(one)) for one in there]
