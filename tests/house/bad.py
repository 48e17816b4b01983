"""A thousand things that no form asks for, the same at each run."""

import itertools
import random

_LONG = 60_000

#: What makes careless patterns, parsers and sums slow.
SLOW = (
    "a" * _LONG,
    "a" * _LONG + "!",
    "@" * _LONG,
    " " * _LONG + "x",
    "\n" * _LONG,
    "a." * (_LONG // 2),
    "a@" * (_LONG // 2) + "b",
    "9" * _LONG,
    "1e" + "9" * 400,
    "-" * _LONG,
    ",".join("x" * 20_000),
    "(" * _LONG,
    "[" * _LONG,
    '{"a":' * 10_000,
    "https://" + "a/" * 20_000,
    "https://" + "a." * 20_000 + "com",
    "#" + "é" * 30_000,
    "e\u0301" * 20_000,
    "\u202e" * 20_000,
    "👩‍👩‍👧‍👦" * 3_000,
    "%" * _LONG,
    "%(x)s" * 10_000,
    "&amp;" * 10_000,
    "<" * 30_000,
    '"' * 30_000,
    "stage=aware&" * 4_000,
    "q=" + "a" * 30_000,
    "2026-01-0" * 6_000,
    "~" * 30_000,
    "+33" * 20_000,
)

# fmt: off
_EDGES = (
    "0", "-0", "-1", "+1", "1.5", "1,5", "1e3", "1_000", "0x10", "٣", "NaN", "inf", "-inf",
    "2147483647", "2147483648", "-2147483649", "9223372036854775808",
    "1" + "0" * 308,
    "2026-02-30", "2026-13-01", "0000-00-00", "10000-01-01", "2026-W01-1", "20260101",
    "yesterday", "2026-01-01T25:00", "24:00", "-1:00", "Europe/Nowhere", "../../etc/passwd",
    "/dev/zero", "C:\\con", "..\\..", "file.csv.exe", "true", "null", "None", "undefined", "[]",
    "{}", "[object]", "' OR 1=1 --", '"; DROP TABLE users; --', "1; SELECT pg_sleep(9)", "%27",
    "\\", "\\u0000", "$1", "${jndi:ldap://x}", "{{1}}", "%s%n%x", "`id`", "$(id)", "| id", "=1+1",
    "@SUM(1)", "+cmd", "\t", "\r", "\r\n", "\x0b", "\x1b[31m", "\x7f", "\x80", "\u2028", "\ufeff",
    "\ufffe", "\uffff", "İ", "ß", "\ufb01", "Ω", "İ", "ı", "\U0001f9d1\u200d\U0001f680",
    "e\u0301", "\u0301", "\u202eabc", "a@b", "@", "@@", "a@b@c", "a@-.com", '"a b"@example.com',
    "a@[127.0.0.1]", "@nobody", "#", "##", "http://", "http:///x", "http://[", "http://[::1",
    "http://a:99999", "//", "http://a b", "ftp://x", "aware~", "~aware", "1~2~3", "-1~aware",
    "1~nowhere", "0", "00", "1 ", " 1", "1\n", "1,2", "1,,2",
)
# fmt: on


def _made() -> tuple[str, ...]:
    """The edges and the slow ones, and dice of all alphabets up to a thousand."""
    dice = random.Random("bad input")
    found = dict.fromkeys((*_EDGES, *SLOW))
    alphabets = (
        "0123456789+-.,eE ",
        "0123456789-:TZ/ W",
        "abcXYZ~=&?#%/\\@.:;,'\"<>(){}[]|*+$^!_-",
        "\t\r\n\x0b\x1f\x7f\u00a0\u200b\u200d\u2028\u202e\ufeff\u0301",
        "éßİıﬁΩжשمक中ก👍\U0010fffd",
    )
    turn = itertools.cycle(alphabets)
    while len(found) < 1000:
        found["".join(dice.choices(next(turn), k=dice.choice((1, 3, 12, 80, 600))))] = None
    return tuple(found)


INPUTS = _made()
