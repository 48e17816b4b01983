"""Text that is translated when it is shown, not when it is written.

This module knows no web framework: the app hands it a translator at start, and until then
English stands. A stored code becomes a sentence only through here.

Some things a brand calls by names of its own. A text made by `own` asks for such a name first,
each time it is shown: the app says whose names count for a page, `calling` for a letter.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol


class Translator(Protocol):
    """What the app wires in: gettext and ngettext of the reader's language."""

    def gettext(self, message: str) -> str: ...

    def ngettext(self, one: str, many: str, n: int) -> str: ...


class _English:
    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, one: str, many: str, n: int) -> str:
        return one if n == 1 else many


_translator: Translator = _English()


def use(translator: Translator) -> None:
    """Let every text be translated by this translator from now on."""
    global _translator
    _translator = translator


def _(message: str, **params: Any) -> str:
    """Translate now, into the language of whoever is being answered."""
    text: str = _translator.gettext(message)
    return text % params if params else text


def _n(one: str, many: str, n: int, **params: Any) -> str:
    """Translate now, with the plural form that `n` asks for; `%(n)s` stands for the number."""
    return _translator.ngettext(one, many, n) % {"n": n, **params}


class LazyText:
    """A text that is translated each time it is shown.

    `message` and `params` are what it is made of, for whoever must store it and not its words.
    """

    __slots__ = ("_make", "message", "params")

    _make: Callable[[], str]
    message: str
    params: dict[str, Any]

    def __init__(
        self, make: Callable[[], str], message: str = "", params: dict[str, Any] | None = None
    ) -> None:
        self._make = make
        self.message = message
        self.params = params or {}

    def __str__(self) -> str:
        return self._make()

    def __repr__(self) -> str:
        return f"LazyText({str(self)!r})"

    def __mod__(self, params: Any) -> str:
        text: str = str(self) % params
        return text

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, str | LazyText) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))


def _l(message: str, **params: Any) -> LazyText:
    """Translate later: for what is written once and shown to many."""
    return LazyText(lambda: _(message, **params), message, params)


#: What somebody calls things themselves, by the codes of these; what is missing has our word.
Names = Mapping[str, str]

_NO_NAMES: Names = {}


def _no_names() -> Names:
    return _NO_NAMES


_names: Callable[[], Names] = _no_names
_said_now: ContextVar[Names | None] = ContextVar("names", default=None)


def use_names(names: Callable[[], Names]) -> None:
    """Ask this for the names that count now, whenever a text of `own` is shown."""
    global _names
    _names = names


@contextmanager
def calling(names: Names) -> Iterator[None]:
    """Call things by these names, whatever else counts: for a letter, a file, another brand."""
    before = _said_now.set(names)
    try:
        yield
    finally:
        _said_now.reset(before)


def names_now() -> Names:
    """The names that count now."""
    said = _said_now.get()
    return _names() if said is None else said


def own(code: str, text: LazyText) -> LazyText:
    """A text in whose place a brand may have its own name, kept under a code."""
    return LazyText(lambda: names_now().get(code) or str(text), text.message, text.params)
