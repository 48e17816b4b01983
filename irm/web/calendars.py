"""A colleague's calendar: the feed her calendar program fetches, and its secret address."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template, request

from irm import clock
from irm.access import me
from irm.db import db
from irm.errors import Refused
from irm.funnel import calendars, feed
from irm.funnel.feed import Place
from irm.i18n import _
from irm.models import User
from irm.web import spoken
from irm.web.answers import Answer, back_to
from irm.web.reentry import entered_lately

bp = Blueprint("calendars", __name__)


@bp.get("/calendar/<secret>.ics")
def feed_of(secret: str) -> Response:
    """The calendar that this secret opens, for programs that cannot sign in.

    Wrong, revoked, of somebody who left: all of them are the same empty 404.
    """
    owner = calendars.owner(db.session, secret)
    if owner is None:
        return Response(status=404, mimetype="text/plain")
    place, day = _place(owner), clock.today(owner.zone)
    with spoken.speaking(place.locale):
        entries = [
            *feed.touchpoints(db.session.execute(calendars.touchpoints(owner, day)), place),
            *feed.promises(db.session.execute(calendars.promises(owner, day)), place),
            *feed.days(db.session.execute(calendars.days(owner, day)), place),
        ]
        mark, answer = feed.mark(entries, place), Response(mimetype="text/calendar")
        # A weak one: packed or not, it is the same calendar.
        answer.set_etag(mark, weak=True)
        # Asked again each time, so that nothing outlives a revoked address.
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.headers["X-Robots-Tag"] = "noindex"
        if not request.if_none_match.contains_weak(mark):
            answer.set_data(feed.text(entries))
            answer.headers["Content-Disposition"] = 'inline; filename="irm.ics"'
    answer.make_conditional(request)
    return answer


@bp.get("/settings/calendar")
def show() -> str:
    """Whether there is an address, and how calendars take it."""
    return _page()


@bp.post("/settings/calendar")
@entered_lately
def renew() -> Answer:
    """Make an address, which this page alone shows; the one before opens nothing any more."""
    secret = calendars.renew(db.session, me(), clock.now())
    db.session.commit()
    return _page(f"{current_app.config['IRM'].public_url}/calendar/{secret}.ics")


@bp.post("/settings/calendar/off")
def switch_off() -> Answer:
    """Let the address open nothing any more."""
    try:
        calendars.switch_off(db.session, me(), clock.now())
        db.session.commit()
        said = _("Your calendar is switched off: its address opens nothing any more.")
    except Refused as refused:
        said = str(refused)
    return back_to("/settings/calendar", said)


def _place(owner: User) -> Place:
    url = current_app.config["IRM"].public_url
    return Place(
        url=url,
        host=urlsplit(url).hostname or "irm",
        locale=owner.locale,
        zone=owner.zone,
        hour=feed.USUAL_HOUR if owner.digest_hour is None else owner.digest_hour,
    )


def _page(address: str = "") -> str:
    _scheme, _colon, rest = address.partition(":")
    return render_template(
        "settings/calendar.html",
        is_on=me().calendar_hash is not None,
        address=address,
        webcal=f"webcal:{rest}" if address else "",
    )
