"""The list or the board as its address says it: filters, sort, what is shown, under which view."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from flask import request, session

from irm import clock
from irm.access import Permission, can, here, is_narrowed, me
from irm.db import db
from irm.directory import columns, filters, narrowing, views
from irm.directory.filters import Query
from irm.directory.narrowing import Asked
from irm.directory.sorting import Sort
from irm.errors import NotFound, Refused
from irm.funnel import fields
from irm.funnel.grouping import Grouping
from irm.i18n import _l
from irm.models import SavedView
from irm.web.filters import reader

#: The pages that show people as filters find them; a view is of one of these.
LIST, BOARD = "influencers", "funnel"

#: Words of an address that say what a page shows.
OWN = (*filters.NAMES, "sort", "by", "columns", "fields")

#: The word for what is shown of each person.
_SHOWN = {LIST: "columns", BOARD: "fields"}

#: Longer than any list that anybody made by clicking.
LONGEST_ADDRESS = 6000

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list or a board shows, and under which view."""

    query: Query
    #: None: by match where words are searched for, else by fit.
    sort: Sort | None = None
    #: Of the list its columns, of the board the fields of a card; None: those the reader has
    #: chosen for herself.
    columns: tuple[str, ...] | None = None
    view_id: int | None = None
    #: Whether it is no longer as the view says.
    is_changed: bool = False
    page: str = LIST
    #: What the columns of the board are.
    by: Grouping = Grouping.STAGE

    @property
    def sorted_by(self) -> Sort:
        if self.sort is None or (self.sort is Sort.MATCH and not self.query.text):
            return Sort.MATCH if self.query.text else Sort.FIT
        return self.sort

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns that are shown, or the fields of a card."""
        if self.columns is not None:
            return self.columns
        if self.page == BOARD:
            return fields.of_user(me().board)
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
        by = [("by", self.by.value)] if self.by is not Grouping.STAGE else []
        chosen = [] if self.columns is None else [(_SHOWN[self.page], ",".join(self.columns))]
        return [*filters.pairs(self.query), *sort, *by, *chosen]

    def encoded(self) -> str:
        """What `of` reads: its address behind the question mark, and of which page it is."""
        page = [("page", self.page)] if self.page != LIST else []
        return filters.encoded([*page, *self.pairs()])

    def href(self, path: str = "", more: Iterable[tuple[str, str]] = ()) -> str:
        """Its address, with more words behind."""
        query, path = filters.encoded([*self.pairs(), *more]), path or f"/{self.page}"
        return f"{path}?{query}" if query else path

    def as_page(self, page: str) -> str:
        """The address that shows the same people on the other page."""
        there = replace(self, page=page, columns=None, view_id=None, is_changed=False)
        return there.href()

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


def here_and_now(known: Sequence[SavedView] | None = None, page: str = LIST) -> Listing:
    """What the address of this request shows. `known` are the views its reader sees.

    Raises Refused where a word of it means nothing here, NotFound where the view is none of hers.
    """
    return _of(list(request.args.items(multi=True)), known, page)


def of(address: str) -> Listing:
    """The list that was written down as the part of an address behind the question mark.

    Raises Refused or NotFound as `here_and_now` does.
    """
    if len(address) > LONGEST_ADDRESS:
        raise Refused(_l("These are more filters than anybody can read; take some away."))
    pairs = parse_qsl(address, keep_blank_values=True)
    page = _word(pairs, "page") or LIST
    if page not in _SHOWN:
        raise _unknown()
    return _of(pairs, None, page)


def plain(address: str, page: str = LIST) -> Listing:
    """The list that a view or a task keeps: without a view around it."""
    return _plain(parse_qsl(address, keep_blank_values=True), page)


def all_views() -> list[SavedView]:
    """The views of both pages that the reader sees in the current brand."""
    is_lead = can(Permission.TOPICS)
    seen = views.visible(here().brand_id, me().id, is_lead, only_own=is_narrowed())
    return list(db.session.scalars(seen))


def _of(pairs: Pairs, known: Sequence[SavedView] | None, page: str) -> Listing:
    wanted = _word(pairs, "view")
    if wanted is None:
        return _plain(pairs, page)
    views = all_views() if known is None else known
    view = next((one for one in views if str(one.id) == wanted), None)
    if view is None:
        raise NotFound()
    is_own = any(name in OWN for name, _value in pairs)
    if view.page != page:
        # Opened on the other page it shows the same people; what is kept then is another view.
        return _plain(pairs if is_own else parse_qsl(view.query, keep_blank_values=True), page)
    chosen = tuple(view.columns) or None
    kept = replace(plain(view.query, page), columns=chosen, view_id=view.id)
    if not is_own:
        return kept
    own = _plain(pairs, page)
    return replace(own, view_id=view.id, is_changed=_what(own) != _what(kept))


def _what(shown: Listing) -> tuple[object, ...]:
    return shown.query, shown.sort, shown.by, shown.columns


def _plain(pairs: Pairs, page: str) -> Listing:
    sort, by = _word(pairs, "sort"), _word(pairs, "by")
    is_board = page == BOARD
    chosen = next((value for name, value in pairs if name == _SHOWN[page]), None)
    known = fields.chosen if is_board else columns.chosen
    try:
        return Listing(
            filters.written(pairs),
            Sort(sort) if sort else None,
            known(chosen.split(",")) if chosen is not None else None,
            page=page,
            by=Grouping(by) if by and is_board else Grouping.STAGE,
        )
    except ValueError:
        raise _unknown() from None


def _word(pairs: Pairs, wanted: str) -> str | None:
    return next((value for name, value in pairs if name == wanted and value), None)


def _unknown() -> Refused:
    return Refused(_l("This address names a filter that does not exist."))
