"""How a text becomes a key: what people type and what is stored meet here."""

import re
import unicodedata
from functools import lru_cache

#: Where a combining mark may stand: none comes before U+0300.
_BEYOND_LATIN = re.compile("[\u0300-\U0010ffff]+")

#: Texts of at most so many letters are remembered for a while: an import folds a name to look
#: for namesakes, to sort it and to let it be found.
_KEPT = 100


def fold(text: str) -> str:
    """Fold case, accents and compatibility forms; runs of white space become one blank.

    `Éléonore ＢLANC` and `eleonore blanc` are then the same.
    """
    if text.isascii():  # Nothing to take apart, and a third of the time.
        return " ".join(text.casefold().split())
    return _folded(text) if len(text) <= _KEPT else _folded.__wrapped__(text)


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    bare = _BEYOND_LATIN.sub(_without_marks, decomposed)
    return " ".join(bare.casefold().split())


def _without_marks(found: re.Match[str]) -> str:
    return "".join([c for c in found[0] if not unicodedata.combining(c)])


def fold_handle(handle: str) -> str:
    """Fold a handle: case, a leading @ and blanks at the ends do not make another account.

    Accents stay: `josé` and `jose` are two accounts where a platform allows both.
    """
    plain = handle if handle.isascii() else unicodedata.normalize("NFKC", handle)
    return plain.strip().removeprefix("@").strip().casefold()


def name_order(name: str) -> str:
    """The key by which names sort; names without letters or digits come last."""
    folded = fold(name)
    if folded[:1].isalnum():
        return folded[:80]
    start = next((i for i, c in enumerate(folded) if c.isalnum()), None)
    return ("~" if start is None else folded[start:])[:80] or "~"
