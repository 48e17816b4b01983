"""Colleagues to choose one from, under the names of their teams."""

from collections.abc import Iterable
from typing import NamedTuple

from wtforms.fields.choices import SelectChoice

from irm.db import db
from irm.directory import teams
from irm.i18n import _


class Group(NamedTuple):
    """The colleagues of a team as id and name; without a name there are no teams."""

    name: str
    members: list[tuple[int, str]]


def in_teams(brand_id: int, members: Iterable[tuple[int, str]]) -> list[Group]:
    """These colleagues of a brand by its teams, whoever is in none last.

    Whoever is in several stands under each. Where the brand has no teams they are one group.
    """
    # A result of the database has keys, by which it would be taken for a mapping.
    known = dict(list(members))
    inside: dict[str, list[tuple[int, str]]] = {}
    for row in db.session.execute(teams.members(brand_id)):
        if row.user_id in known:
            inside.setdefault(row.name, []).append((row.user_id, row.user_name))
    if not inside:
        return [Group("", list(known.items()))]
    found = {id for some in inside.values() for id, _name in some}
    others = [(id, name) for id, name in known.items() if id not in found]
    groups = [Group(name, some) for name, some in inside.items()]
    return [*groups, Group(_("In no team"), others)] if others else groups


def choices(groups: Iterable[Group]) -> list[SelectChoice]:
    """The same as the choices of a form's field."""
    return [
        SelectChoice(id, name, optgroup=group.name or None)
        for group in groups
        for id, name in group.members
    ]
