"""Passwords that are tried first: those that leaked, words that many choose, shapes of the keys.

The list of leaked ones says what was chosen; of long passwords everybody makes their own from the
short ones, with figures behind or written twice. So there are words besides, English and French,
and what counts is how much of a password is something else.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

#: What leaked most often and is long enough to be chosen: in small letters, one to a line. The
#: build makes it of a published list (docs/decisions/0021).
LEAKED = Path(__file__).parent / "dist" / "leaked_passwords.txt"

#: What people make passwords of; of three letters at least.
_WORDS = """
abcd abcdef access account acer admin administrateur administrator alpha amour amoureux andrea
andrew angel anges animal anna anthony apple april arsenal asdf asdfgh asdfghjkl august autumn
avril azer azerty azertyuiop baby bailey balloon banana banane baseball basket basketball batman
beach bear beau beaute beautiful beauty beer belle betty biscuit black blanc blanche blessed
bleu blink blue bonheur bonjour boss boston brand brandon bubble business butter butterfly
cactus camille campagne campaign caramel carlos caroline change changeme changer charlie
charlotte chat chaton cheese chelsea chester chicken chien chiens chocolat chocolate chouchou
choupette christ christmas clement clients coca code coeur coffee company compte computer
connect connexion cookie cool copain copine correcthorsebatterystaple corvette cowboy
creator creators crypto dakota
dallas danger daniel data database dauphin david december decembre default demo deux diamond
dieu disney dolphin dominique donald doudou dragon dream dreams eagle ecole eglise elephant
elodie email emma enfant enfants enter entreprise ete etoile europe famille family fashion
february ferrari fevrier figaro fleur fleurs flower flowers football forever fortnite francais
france frederic freedom friend friends gabriel gaming garcon gateau gemini george ginger girl
girls gold golden golf google guest guitar guitare hallo happy harley harry hawaii heaven heidi
hello hiver hockey home honey horse hotel house hunter iloveyou influence influencer influencers
influenceur influenceurs insta instagram internet invite isabelle ivan jacques january janvier
jardin jasmine jean jennifer jenny jesus jetaime joker jordan jordi joshua jour juillet juin
julia julie july june junior justin karate kevin killer king kitty lapin laura lauren lemon
letmein licorne lilas linux lion lions little liverpool login logitech lola london louise loulou
love lovely lover lovers loveyou lucas lucky lumiere lune maggie magic maison maman manager
manchester manon march marie marine marketing marley mars marseille martin martine master matrix
matthew maverick media medias melissa mercedes merci merlin michael michel michelle mickey
minecraft minou mireille mobile mode model modepasse moderator monaco monday money monkey
monster morgan mort motdepasse mother movie music musique mustang muster myspace naruto nathalie
nation network nicolas nicole nintendo nirvana noel nothing nounours november novembre october
octobre office olivia olivier orange orchid outlook pamela panda papa papillon paradis paris
parola partner pascal pass passe passer passion passpass passw password passwort patate patrick
peace peanut pepper philippe phoenix photo piano pierre pink pirate pizza please poisson pokemon
police porsche poupette power prince princess princesse printemps private prive purple qazwsx
qsdf qsdfghjklm queen qwer qwert qwerty qwertyu qwertyui qwertyuiop rabbit rainbow ranger raven
reset robert rock roger romain root rose rouge router runner sabrina sacha saint salut samantha
samedi samsung sandrine sarah saturday school scooter scorpion secret secure securite security
september septembre server service sexy shadow shopping silver simple skate sleep snoopy snow
soccer social soleil sophie spider spiderman spring star stars starwars stephane stephanie storm
strong student success summer sunday sunflower sunshine super superman support sweet sylvie
system taylor team teddy temp temporaire test tester testing thomas thunder thursday tiger
tigger tiktok tinkerbell titi tonton toto tototo travail travel trust trustno tuesday turtle
twitch twitter ultimate unicorn user username utilisateur vacances valerie vanille vendredi
victoire victor victoria viking vincent violet virginie vivelafrance voiture voyage wednesday
welcome welcometo whatever william willow windows winner winter wizard work world wxcv wxcvbn
xavier yamaha yankees yellow yolo youtube zaq zenith zidane zxcv zxcvbn zxcvbnm
"""

WORDS = frozenset(_WORDS.split())

#: How keys lie beside each other, and what is counted or spelled out.
_ROWS = (
    "1234567890123456789012345678901234567890",
    "0987654321098765432109876543210987654321",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
)

#: Figures and signs that stand for letters.
_LEET = str.maketrans("013457@$!", "oieastasi")

#: So many letters beside the words make a password somebody's own, or so many different words.
OWN_LETTERS, OWN_WORDS = 4, 4

#: Figures and signs around the words, up to which they are what everybody puts there.
PADDING = 8

#: Different characters that a password needs at least.
_DIFFERENT = 5


def is_common(password: str, about: Iterable[str] = ()) -> bool:
    """Whether a password would be tried early: by anybody, or by whoever knows what it is about.

    `about` is who she is: her name, her address, her brands.
    """
    text = _plain(password)
    if len(set(text)) < _DIFFERENT or _is_chunk_repeated(text) or _is_run(text):
        return True
    if _has_leaked(text):
        return True
    own = {part for one in about for part in re.findall(r"[a-z]{3,}", _plain(one))}
    own |= {"".join(re.findall(r"[a-z]+", _plain(one))) for one in about}
    words = WORDS | {word for word in own if len(word) >= 3}
    return any(_is_of_words(text, letters, words) for letters in _readings(text))


def _plain(text: str) -> str:
    """In small letters, without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))


