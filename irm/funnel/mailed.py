"""What a digest says of promises and questions: what we owe by tomorrow, and who waits for a word.

It stands beside irm/funnel/digest.py, from which the clock of a question takes its hours.
"""

import datetime as dt
from functools import cache

from sqlalchemy import BindParameter, Date, Integer, bindparam

from irm.funnel import promises, questions
from irm.funnel.digest import is_member
from irm.funnel.timing import DAY
from irm.models import Promise, Promiser
from irm.models.base import Rows


def until(day: dt.date) -> dt.date:
    """The last day of whose promises a digest tells: what is due tomorrow may take today."""
    return day + DAY


@cache
def promises_due(is_admin: bool) -> Rows:
    """Select what we promised that `user_id` sees to and that is due by `until`, oldest first.

    Rows as `promises.due` has them, at brands the colleague still works for; private ones are left
    out, her own too, as in irm/funnel/digest.py.
    """
    user_id = _user_id()
    by: BindParameter[dt.date] = bindparam("until", type_=Date())
    found = promises.due(user_id, by, with_private=False).where(Promise.promiser == Promiser.US)
    return found if is_admin else found.where(is_member(user_id))


@cache
def questions_waiting(is_admin: bool) -> Rows:
    """Select the questions that wait for a word of `user_id`, the most pressing first."""
    user_id = _user_id()
    found = questions.waiting(user_id, with_private=False)
    return found if is_admin else found.where(is_member(user_id))


def _user_id() -> BindParameter[int]:
    return bindparam("user_id", type_=Integer())
