"""The pages of a timeline."""

import make
import pytest

from irm.directory import timeline
from irm.errors import Refused


@pytest.mark.parametrize("id", ["9999999999", "-5", "x", "", "1" * 50])
def test_a_page_address_typed_by_hand_is_refused(session, saved, id):
    card = saved(make.relationship())

    with pytest.raises(Refused, match="begin at the first page"):
        timeline.page(
            session,
            card.id,
            user_id=1,
            reads_private=True,
            before=f"2026-01-01T00:00:00+00:00~move~{id}",
        )
