"""Numbers as people type them into a form, read as those of an imported list are."""

from irm.imports import figures


def plain(typed: str, *, is_count: bool = False) -> str:
    """A number as digits: `1M` is `1000000`; what is no number comes back as it was typed.

    A count has no decimals: there `12.345` is twelve thousand.
    """
    try:
        value = figures.count(typed) if is_count else figures.figure(typed)
    except ValueError:
        return typed
    return typed if value is None else f"{float(value):.3f}".rstrip("0").rstrip(".")
