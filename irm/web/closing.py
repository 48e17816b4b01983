"""How a page answers once something was done with a touchpoint: a row of Today, or another page."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import flash, render_template, request

from irm.db import db
from irm.funnel import today_rows
from irm.models import Touchpoint
from irm.web import filters, today_words
from irm.web.answers import Answer, Message, back_to, undoable
from irm.web.guard import is_fragment
from irm.web.words import words

#: The script will load the page anew: a message in this answer would be lost.
RELOAD = "reload"

#: Where Today is; with whose day it is, it is found again.
TODAY = "/today"


def ask(how: str, touchpoint: Touchpoint, **more: Any) -> str:
    """The question that goes before an action, as a fragment or as a page of its own."""
    return render_template(
        "touchpoints/_choose.html" if is_fragment() else "touchpoints/choose.html",
        how=how,
        touchpoint=touchpoint,
        person=touchpoint.relationship.influencer,
        due=words().both[touchpoint.due_on],
        back=_back_of(request.args.get("back") or _from_today()),
        **more,
    )


def closed(touchpoint: Touchpoint, back: str | None, message: Message, **more: Any) -> Answer:
    """What is left of the row, and the message with its Undo; or the page the reader came from."""
    if back == RELOAD:
        return for_the_next_page(message)
    if not is_fragment():
        return back_to(page_of(touchpoint, back), message)
    return render_template(
        "today/_after.html",
        key=f"t{touchpoint.id}",
        said=message["text"],
        offers=None,
        message=message,
        touchpoint=touchpoint,
        **more,
    )


def open_again(touchpoint: Touchpoint, back: str | None, said: str) -> Answer:
    """The row as it stands again, or the page the reader came from."""
    if not is_fragment():
        return back_to(page_of(touchpoint, back), said)
    reader = filters.reader_at(touchpoint.relationship.brand_id)
    found = today_rows.one(db.session, touchpoint.id, reader, words().today)
    if found is None:
        return render_template("today/_after.html", key=f"t{touchpoint.id}", said=said)
    facts = today_words.facts_of([found], words())
    remembered = facts.get(found.relationship_id, ())
    row = today_words.row(found, words(), remembered, is_again=True)
    return render_template("today/_again.html", rows=[row], message=said)


def undo_of(said: str, how: str, touchpoint: Touchpoint, back: str | None) -> Message:
    """A message whose Undo brings the row back; on Today it does so in its place."""
    target = f"#row-t{touchpoint.id}" if is_fragment() and _from_today() else None
    return undoable(said, f"/touchpoints/{touchpoint.id}/{how}", seen(touchpoint, back), target)


def seen(touchpoint: Touchpoint, back: str | None) -> dict[str, object]:
    """What an Undo sends along: the version it is about, and where to go then."""
    return {"row_version": touchpoint.row_version, "back": _back_of(back or _from_today())}


def for_the_next_page(message: Message | str) -> Answer:
    """Keep the message for the page that the script loads now."""
    flash(message, "info")  # type: ignore[arg-type]  # a dict passes through the session as it is
    return "", 204


def page_of(touchpoint: Touchpoint, back: str | None) -> str:
    """Where the reader came from: Today, hers or another one's, or the person's page."""
    asked = _back_of(back or _from_today())
    if not asked:
        return f"/influencers/{touchpoint.relationship.influencer_id}"
    whose = asked.removeprefix("today").removeprefix("-")
    return filters.address(TODAY, {"of": whose})


def _from_today() -> str:
    """Whose Today the request came from; empty where it came from elsewhere."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    if here.path != TODAY:
        return ""
    whose = parse_qs(here.query).get("of", [""])[0]
    return f"today-{whose}" if whose else "today"


def _back_of(asked: str) -> str:
    """Where to go, as a form carries it: `today`, `today-team`, `today-12`, or nothing."""
    name, _dash, whose = asked.partition("-")
    if name != "today":
        return ""
    is_known = whose == "team" or (whose.isdecimal() and len(whose) < 10)
    return asked if is_known else "today"
