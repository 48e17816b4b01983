"""What every page's frame needs: the reader, the brand, the words of days, the script's texts."""

from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale
from flask_login import current_user
from markupsafe import Markup

from irm import access, clock
from irm.access import Permission
from irm.db import db
from irm.errors import NotFound
from irm.funnel import activities, tactics
from irm.i18n import _, names_now
from irm.mail import standstill
from irm.models import Channel, Direction, Kind, Outcome, Stage, Visibility
from irm.web import cookies, languages
from irm.web.assets import asset
from irm.web.status import look
from irm.web.words import initials, words


def init_app(app: Flask) -> None:
    """Give templates what base.html says they have."""
    app.jinja_env.globals.update(
        sprite=asset("icons.svg"),
        can=access.can,
        P=Permission,
        Kind=Kind,
        Direction=Direction,
        Channel=Channel,
        Visibility=Visibility,
        Outcome=Outcome,
        tactic_options=tactic_options,
    )
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    locale = str(get_locale() or "en")
    frame: dict[str, Any] = {
        "_": languages.sayer(),
        "locale": locale,
        "theme": cookies.theme(),
        "strings": _strings(locale),
        "signed_in": False,
        "brand": None,
        "brands": [],
        "subject": None,
        "page": None,
    }
    if current_user.is_authenticated and _is_in_a_brand_of_theirs():
        user, rights = access.me(), access.rights()
        brand = access.here() if access.has_brand() else None
        said = words()
        frame |= {
            "signed_in": True,
            "user": user,
            "user_initials": initials(user.name),
            "letter_keys": user.letter_keys,
            "brands": access.memberships(),
            "brand": brand,
            "can": rights.__contains__,
            "dialogs": _dialogs(
                locale,
                brand is not None and Permission.LOG in rights,
                tuple(names_now().items()),
            ),
            "near": said.near,
            "date": said.date,
            "moment": said.moment,
            "number": said.number,
            "compact": said.compact,
            # One row by its key, and for those alone who can decide.
            "sending_is_paused": user.is_admin and standstill.reason(db.session) is not None,
            "mail_line": look(db.session, clock.now()),
        }
    return frame


def _is_in_a_brand_of_theirs() -> bool:
    # An address that names a strange brand ends on a page without a frame: there is no brand to
    # frame it with.
    try:
        return not access.has_brand() or bool(access.here())
    except NotFound:
        return False


@lru_cache(8)
def _dialogs(_locale: str, may_log: bool, _names: tuple[tuple[str, str], ...]) -> Any:
    """The dialogs of every page: rendered once for each language and each brand's own names.

    They hold nobody's data.
    """
    template = current_app.jinja_env.get_template("_dialogs.html")
    return template.make_module({"_": languages.sayer(), "may_log": may_log})


def tactic_options(chosen: str | None, first: Stage | None = None) -> Markup:
    """The options of a choice of what exactly is done, with the tactics of one stage before others.

    Without a choice yet they are the same on each page, and written once.
    """
    if chosen:
        return _written_options(chosen, first)
    return _options(str(get_locale() or "en"), tuple(names_now().items()), first)


@lru_cache(64)
def _options(_locale: str, _names: tuple[tuple[str, str], ...], first: Stage | None) -> Markup:
    return _written_options("", first)


def _written_options(chosen: str, first: Stage | None) -> Markup:
    template: Any = current_app.jinja_env.get_template("_tactics.html").module
    made: Markup = template.options(chosen, tactics.in_order(first), activities.PLAIN)
    return made


@lru_cache(8)
def _strings(_locale: str) -> dict[str, str]:
    """The texts of frontend/src in the reader's language; {words} are filled in there."""
    return {
        "action": _("Action"),
        "chooseSomebody": _("Choose somebody from the list."),
        "chosen": _("{name} is chosen. Press the key again to do it."),
        "close": _("Close"),
        "copied": _("Copied."),
        "failed": _("That did not work. Nothing was changed; try again in a moment."),
        "moving": _("{name} goes to {stage}."),
        "nobody": _("Nobody found."),
        "nothing": _("Nothing found."),
        "notMoved": _("{name} stays at {stage}."),
        "offline": _("No answer from the server. Nothing was changed; try again."),
        "over": _("{name} over {stage}, column {at} of {of}."),
        "pickedUp": _("{name} picked up, at {stage}. Left and right carry, Space drops."),
        "planPickedUp": _("{name} picked up, on {stage}. Left and right carry, Space drops."),
        "stale": _("Somebody changed this meanwhile. Reload the page to see how it stands."),
        "putBack": _("{name} was put back. {reason}"),
    }
