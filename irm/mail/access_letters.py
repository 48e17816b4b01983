"""The letters about who may come in: a forgotten password, what was changed, an invitation."""

import datetime as dt
import enum
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale

from irm.calendar_words import said_day
from irm.i18n import LazyText, _, _l
from irm.mail.letters import Letter, render
from irm.mail.phrasing import public_url, short
from irm.models import Role

#: What stands in the place of a secret where a letter is only looked at; it opens nothing.
NO_TOKEN = "example"  # noqa: S105  # nosec B105  # that is the point of it


def reset(*, name: str, locale: str, token: str) -> Letter:
    """Render the letter with the link to a new password."""
    with force_locale(locale):
        return render(
            "reset",
            locale,
            name=short(name, 80),
            href=f"{public_url()}/reset/{token}",
        )


def password_changed(*, name: str, locale: str, timezone: str, at: dt.datetime) -> Letter:
    """Render the letter that says that a password was changed, and what to do if it was not her."""
    local = at.astimezone(ZoneInfo(timezone))
    with force_locale(locale):
        return render(
            "password_changed",
            locale,
            name=short(name, 80),
            day=said_day(local.date(), "EEEE d MMMM", locale),
            time=f"{local:%H:%M}",
            zone=timezone,
            href=f"{public_url()}/forgot",
        )


class Changed(enum.Enum):
    """What was changed about how somebody comes in: what the subject and the letter say of it."""

    FACTOR_ON = (
        "factor_on",
        _l("A second step is asked of you at irm"),
        _l(
            "the second step of signing in to irm was switched on on %(day)s at %(time)s "
            "(%(zone)s). Your other browsers were signed out."
        ),
    )
    FACTOR_OFF = (
        "factor_off",
        _l("Your second step at irm was switched off"),
        _l(
            "the second step of signing in to irm was switched off on %(day)s at %(time)s "
            "(%(zone)s). Your password alone lets in from now on."
        ),
    )
    FACTOR_TAKEN_OFF = (
        "factor_taken_off",
        _l("An administrator switched your second step at irm off"),
        _l(
            "an administrator switched your second step of signing in to irm off on %(day)s at "
            "%(time)s (%(zone)s). Your password alone lets in from now on, and all browsers that "
            "were signed in were signed out."
        ),
    )
    CODES = (
        "codes",
        _l("Your recovery codes for irm are new"),
        _l(
            "new recovery codes for irm were made on %(day)s at %(time)s (%(zone)s). Those of "
            "before let nobody in any more."
        ),
    )
    ADDRESS = (
        "address",
        _l("Your address at irm was changed"),
        _l(
            "an administrator changed the address with which you sign in to irm on %(day)s at "
            "%(time)s (%(zone)s). This mail goes to the old and to the new one. All browsers that "
            "were signed in were signed out."
        ),
    )

    def __init__(self, code: str, subject: LazyText, sentence: LazyText) -> None:
        self.code = code
        self.subject = subject
        self.sentence = sentence


def access_changed(
    changed: Changed, *, name: str, locale: str, timezone: str, at: dt.datetime
) -> Letter:
    """Render the letter that says what was changed, and what to do if it was not her."""
    local = at.astimezone(ZoneInfo(timezone))
    with force_locale(locale):
        return render(
            "access_changed",
            locale,
            name=short(name, 80),
            title=str(changed.subject),
            sentence=changed.sentence
            % {
                "day": said_day(local.date(), "EEEE d MMMM", locale),
                "time": f"{local:%H:%M}",
                "zone": timezone,
            },
            href=f"{public_url()}/forgot",
        )


def invitation(
    *,
    name: str,
    locale: str,
    inviter: str,
    brands: Sequence[str],
    role: Role,
    until: dt.datetime,
    token: str,
) -> Letter:
    """Render the letter that asks somebody into the team.

    `until` is when the link stops working, `inviter` may be empty: she left since.
    """
    zone = ZoneInfo(current_app.config["IRM"].timezone)
    with force_locale(locale):
        return render(
            "invitation",
            locale,
            name=short(name, 80),
            inviter=short(inviter, 80) or "irm",
            brands=_named(brands),
            role=str(role.label),
            day=said_day(until.astimezone(zone).date(), "EEEE d MMMM", locale),
            href=f"{public_url()}/invitation/{token}",
        )


def joined(
    *,
    name: str,
    locale: str,
    inviter: str,
    brands: Sequence[tuple[int, str]],
    role: Role,
) -> Letter:
    """Render the letter that tells a colleague of more `brands`, as id and name, she is in now."""
    with force_locale(locale):
        return render(
            "joined",
            locale,
            name=short(name, 80),
            inviter=short(inviter, 80),
            brands=_named([brand for _id, brand in brands]),
            role=str(role.label),
            href=f"{public_url()}/today?brand={brands[0][0]}",
        )


def _named(brands: Sequence[str]) -> str:
    """Brands in the words of the present language; "irm" where there are none."""
    named = [short(brand, 80) for brand in brands]
    if len(named) < 2:
        return "".join(named) or "irm"
    return _("%(all)s and %(last)s", all=", ".join(named[:-1]), last=named[-1])


def example(letter: str, *, name: str, locale: str, timezone: str, at: dt.datetime) -> Letter:
    """Render one of these letters to be looked at: its link opens nothing.

    Raises KeyError where there is no such letter here.
    """
    made = {
        "reset": lambda: reset(name=name, locale=locale, token=NO_TOKEN),
        "password_changed": lambda: password_changed(
            name=name, locale=locale, timezone=timezone, at=at
        ),
        "access_changed": lambda: access_changed(
            Changed.FACTOR_OFF, name=name, locale=locale, timezone=timezone, at=at
        ),
        "invitation": lambda: invitation(
            name=name,
            locale=locale,
            inviter=name,
            brands=["Nova", "Maison Verte"],
            role=Role.MANAGER,
            until=at + dt.timedelta(days=7),
            token=NO_TOKEN,
        ),
        "joined": lambda: joined(
            name=name,
            locale=locale,
            inviter=name,
            brands=[(1, "Nova"), (2, "Maison Verte")],
            role=Role.MANAGER,
        ),
    }
    return made[letter]()
