"""What to do with a letter of which nobody knows whether it arrived: by its kind, or as chosen.

A second copy of what a colleague gets is a nuisance, a missing one is the failure. With whatever
leaves the team it is the other way round.
"""

import datetime as dt

from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.models import Category, DoubtPolicy, Setting, User

#: Under what name the organisation's choices are kept: a policy by the letter's name.
CHOSEN = "mail.doubt"

SHIPPED = {
    Category.SECURITY: DoubtPolicy.RESEND,
    Category.TEAM: DoubtPolicy.RESEND,
    Category.EXTERNAL: DoubtPolicy.HOLD,
    Category.CAMPAIGN: DoubtPolicy.HOLD,
}


def of(session: Session, letter: str, category: Category) -> DoubtPolicy:
    """Return what to do in doubt about a letter of this name and kind."""
    setting = session.get(Setting, CHOSEN)
    chosen = setting.value.get(letter) if setting else None
    return DoubtPolicy(chosen) if chosen else SHIPPED[category]


def choose(session: Session, letter: str, policy: DoubtPolicy, user: User, at: dt.datetime) -> None:
    """Keep what to do in doubt about a letter; mails that wait keep theirs."""
    setting = session.get(Setting, CHOSEN)
    if setting is None:
        session.add(Setting(name=CHOSEN, value={letter: policy.value}))
    else:
        setting.value = {**setting.value, letter: policy.value}
    record(session, user, Action.MAIL_POLICY_CHANGED, at, letter=letter, policy=policy.value)
