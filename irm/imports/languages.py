"""Languages as lists name them."""

import re

_NAMES = {
    "en": "english anglais ingles",
    "fr": "french francais frances",
    "es": "spanish espagnol espanol castellano",
    "de": "german allemand deutsch aleman",
    "it": "italian italien italiano",
    "pt": "portuguese portugais portugues",
    "nl": "dutch neerlandais nederlands",
    "ar": "arabic arabe",
    "ru": "russian russe",
    "hi": "hindi",
    "id": "indonesian indonesien",
    "ja": "japanese japonais",
    "ko": "korean coreen",
    "zh": "chinese chinois",
    "tr": "turkish turc",
    "pl": "polish polonais",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}
_CODE = re.compile(r"([a-z]{2})(?:[-_][a-z]{2,4})?")


def code(folded: str) -> str | None:
    """Return the two letters of a language given by code or name (folded); None if unknown."""
    if match := _CODE.fullmatch(folded.replace(" ", "-")):
        return match[1]
    return _CODES.get(folded)
