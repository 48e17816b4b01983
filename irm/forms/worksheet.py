"""What somebody writes on the discovery worksheet, step by step."""

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

from irm.directory.worksheet import MOST_LINES, Theme
from irm.errors import Refused
from irm.forms.text import clean, one_line
from irm.forms.topic import KEYWORD_LENGTH, MOST_KEYWORDS, keywords_of
from irm.i18n import _l

#: What each field holds.
PROMISE_LENGTH = 2_000
LINE_LENGTH = 200
NAME_LENGTH = 80

#: Rows of themes that a form may have.
MOST_THEMES = 30


def promise(form: "MultiDict[str, str]") -> str:
    """Read the brand's promise. Raises Refused where it is too long."""
    text = clean(form.get("promise")).replace("\r\n", "\n")
    if len(text) > PROMISE_LENGTH:
        raise Refused(_l("This is too long: %(n)s characters at most.", n=PROMISE_LENGTH))
    return text


def lines(form: "MultiDict[str, str]", name: str) -> tuple[str, ...]:
    """Read a text as its lines, each once. Raises Refused where they are too many or too long."""
    found = dict.fromkeys(one_line(line) for line in clean(form.get(name)).splitlines())
    found.pop("", None)
    if len(found) > MOST_LINES:
        raise Refused(_l("These are too many: %(n)s lines at most.", n=MOST_LINES))
    if any(len(line) > LINE_LENGTH for line in found):
        raise Refused(_l("A line is too long: %(n)s characters at most.", n=LINE_LENGTH))
    return tuple(found)


def typed(form: "MultiDict[str, str]") -> list[dict[str, str]]:
    """Read the rows of themes as they were typed; those left empty are left out."""
    rows = [
        {name: one_line(form.get(f"{name}-{at}")) for name in ("name", "keywords", "weight")}
        for at in range(MOST_THEMES)
    ]
    return [row for row in rows if row["name"] or row["keywords"]]


def themes(rows: Iterable[dict[str, str]]) -> tuple[Theme, ...]:
    """Read rows as themes. Raises Refused with what is wrong with the first that is."""
    found: dict[str, Theme] = {}
    for row in rows:
        name, words = row["name"], keywords_of(row["keywords"])
        if not name:
            raise Refused(_l("Give each theme a name."))
        if len(name) > NAME_LENGTH:
            raise Refused(_l("A name is too long: %(n)s characters at most.", n=NAME_LENGTH))
        if not words:
            raise Refused(_l("“%(name)s” needs at least one keyword.", name=name))
        if len(words) > MOST_KEYWORDS or any(len(word) > KEYWORD_LENGTH for word in words):
            raise Refused(
                _l(
                    "“%(name)s” may have %(n)s keywords of %(length)s characters at most.",
                    name=name,
                    n=MOST_KEYWORDS,
                    length=KEYWORD_LENGTH,
                )
            )
        if name.lower() in found:
            raise Refused(_l("Two themes are called “%(name)s”.", name=name))
        found[name.lower()] = Theme(name, tuple(words), _weight(name, row["weight"]))
    return tuple(found.values())


def _weight(name: str, text: str) -> float:
    try:
        weight = float(text.replace(",", ".")) if text else 1.0
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise Refused(_l("The weight of “%(name)s” is a number from 0 to 1.", name=name))
    return weight
