"""Each letter about what happened, with made-up people: what a preview and the tests show."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from irm.mail import notices
from irm.mail.letters import Letter
from irm.models import Stage

_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

_BRANDS = {
    3: SimpleNamespace(name="Fougère & Flint", stage_labels={}),
    4: SimpleNamespace(name="Nova", stage_labels={}),
}


def assignment(recipient: Any, _at: dt.datetime) -> Letter:
    """Five thousand people by two colleagues, at two brands."""
    people = [_person()] * 4998 + [_person(name="Li Na", brand_id=4, influencer_id=10)] * 2
    return notices.assignment(recipient, people, ["Claire Dupont", "Tom Ashwell"], _BRANDS)


def mention(recipient: Any, at: dt.datetime) -> Letter:
    """A note about one person, and one about three at once."""
    fair = _note(at - _HOUR, summary="Met at the fair. @Ana: who sends the pictures?", id=6)
    return notices.mention(recipient, [_note(at - _DAY), fair, fair, fair], at, _BRANDS)


def question(recipient: Any, at: dt.datetime) -> Letter:
    """One of her own, and one of her team that waits for twice as long as agreed."""
    own = _asked(at - 25 * _HOUR, at - _HOUR)
    led = _asked(
        at - 50 * _HOUR, at - 26 * _HOUR, name="Li Na", text="Is the oil <organic>?", owner_id=2
    )
    return notices.question(recipient, [own], [led], at, _BRANDS, {2: "Tom Ashwell"})


def proposal(recipient: Any, at: dt.datetime) -> Letter:
    """A move up, a move down, and four that she was told of."""
    up = _person(earned_stage=Stage.ENGAGED, earned_on=(at - 2 * _DAY).date())
    down = _person(name="Li Na", earned_stage=None, earned_on=None, influencer_id=10)
    return notices.proposal(recipient, [up, down], 4, at, _BRANDS)


#: A sample of each letter, by its name: `SAMPLES[name](recipient, at)`.
SAMPLES: dict[str, Callable[[Any, dt.datetime], Letter]] = {
    "assignment": assignment,
    "mention": mention,
    "question": question,
    "proposal": proposal,
}


def _person(**given: Any) -> Any:
    return SimpleNamespace(
        **{
            "influencer_id": 7,
            "brand_id": 3,
            "name": "Chloé Martin",
            "stage": Stage.INTERESTED,
            **given,
        }
    )


def _note(at: dt.datetime, **given: Any) -> Any:
    return _person(
        **{
            "id": 5,
            "at": at,
            "author_id": 2,
            "author_name": "Claire Dupont",
            "summary": "She likes the samples & asks for the recipe. @Ana, do you have it?",
            **given,
        }
    )


def _asked(asked_at: dt.datetime, answer_by: dt.datetime, **given: Any) -> Any:
    return _person(
        **{
            "text": "May I show it in my film?",
            "asked_at": asked_at,
            "answer_by": answer_by,
            "owner_id": 1,
            **given,
        }
    )
