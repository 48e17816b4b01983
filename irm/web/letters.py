"""Every letter irm writes, shown beforehand: to the reader, of her own brands, as of today.

A letter brings its own style, which no page of irm may run. So it stands in a frame, from an
address of its own whose policy lets its style in and nothing else: no script, no picture, no form.

The sandbox lets it keep our origin, so that the page can measure how tall it is. That gives nothing
away: only a script could use the origin, and `default-src` and the sandbox each forbid all of them.
"""

from flask import Blueprint, Response, current_app, make_response, render_template, request

from irm import clock
from irm.access import Permission, can, me, require
from irm.config import Settings
from irm.db import db
from irm.errors import NotFound
from irm.forms.doubt import DoubtForm
from irm.forms.profile import LOCALES
from irm.i18n import _
from irm.mail import catalogue, digest_now, policies, standstill
from irm.mail.catalogue import Entry, Recipient
from irm.mail.letters import Letter
from irm.models import Category, ChannelHealth
from irm.web import headers
from irm.web.answers import Answer, back_to, refuse_faults
from irm.web.spoken import speaking

bp = Blueprint("letters", __name__)

#: What a letter in its frame may do: look as it looks, and be followed into a new tab.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-same-origin",
    )
)

#: The letter that can be sent at once, and its page.
DIGEST = "digest"
DIGEST_PAGE = f"/settings/letters?letter={DIGEST}"

#: The page itself may show frames of ours; everything else is as on every page.
PAGE_POLICY = f"{headers.POLICY}; frame-src 'self'"


@bp.get("/settings/letters")
def index() -> Response:
    """The letters by name, and one of them with its subject, its look and its text."""
    entry, locale = _entry(), _locale()
    letter, is_example = _rendered(entry, locale)
    page = make_response(
        render_template(
            "settings/letters.html",
            entries=catalogue.LETTERS,
            chosen=entry,
            locale=locale,
            locales=LOCALES,
            letter=letter,
            is_example=is_example,
            may_send=letter is not None and entry.name == DIGEST,
            doubt=_doubt(entry),
        )
    )
    page.headers["Content-Security-Policy"] = PAGE_POLICY
    return page


@bp.post("/settings/letters/doubt")
def save_doubt() -> Answer:
    """Keep what to do with this letter where nobody knows whether it arrived."""
    require(Permission.ADMINISTER)
    entry, form = _entry(), DoubtForm()
    if not entry.may_wait:
        raise NotFound
    refuse_faults(form)
    policies.choose(db.session, entry.name, form.policy.data, me(), clock.now())
    db.session.commit()
    return back_to(
        f"/settings/letters?letter={entry.name}", _("It is kept, for mails from now on.")
    )


@bp.post("/settings/letters/digest")
def send_digest() -> Answer:
    """Send the reader her own digest of today at once, beside the one of the morning."""
    entry, user, at = catalogue.BY_NAME[DIGEST], me(), clock.now()
    settings: Settings = current_app.config["IRM"]
    letter, _is_example = _rendered(entry, user.locale)
    if letter is None:
        return back_to(DIGEST_PAGE, str(entry.nothing))
    is_new = digest_now.put(db.session, user, letter, sender=settings.mail_from, at=at)
    db.session.commit()
    if not is_new:
        return back_to(DIGEST_PAGE, _("It was sent just now. In a minute it can be sent again."))
    if not settings.smtp_url.get_secret_value():
        return back_to(
            DIGEST_PAGE,
            _("No mail server is set (IRM_SMTP_URL): mail waits in the outbox until there is one."),
        )
    if _is_held_up():
        return back_to(
            DIGEST_PAGE,
            _("No mail goes out just now: it waits in the outbox, and goes as soon as mail does."),
        )
    return back_to(
        DIGEST_PAGE, _("Today’s digest is on its way to %(address)s.", address=user.email)
    )


@bp.get("/settings/letters/alone")
def alone() -> Response:
    """The letter as a mail program shows it; where none would be sent, that in a sentence."""
    entry = _entry()
    letter, _is_example = _rendered(entry, _locale())
    shown = make_response(letter.html if letter else str(entry.nothing))
    if letter is None:
        shown.mimetype = "text/plain"
    shown.headers["Content-Security-Policy"] = POLICY
    return shown


def _is_held_up() -> bool:
    """Whether sending is paused, or the mail server did not answer the last time."""
    channel = db.session.get(ChannelHealth, "smtp")
    is_away = channel is not None and channel.consecutive_failures > 0
    return is_away or standstill.reason(db.session) is not None


def _rendered(entry: Entry, locale: str) -> tuple[Letter | None, bool]:
    """The letter, and whether it is an example with people who do not exist."""
    at, recipient = clock.now(), Recipient.of(me(), locale)
    with speaking(locale):
        letter = entry.preview(db.session, recipient, at)
        if letter is not None or entry.example is None:
            return letter, False
        with db.session.no_autoflush:
            return entry.example(db.session, recipient, at), True


def _doubt(entry: Entry) -> DoubtForm | None:
    """What is done with it in doubt, as a form, for whoever may choose."""
    if not (entry.may_wait and can(Permission.ADMINISTER)):
        return None
    policy = policies.of(db.session, entry.name, Category.TEAM)
    return DoubtForm(formdata=None, policy=policy)


def _entry() -> Entry:
    """The letter asked for, the first one unless any is; raises NotFound where there is no such."""
    entry = catalogue.BY_NAME.get(request.args.get("letter", catalogue.LETTERS[0].name))
    if entry is None:
        raise NotFound
    return entry


def _locale() -> str:
    """The language asked for, else the reader's own."""
    asked = request.args.get("lang", "")
    return asked if asked in {one.value for one in LOCALES} else me().locale
