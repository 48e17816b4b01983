"""What is the same for everybody in one scoring: the day, the rules, the brands' topics."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.models import Brand, Setting, Topic
from irm.scoring import explanation, rules
from irm.scoring.fit import Weights
from irm.scoring.relevance import Matcher
from irm.scoring.resonance import Expectation


@dataclass(frozen=True, slots=True)
class BrandTopics:
    """A brand's weights, and the places of its topics among all."""

    weights: Weights
    places: list[int]

    @property
    def mask(self) -> int:
        """The places as a bit mask."""
        return sum(1 << place for place in self.places)


@dataclass(frozen=True, slots=True)
class World:
    """What is the same for everybody."""

    day: dt.date
    rules: rules.Rules
    matcher: Matcher
    brands: dict[int, BrandTopics]


def read(session: Session, day: dt.date) -> World:
    """Read the rules and make the topics of all brands ready: each text is then read once."""
    topics = session.scalars(select(Topic).order_by(Topic.id)).all()
    return World(
        day=day,
        rules=rules.rules(session),
        matcher=Matcher([explanation.topic(topic) for topic in topics]),
        brands={
            brand: BrandTopics(
                rules.weights(stored),
                [place for place, topic in enumerate(topics) if topic.brand_id == brand],
            )
            for brand, stored in session.execute(select(Brand.id, Brand.fit_weights))
        },
    )


def decided(session: Session) -> dict[int | None, Any]:
    """Read what colleagues decide about scores: of each brand, and under `None` of all."""
    now = rules.rules(session)
    found: dict[int | None, Any] = {None: (now.overlap, now.thresholds)}
    for brand, weights in session.execute(select(Brand.id, Brand.fit_weights)):
        found[brand] = [weights]
    topics = select(Topic.brand_id, Topic.id, Topic.name, Topic.keywords, Topic.weight)
    for brand, *topic in session.execute(topics.order_by(Topic.id)):
        found.setdefault(brand, []).append(topic)
    return found


def keep_lines(session: Session, lines: dict[str, Expectation]) -> None:
    """Keep the fitted lines and their clouds for pages.

    A line that hardly moved stays where it was. Forgets those of platforms that no longer have
    enough accounts.
    """
    wanted: dict[str, Any] = {}
    before = rules.rules(session).expectations
    for platform, line in lines.items():
        stands = before.get(platform, line)
        drawn = stands if line.is_near(stands) else line
        wanted[rules.EXPECTATION + platform] = {
            "intercept": drawn.intercept,
            "slope": drawn.slope,
            "accounts": line.accounts,
        }
        wanted[rules.CLOUD + platform] = {"points": [list(point) for point in line.cloud]}
    stored = [*session.scalars(rules.settings()), *session.scalars(rules.clouds())]
    kept = {setting.name: setting for setting in stored}
    for name, value in wanted.items():
        if name not in kept:
            session.add(Setting(name=name, value=value))
        elif kept[name].value != value:
            kept[name].value = value
    for name, setting in kept.items():
        if name.startswith((rules.EXPECTATION, rules.CLOUD)) and name not in wanted:
            session.delete(setting)
