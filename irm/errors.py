"""What can go wrong, in words for the user.

Rooms raise these; a door turns them into a page, a JSON answer or an exit code.
Each carries one sentence that says what is wrong and, where it helps, what to do.
"""

from collections.abc import Sequence
from typing import Any

from irm.i18n import LazyText, _l


class Refused(Exception):
    """The request makes sense but may not be done: 422 on a page, exit 1 on the command line."""

    status = 422

    def __init__(self, message: LazyText | str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refused):
    """It is not there, or not for this user: we do not say which."""

    status = 404

    def __init__(self, message: LazyText | str | None = None) -> None:
        super().__init__(message or _l("This page does not exist, or is not yours to see."))


class Forbidden(Refused):
    """The user may see it, but not do this to it."""

    status = 403

    def __init__(self, message: LazyText | str | None = None) -> None:
        super().__init__(message or _l("Your role does not allow this."))


class Merged(Refused):
    """This person was merged into another, who is found under `into_id`."""

    status = 409

    def __init__(self, gone_id: int, into_id: int) -> None:
        super().__init__(_l("This person was merged with another meanwhile. Look at them again."))
        self.gone_id = gone_id
        self.into_id = into_id


class Unreasoned(Refused):
    """A move that says no reason and needs one: it goes back, or the evidence does not cover it.

    `missing` is what each stage up to the wanted one still takes; empty for a move back.
    """

    def __init__(self, message: LazyText | str, missing: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.missing = missing


class Done(Refused):
    """It is as it was asked for already: a form that was sent twice, two who wanted the same."""


class PutAway(Refused):
    """This person was archived meanwhile: nothing is done with them until they are restored."""

    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(
            _l("%(name)s was archived. Restore them first, then move them.", name=name)
        )


class Busy(Refused):
    """Too many want the same costly thing at this moment: nothing is wrong with the request."""

    status = 503

    #: After how many seconds it is worth another try.
    retry_after = 5

    def __init__(self) -> None:
        super().__init__(
            _l("irm is checking many passwords at this moment. Wait five seconds, then try again.")
        )


class Stale(Refused):
    """Somebody else changed it first; what they wrote stands."""

    status = 409

    def __init__(self, message: LazyText | str | None = None) -> None:
        super().__init__(message or _l("Somebody changed this meanwhile. Look again, then repeat."))
