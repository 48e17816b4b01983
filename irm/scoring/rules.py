"""What an organisation may set about its scores, and the lines fitted on its own data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from irm.models import Setting
from irm.scoring.facts import known
from irm.scoring.fit import Weights
from irm.scoring.reach import OVERLAP
from irm.scoring.resonance import Expectation
from irm.scoring.tiers import Thresholds

#: The names of the settings, and what each holds.
AUDIENCE = "audience"  # {"overlap": 0.5}
TIERS = "tiers"  # {"macro": 250000, "middle": 10000}
CLOUD = "cloud:"  # + platform: {"points": [[3.2, -1.7], …]}, read by one page alone
EXPECTATION = "expectation:"  # + platform: {"intercept": -0.9, "slope": -0.17, "accounts": 983}


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that hold for everybody in this installation."""

    overlap: float = OVERLAP
    thresholds: Thresholds = field(default_factory=Thresholds)
    expectations: Mapping[str, Expectation] = field(default_factory=dict)

    def fitted_on(self, platform: str) -> int:
        """Say how many accounts a platform's line rests on; 0 where it is the one shipped."""
        line = self.expectations.get(platform)
        return 0 if line is None else line.accounts


def settings() -> Select[Setting]:
    """Select the settings that scores depend on."""
    return select(Setting).where(
        or_(
            Setting.name.in_((AUDIENCE, TIERS)),
            Setting.name.startswith(EXPECTATION, autoescape=True),
        )
    )


def clouds() -> Select[Setting]:
    """Select the samples of accounts that lines were fitted on: thousands of numbers, for drawings.

    No score depends on them, so that `settings` leaves them out.
    """
    return select(Setting).where(Setting.name.startswith(CLOUD, autoescape=True))


def cloud(value: object) -> list[tuple[float, float]]:
    """Read the points of a stored cloud; what is not sound is left out."""
    points = _mapping(value).get("points")
    return [
        (float(point[0]), float(point[1]))
        for point in (points if isinstance(points, list) else [])
        if isinstance(point, list) and len(point) == 2 and all(map(_is_finite, point))
    ]


_SETTINGS = settings().with_only_columns(Setting.name, Setting.value)


def rules(session: Session) -> Rules:
    """Read the rules in one query; what is not set, or not sound, has its default."""
    return of(dict(session.execute(_SETTINGS).all()))


def of(values: Mapping[str, Any]) -> Rules:
    """The rules as settings have them, by name; what is not set, or not sound, has its default."""
    audience, tiers = _mapping(values.get(AUDIENCE)), _mapping(values.get(TIERS))
    defaults = Thresholds()
    return Rules(
        overlap=min(1.0, _number(audience.get("overlap"), OVERLAP)),
        thresholds=Thresholds(
            macro=int(_number(tiers.get("macro"), defaults.macro)),
            middle=int(_number(tiers.get("middle"), defaults.middle)),
        ),
        expectations={
            name.removeprefix(EXPECTATION): Expectation(
                float(value["intercept"]), float(value["slope"]), int(value["accounts"])
            )
            for name, value in values.items()
            if name.startswith(EXPECTATION)
        },
    )


def weights(stored: object) -> Weights:
    """Read a brand's weights of the fit; one that is not set, or not sound, has its default."""
    found, defaults = _mapping(stored), Weights()
    return Weights(
        reach=_number(found.get("reach"), defaults.reach),
        resonance=_number(found.get("resonance"), defaults.resonance),
        relevance=_number(found.get("relevance"), defaults.relevance),
    )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _number(value: object, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    number = known(value)
    return default if number is None else number
