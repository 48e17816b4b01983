"""Countries: which one a free text means, and what they are called.

Public holidays go by ISO code; of people we have what a list or a colleague wrote: "France", "FR",
"États-Unis", "Lyon, France". What is not known for sure is no country: a wrong holiday is worse
than none.
"""

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from irm.models.keys import fold

#: What stands in the table of territories and is no country anybody lives in.
_NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)

#: What people write and the table of names does not have, folded.
_OTHERS = {
    "america": "US",
    "etats unis": "US",
    "etats unis d'amerique": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "u.k.": "GB",
    "england": "GB",
    "angleterre": "GB",
    "scotland": "GB",
    "ecosse": "GB",
    "wales": "GB",
    "pays de galles": "GB",
    "great britain": "GB",
    "grande-bretagne": "GB",
    "northern ireland": "GB",
    "irlande du nord": "GB",
    "czech republic": "CZ",
    "republique tcheque": "CZ",
    "holland": "NL",
    "hollande": "NL",
    "nederland": "NL",
    "the netherlands": "NL",
    "deutschland": "DE",
    "osterreich": "AT",
    "schweiz": "CH",
    "svizzera": "CH",
    "espana": "ES",
    "italia": "IT",
    "polska": "PL",
    "brasil": "BR",
    "belgie": "BE",
    "sverige": "SE",
    "norge": "NO",
    "danmark": "DK",
    "suomi": "FI",
    "turkey": "TR",
    "ivory coast": "CI",
    "korea": "KR",
    "republic of korea": "KR",
    "coree": "KR",
    "russian federation": "RU",
    "uae": "AE",
    "vietnam": "VN",
    "hong kong": "HK",
    "macau": "MO",
    "myanmar": "MM",
    "birmanie": "MM",
    "palestine": "PS",
    "maroc": "MA",
}

#: A letter of a flag, and the letter it stands for.
_FLAG = {0x1F1E6 + n: chr(ord("a") + n) for n in range(26)}

#: Nobody names a country at such length; what a list holds there is something else.
_LONGEST = 80


def is_code(code: str) -> bool:
    """Whether this is the ISO code of a country, two capitals."""
    return code in names("en")


@lru_cache(4)
def names(locale: str) -> Mapping[str, str]:
    """What each country is called in a language, by its ISO code."""
    return {
        code: str(name)
        for code, name in Locale.parse(locale).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }


def code_of(text: str | None) -> str | None:
    """The ISO code of the country a text means; None where that is not certain.

    Names in English and French are known, codes of two and three letters, flags, and the country
    behind a town: "Lyon, France".
    """
    if not text or len(text) > _LONGEST:
        return None
    return _code_of(text)


@lru_cache(4096)
def _code_of(text: str) -> str | None:
    known, key = _known(), _key(text.translate(_FLAG))
    return known.get(key) or known.get(key.rpartition(",")[2].partition("(")[0].strip())


def _key(text: str) -> str:
    return fold(text.replace("’", "'"))


@lru_cache(1)
def _known() -> Mapping[str, str]:
    """Codes by all that stands for them, folded; what two countries share stands for none."""
    found: dict[str, set[str]] = {}
    for locale in ("en", "fr"):
        for code, name in names(locale).items():
            key = _key(name)
            for form in (key, key.replace("&", "and"), key.replace("&", "et")):
                found.setdefault(form, set()).add(code)
    known = {key: codes.pop() for key, codes in found.items() if len(codes) == 1} | _OTHERS
    for alias, codes in get_global("territory_aliases").items():
        if alias.isalpha() and len(codes) == 1 and codes[0] in names("en"):
            known.setdefault(alias.casefold(), codes[0])
    return known | {code.casefold(): code for code in names("en")}
