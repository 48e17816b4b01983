"""Cells of a history as people write them: moments, words for kinds and stages, yes and no."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from irm.imports import days, figures
from irm.models import (
    Channel,
    Direction,
    Kind,
    Level,
    Outcome,
    Planner,
    Stage,
    State,
    Visibility,
)
from irm.models.keys import fold

_Word = TypeVar("_Word")

_EXACT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d:\d\d", re.ASCII)
_TIME = re.compile(r"\d\s?[:h]|\d\s?[ap]\.?m", re.IGNORECASE)

_KINDS = {
    Kind.GIVE: "give given gift cadeau don donne offert envoi regalo",
    Kind.ASK: "ask request asked demande sollicitation peticion solicitud",
    Kind.TALK: "talk discussion echange conversation contact note parler dialogue charla",
}
_DIRECTIONS = {
    Direction.OUT: "out outbound outgoing sent sortant envoye denous fromus saliente enviado",
    Direction.IN: "in inbound incoming received entrant recu deux fromthem entrante recibido",
    Direction.BOTH: "both bothways twoway lesdeux dansles2sens danslesdeuxsens ambos",
}
_CHANNELS = {
    Channel.COMMENT: "comment commentaire comentario",
    Channel.MESSAGE: "message directmessage dm mp messageprive mensaje whatsapp sms chat",
    Channel.EMAIL: "email mail courriel correo mailing correoelectronico",
    Channel.CALL: "call phone phonecall appel telephone tel llamada telefono visio video zoom",
    Channel.MEETING: "meeting reunion rendezvous rdv entretien reunión cita rencontre",
    Channel.EVENT: "event evenement salon evento",
    Channel.POST: "post publicpost publication publicacion partage",
    Channel.PARCEL: "parcel package colis envoi paquete shipping produit",
    Channel.OTHER: "other autre otro",
}
_STAGES = {
    Stage.UNAWARE: "unaware noninforme noninformee desconocido",
    Stage.AWARE: "aware informe informee informado",
    Stage.INTERESTED: "interested interesse interessee interesado",
    Stage.ENGAGED: "engaged engage engagee comprometido",
    Stage.AMBASSADOR: "ambassador ambassadeur ambassadrice embajador embajadora",
}
_STATES = {
    State.OPEN: "open todo planned ouvert ouverte afaire prevu prevue planifie abierto pendiente",
    State.DONE: "done completed closed fait faite termine terminee hecho",
    State.SKIPPED: "skipped dropped cancelled canceled saute annule annulee abandonne cancelado",
}
_LEVELS = {
    Level.BEGINNER: "beginner debutant debutante principiante",
    Level.INTERMEDIATE: "intermediate intermediaire intermedio",
    Level.ADVANCED: "advanced avance avancee confirme avanzado",
}
_VISIBILITIES = {
    Visibility.TEAM: "team public equipe publique equipo",
    Visibility.PRIVATE: "private privee prive privado",
}
_OUTCOMES = {
    Outcome.ACCEPTED: "accepted yes accepte acceptee oui ok aceptado si",
    Outcome.DECLINED: "declined no refused rejected refuse refusee decline non rechazado",
    Outcome.NO_ANSWER: "noanswer noreply noresponse sansreponse pasdereponse aucunereponse"
    " sinrespuesta",
}
_PLANNERS = {Planner.PERSON: "person", Planner.CADENCE: "cadence", Planner.PLAN: "plan"}


def _by_word(words: Mapping[_Word, str]) -> dict[str, _Word]:
    return {word: member for member, listed in words.items() for word in listed.split()}


KINDS = _by_word(_KINDS)
DIRECTIONS = _by_word(_DIRECTIONS)
CHANNELS = _by_word(_CHANNELS)
STAGES = _by_word(_STAGES)
STATES = _by_word(_STATES)
LEVELS = _by_word(_LEVELS)
VISIBILITIES = _by_word(_VISIBILITIES)
OUTCOMES = _by_word(_OUTCOMES)
PLANNERS = _by_word(_PLANNERS)
FLAGS = _by_word({True: "true yes oui si 1 x vrai", False: "false no non 0 faux"})


def compact(text: str) -> str:
    """Reduce a heading or a word to its letters and digits, folded: `E-mail` is `email`."""
    return "".join(re.findall(r"[^\W_]+", fold(text)))


def word(text: str, known: Mapping[str, _Word]) -> _Word:
    """Read one of some words. Raises ValueError where it is none of them."""
    try:
        return known[compact(text)]
    except KeyError:
        raise ValueError(text) from None


def number(text: str) -> int:
    """Read a whole number. Raises ValueError where it is none, or larger than can be kept."""
    value = figures.count(text)
    if value is None or value > 2**31 - 1:
        raise ValueError(text)
    return value


def moment(text: str, order: str) -> dt.datetime | dt.date:
    """Read a moment with its zone (without one it is UTC), or a bare day.

    `order` is that of the column's days. Raises ValueError where it is neither.
    """
    plain = text.strip()
    if _EXACT.fullmatch(plain):  # Ours: to the microsecond.
        at = dt.datetime.fromisoformat(plain).astimezone(dt.UTC)
    elif _TIME.search(plain):
        at = days.moment(plain, order)
    else:
        return days.day_in(plain, order)
    if at.date() < days.FIRST:
        raise ValueError(text)
    return at


def words(text: str) -> tuple[str, ...]:
    """Read a list of words: as JSON, or with semicolons, commas or bars between."""
    plain = text.strip()
    found: Iterable[Any] = re.split(r"[;,|]", plain)
    if plain.startswith("["):
        found = json.loads(plain)
        if not isinstance(found, list):
            raise ValueError(text)
    elif ";" in plain:
        found = plain.split(";")
    return tuple(dict.fromkeys(one for one in (" ".join(str(w).split()) for w in found) if one))
