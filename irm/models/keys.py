"""How a text becomes a key: what people type and what is stored meet here."""

import unicodedata


def fold(text: str) -> str:
    """Fold case, accents and compatibility forms; runs of white space become one blank.

    `Éléonore ＢLANC` and `eleonore blanc` are then the same.
    """
    if text.isascii():  # Nothing to take apart, and a third of the time.
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def fold_handle(handle: str) -> str:
    """Fold a handle: case, a leading @ and blanks at the ends do not make another account.

    Accents stay: `josé` and `jose` are two accounts where a platform allows both.
    """
    return unicodedata.normalize("NFKC", handle).strip().removeprefix("@").strip().casefold()


def name_order(name: str) -> str:
    """The key by which names sort; names without letters or digits come last."""
    folded = fold(name)
    start = next((i for i, c in enumerate(folded) if c.isalnum()), None)
    return ("~" if start is None else folded[start:])[:80] or "~"
