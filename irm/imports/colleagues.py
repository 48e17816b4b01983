"""Which colleague a cell means: by her address, or by a name that she alone has at the brand."""

from collections import defaultdict
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.imports import contacts
from irm.models import BrandMember, Role, User
from irm.models.keys import fold

#: Headings over who looks after somebody, folded and without blanks, in English, French and
#: Spanish. A bare `manager` is not among them: of an influencer that is mostly their own agent.
OWNERS = (
    "owner owners owneremail ownersemail owneremailaddress ownername accountowner contactowner"
    " recordowner relationshipowner influencerowner accountmanager accountmanageremail"
    " relationshipmanager communitymanager influencemanager assignedto assignee assigned"
    " managedby ownedby handledby responsible incharge personincharge lookedafterby responsable"
    " responsableducompte responsablecompte responsabledelarelation emailresponsable"
    " mailresponsable emailduresponsable mailduresponsable gestionnaire gestionnaireducompte"
    " gestionnairedecompte proprietaire proprietaireducontact referent referente charge chargee"
    " encharge chargede chargeede chargedecompte chargeedecompte chargeducompte chargeeducompte"
    " chargedelarelation chargeedelarelation chargedesuivi chargeedesuivi chargedusuivi"
    " chargeedusuivi chargedinfluence chargeedinfluence chargedecommunication"
    " chargeedecommunication chargederelationsinfluenceurs chargeederelationsinfluenceurs"
    " attribuea attribueea assignea assigneea suivipar suiviepar gerepar gereepar asignadoa"
    " asignadaa asignado propietario propietaria encargado encargada gestor gestora"
    " gestordecuenta gestoradecuenta acargode"
)


class Colleague(NamedTuple):
    """Somebody who works for a brand."""

    id: int
    name: str


def word(cell: str) -> str:
    """Return what of a cell names a colleague: an address in it, or else all of it, folded."""
    if "@" in cell:
        with suppress(ValueError):
            found = contacts.emails(cell)
            if len(found) == 1:
                return fold(found[0].value)
    return fold(cell)


def of(session: Session, brand_id: int, *, onlookers: bool = False) -> dict[str, Colleague]:
    """Return who looks after people of a brand, by address and by a name nobody else has there.

    With `onlookers` whoever only looks, too: she may be named for what was, not for what is to be.
    """
    found: dict[str, set[Colleague]] = defaultdict(set)
    looking: set[int] = set()
    members = (
        select(User.id, User.name, User.email_key, BrandMember.role)
        .join(BrandMember, BrandMember.user_id == User.id)
        .where(BrandMember.brand_id == brand_id, User.is_active)
    )
    for one in session.execute(members):
        if one.role is Role.VIEWER and not onlookers:
            looking.add(one.id)
        for key in (one.email_key, fold(one.name)):
            found[key].add(Colleague(one.id, one.name))
    alone = {key: next(iter(some)) for key, some in found.items() if len(some) == 1}
    return {key: one for key, one in alone.items() if one.id not in looking}
