"""What each page reads of its address and each form of its fields, and what is none of that."""

from collections.abc import Iterable, Iterator

from irm.directory import filters

#: What no reader types and every parser meets: other digits, days and numbers without bounds,
#: the edges of what text can be, and what looks like a token of ours.
NONSENSE = (
    "",
    "😀'\"<b>",
    "\ud7ff",
    "\U0010ffff",
    "\ufdfa" * 60,
    "²",
    "١",
    "-1",
    "nan",
    "9999999999",
    "9" * 40,
    "9999-12-31",
    "0001-01-01",
    "//[",
    "~",
    "2026-01-01T00:00:00+00:00~move~9999999999",
    "9999-12-31~inf~9999999999",
    "x" * 5000,
)

#: What a database itself may stumble over; the rest is for our own code, whichever is below it.
FOR_DATABASES = frozenset({"\ud7ff", "\U0010ffff", "-1", "9999999999", "9" * 40, "x" * 5000})


def nonsense(names: Iterable[str], backend: str) -> Iterator[tuple[str, str]]:
    """Each name with the nonsense tried on this database: the other one has its turn with the rest.

    What a database may stumble over is tried on both.
    """
    for number, name in enumerate(names):
        for turn, value in enumerate(NONSENSE, start=number):
            if value in FOR_DATABASES or bool(turn % 2) is (backend == "postgres"):
                yield name, value


_LIST = ("brand", *filters.NAMES)

_BOARD = (*_LIST, "sort", "by", "fields")

_READING = ("brand", "from", "to", "days", "owner")

_PLAN = ("brand", "of", "week", "view", "after")

