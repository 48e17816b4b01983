"""The demo's brand, its topics, and the three colleagues who work for it in two teams."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.directory import team, teams
from irm.funnel import timing
from irm.models import Brand, Role, Topic, User

NAME = "Fougère & Flint"
ZONE = "Europe/Paris"
HANDLES = [
    {"platform": "instagram", "handle": "fougere.and.flint"},
    {"platform": "youtube", "handle": "fougereandflint"},
]
ALIASES = ["fougère & flint", "fougere and flint", "fougèreflint"]

#: Name, weight, keywords in English and French.
TOPICS = (
    (
        "Outdoor cooking",
        1.0,
        ["outdoor cooking", "campfire", "cast iron", "dutch oven", "camp stove", "embers"],
        ["cuisine en plein air", "feu de camp", "fonte", "braise", "réchaud", "feu de bois"],
    ),
    (
        "Hiking and bivouac",
        0.7,
        ["hike", "hiking", "trail", "bivouac", "summit"],
        ["randonnée", "rando", "sentier", "sommet"],
    ),
    (
        "Wild food",
        0.8,
        ["foraging", "wild garlic", "mushrooms", "hedgerow", "nettle"],
        ["cueillette", "ail des ours", "champignons", "girolles", "orties"],
    ),
    (
        "Seasonal produce",
        0.6,
        ["seasonal", "farmers market", "vegetable garden"],
        ["de saison", "marché", "potager", "maraîchère"],
    ),
    (
        "Repair and second hand",
        0.4,
        ["repair", "second hand", "zero waste"],
        ["réparer", "seconde main", "zéro déchet"],
    ),
    (
        "Camping with the family",
        0.6,
        ["camping", "tent", "with kids"],
        ["tente", "en famille", "cabane"],
    ),
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of those who sign in to the demo."""

    name: str
    email: str
    role: Role
    locale: str
    zone: str


CAST = (
    Colleague("Nora Delmas", "nora@fougere-flint.example", Role.LEAD, "en", "Europe/Paris"),
    Colleague("Tom Ashwell", "tom@fougere-flint.example", Role.MANAGER, "en", "Europe/London"),
    Colleague("Chloé Vasseur", "chloe@fougere-flint.example", Role.MANAGER, "fr", "Europe/Paris"),
)


#: Name, and the places in CAST of who is in it: the lead is in both.
TEAMS = (("France", (0, 2)), ("United Kingdom", (0, 1)))


def found(session: Session) -> Brand | None:
    """The demo's brand, if it is there."""
    return session.scalar(select(Brand).where(Brand.is_demo).order_by(Brand.id).limit(1))


def users(session: Session) -> list[User]:
    """The demo's colleagues, the lead first."""
    return list(session.scalars(select(User).where(User.is_demo).order_by(User.id)))


def begin(session: Session, password: str, today: dt.date) -> tuple[Brand, list[User]]:
    """Add the brand, its topics and its colleagues, all with one password.

    Raises Refused where a name or an address is taken.
    """
    at = dt.datetime.combine(today, dt.time(), dt.UTC)
    brand = team.add_brand(session, name=NAME, at=at, timezone=ZONE, is_demo=True)
    brand.handles, brand.aliases = HANDLES, ALIASES
    for name, weight, english, french in TOPICS:
        keywords = english + french
        topic = Topic(brand_id=brand.id, name=name, weight=weight, keywords=keywords, created_at=at)
        session.add(topic)
    members = []
    for one in CAST:
        user = team.add_user(
            session,
            name=one.name,
            email=one.email,
            password=password,
            at=at,
            locale=one.locale,
            timezone=one.zone,
            is_demo=True,
        )
        user.next_digest_at = timing.next_at(user.digest_hour or 8, user.zone, at)
        team.join(session, user, brand, one.role)
        members.append(user)
    session.flush()
    for name, places in TEAMS:
        ids = [members[place].id for place in places]
        teams.add(session, brand.id, name=name, user_ids=ids, by=members[0], at=at)
    return brand, members
