"""Words of cells: archetypes, origins, channels, yes and no, as lists write them."""

import re
from collections.abc import Mapping
from typing import TypeVar

from irm.models import Archetype, Channel, Origin
from irm.models.keys import fold

_Word = TypeVar("_Word")

_ARCHETYPES = {
    Archetype.CELEBRITY: "celebrity celebrite star vip famoso celebridad",
    Archetype.JOURNALIST: "journalist journaliste press presse reporter periodista",
    Archetype.ANALYST: "analyst analyste analista",
    Archetype.POLITICIAN: "politician politique politicien politicienne elu elue depute deputee"
    " personnalitepolitique politico",
    Archetype.EXPERT: "expert experte subjectexpert specialiste experto experta",
    Archetype.COMMUNITY_LEADER: "communityleader leaderdecommunaute animateurdecommunaute lider",
    Archetype.CREATOR: "creator createur creatrice contentcreator createurdecontenu creador"
    " creadora youtuber blogger blogueur streamer",
    Archetype.LOCAL: "local localvoice voixlocale",
    Archetype.FAN: "fan aficionado",
}
_ORIGINS = {
    Origin.EXTERNAL: "external externe externo",
    Origin.EMPLOYEE: "employee employe employee salarie salariee collaborateur empleado",
    Origin.PARTNER: "partner partenaire socio",
    Origin.CUSTOMER: "customer client cliente",
}
_CHANNELS = {
    Channel.COMMENT: "comment commentaire comentario",
    Channel.MESSAGE: "message directmessage dm mp messageprive whatsapp sms chat mensaje",
    Channel.EMAIL: "email mail courriel correo",
    Channel.CALL: "call phone appel telephone llamada visio",
    Channel.MEETING: "meeting reunion rendezvous rdv",
    Channel.EVENT: "event evenement evento",
    Channel.POST: "post publicpost publication",
    Channel.PARCEL: "parcel colis paquete",
    Channel.OTHER: "other autre otro",
}


def _by_word(words: Mapping[_Word, str]) -> dict[str, _Word]:
    return {word: member for member, listed in words.items() for word in listed.split()}


ARCHETYPES = _by_word(_ARCHETYPES)
ORIGINS = _by_word(_ORIGINS)
CHANNELS = _by_word(_CHANNELS)
FLAGS = _by_word({True: "true yes oui si 1 y o x vrai", False: "false no non 0 n faux"})


def word(text: str, known: Mapping[str, _Word]) -> _Word:
    """Read one of some words. Raises ValueError where it is none of them."""
    try:
        return known["".join(re.findall(r"[^\W_]+", fold(text)))]
    except KeyError:
        raise ValueError(text) from None


def several(text: str) -> tuple[str, ...]:
    """Read a list of words with commas, semicolons, bars or Google's `:::` between them."""
    found = (" ".join(part.strip(" *[]'\"").split()) for part in re.split(r"[;,|\n]|:::", text))
    return tuple(dict.fromkeys(part for part in found if part))
