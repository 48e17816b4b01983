"""Posts that speak of a brand: known by its handles and aliases, whole and folded.

`post_mentions` says which; it rests on the text of a post and on the brand's marks alone, so it
stands whoever the post belongs to by and by.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select
from sqlalchemy.orm import Session

from irm.models import Account, Brand, Post, PostMention, inserts
from irm.models.keys import fold

#: Who says so was paid, or given something: that is not of their own accord.
DISCLOSED = re.compile(
    r"#(ad|advert|advertisement|advertising|anzeige|collaborationcommerciale|gifted|paidpartnership"
    r"|partenariat|partenariatremunere|pr|publi|publicidad|publicite|sponsored|sponsorise|werbung)"
    r"(?!\w)"
)

#: Posts, each with a brand it speaks of.
Pairs = set[tuple[int, int]]

#: Posts looked through at once.
CHUNK = 1000

_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_brands, _posts, _found = (inserts.table_of(model) for model in (Brand, Post, PostMention))
_MARKS = select(_brands.c.id, _brands.c.handles, _brands.c.aliases).order_by(_brands.c.id)
_TEXTS = (
    select(_posts.c.id, _posts.c.text, inserts.table_of(Account).c.platform)
    .join(inserts.table_of(Account), inserts.table_of(Account).c.id == _posts.c.account_id)
    .order_by(_posts.c.id)
)
_THESE = _TEXTS.where(_posts.c.id.in_(_ids))
_NEXT = _TEXTS.where(_posts.c.id > bindparam("after")).limit(CHUNK)
_KNOWN = select(_found.c.post_id, _found.c.brand_id).where(_found.c.post_id.in_(_ids))


@dataclass(frozen=True, slots=True)
class Marks:
    """By which a brand is known: handles, each with its platform or on all, and words."""

    brand_id: int
    handles: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]

    def speaks(self, platform: str, folded: str) -> bool:
        """Say whether a folded text of an account on this platform names the brand."""
        pattern = _pattern(self, platform)
        return pattern is not None and pattern.search(folded) is not None


@lru_cache(256)
def _pattern(marks: Marks, platform: str) -> re.Pattern[str] | None:
    handles = [handle for where, handle in marks.handles if where in ("", platform)]
    # `@nova` is neither part of an address nor of `@nova.fr`, which is somebody else.
    parts = [rf"(?<![\w@.-])@{re.escape(one)}(?![\w-]|\.\w)" for one in handles]
    parts += [rf"(?<![\w@]){re.escape(one)}(?!\w)" for one in marks.aliases]
    return re.compile("|".join(parts)) if parts else None


def marks(session: Session) -> list[Marks]:
    """The marks of all brands that have any."""
    found = [_marks(row) for row in session.connection().execute(_MARKS)]
    return [one for one in found if one.handles or one.aliases]


def _marks(row: Any) -> Marks:
    handles, aliases = row.handles or [], row.aliases or []
    return Marks(
        row.id,
        tuple(
            (str(one.get("platform") or ""), handle)
            for one in handles
            if (handle := fold(str(one.get("handle") or "")).removeprefix("@"))
        ),
        tuple(folded for one in aliases if (folded := fold(str(one)))),
    )


def read(session: Session, ids: Iterable[int], brands: Sequence[Marks] | None = None) -> set[int]:
    """Look through posts that are new or changed; returns those that speak of a brand, or did."""
    wanted = sorted(ids)
    if not wanted:
        return set()
    known = marks(session) if brands is None else brands
    spoken: set[int] = set()
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        rows = session.connection().execute(_THESE, {"ids": some}).all() if known else []
        was, now = _write(session, some, rows, known)
        spoken |= {post for post, _brand in was | now}
    return spoken


def read_next(session: Session, after: int) -> int | None:
    """Look through the next posts by id, whatever is known of them; returns the last one's id.

    None: there are no more.
    """
    rows = session.connection().execute(_NEXT, {"after": after}).all()
    if not rows:
        return None
    _write(session, [row.id for row in rows], rows, marks(session))
    return int(rows[-1].id)


def read_all(session: Session) -> None:
    """Look through every post there is."""
    after: int | None = 0
    while after is not None:
        after = read_next(session, after)


def _write(
    session: Session, ids: Sequence[int], rows: Sequence[Any], brands: Sequence[Marks]
) -> tuple[Pairs, Pairs]:
    """Put right what is known of some posts; returns what was and what is, by post and brand."""
    connection = session.connection()
    was = {(row.post_id, row.brand_id) for row in connection.execute(_KNOWN, {"ids": ids})}
    now = {(row.id, brand) for row in rows for brand in _spoken_of(row, brands)}
    for post, brand in sorted(was - now):
        gone = (_found.c.post_id == post) & (_found.c.brand_id == brand)
        connection.execute(delete(_found).where(gone))
    new = [{"post_id": post, "brand_id": brand} for post, brand in sorted(now - was)]
    inserts.put(session, PostMention, new)
    return was, now


def _spoken_of(row: Any, brands: Sequence[Marks]) -> list[int]:
    """The brands of which a post speaks of its author's own accord."""
    if not row.text:
        return []
    text = fold(row.text)
    platform = str(getattr(row.platform, "value", row.platform))
    found = [one.brand_id for one in brands if one.speaks(platform, text)]
    return [] if found and DISCLOSED.search(text) else found
