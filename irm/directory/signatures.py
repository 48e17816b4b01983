"""Links in mails act for whom they were sent to: whoever else reads a mail gets them cut."""

import re

#: What irm/mail/signed.py makes: an address that is a right, and what may stand behind it.
_SIGNED = re.compile(r"""(/(?:act|unsubscribe)/)[^\s/"'<>]+""")


def cut(text: str) -> str:
    """A text in which no link stands for its recipient any more."""
    return _SIGNED.sub(r"\1…", text)
