"""The list as its address says it: filters, sort, columns, and the view they come from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from flask import request, session

from irm import clock
from irm.access import here, me
from irm.db import db
from irm.directory import columns, filters, narrowing, views
from irm.directory.filters import Query
from irm.directory.narrowing import Asked
from irm.directory.sorting import Sort
from irm.errors import NotFound, Refused
from irm.i18n import _l
from irm.models import SavedView
from irm.web.filters import reader

PATH = "/influencers"

#: Words of an address that say what a list shows.
OWN = (*filters.NAMES, "sort", "columns")

#: Longer than any list that anybody made by clicking.
LONGEST_ADDRESS = 6000

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shows, and under which view."""

    query: Query
    #: None: by match where words are searched for, else by fit.
    sort: Sort | None = None
    #: None: those the reader has chosen for herself.
    columns: tuple[str, ...] | None = None
    view_id: int | None = None
    #: Whether it is no longer as the view says.
    is_changed: bool = False

    @property
    def sorted_by(self) -> Sort:
        if self.sort is None or (self.sort is Sort.MATCH and not self.query.text):
            return Sort.MATCH if self.query.text else Sort.FIT
        return self.sort

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns that are shown."""
        if self.columns is not None:
            return self.columns
        kept = session.get("columns")
        known = [one for one in str(kept).split(",") if one in columns.COLUMNS] if kept else []
        return tuple(known) if kept is not None else columns.DEFAULT

    def pairs(self) -> Pairs:
        """The words of its address."""
        view = [("view", str(self.view_id))] if self.view_id else []
        if view and not self.is_changed:
            return view
        # An empty search says that a view was emptied on purpose.
        said = self.said() or ([("q", "")] if view else [])
        return [*view, *said]

    def said(self) -> Pairs:
        """The words of its address but for the view."""
        sort = [("sort", self.sort.value)] if self.sort else []
        chosen = [("columns", ",".join(self.columns))] if self.columns is not None else []
        return [*filters.pairs(self.query), *sort, *chosen]

    def encoded(self) -> str:
        """Its address behind the question mark."""
        return filters.encoded(self.pairs())

    def href(self, path: str = PATH, more: Iterable[tuple[str, str]] = ()) -> str:
        """Its address, with more words behind."""
        query = filters.encoded([*self.pairs(), *more])
        return f"{path}?{query}" if query else path

    def changed(
        self,
        query: Query | None = None,
        sort: Sort | None = None,
        columns: tuple[str, ...] | None = None,
    ) -> "Listing":
        """The same list with something else in it."""
        return replace(
            self,
            query=self.query if query is None else query,
            sort=sort or self.sort,
            columns=self.columns if columns is None else columns,
            is_changed=self.view_id is not None,
        )

    def ask(self) -> Asked:
        """What it asks of the database, for whoever reads it."""
        return narrowing.ask(db.session, self.query, reader(), clock.now(), me().zone)


def here_and_now(known: Sequence[SavedView] | None = None) -> Listing:
    """The list that the address of this request says. `known` are the views its reader sees.

    Raises Refused where a word of it means nothing here, NotFound where the view is none of hers.
    """
    return _of(list(request.args.items(multi=True)), known)


def of(address: str) -> Listing:
    """The list that was written down as the part of an address behind the question mark.

    Raises Refused or NotFound as `here_and_now` does.
    """
    if len(address) > LONGEST_ADDRESS:
        raise Refused(_l("These are more filters than anybody can read; take some away."))
    return _of(parse_qsl(address, keep_blank_values=True), None)


def plain(address: str) -> Listing:
    """The list that a view or a task keeps: without a view around it."""
    return _plain(parse_qsl(address, keep_blank_values=True))


def all_views() -> list[SavedView]:
    """The views that the reader sees in the current brand."""
    return list(db.session.scalars(views.visible(here().brand_id, me().id)))


def _of(pairs: Pairs, known: Sequence[SavedView] | None) -> Listing:
    wanted = next((value for name, value in pairs if name == "view" and value), None)
    if wanted is None:
        return _plain(pairs)
    views = all_views() if known is None else known
    view = next((one for one in views if str(one.id) == wanted), None)
    if view is None:
        raise NotFound()
    kept = replace(plain(view.query), columns=tuple(view.columns) or None, view_id=view.id)
    if not any(name in OWN for name, _value in pairs):
        return kept
    own = _plain(pairs)
    is_changed = (own.query, own.sort, own.columns) != (kept.query, kept.sort, kept.columns)
    return replace(own, view_id=view.id, is_changed=is_changed)


def _plain(pairs: Pairs) -> Listing:
    sort = next((value for name, value in pairs if name == "sort" and value), None)
    chosen = next((value for name, value in pairs if name == "columns"), None)
    return Listing(
        filters.written(pairs),
        _sort(sort) if sort else None,
        columns.chosen(chosen.split(",")) if chosen is not None else None,
    )


def _sort(word: str) -> Sort:
    try:
        return Sort(word)
    except ValueError:
        raise Refused(_l("This address names a filter that does not exist.")) from None
