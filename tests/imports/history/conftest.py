"""A brand with people, and a way to take a list of what happened with them."""

import csv
import io
from collections import Counter
from dataclasses import dataclass

import make
import pytest

from irm.imports import lists, repeated
from irm.imports.kinds import Chosen, Context, Step
from irm.models import ContactPoint, Relationship
from irm.scoring.rules import Rules


@dataclass
class Lines:
    """A text as the reader of files would give it."""

    headings: tuple[str, ...]
    lines: list[list[str]]

    @classmethod
    def of(cls, text):
        headings, *lines = csv.reader(io.StringIO(text))
        return cls(tuple(headings), lines)

    @property
    def sample(self):
        return self.lines[:200]

    def rows(self):
        return iter([(number, cells) for number, cells in enumerate(self.lines, 2) if any(cells)])


@dataclass
class Taken:
    """What came of a list."""

    decisions: list
    step: Step

    @property
    def counts(self):
        return dict(Counter(one.verdict.value for one in self.decisions))

    @property
    def complaints(self):
        return [one.complaint.code for one in self.decisions if one.complaint]


@pytest.fixture
def brand(saved):
    return saved(make.brand(name="Acme", timezone="Europe/Paris"))


@pytest.fixture
def ana(saved, brand):
    """Ana, who works for Acme."""
    return saved(make.member(brand=brand, user=make.user(email="ana@example.com"))).user


@pytest.fixture
def chloe(saved, session, brand):
    """Chloé, on Instagram, with an e-mail address; the relationship with Acme."""
    relationship = saved(make.relationship(brand=brand, name="Chloé Martin"))
    person = relationship.influencer
    session.add_all(
        [
            make.account(influencer=person, handle="chloe", followers=900, platform_id="17"),
            ContactPoint(
                influencer_id=person.id,
                kind="email",
                value="chloe@example.com",
                value_key="chloe@example.com",
            ),
        ]
    )
    session.commit()
    return relationship


@pytest.fixture
def take(session, brand):
    """Take a text as a list of a kind, as the job would, and say what came of it."""

    def take(text, kind="auto", *, chosen=None, at=make.MONDAY, to=None, rules=None):
        session.rollback()
        session.expire_all()
        sheet = Lines.of(text)
        made = lists.understand(sheet, chosen or Chosen(), kind)
        context = Context(
            (to or brand).id, None, None, at.date(), "list.csv", "consent", rules or {}, Rules(), at
        )
        step, decisions = Step(), []
        told = repeated.tell(made, sheet, repeated.find(made, sheet))
        for chunk in repeated.chunks(made, told, lambda: 100):
            settled = made.decide(session, chunk, context, to_write=True)
            made.write(session, settled, context, step)
            session.commit()
            decisions += settled
        session.expire_all()
        return Taken(decisions, step)

    return take


@pytest.fixture
def related(session):
    """Read a relationship anew."""

    def related(of):
        return session.get(Relationship, of.id, populate_existing=True)

    return related
