"""People who were erased at their wish: a list does not bring them back."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.directory import erasure
from irm.directory.erasure import Claim
from irm.imports.complaints import Complaint
from irm.imports.people.known import Known
from irm.imports.people.records import Record
from irm.models import ErasedKey

#: Ways to reach somebody that tell who it is, unless several share one, as an agency's clients do.
_TELLING = ("email", "phone")

_ANY = select(ErasedKey.key_hash).limit(1)


def barred(session: Session, records: Sequence[Record], known: Known) -> dict[int, Complaint]:
    """Return which of some records are about people who were erased, by their place.

    Whoever is here by an account of their own is not barred by an address that was shared.
    """
    if not records or session.connection().execute(_ANY).first() is None:
        return {}
    claims = [_claim(record, known) for record in records]
    return {at: Complaint("erased") for at in erasure.barred(session, claims)}


def _claim(record: Record, known: Known) -> Claim:
    """What a record says of somebody, as irm/directory/erasure.py hashes it."""
    accounts, is_here = [], False
    for one in record.accounts:
        accounts.append(("account", f"{one.platform.value}:{one.handle_key}"))
        is_here = is_here or (one.platform, one.handle_key) in known.by_handle
        if one.platform_id:
            accounts.append(("account_id", f"{one.platform.value}:{one.platform_id}"))
            is_here = is_here or (one.platform, one.platform_id) in known.by_platform_id
    if is_here:
        return Claim(accounts, (), record.name or "", is_somebody=True)
    contacts = [(one.kind, one.key) for one in record.contacts if one.kind in _TELLING]
    holder = next((known.by_contact[one] for one in contacts if one in known.by_contact), None)
    name = record.name or (holder.now["name"] if holder else "")
    return Claim(accounts, contacts, name, is_somebody=bool(accounts) or holder is not None)
