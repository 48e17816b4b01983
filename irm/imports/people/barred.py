"""People who were erased at their wish: a list does not bring them back."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.directory import erasure
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
    salt = erasure.salt(session)
    hashes = [
        {erasure.key_hash(salt, kind, key) for kind, key in _keys(record, known)}
        for record in records
    ]
    erased = erasure.among(session, set().union(*hashes))
    return {at: Complaint("erased") for at, own in enumerate(hashes) if not own.isdisjoint(erased)}


def _keys(record: Record, known: Known) -> Iterator[tuple[str, str]]:
    """What a person is known by, as irm/directory/erasure.py hashes it."""
    is_here = False
    for one in record.accounts:
        yield "account", f"{one.platform.value}:{one.handle_key}"
        is_here = is_here or (one.platform, one.handle_key) in known.by_handle
        if one.platform_id:
            yield "account_id", f"{one.platform.value}:{one.platform_id}"
            is_here = is_here or (one.platform, one.platform_id) in known.by_platform_id
    if not is_here:
        for contact in record.contacts:
            if contact.kind in _TELLING:
                yield contact.kind, contact.key
