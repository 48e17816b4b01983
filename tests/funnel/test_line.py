"""One line of quick log: what is understood, and that nothing is ever lost."""

import datetime as dt
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.funnel.interactions import FIRST_DAY
from irm.funnel.line.chips import ChipKind
from irm.funnel.line.parsing import parse
from irm.models import Direction, Kind

#: A Wednesday.
TODAY = dt.date(2026, 3, 4)

PAIRS = [
    (
        "@lea call yesterday: loved the kit; back in 2w",
        "@lea appel hier : loved the kit ; rappeler dans 2 semaines",
    ),
    (
        "meeting last friday: all well. Follow up on monday",
        "rendez-vous vendredi dernier : all well. Relance lundi",
    ),
    ("email 3 days ago: figures sent", "courriel il y a 3 jours : figures sent"),
    ("message on 12 May: asked for time", "message le 12 mai : asked for time"),
    ("Called her today, busy", "Appelée aujourd'hui, busy"),
    (
        "thanks: for the post; again next week",
        "merci : for the post ; relancer la semaine prochaine",
    ),
    ("gift a week ago: a book", "cadeau il y a une semaine : a book"),
    ("call two months ago: x; next: tomorrow", "appel il y a deux mois : x ; relance demain"),
    ("day before yesterday: x; back in 3 months", "avant-hier : x ; rappeler dans 3 mois"),
    ("reply this morning: x; follow up on 12 June", "réponse ce matin : x ; relance le 12 juin"),
    ("samples monday: x; back in ten days", "échantillons lundi : x ; rappeler dans dix jours"),
    ("call: voicemail; again after", "appel : répondeur ; again after"),
]


def told(line):
    """What a line says, whatever its words."""
    return line.activity, line.kind, line.direction, line.day, line.next_on


def test_the_line_everybody_writes():
    line = parse("@lea.b call yesterday: loved the kit, wants samples; back in 2w", TODAY)

    assert line.summary == "loved the kit, wants samples"
    assert line.of(ChipKind.WHO).value == "lea.b"
    assert (line.activity.code, line.kind, line.direction) == ("call", Kind.TALK, Direction.BOTH)
    assert (line.day, line.next_on) == (dt.date(2026, 3, 3), dt.date(2026, 3, 18))


@pytest.mark.parametrize(("english", "french"), PAIRS)
def test_both_languages_are_understood_alike(english, french):
    one, other = parse(english, TODAY), parse(french, TODAY)

    assert one.chips
    assert told(one) == told(other)
    if "back" not in english and "again after" not in english:
        assert one.summary == other.summary


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", "2026-03-04"),
        ("yesterday", "2026-03-03"),
        ("day before yesterday", "2026-03-02"),
        ("monday", "2026-03-02"),
        ("wednesday", "2026-03-04"),
        ("last wednesday", "2026-02-25"),
        ("friday", "2026-02-27"),
        ("3 days ago", "2026-03-01"),
        ("2w ago", "2026-02-18"),
        ("a month ago", "2026-02-04"),
        ("12 May", "2025-05-12"),
        ("May 12th", "2025-05-12"),
        ("3 March", "2026-03-03"),
        ("29 Feb", "2024-02-29"),
        ("12 May 2024", "2024-05-12"),
        ("2025-05-12", "2025-05-12"),
        ("1er mars", "2026-03-01"),
        ("lundi 2 mars", "2026-03-02"),
        ("il y a une semaine", "2026-02-25"),
        ("mercredi dernier", "2026-02-25"),
    ],
)
def test_a_day_gone_by_is_read(said, day):
    assert parse(f"call {said}: x", TODAY).day == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("tomorrow", "2026-03-05"),
        ("in 3 days", "2026-03-07"),
        ("in 2w", "2026-03-18"),
        ("on monday", "2026-03-09"),
        ("on wednesday", "2026-03-11"),
        ("in a month", "2026-04-04"),
        ("on 12 May", "2026-05-12"),
        ("on 1 March", "2027-03-01"),
        ("2026-05-12", "2026-05-12"),
        ("next week", "2026-03-11"),
        ("dans 15 jours", "2026-03-19"),
        ("après-demain", "2026-03-06"),
        ("lundi prochain", "2026-03-09"),
        ("le mois prochain", "2026-04-04"),
    ],
)
def test_a_day_to_come_is_read(said, day):
    line = parse(f"loved it; back {said}", TODAY)

    assert line.next_on == dt.date.fromisoformat(day)
    assert line.summary == "loved it"


@pytest.mark.parametrize(
    "text",
    [
        "call her mother",
        "message from her agent about the fair",
        "loved what we posted yesterday",
        "Her new book: call of the wild",
        "She comes back in 2 weeks",
        "samples arrive in 3 days",
        "thanks for the kit",
        "see https://example.com/a:b and 10:30",
        "the 30 February does not exist",
        "call on 2027-01-01: no",
        "paid 12/05",
        "@",
        ":",
        "",
    ],
)
def test_what_may_mean_something_else_stays_as_it_was_written(text):
    line = parse(text, TODAY)

    assert (line.summary, line.day, line.next_on) == (text, None, None)
    assert line.of(ChipKind.ACTIVITY) is None


