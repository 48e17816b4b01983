"""What a brand's reach rests on, in sentences: found once, said in each reader's language."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.directory import merged
from irm.models import Influencer, User
from irm.network import proposals, risk, standing
from irm.network.risk import Finding
from irm.network.sentences import sentence
from irm.network.standing import Group


class Said(NamedTuple):
    """One finding in words."""

    text: str
    #: Whether that is too much to rest on too little.
    is_high: bool


@dataclass(frozen=True, slots=True)
class Rests:
    """Findings, and the names of all whom they name; nothing of it is in a language yet."""

    findings: Sequence[Finding] = ()
    people: Mapping[int, str] = field(default_factory=dict)
    groups: Mapping[int, Group] = field(default_factory=dict)
    colleagues: Mapping[int, str] = field(default_factory=dict)

    def said(self) -> list[Said]:
        """Each finding as a sentence, in the language spoken now."""
        names: dict[str, Mapping[int, str]] = {
            "people": self.people,
            "community": {
                id: standing.called(self.groups.get(id)) for id in _ids(self.findings, "community")
            },
            "colleague": self.colleagues,
        }
        said = (
            Said(sentence(one, names.get(one.get("on", "colleague"), {})), bool(one.get("high")))
            for one in self.findings
        )
        return [one for one in said if one.text]


def read(session: Session, brand_id: int, at: dt.datetime) -> list[Finding]:
    """What the reach of a brand rests on; nothing where no network was measured."""
    run = proposals.newest_run(session, brand_id)
    return [] if run is None or not run.ties else risk.read(session, brand_id, at)


def named(session: Session, findings: Sequence[Finding] | None) -> Rests:
    """Findings, just made or stored long ago, with the names that those they name bear now.

    Whoever is not there any more has none.
    """
    if not findings:
        return Rests()
    people, groups = _ids(findings, "people"), _ids(findings, "community")
    colleagues = _ids(findings, "colleague")
    colleagues += [id for one in findings for id, _people in one.get("by", ())]
    return Rests(
        findings,
        _people(session, people),
        {one.id: one for one in standing.groups(session, groups)} if groups else {},
        _names(session, User, colleagues),
    )


def _ids(findings: Sequence[Finding], on: str) -> list[int]:
    return sorted({id for one in findings if one.get("on") == on for id in one["ids"]})


def _people(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The names of people; whoever was merged since bears that of today."""
    now = merged.roots(session, ids)
    names = _names(session, Influencer, list(now.values()))
    return {id: names[root] for id, root in now.items() if root in names}


def _names(session: Session, model: Any, ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(select(model.id, model.name).where(model.id.in_(sorted(set(ids)))))
    return {row.id: row.name for row in rows}
