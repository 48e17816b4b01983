"""The pages of a timeline."""

import datetime as dt

import make
import pytest

from irm.directory import entries, timeline
from irm.errors import Refused
from irm.models import (
    BatchState,
    ImportBatch,
    ImportRow,
    Post,
    PromiseState,
    Verdict,
    Visibility,
)


@pytest.mark.parametrize("id", ["9999999999", "-5", "x", "", "1" * 50])
def test_a_page_address_typed_by_hand_is_refused(session, saved, id):
    card = saved(make.relationship())

    with pytest.raises(Refused, match="begin at the first page"):
        timeline.page(
            session,
            card,
            user_id=1,
            reads_private=True,
            before=f"2026-01-01T00:00:00+00:00~move~{id}",
        )


def test_posts_and_imports_stand_among_what_happened(session, saved):
    card = saved(make.relationship())
    account = saved(make.account(influencer=card.influencer))
    batch = ImportBatch(
        brand_id=card.brand_id,
        kind="influencers",
        file_name="list.csv",
        as_of=make.MONDAY.date(),
        source="A fair",
        lawful_basis="consent",
        state=BatchState.DONE,
        created_at=make.MONDAY,
        finished_at=make.MONDAY,
    )
    saved(batch)
    at = make.MONDAY + dt.timedelta(days=1)
    saved(Post(account_id=account.id, platform_post_id="1", text="x" * 900, published_at=at))
    saved(Post(account_id=account.id, platform_post_id="2", text="without a day"))
    for verdict in (Verdict.CREATED, Verdict.CONFLICT):
        row = ImportRow(batch_id=batch.id, number=2, verdict=verdict)
        row.influencer_id = card.influencer_id
        saved(row)
    saved(make.interaction(relationship=card, happened_at=at + dt.timedelta(days=1)))

    found = timeline.page(session, card, user_id=1, reads_private=True)

    assert [entry.what for entry in found] == ["interaction", "post", "import"]
    assert len(found[1].text) == entries.POST_LENGTH
    only = timeline.page(session, card, user_id=1, reads_private=True, kind="import")
    assert [entry.text for entry in only] == ["list.csv"]


def test_a_day_with_more_than_a_page_of_posts_is_gone_through_once(session, saved):
    card = saved(make.relationship())
    account = saved(make.account(influencer=card.influencer))
    session.add_all(
        Post(account_id=account.id, platform_post_id=str(n), published_at=make.MONDAY)
        for n in range(120)
    )
    session.add_all(
        make.interaction(relationship=card, happened_at=make.MONDAY) for _n in range(30)
    )
    session.commit()

    seen, before = [], None
    while True:
        found = timeline.page(session, card, user_id=1, reads_private=True, before=before)
        seen += [(entry.what, entry.id) for entry in found[: timeline.PAGE]]
        if len(found) <= timeline.PAGE:
            break
        before = timeline.page_token(found[timeline.PAGE - 1])

    assert len(seen) == len(set(seen)) == 150


def test_what_was_promised_and_asked_stands_where_it_was_with_how_it_ended(session, saved):
    card, ana = saved(make.relationship()), saved(make.user())
    day = make.MONDAY.date()
    saved(
        make.promise(
            relationship=card,
            what="Late",
            state=PromiseState.KEPT,
            closed_on=day + dt.timedelta(days=1),
        )
    )
    saved(make.question(relationship=card, text="May I?", asked_at=make.MONDAY))
    saved(
        make.promise(
            relationship=card, what="Mine", visibility=Visibility.PRIVATE, author_id=ana.id
        )
    )

    def told(**reader):
        found = timeline.page(session, card, **reader)
        return [(entry.text, entry.code, entry.private) for entry in found]

    assert told(user_id=ana.id, reads_private=False) == [
        ("May I?", "open", False),
        ("Mine", "open", True),
        ("Late", "late", False),
    ]
    assert len(told(user_id=0, reads_private=False)) == 2
    assert len(told(user_id=0, reads_private=True)) == 3
    assert told(user_id=0, reads_private=True, kind="question") == [("May I?", "open", False)]