def _has_leaked(text: str) -> bool:
    """Whether it is one of the list, as it stands or with figures and signs around it."""
    core = _core(text)
    tried = {text, core} if len(text) - len(core) <= PADDING else {text}
    # Read when a password is chosen and not kept: that is seldom, and takes a millisecond.
    leaked = LEAKED.read_bytes()
    return any(f"\n{one}\n".encode() in leaked for one in tried)


def _core(text: str) -> str:
    """The text without the figures and signs at its ends."""
    return re.sub(r"^[^a-z]+|[^a-z]+$", "", text)


def _readings(text: str) -> set[str]:
    """The letters of a text as they stand, and with figures read as letters, inside and at all."""
    read = (text, _core(text).translate(_LEET), text.translate(_LEET))
    return {re.sub(r"[\W\d_]", "", one) for one in read}


def _is_chunk_repeated(text: str) -> bool:
    """Whether it is something short three times or more: "abcabcabcabc"."""
    return any(
        text == (text[:n] * (len(text) // n + 1))[: len(text)] for n in range(1, len(text) // 3 + 1)
    )


def _is_run(text: str) -> bool:
    """Whether it goes along the keys, the figures or the alphabet but for a few characters."""
    longest = 0
    for start in range(len(text)):
        end = start + longest + 1
        while end <= len(text) and any(text[start:end] in row for row in _ROWS):
            longest, end = end - start, end + 1
    return len(text) - longest < OWN_LETTERS


def _is_of_words(text: str, letters: str, words: frozenset[str]) -> bool:
    """Whether it is a few known words with little beside them."""
    beside, used = _parted(letters, words)
    others = sum(not one.isalpha() for one in text)
    beside += max(0, others - PADDING)
    return bool(used) and beside < OWN_LETTERS and len(used) < OWN_WORDS


def _parted(letters: str, words: frozenset[str]) -> tuple[int, frozenset[str]]:
    """How few letters are left where words are taken out, and which words those are."""
    longest = max(map(len, words))
    best: list[tuple[int, frozenset[str]]] = [(0, frozenset())]
    for end in range(1, len(letters) + 1):
        left, used = best[end - 1]
        found = (left + 1, used)
        for start in range(max(0, end - longest), end - 2):
            if (word := letters[start:end]) in words:
                left, used = best[start]
                with_it = (left, used | {word})
                if (with_it[0], len(with_it[1])) < (found[0], len(found[1])):
                    found = with_it
        best.append(found)
    return best[-1]