#: What each page reads of its address.
READS = {
    "today.home": (),
    "today.index": ("brand", "of"),
    "today.days": ("brand", "of"),
    "today.beyond": ("brand",),
    "touchpoints.ask_what": ("brand", "back"),
    "touchpoints.ask_until": ("brand", "back"),
    "touchpoints.ask_why": ("brand", "back"),
    "passing_on.choose": ("brand", "back"),
    "briefs.show": ("brand",),
    "funnel.index": (*_BOARD, "view"),
    "funnel.more_cards": (*_BOARD, "column", "after", "seen", "way"),
    "changes.show": (*_BOARD, "view", "since"),
    "board_facts.show": (*_BOARD, "view"),
    "card_fields.choose": ("brand", "list"),
    "moved.index": ("brand", "since", "way", "after"),
    "moved.line": ("brand",),
    "reviews.index": ("brand",),
    "reviews.past": ("brand",),
    "reviews.show": ("brand",),
    "review_cards.show": ("brand",),
    "limits.show": ("brand",),
    "answering.show": ("brand",),
    "plan.index": _PLAN,
    "plan_gaps.index": _PLAN,
    "plan_making.progress": (*_PLAN, "task"),
    "plan_touches.choose": _PLAN,
    "plan_tries.index": ("brand", "whom", "hours", "away"),
    "plan_tries.show": ("brand", "progress"),
    "touch_minutes.show": ("brand",),
    "promised.index": ("brand", "whose", "days"),
    "promised.colleagues": ("brand", "whose", "days"),
    "promises.of_one": ("brand",),
    "promises.new": ("brand", "interaction", "back"),
    "promises.show": ("brand", "back"),
    "questions.new": ("brand", "interaction", "back"),
    "questions.show": ("brand", "back"),
    "past.index": ("brand", "day", "tier", "owner"),
    "past.more_cards": ("brand", "day", "tier", "owner", "stage", "after"),
    "past.heads": ("brand", "day", "tier", "owner"),
    "reading.index": _READING,
    "reading.show": (*_READING, "of"),
    "reading.download": (*_READING, "of", "form"),
    "reading.people": (*_READING, "before", "after", "above"),
    "influencers.index": (*_LIST, "sort", "after", "columns", "view"),
    "influencers.count": _LIST,
    "groups.show": (*_LIST, "view", "beside"),
    "filtering.choose": ("brand", "list", "group", "at", "field"),
    "filtering.put": ("brand", "list", "group", "at", "field", "is", "value", "more", "from", "to"),
    "filtering.choose_columns": ("brand", "list"),
    "views.index": ("brand",),
    "views.tabs": ("brand", "view", "page"),
    "bulk.index": ("brand",),
    "bulk.show": ("brand", "progress"),
    "comparison.show": ("brand", "id", "q"),
    "exports.show": ("brand", "progress"),
    "exports.download": ("brand",),
    "influencers.lookup": ("brand", "q"),
    "person.show": ("brand", "only"),
    "person.more_entries": ("brand", "only", "before"),
    "history.show": ("brand",),
    "scores.show": ("brand", "from", "to", "before"),
    "discovery.index": ("brand", "topic", "tier", "platform", "sort", "show", "after"),
    "worksheet.show": ("brand", "step"),
    "worksheet.whole": ("brand",),
    "newcomers.new": ("brand",),
    "profile.facts": ("brand", "view"),
    "profile.terms": ("brand", "view"),
    "profile.tier": ("brand", "view"),
    "profile.basis": ("brand", "view"),
    "presence.show": ("brand",),
    "farewells.ask": ("brand",),
    "owners.choose": ("brand",),
    "absences.index": ("brand",),
    "absences.of_person": ("brand",),
    "absences.show": ("brand",),
    "handovers.index": ("brand",),
    "handovers.new": ("brand", "from", "to", "stage", "tier", "until", "introduce", "why", "look"),
    "handovers.show": ("brand", "progress"),
    "handover_dossiers.show": ("brand", "after"),
    "handover_dossiers.alone": ("brand", "who", "after"),
    "team_days.index": ("brand", "month"),
    "campaigns.index": ("brand", "year"),
    "campaigns.new": ("brand",),
    "campaigns.show": ("brand", "missing", "after"),
    "campaigns.edit": ("brand",),
    "campaign_members.find": ("brand", "q"),
    "policies.show": ("brand",),
    "rhythms.choose": ("brand",),
    "facts.show": ("brand",),
    "facts.choose": ("brand",),
    "gifts.choose": ("brand", "fact"),
    "gifts.index": ("brand", "days"),
    "pauses.choose": ("brand", "back"),
    "lines.show": ("brand", "text", "refused", "about"),
    "interactions.colleagues": (),
    "amending.show": (),
    "amending.versions": (),
    "together.show": ("brand",),
    "imports.index": ("brand", "look"),
    "imports.show": ("brand", "verdict", "progress", "after", "step"),
    "imports.refused": ("brand",),
    "duplicates.index": ("brand", "state", "after", "rows"),
    "duplicates.show": ("brand",),
    "merges.doubles": ("brand",),
    "merges.compare": ("brand", "with", "q", "pair"),
    "outbox.index": ("brand", "state", "before"),
    "outbox.show": ("brand",),
    "status.index": ("brand",),
    "settings.index": ("brand",),
    "settings.profile": ("brand",),
    "calendars.show": ("brand",),
    "settings.brand": ("brand",),
    "asks.show": ("brand", "tactic", "wish", "due_on"),
    "asked.index": ("brand", "days"),
    "asked.colleagues": ("brand", "days"),
    "evidence.rules": ("brand",),
    "stages.index": ("brand",),
    "stages.show": ("brand",),
    "stages.names": ("brand",),
    "guides.show": ("brand",),
    "pulses.show": ("brand",),
    "evidence.show": ("brand",),
    "evidence.missing": ("brand",),
    "claims.index": ("brand", "mine", "after"),
    "claims.honesty": ("brand",),
    "resonance.show": ("brand",),
    "rules.show": ("brand",),
    "rules.progress": ("brand", "task"),
}
