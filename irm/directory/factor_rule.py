"""Who has to have a second step of signing in: the organisation's word."""

from sqlalchemy.orm import Session

from irm.i18n import _l
from irm.models import Setting, User
from irm.models.base import LabelledEnum

#: The name of the setting; its value is {"for": "administrators"}.
NAME = "second_factor"


class Who(LabelledEnum):
    """Whom a second step is asked of."""

    NOBODY = "nobody", _l("Nobody: each decides for herself")
    ADMINISTRATORS = "administrators", _l("Administrators")
    ALL = "all", _l("Everybody")


def read(value: object) -> Who:
    """The rule as it is stored; what is not set, or not sound, asks nobody."""
    word = value.get("for") if isinstance(value, dict) else None
    return next((one for one in Who if one == word), Who.NOBODY)


def of(session: Session) -> Who:
    """The rule that holds."""
    found = session.get(Setting, NAME)
    return read(found.value if found else None)


def concerns(who: Who, user: User) -> bool:
    """Whether the rule asks it of this user."""
    return who is Who.ALL or (who is Who.ADMINISTRATORS and user.is_admin)


def set_to(session: Session, who: Who) -> None:
    """Let another rule hold, for those too who are signed in."""
    found = session.get(Setting, NAME)
    if found is None:
        session.add(Setting(name=NAME, value={"for": who.value}))
    else:
        found.value = {"for": who.value}
