"""How a heading is compared with the words that are known for it, and which are our own."""

import html
import re
import unicodedata
from collections.abc import Sequence

#: What the file of refused rows calls our own columns, in each of our languages.
OURS = frozenset({("row", "reason"), ("ligne", "raison")})

#: What the second of two columns with one name ends with.
_AGAIN = re.compile(r" \(\d+\)$")


def fold(heading: str) -> str:
    """Reduce a heading to what two spellings of it share: letters and digits, no accents.

    >>> fold(" Abonnés\\n(Instagram) ")
    'abonnes instagram'
    """
    plain = unicodedata.normalize("NFKD", html.unescape(heading)).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", letters))


def theirs(headings: Sequence[str]) -> Sequence[str]:
    """Return the columns that the list itself had, without those that irm put beside them."""
    last = tuple(fold(_AGAIN.sub("", heading)) for heading in headings[-2:])
    return headings[:-2] if last in OURS and len(headings) > len(last) else headings
