"""What was given and asked, and how far the gate is from opening, in words."""

from irm.funnel import asks
from irm.funnel.balance import Counts
from irm.funnel.gate import Answer, Verdict
from irm.i18n import _, _n
from irm.models import Stage


def gives(number: int, counts: Counts) -> str:
    """How much was given since the last ask; so far, where nothing was ever asked."""
    if not counts.asks:
        if not number:
            return _("Nothing given so far")
        return _n("%(n)s give so far", "%(n)s gives so far", number)
    if not number:
        return _("Nothing given since the last ask")
    return _n("%(n)s give since the last ask", "%(n)s gives since the last ask", number)


def toward(needed: int | None, number: int) -> str:
    """How far an ask is, by what is given so far."""
    if needed is None:
        return _("Too early to ask")
    missing = needed - number
    if missing > 0:
        return _n("%(n)s more give before an ask", "%(n)s more gives before an ask", missing)
    return _("Enough for an ask")


def wanted(verdict: Verdict, claimed: Stage) -> str:
    """How much the gate wants, how much is missing, and why at that stage.

    Nothing where no number of gives and no reason opens it.
    """
    if verdict.answer is Answer.NEVER:
        return ""
    said = _wanted(verdict, str(verdict.stage.label))
    if verdict.stage is claimed:
        return said
    lower = _(
        "%(claimed)s is claimed, %(earned)s is earned: the lower of both counts.",
        claimed=claimed.label,
        earned=verdict.stage.label,
    )
    return f"{said} {lower}"


def _wanted(verdict: Verdict, stage: str) -> str:
    if verdict.needed is None:
        return _("At %(stage)s an ask takes a reason.", stage=stage)
    if not verdict.needed:
        return _("None is wanted at %(stage)s.", stage=stage)
    missing = verdict.missing or 0
    if not missing:
        return _n(
            "%(n)s is wanted at %(stage)s.",
            "%(n)s are wanted at %(stage)s.",
            verdict.needed,
            stage=stage,
        )
    return _n(
        "%(n)s is wanted at %(stage)s: %(missing)s more.",
        "%(n)s are wanted at %(stage)s: %(missing)s more.",
        verdict.needed,
        stage=stage,
        missing=missing,
    )


def answer(verdict: Verdict, *, is_paused: bool = False) -> tuple[str, str]:
    """The gate's answer as a kind of note and a sentence."""
    if verdict.is_open and is_paused:
        return "warning", _("Enough was given: once the pause is over, they may be asked.")
    if verdict.is_open:
        return "good", _("The gate is open: they may be asked.")
    kind = "danger" if verdict.answer is Answer.NEVER else "warning"
    return kind, str(asks.why(verdict))


def counted(counts: Counts) -> str:
    """All that was given and asked: “8 gives, 2 asks: 1 accepted, 1 no answer”."""
    if not counts.gives and not counts.asks:
        return ""
    given = _n("%(n)s give", "%(n)s gives", counts.gives)
    asked = _n("%(n)s ask", "%(n)s asks", counts.asks)
    ended = [
        said
        for number, said in (
            (counts.accepted, _n("%(n)s accepted", "%(n)s accepted", counts.accepted)),
            (counts.declined, _n("%(n)s declined", "%(n)s declined", counts.declined)),
            (counts.no_answer, _n("%(n)s no answer", "%(n)s no answer", counts.no_answer)),
            (counts.waiting, _n("%(n)s still open", "%(n)s still open", counts.waiting)),
        )
        if number
    ]
    how = _(": %(ends)s", ends=", ".join(ended)) if ended else ""
    return f"{given}, {asked}{how}"
