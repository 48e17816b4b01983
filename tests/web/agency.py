"""A brand where Ana leads and Pia of an agency owns one person: what each of them has."""

import datetime as dt
import re
from types import SimpleNamespace

import make
import pytest

from irm.directory import reindexing, tags
from irm.ledger import counters
from irm.models import (
    Kind,
    Promiser,
    Role,
    Stage,
)

TODAY = dt.datetime.now(dt.UTC).date()
DAY = dt.timedelta(days=1)

#: Stands in all that is a colleague's, and in nothing of the partner's.
SECRET = "Marqueur"


def everything_of(session, saved, brand, name, owner, said):
    """Somebody with one of everything, `said` in every text, and their open work in her hands."""
    card = saved(make.relationship(brand=brand, name=name, owner=owner, stage=Stage.INTERESTED))
    card.influencer.bio = said
    card.influencer.country = "FR" if said == SECRET else "BE"
    in_hand = {"relationship": card, "owner_id": owner.id if owner else None}
    kept = SimpleNamespace(
        card=card,
        account=saved(make.account(influencer=card.influencer, handle=f"at{said}".lower())),
        note=saved(
            make.interaction(relationship=card, kind=Kind.ASK, summary=f"{said} @Partout Agence")
        ),
        fact=saved(
            make.fact(
                relationship=card, text=said, on_month=TODAY.month, on_day=TODAY.day, is_yearly=True
            )
        ),
        touchpoint=saved(make.touchpoint(**in_hand, purpose=said, due_on=TODAY - DAY)),
        promise=saved(make.promise(**in_hand, what=said, due_on=TODAY - DAY, promiser=Promiser.US)),
        question=saved(make.question(**in_hand, text=said)),
    )
    tag = tags.named(session, brand.id, said)
    tags.put(session, card.id, tag.id)
    launch = saved(make.campaign(brand_id=brand.id, name=f"{said} launch"))
    saved(make.campaign_member(campaign=launch, relationship=card))
    kept.campaign = launch
    session.commit()
    return kept


@pytest.fixture
def agency(app, session, saved, client_of):
    """An agency's Pia with one person of hers, at a brand where Ana has another one."""
    brand = saved(make.brand(name="Fougère"))
    pia = saved(make.member(Role.PARTNER, brand=brand, user=make.user(name="Partout Agence"))).user
    ana = saved(make.member(Role.LEAD, brand=brand, user=make.user(name="Ana"))).user
    hers = everything_of(session, saved, brand, "Chloé Martin", pia, "Radieuse")
    others = everything_of(session, saved, brand, f"Zoé {SECRET}", ana, SECRET)
    saved(make.view(brand_id=brand.id, user_id=ana.id, is_team=True, name=SECRET))
    counters.recount(session)
    reindexing.rebuild(session)
    session.commit()
    return SimpleNamespace(
        brand=brand, pia=pia, ana=ana, hers=hers, others=others, client=client_of(pia)
    )


def leave_with(session, agency):
    """What is planned and promised with Ana's person is in Pia's hands: her place was another."""
    for one in (agency.others.touchpoint, agency.others.promise, agency.others.question):
        session.get_one(type(one), one.id).owner_id = agency.pia.id
    session.commit()


def shown(response):
    text = response.get_data(as_text=True)
    response.close()
    return re.sub(r"\s+", " ", text)
