"""What is done to every text that people send: no spaces around it, nothing unstorable in it."""


def clean(value: str | None) -> str:
    """Strip a text and take out NUL, which PostgreSQL cannot store and nobody means to write."""
    return (value or "").replace("\x00", "").strip()


def one_line(value: str | None) -> str:
    """A clean text on one line."""
    return " ".join(clean(value).split())
