"""What people call an exchange in one line, in English and French at once.

Only words that say no more than the code they stand for: a coffee is a meeting, but who writes
"coffee" wants to read it later.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

from irm.funnel.line.words import Words, phrase
from irm.models import Channel, Direction, Kind

T = TypeVar("T")

_ACTIVITIES = {
    "message": "messaged|dmed|texted|(?:direct |private )?message|dms?|message prive|mp",
    "email": "e-?mailed|e-?mails?|mailed|mail|courriel",
    "call": "called|phoned|phone call|phone|call|appele|appelee|telephone|appel|coup de fil",
    "meeting": "met up|met|meeting|rencontree?|rendez-vous|rdv|reunion",
    "at_event": "event|evenement",
    "workshop": "workshop|training|atelier|formation",
    "comment": "commented|comment|commentaire|commentee?",
    "share": "shared|share|partagee?|partage",
    "gift": "gift|cadeau",
    "merch": "merch|goodies",
    "samples": "samples|echantillons",
    "introduction": "introduction|intro|mise en relation",
    "coaching": "coached|coaching",
    "invitation": "invitation|invitee?|invited",
    "congratulation": "congratulated|congratulations|congrats|felicitations|felicitee?",
    "thanks": "thanked|thanks|thank you|remerciements|remerciee?|merci",
    "results": "campaign results|results|resultats(?: de campagne)?",
    "interview": "interviewed|interview|interviewee",
    "co_creation": "co-creation|cocreation",
    "visit": "visit|visite",
    "pitch": "pitched|pitch|sollicitation",
}
_KINDS = {
    Kind.ASK: "ask|demande",
    Kind.GIVE: "give|gave|geste|donne|offert",
    Kind.TALK: "talk|talked|echange",
}
_DIRECTIONS = {
    Direction.IN: (
        "from them|from her|from him|incoming|received|inbound|reply|(?:(?:she|he|they) )?replied"
        "|recue?|de sa part|de leur part|entrante?|reponse"
        "|(?:(?:elle|il|ils|elles) )?(?:a |ont )?repondu"
    ),
    Direction.OUT: "from us|outgoing|outbound|sortante?|de notre part",
    Direction.BOTH: "both ways|dans les deux sens",
}
#: Whom it was with, without saying who: it belongs to the word before.
_THEM = r"(?: (?:with )?(?:her|him|them)| avec (?:elle|lui|eux|elles)| with| avec)?"
_BEFORE = r"(?:(?:a|an|by|une?|par|via|de|we|i|j'ai|on a|nous avons|je l'ai|on l'a|nous l'avons) )?"

_KNOWN_ACTIVITIES = {
    code: phrase(_BEFORE + f"(?:{words})" + _THEM) for code, words in _ACTIVITIES.items()
}
_KNOWN_KINDS = {kind: phrase(words) for kind, words in _KINDS.items()}
_KNOWN_DIRECTIONS = {direction: phrase(words) for direction, words in _DIRECTIONS.items()}

#: Words that begin what is to be done next; what follows is a day.
NEXT = phrase(
    r"(?:(?:i |we |to |will |let's |please )*"
    r"(?:get |come |call |write |ping |check )?(?:back|again)(?: to (?:her|him|them))?"
    r"|(?:to )?follow(?:-| )?up(?: with)?"
    r"|(?:to )?(?:ping|remind)"
    r"|next(?: (?:touch|touchpoint|contact|call|step))?(?: :)?"
    r"|(?:a |la |le |les )*"
    r"(?:rappeler|relancer|recontacter|reprendre contact|revenir vers (?:elle|lui|eux))"
    r"|relance|rappel|prochain contact(?: :)?|suite)"
    r"(?: (?:her|him|them|me))?"
)

#: A day to come that says so itself, where no word of NEXT leads it in.
SAYS_SO = phrase(
    r"in|on|next|tomorrow|(?:the )?day after tomorrow"
    r"|dans|d'ici|demain|apres-demain|le|la|\S+ prochain"
)

#: A promise or a question, as a clause begins with it.
PROMISED = phrase(
    r"(?:(?:we|i|she|he|they|nous avons|on a|j'ai|elle a|il a|ils ont|elles ont) )?"
    r"(?:promised|promise|promis|promesse)(?: :)?"
)
#: Who promised, where it was not us; and what leads in the day of a promise.
THEY = phrase(r"she|he|they|elle(?: a)?|il(?: a)?|ils(?: ont)?|elles(?: ont)?")
BY = phrase(r"by|until|before|for|pour|avant|d'ici(?: a)?|jusqu'a")
ASKED = phrase(
    r"(?:(?:she|he|they|elle|il|ils|elles) )?"
    r"(?:asks|asked|wants to know|question|demande si|a demande si|veut savoir)(?: :)?"
)

#: Nobody was there: what would have gone both ways went one way.
_MISSED = re.compile(
    r"\b(?:no answer|no reply|voice ?mail|not reached|(?:did not|didn't) (?:pick up|answer)"
    r"|pas de reponse|sans reponse|repondeur|messagerie|injoignable|n'a pas repondu|no-?show)\b"
)
_MEETS = (Channel.CALL, Channel.MEETING, Channel.EVENT)


def activity(words: Words, index: int) -> tuple[str, int] | None:
    """The code of what is named from an index on, and the index behind it."""
    return _longest(_KNOWN_ACTIVITIES, words, index)


def kind(words: Words, index: int) -> tuple[Kind, int] | None:
    """The kind that is named from an index on, and the index behind it."""
    return _longest(_KNOWN_KINDS, words, index)


def direction(words: Words, index: int) -> tuple[Direction, int] | None:
    """The direction that is named from an index on, and the index behind it."""
    return _longest(_KNOWN_DIRECTIONS, words, index)


def usual_direction(channel: Channel, folded: str) -> Direction:
    """Who turned to whom, where the line says by what alone: who meets, speaks both ways."""
    return Direction.BOTH if channel in _MEETS and not _MISSED.search(folded) else Direction.OUT


def _longest(known: Mapping[T, re.Pattern[str]], words: Words, index: int) -> tuple[T, int] | None:
    found = [
        (met[1], code)
        for code, pattern in known.items()
        if (met := words.match(pattern, index)) is not None
    ]
    if not found:
        return None
    end = max(end for end, _code in found)
    return next(code for reached, code in found if reached == end), end