@pytest.mark.parametrize(
    ("text", "day", "summary", "kind"),
    [
        ("@lea call 30 February: all well", "30 February", "30 February: all well", Kind.TALK),
        ("@lea appel le 31 novembre : bien", "31 novembre", "le 31 novembre : bien", Kind.TALK),
        ("@lea all well; back on 31 June", "31 June", "all well; back on 31 June", None),
        ("promised: samples by 2026-02-30", "2026-02-30", "promised: samples by 2026-02-30", None),
        ("lunch on June 31", "June 31", "lunch on June 31", None),
    ],
)
def test_a_day_that_no_month_has_is_said_to_be_none(text, day, summary, kind):
    line = parse(text, TODAY)

    found = line.of(ChipKind.NO_DAY)
    assert (found.value, line.summary, line.kind) == (day, summary, kind)
    assert (line.day, line.next_on) == (None, None)
    assert parse(text, TODAY, refused=[found.token]).of(ChipKind.NO_DAY) is None


@pytest.mark.parametrize("text", ["29 February", "March 35", "in April 31 people came", "31 May"])
def test_a_day_there_is_and_a_number_of_something_are_none_of_that(text):
    assert parse(text, TODAY).of(ChipKind.NO_DAY) is None


def test_the_day_at_the_end_counts_where_the_line_begins_with_a_deed():
    line = parse("Met her at the fair yesterday", TODAY)

    assert (line.summary, line.day) == ("Met her at the fair", dt.date(2026, 3, 3))
    assert line.activity.code == "meeting"


def test_a_call_that_reached_nobody_went_one_way():
    assert parse("call yesterday: no answer", TODAY).direction is Direction.OUT
    assert parse("appel hier : répondeur", TODAY).direction is Direction.OUT


def test_a_line_that_says_no_more_than_what_it_was_keeps_that_as_its_summary():
    line = parse("@lea call yesterday", TODAY)

    assert (line.summary, line.activity.code, line.day) == ("call", "call", dt.date(2026, 3, 3))


def test_a_promise_and_a_question_are_seen_and_stay_in_the_summary():
    text = "liked it; promised: samples by friday; she asks when we launch?"
    line = parse(text, TODAY)

    assert line.summary == text
    promise = line.of(ChipKind.PROMISE)
    assert (promise.value, promise.by) == ("samples", dt.date(2026, 3, 6))
    assert not promise.is_theirs
    assert line.of(ChipKind.QUESTION).value == "when we launch?"


@pytest.mark.parametrize(
    ("said", "is_theirs"),
    [
        ("we promised the kit by 12 May", False),
        ("on a promis le kit pour le 12 mai", False),
        ("she promised a post before 12 May", True),
        ("elle a promis un article d'ici le 12 mai", True),
    ],
)
def test_a_promise_has_its_day_and_whoever_gave_it(said, is_theirs):
    promise = parse(f"call: all well; {said}", TODAY).of(ChipKind.PROMISE)

    assert (promise.by, promise.is_theirs) == (dt.date(2026, 5, 12), is_theirs)


def test_a_promise_without_a_day_is_words_alone():
    assert parse("promised: samples", TODAY).of(ChipKind.PROMISE) is None


def test_somebody_is_named_at_the_beginning():
    text = "Léa Martin call yesterday: loved it"

    assert parse(text, TODAY).begins.startswith("Léa Martin")
    line = parse(text, TODAY, name="Lea Martin")
    assert (line.summary, line.activity.code) == ("loved it", "call")
    assert parse(text, TODAY, name="Somebody Else").of(ChipKind.WHO) is None


def test_what_was_refused_is_words_again():
    text = "call yesterday: loved it; back in 2w"
    day = parse(text, TODAY).of(ChipKind.DAY)

    line = parse(text, TODAY, refused=[day.token])

    assert line.day is None
    assert "yesterday" in line.summary
    assert line.next_on is not None


_WORDS = st.sampled_from(
    [word for pair in PAIRS for text in pair for word in text.split()]
    + ["a", "in", "on", "le", "0", "9999", "99999", "31", "30", "février", "2w", "j'ai", "ago"]
    + [",", ":", ";", ".", "?", "!", "(", ")", "-", "—", "@", "@@x"]
)
_LINES = st.one_of(
    st.text(max_size=120),
    st.lists(_WORDS, max_size=20).map(" ".join),
    st.lists(_WORDS, max_size=12).map(" ".join),
)
_DAYS = st.dates(dt.date(1990, 6, 1), dt.date(2100, 1, 1))


def words_of(*texts):
    return Counter(word for text in texts for word in re.findall(r"\w+", text))


@given(_LINES, _DAYS)
def test_no_word_is_ever_lost(text, today):
    line = parse(text, today)

    cut = [chip.raw for chip in line.chips if chip.is_cut]
    assert words_of(text) == words_of(line.summary, *cut)


@given(_LINES, _DAYS)
def test_what_happened_lies_behind_us_and_what_is_planned_before_us(text, today):
    line = parse(text, today)

    assert line.day is None or FIRST_DAY <= line.day <= today
    assert line.next_on is None or today <= line.next_on <= today + dt.timedelta(days=1098)


@given(_LINES, _DAYS)
def test_whatever_is_refused_in_the_end_the_line_stands_as_it_was_written(text, today):
    refused = set()
    while tokens := {chip.token for chip in parse(text, today, refused=refused).chips}:
        assert not tokens & refused
        refused |= tokens

    assert parse(text, today, refused=refused).summary == " ".join(text.split())


@given(_LINES, _DAYS)
def test_each_thing_is_said_once(text, today):
    kinds = [chip.kind for chip in parse(text, today).chips]

    assert len(kinds) == len(set(kinds))


@given(_LINES, _DAYS, st.text(max_size=40))
def test_any_name_may_stand_first(text, today, name):
    line = parse(f"{name} {text}", today, name=name)

    assert words_of(f"{name} {text}") == words_of(
        line.summary, *(chip.raw for chip in line.chips if chip.is_cut)
    )
