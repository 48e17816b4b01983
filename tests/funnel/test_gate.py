"""The ask gate: who gives first may ask, and never is the first thing we say an ask."""

from hypothesis import given
from hypothesis import strategies as st

from irm.funnel import gate
from irm.funnel.gate import Answer, Facts
from irm.models import Stage

STAGES = list(Stage)

anything = st.builds(
    Facts,
    stage=st.sampled_from(STAGES),
    earned=st.none() | st.sampled_from(STAGES),
    gives=st.integers(0, 6),
    has_outbound=st.booleans(),
    has_applied=st.booleans(),
    has_planned_ask=st.booleans(),
)


def slow(facts):
    """The rule as it is written down, one sentence after the other."""
    if not facts.has_outbound and not facts.has_applied:
        return "never"
    earned = STAGES.index(facts.earned) if facts.earned else 0
    rung = min(STAGES.index(facts.stage), earned)
    gives = 0 if facts.has_planned_ask else facts.gives
    if rung == 0:
        return "shut"
    if rung in (1, 2):
        return "open" if gives >= 3 else "shut"
    if rung == 3:
        return "open" if gives >= 1 else "shut"
    return "open"


@given(anything)
def test_the_gate_answers_as_the_rule_is_written_down(facts):
    assert gate.judge(facts).answer == slow(facts)


@given(anything)
def test_the_gate_never_lets_a_first_ask_through(facts):
    verdict = gate.judge(facts)

    first = not facts.has_outbound and not facts.has_applied
    assert (verdict.answer is Answer.NEVER) is first
    assert not (first and verdict.is_open)


@given(anything)
def test_one_more_give_never_shuts_the_gate(facts):
    more = Facts(
        facts.stage,
        facts.earned,
        facts.gives + 1,
        facts.has_outbound,
        facts.has_applied,
        facts.has_planned_ask,
    )

    assert gate.judge(more).is_open or not gate.judge(facts).is_open


@given(anything)
def test_a_claim_opens_nothing_that_is_not_earned(facts):
    claimed = gate.needed(facts.stage, facts.earned)

    assert claimed == gate.needed(facts.earned or Stage.UNAWARE, facts.stage)
    if facts.earned is None:
        assert claimed is None


@given(anything)
def test_the_missing_gives_open_a_gate_that_is_shut_for_want_of_them(facts):
    verdict = gate.judge(facts)
    if verdict.why.get("code") != "gives":
        return

    given_more = Facts(facts.stage, facts.earned, facts.gives + verdict.missing, has_outbound=True)
    one_less = Facts(
        facts.stage, facts.earned, facts.gives + verdict.missing - 1, has_outbound=True
    )
    assert gate.judge(given_more).is_open
    assert not gate.judge(one_less).is_open


def test_why_is_a_code_with_what_is_there_and_what_is_wanted():
    assert gate.judge(Facts(Stage.AWARE, Stage.AWARE, 2, has_outbound=True)).why == {
        "code": "gives",
        "have": 2,
        "needed": 3,
    }
    assert gate.judge(Facts(Stage.ENGAGED)).why == {"code": "first_contact"}
    assert gate.judge(Facts(Stage.ENGAGED, has_outbound=True)).why == {"code": "unaware"}
    planned = Facts(Stage.ENGAGED, Stage.ENGAGED, 4, has_outbound=True, has_planned_ask=True)
    assert gate.judge(planned).why["code"] == "asked_already"


def test_an_application_stands_for_our_first_word_and_for_no_gift():
    applied = gate.judge(Facts(Stage.AWARE, Stage.AWARE, has_applied=True))

    assert applied.answer is Answer.SHUT
    assert applied.missing == 3
