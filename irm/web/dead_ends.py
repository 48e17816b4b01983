"""How it goes on where an address leads nowhere: what its page is called, and its one button.

Most of these pages are met by somebody who is not signed in, to whom Today says nothing.
"""

from typing import NamedTuple

from irm.directory import invitations, resets
from irm.directory.factors import TooManyCodes
from irm.directory.sessions import Limit
from irm.i18n import LazyText, _l
from irm.models import InvitationState
from irm.web.auth import TooManyTries


class End(NamedTuple):
    """What the page says beside its sentence; where nothing is said, the page's own holds."""

    title: LazyText | None = None
    #: What the button says, and where it leads.
    label: LazyText | None = None
    href: str = ""


#: Of most refusals.
PLAIN = End()

_INVITATIONS: dict[InvitationState | None, LazyText] = {
    None: _l("Unknown invitation"),
    InvitationState.ACCEPTED: _l("Invitation already accepted"),
    InvitationState.EXPIRED: _l("Invitation expired"),
    InvitationState.WITHDRAWN: _l("Invitation withdrawn"),
}


def way_out(error: Exception) -> End:
    """How it goes on after this refusal."""
    if isinstance(error, resets.Gone):
        return End(_l("Link no longer valid"), _l("Ask for a new link"), "/forgot")
    if isinstance(error, invitations.Gone):
        return End(_INVITATIONS.get(error.state))
    if isinstance(error, TooManyCodes):
        return End(None, _l("Back to the code"), "/login/code")
    if isinstance(error, TooManyTries) and error.limit is Limit.DAY:
        return End(None, _l("Ask for a link"), "/forgot")
    return PLAIN
