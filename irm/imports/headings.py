"""How a heading is compared with the words that are known for it."""

import html
import re
import unicodedata


def fold(heading: str) -> str:
    """Reduce a heading to what two spellings of it share: letters and digits, no accents.

    >>> fold(" Abonnés\\n(Instagram) ")
    'abonnes instagram'
    """
    plain = unicodedata.normalize("NFKD", html.unescape(heading)).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", letters))
