"""Why a touchpoint is planned: its stored code as a sentence."""

from collections.abc import Mapping
from typing import Any

from irm.funnel.cadence import Rule
from irm.funnel.campaigns import RESULTS_DAYS, THANKS_DAYS
from irm.i18n import _, _n
from irm.models import Stage


def why(stored: Mapping[str, Any]) -> str:
    """Make the sentence of a touchpoint's `why`; a code this version does not know gives ""."""
    code = stored.get("code")
    if code == "cadence":
        return _by_cadence(stored, stored.get("days", 0))
    if code == "plan":
        return _by_plan(stored)
    if code == "unanswered":
        return _n(
            "No answer yet, after a day",
            "No answer yet, half of the usual %(n)s days later",
            stored.get("days", 0),
        )
    if code == "planned":
        return _("Planned by hand")
    if code == "handover":
        return _("Passed on to you: be introduced by who knows them")
    return ""


def _by_cadence(stored: Mapping[str, Any], days: int) -> str:
    rule = stored.get("rule")
    if rule == Rule.LEVEL:
        return _n(
            "A contact every day, by their level",
            "A contact every %(n)s days, by their level",
            days,
        )
    if rule == Rule.CAMPAIGN:
        return _n(
            "A contact every day while their campaign is on",
            "A contact every %(n)s days while their campaign is on",
            days,
        )
    if rule == Rule.PERSON:
        return _n(
            "A contact every day, agreed for this person",
            "A contact every %(n)s days, agreed for this person",
            days,
        )
    if rule == Rule.CEILING:
        return _n(
            "A contact every day, all they want",
            "A contact every %(n)s days: they want no more",
            days,
        )
    stage = next((str(one.label) for one in Stage if one == stored.get("stage")), "")
    return _n(
        "A contact every day, the cadence at %(stage)s",
        "A contact every %(n)s days, the cadence at %(stage)s",
        days,
        stage=stage,
    )


def _by_plan(stored: Mapping[str, Any]) -> str:
    """Why the plan put it there: a campaign's due, or how long they will have waited."""
    rule, campaign = stored.get("rule"), stored.get("campaign", "")
    if rule == "thanks":
        return _n(
            "Thanks after the campaign “%(campaign)s”, within %(n)s day",
            "Thanks after the campaign “%(campaign)s”, within %(n)s days",
            THANKS_DAYS,
            campaign=campaign,
        )
    if rule == "results":
        return _n(
            "Results of the campaign “%(campaign)s”, within %(n)s day",
            "Results of the campaign “%(campaign)s”, within %(n)s days",
            RESULTS_DAYS,
            campaign=campaign,
        )
    if rule == "between":
        return _(
            "A touch that asks for nothing, between the campaign “%(campaign)s” and the next one",
            campaign=campaign,
        )
    said = _("First contact") if rule == "first" else _waited(stored)
    if "event" not in stored:
        return said
    return _n(
        "%(why)s. Warming up: their event is %(n)s day later",
        "%(why)s. Warming up: their event is %(n)s days later",
        stored.get("before", 0),
        why=said,
    )


def _waited(stored: Mapping[str, Any]) -> str:
    """How long they will have waited, and what is right for them."""
    days, ideal, worst = (stored.get(name, 0) for name in ("days", "ideal", "worst"))
    if stored.get("follows"):
        waited = _n("%(n)s day after the touch before", "%(n)s days after the touch before", days)
    else:
        waited = _n("%(n)s day since the last exchange", "%(n)s days since the last exchange", days)
    if not ideal:
        return waited
    if stored.get("rule") == "late":
        return _(
            "Beyond the limit: %(waited)s; %(worst)s are the limit", waited=waited, worst=worst
        )
    return _("%(waited)s; %(ideal)s are ideal", waited=waited, ideal=ideal)
