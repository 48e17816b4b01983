"""What colleagues know of a person that no list says: kept, made use of once, and brought up.

`to_use` says what to remember for a contact now, `days_ahead` whose day comes; both read in one
statement. `saying` puts what they find in a sentence.
"""

from irm.funnel.facts.keeping import Noted, confirm, edit, end, note, restore
from irm.funnel.facts.reminding import Ahead, How, Remembered, days_ahead, may_read, to_use
from irm.funnel.facts.saying import saying
from irm.funnel.facts.using import Used, take_back, use

__all__ = [
    "Ahead",
    "How",
    "Noted",
    "Remembered",
    "Used",
    "confirm",
    "days_ahead",
    "edit",
    "end",
    "may_read",
    "note",
    "restore",
    "saying",
    "take_back",
    "to_use",
    "use",
]
