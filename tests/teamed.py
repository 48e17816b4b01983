"""The builder of a team, beside those of tests/make.py."""

from itertools import count
from typing import Any

from make import MONDAY

from irm.models import BrandMember, Team, TeamMember
from irm.models.keys import fold

_numbers = count(1)


def team(saved: Any, *members: BrandMember, **given: Any) -> Team:
    """A saved team of these members, of their brand where none is named."""
    name = given.pop("name", f"Team {next(_numbers)}")
    brand_id = given.pop("brand_id", None) or members[0].brand_id
    given.setdefault("created_at", MONDAY)
    made: Team = saved(Team(brand_id=brand_id, name=name, name_key=fold(name), **given))
    for one in members:
        saved(TeamMember(team_id=made.id, user_id=one.user_id, brand_id=brand_id))
    return made
