"""Up to five people side by side: what speaks for whom, each number with its reasons."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request

from irm.access import Permission, here, require
from irm.db import db
from irm.directory import people
from irm.directory.filters import LONGEST_SEARCH
from irm.forms.text import one_line
from irm.i18n import _, _n
from irm.models import ScoreKind, Stage
from irm.scoring import comparison, reasons, rules, sentences, tiers
from irm.scoring.comparison import MOST
from irm.scoring.growth import growth
from irm.web import filters, listing
from irm.web.answers import Answer, back_to
from irm.web.words import Words, words

bp = Blueprint("comparison", __name__)

PATH = "/influencers/compare"

#: The least that can be compared.
LEAST = 2


class Cell(NamedTuple):
    """What one row says of one person; `text` is "" for what is not known."""

    text: str
    #: From 0 to 100, drawn below the number.
    bar: float | None = None
    #: Of a number, to find the highest of the row.
    value: float | None = None
    whys: tuple[str, ...] = ()
    href: str = ""
    is_highest: bool = False
    #: Several things, each with what is said of it.
    lines: tuple[tuple[str, str], ...] = ()
    stage: Stage | None = None


class Row(NamedTuple):
    """One thing that is compared."""

    words: str
    cells: list[Cell]


class Person(NamedTuple):
    """The head of a column."""

    id: int
    name: str
    line: str
    drop_href: str


class Known(NamedTuple):
    """All that was read of one person."""

    row: Any
    accounts: list[Any]
    reasons: dict[ScoreKind, Any]
    published: list[dt.datetime]


@bp.get(PATH)
def show() -> str:
    """The people whom the address names, in its order."""
    require(Permission.SEE)
    asked = _ids(request.args.getlist("id"))
    ids = asked[:MOST]
    said, brand_id = words(), here().brand_id
    found = {row.id: row for row in db.session.execute(comparison.people(brand_id, ids))}
    here_are = [found[id] for id in ids if id in found]
    shown = [row.id for row in here_are]
    query = one_line(request.args.get("q"))[:LONGEST_SEARCH]
    return render_template(
        "influencers/compare.html",
        people=[_person(row, shown) for row in here_are],
        groups=_groups(here_are, said) if here_are else [],
        notes=_notes(len(asked), len(ids) - len(shown)),
        ids=shown,
        query=query,
        candidates=_candidates(query, shown) if query and len(shown) < MOST else [],
        most=MOST,
    )


@bp.post(PATH)
def choose() -> Answer:
    """Compare the people who are ticked in the list."""
    require(Permission.SEE)
    ticked = _ids(request.form.getlist("who"))
    if not LEAST <= len(ticked) <= MOST:
        back = listing.of(request.form.get("list", "")).href()
        return back_to(back, _("Select two to five people to compare them."))
    rows = db.session.execute(comparison.ticked(here().brand_id, ticked))
    by_id = {row.id: row.influencer_id for row in rows}
    return back_to(_address([by_id[id] for id in ticked if id in by_id]))


def _ids(given: Iterable[str]) -> list[int]:
    """The numbers among some words, each once; a word that is none stands for nobody."""
    numbers = (
        int(one) if one.isascii() and one.isdecimal() and len(one) < 10 else 0 for one in given
    )
    return list(dict.fromkeys(numbers))


def _address(ids: Sequence[int]) -> str:
    return PATH + "?" + "&".join(f"id={id}" for id in ids) if ids else PATH


def _person(row: Any, shown: Sequence[int]) -> Person:
    line = _("Archive") if row.archived_at is not None else ""
    return Person(row.id, row.name, line, _address([id for id in shown if id != row.id]))


def _notes(asked: int, missing: int) -> list[str]:
    """What is to be said of those who do not stand here."""
    found = []
    if asked > MOST:
        found.append(_("Five people fit side by side: the first five of this address stand here."))
    if missing:
        found.append(
            _n(
                "One of these is not among the people of %(brand)s, and is left out.",
                "%(n)s of these are not among the people of %(brand)s, and are left out.",
                missing,
                brand=here().brand_name,
            )
        )
    return found


def _candidates(query: str, shown: Sequence[int]) -> list[tuple[str, str, str]]:
    """Who may be meant, where a click adds them, and their stage."""
    found = db.session.execute(people.lookup(db.session, query, filters.reader()))
    return [
        (row.name, _address([*shown, row.influencer_id]), str(row.stage.label))
        for row in found
        if row.influencer_id not in shown
    ]


def _known(rows: Sequence[Any], said: Words) -> list[Known]:
    ids = [row.id for row in rows]
    known = {row.id: Known(row, [], {}, []) for row in rows}
    for one in db.session.execute(comparison.accounts(ids)):
        known[one.influencer_id].accounts.append(one)
    for one in db.session.execute(comparison.scores(here().brand_id, ids)):
        known[one.influencer_id].reasons[one.kind] = one.reasons
    for one in db.session.execute(comparison.posts(ids, said.today)):
        known[one.influencer_id].published.append(one.published_at)
    return [known[id] for id in ids]


def _groups(rows: Sequence[Any], said: Words) -> list[tuple[str, list[Row]]]:
    """The rows, in three groups: the scores, the people, the relationship."""
    known = _known(rows, said)
    figures = comparison.by_account(
        db.session.execute(comparison.figures([row.id for row in rows]))
    )
    thresholds = rules.rules(db.session).thresholds

    def row(label: str, cell: Callable[[Known], Cell]) -> Row:
        return Row(label, _marked([cell(one) for one in known]))

    def account(one: Any) -> tuple[str, str]:
        size = said.compact(one.followers) if one.followers is not None else _("not known")
        grown = growth(figures.get(one.id, ()), said.today)
        if grown is not None and grown.percent is not None:
            percent = _signed(round(grown.percent, 1), said)
            size = _("%(size)s, %(percent)s%% in 30 days", size=size, percent=percent)
        return f"{one.platform.label} · {one.handle}", size

    largest = max((one.row.audience or 0 for one in known), default=0)
    kinds = (ScoreKind.FIT, ScoreKind.RELEVANCE, ScoreKind.RESONANCE, ScoreKind.REACH)
    scores = [row(str(kind.label), partial(_score, kind=kind, said=said)) for kind in kinds]
    return [
        (_("Scores"), [*scores, row(_("Audience"), lambda one: _audience(one, largest, said))]),
        (
            _("Who they are"),
            [
                row(_("Speaks of"), lambda one: Cell("", lines=_topics(one))),
                row(_("Tier"), lambda one: _tier(one, thresholds, said)),
                row(_("Archetype"), lambda one: Cell(_label(one.row.archetype))),
                row(_("Accounts"), lambda one: Cell("", lines=tuple(map(account, one.accounts)))),
                row(_("Posts a week"), lambda one: _often(one, said)),
            ],
        ),
        (
            _("Relationship"),
            [
                row(_("Stage"), lambda one: Cell(_label(one.row.stage), stage=one.row.stage)),
                row(_("Owner"), lambda one: Cell(one.row.owner_name or _("No owner"))),
                row(_("Last contact"), lambda one: Cell(_contact(one.row, said))),
            ],
        ),
    ]


def _marked(cells: list[Cell]) -> list[Cell]:
    """Mark the highest of a row, as it is shown; where all are alike, none is."""
    known = [one for one in cells if one.value is not None]
    if len({one.text for one in known}) < LEAST:
        return cells
    highest = max(known, key=lambda one: one.value or 0).text
    return [one._replace(is_highest=one.value is not None and one.text == highest) for one in cells]


def _score(one: Known, kind: ScoreKind, said: Words) -> Cell:
    value = getattr(one.row, kind.value)
    return Cell(
        "" if value is None else said.score(value),
        value,
        value,
        _sentences(one.reasons.get(kind, ()), said) or (_("Not scored yet."),),
        f"/influencers/{one.row.id}/scores#{kind.value}",
    )


def _audience(one: Known, largest: int, said: Words) -> Cell:
    value = one.row.audience
    return Cell(
        "" if value is None else said.compact(value),
        None if value is None or not largest else 100 * value / largest,
        value,
        _sentences(one.reasons.get(ScoreKind.REACH, ()), said) or (_("Not scored yet."),),
        f"/influencers/{one.row.id}/scores#reach",
    )


def _tier(one: Known, thresholds: tiers.Thresholds, said: Words) -> Cell:
    row = one.row
    if tiers.is_chosen(row.tier_set_by_id, row.tier_reason):
        why = reasons.of_choice(row.tier_set_by_id, row.tier_reason)
    else:
        why = reasons.of_tier(row.tier, row.audience, row.archetype, thresholds)
    return Cell(str(row.tier.label), whys=_sentences(why, said))


def _signed(number: float, said: Words) -> str:
    size = said.number(abs(number))
    return f"+{size}" if number > 0 else f"−{size}" if number < 0 else size


def _topics(one: Known) -> tuple[tuple[str, str], ...]:
    """The topics of the brand that the relevance rests on, the strongest first."""
    stored = one.reasons.get(ScoreKind.RELEVANCE, ())
    return tuple((str(why["name"]), "") for why in stored if why.get("code") == "relevance.topic")


def _often(one: Known, said: Words) -> Cell:
    first = min((a.first_post_at for a in one.accounts if a.first_post_at), default=None)
    found = comparison.often(one.published, first, said.today)
    if found is None:
        return Cell("", whys=(_("No post of the last 90 days is known."),))
    why = _n(
        "%(count)s post in %(days)s days.",
        "%(count)s posts in %(days)s days.",
        found.posts,
        count=said.number(found.posts),
        days=found.days,
    )
    return Cell(said.number(round(found.per_week, 1)), value=found.per_week, whys=(why,))


def _contact(row: Any, said: Words) -> str:
    if row.last_contact_at is None:
        return _("Never contacted")
    return said.both[said.day(row.last_contact_at)]


def _label(word: Any) -> str:
    return str(word.label) if word else ""


def _sentences(stored: Iterable[Any], said: Words) -> tuple[str, ...]:
    return tuple(text for one in stored if (text := sentences.sentence(one, said.number)))
