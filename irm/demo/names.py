"""Invented people: names put together from parts, and the handles they would choose."""

import random
import unicodedata

_FIRST_NAMES = {
    "en": (
        "Abigail Ada Alfie Amber Archie Audrey Beth Bryony Callum Cerys Clara Dylan Edie Effie "
        "Elliot Esme Ewan Fern Finlay Florence Freya George Grace Hamish Hazel Iona Isla Jasper "
        "Joss Kit Lachlan Leila Lottie Mabel Maeve Morgan Nell Noah Olive Otis Paige Poppy Priya "
        "Ravi Robin Rory Rowan Ruby Sanjay Skye Tabitha Tariq Tilly Toby Wilf Willa Yasmin Zara"
    ),
    "fr": (
        "Adèle Agathe Alban Aliénor Amandine Anouk Apolline Armand Aurélien Bastien Blandine "
        "Camille Capucine Céleste Clément Coline Corentin Côme Delphine Élise Éloi Émile Fanny "
        "Faustine Gaspard Gauthier Gwenaëlle Hortense Idriss Inès Jeanne Joséphine Juliette Karim "
        "Léonie Lilou Louison Lucien Maëlle Malik Margaux Mathilde Maxence Nadia Noémie Octave "
        "Ombeline Quentin Romane Sacha Salomé Samira Sidonie Solène Théo Thibault Valentin Yann "
        "Youssef Zélie"
    ),
}

_BEGINNINGS = {
    "en": (
        "Alder Ash Barrow Birk Black Brack Bram Brook Cald Cran Dun Elder Ember Fal Fen Flax Gorse "
        "Green Hal Hart Hazel Heather Holm Ivy Kel Lark Ling Mar Mill Moor Nettle Oak Pen Quill "
        "Red Rook Sedge Stan Stone Tarn Thistle Thorn Wend Whin Wick Wilder Wren Yar"
    ),
    "fr": (
        "Aub Barn Bel Berl Boiss Bruy Cann Castel Chant Clair Combr Corn Courv Donz Escar Faug "
        "Flav Font Garr Genest Gran Hautev Jonq Lamb Lavand Lestr Lor Marc Mirl Mont Noir Orm "
        "Pal Perv Pless Quér Roch Romag Sarr Sauv Serr Tamar Thém Tourn Vald Vauc Verd Vign"
    ),
}

_ENDINGS = {
    "en": (
        "acre beck bourne bridge by combe croft dale den fell field ford gate hurst leigh mere "
        "moss ridge row shaw stead stow thwaite well wick wood worth"
    ),
    "fr": (
        "ac aigne ailles anges ard aud ault ay elaine elle enay enne erac ières ignac ille illon "
        "oise olle onnay ot oual ouze ude ussac uzan"
    ),
}

_HANDLE_WORDS = {
    "en": "afield byhand cooks daily makes outside roams tells walks writes",
    "fr": "auvert cuisine dehors enchemin enroute etcie officiel raconte surlefeu vadrouille",
}


def _parts(texts: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(text.split()) for language, text in texts.items()}


_FIRST, _LAST_BEGIN, _LAST_END, _WORDS = map(
    _parts, (_FIRST_NAMES, _BEGINNINGS, _ENDINGS, _HANDLE_WORDS)
)


def name(rng: random.Random, language: str) -> str:
    """Invent a name as people of that language bear them."""
    last = rng.choice(_LAST_BEGIN[language]) + rng.choice(_LAST_END[language])
    return f"{rng.choice(_FIRST[language])} {last}"


def handle(rng: random.Random, name: str, language: str, taken: set[str]) -> str:
    """Invent a handle that nobody in `taken` has, and take it."""
    first, last = (_plain(part) for part in name.split(" ", 1))
    word = rng.choice(_WORDS[language])
    shape = rng.randrange(5)
    wish = (
        f"{first}.{last}",
        f"{first}_{word}",
        f"{last}{word}",
        f"{first}{last}",
        f"{first}.{last[:4]}.{word}",
    )[shape]
    found, tries = wish, 1
    while found in taken:
        tries += 1
        found = f"{wish}{tries}" if tries < 4 else f"{wish}{rng.randrange(10, 9_999_999)}"
    taken.add(found)
    return found


def _plain(text: str) -> str:
    """Letters as a platform allows them in a handle."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if c.isascii() and c.isalnum()).lower()
