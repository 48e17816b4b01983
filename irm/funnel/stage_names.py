"""What a brand calls the five stages, in each language; what it does not name has irm's word."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.errors import Refused
from irm.i18n import Names, _l
from irm.models import Brand, Stage, User
from irm.models.keys import fold

#: Longer names break the columns of the board.
LENGTH = 24

_ALL = select(Brand.id, Brand.stage_labels)

#: Names by language, then by the stage's code: the way people are shown and asked for them.
ByLanguage = Mapping[str, Names]


def of(stored: object, locale: str) -> dict[str, str]:
    """A brand's own names in one language, by the stages' codes; unsound ones are left out."""
    values = stored if isinstance(stored, dict) else {}
    found = {}
    for stage in Stage:
        said = values.get(stage.value)
        name = said.get(locale) if isinstance(said, dict) else None
        if isinstance(name, str) and fold(name) and len(name) <= LENGTH:
            found[stage.value] = name
    return found


def by_brand(session: Session) -> dict[int, Any]:
    """What each brand calls its stages, as it is stored."""
    return {row.id: row.stage_labels for row in session.execute(_ALL)}


def rule(
    session: Session,
    brand: Brand,
    names: ByLanguage,
    *,
    ours: ByLanguage,
    user: User,
    at: dt.datetime,
) -> bool:
    """Set what a brand calls its stages; whether anything changed.

    `ours` are irm's words, all of them: what equals one of them is no name of the brand's own.
    Raises Refused where a name is too long, says nothing, or is that of two stages.
    """
    for locale, said in names.items():
        refuse_unfit(said, ours[locale])
    wanted = {stage.value: kept for stage in Stage if (kept := _of_stage(stage, names, ours))}
    if wanted == brand.stage_labels:
        return False
    brand.stage_labels = wanted
    record(session, user, Action.BRAND_CHANGED, at, brand_id=brand.id)
    return True


def refuse_unfit(names: Names, ours: Names) -> None:
    """Raise Refused where the names of one language cannot be told apart, or cannot be shown."""
    for name in names.values():
        if len(name) > LENGTH:
            raise Refused(
                _l("“%(name)s” is too long: %(n)s characters at most.", name=name[:40], n=LENGTH)
            )
        if name and not any(letter.isalnum() for letter in name):
            raise Refused(_l("“%(name)s” has no letter in it.", name=name))
    twice = _said_twice(names.get(code) or ours[code] for code in ours)
    if twice:
        raise Refused(_l("Two stages would be called “%(name)s”.", name=twice))


def _said_twice(names: Iterable[str]) -> str:
    seen = set()
    for name in names:
        if fold(name) in seen:
            return name
        seen.add(fold(name))
    return ""


def _of_stage(stage: Stage, names: ByLanguage, ours: ByLanguage) -> dict[str, str]:
    said = {locale: names[locale].get(stage.value, "") for locale in names}
    return {
        locale: name for locale, name in said.items() if name and name != ours[locale][stage.value]
    }
