"""What a server's refusal means for the address: codes of RFC 3463 where there are, else words."""

import re

from irm.models import BounceKind

#: "5.1.1", but not four figures of an address of the internet.
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_CODE = re.compile(r"(?<![\d.])([45])[0-5]\d(?=[ \-:]|$)", re.MULTILINE)

#: Not the recipient's address but ours is refused.
_SENDERS = frozenset({(1, 7), (1, 8)})

#: In which order the words decide. Lower case; the first that stands in the text counts.
_WORDS = (
    (
        BounceKind.HARD,
        (
            "user unknown",
            "unknown user",
            "unknown recipient",
            "unknown or illegal alias",
            "unknown address",
            "no such user",
            "no such recipient",
            "no such mailbox",
            "no such address",
            "no such person",
            "no mailbox here by that name",
            "not a valid mailbox",
            "does not exist",
            "doesn't exist",
            "doesn’t exist",
            "didn't match",
            "recipient not found",
            "mailbox not found",
            "address not found",
            "couldn't be found",
            "could not be found",
            "wasn't found",
            "recipnotfound",
            "recipientnotfound",
            "invalid recipient",
            "invalid mailbox",
            "address couldn",
            "mailbox unavailable",
            "account has been disabled",
            "account that you tried to reach",
            "adresse inconnue",
            "destinataire inconnu",
            "n'existe pas",
            "n’existe pas",
            "unbekannt",
        ),
    ),
    (
        BounceKind.POLICY,
        (
            "spam",
            "blacklist",
            "blocklist",
            "block list",
            "blocked",
            "dmarc",
            "dkim",
            "spf",
            "policy",
            "reputation",
            "relay",
            "not authorized",
            "denied",
            "prohibited",
        ),
    ),
    (
        BounceKind.SOFT,
        (
            "quota",
            "mailbox is full",
            "mailbox full",
            "inbox is full",
            "over limit",
            "storage",
            "temporar",
            "try again",
            "greylist",
            "timed out",
            "timeout",
            "could not connect",
            "connection refused",
            "deferred",
        ),
    ),
)


def kind_of(status: str, said: str, *, in_words_alone: bool = False) -> BounceKind | None:
    """Say what a refusal means: by its status, else by what the server said.

    None where neither tells. `in_words_alone`: of a text that may be no refusal at all.
    """
    words = said.lower()
    found = _specific(status) or _specific(said)
    if found is not None:
        return _by_code(*found, words)
    for kind, some in _WORDS:
        if any(word in words for word in some):
            return _unless_it_is_us(kind, words)
    if any_code := _ENHANCED.search(status) or _CODE.search(said) or _ENHANCED.search(said):
        return BounceKind.SOFT if any_code[1] == "4" else BounceKind.OTHER
    return None if in_words_alone else BounceKind.OTHER


def _specific(text: str) -> tuple[int, int, int] | None:
    """The first code in a text that says more than "no"."""
    for match in _ENHANCED.finditer(text):
        major, subject, detail = (int(one) for one in match.groups())
        if major != 2 and subject:
            return major, subject, detail
    return None


def _by_code(major: int, subject: int, detail: int, words: str) -> BounceKind:
    if major == 4:
        return BounceKind.SOFT
    if subject == 1 and (subject, detail) not in _SENDERS:
        return _unless_it_is_us(BounceKind.HARD, words)
    if subject in (1, 7):
        return BounceKind.POLICY
    # Full, switched off, not to be reached: it may be over tomorrow, and is counted.
    return BounceKind.SOFT if subject in (2, 4) else BounceKind.OTHER


def _unless_it_is_us(kind: BounceKind, words: str) -> BounceKind:
    about_us = "sender address" in words or "sender rejected" in words or "sender verif" in words
    return BounceKind.POLICY if kind is BounceKind.HARD and about_us else kind
