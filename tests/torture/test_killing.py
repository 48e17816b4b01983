"""Senders are killed at random, and what the server took is compared with what the outbox says."""

import random
from collections import Counter

import pytest
from torture.stage import fill, ledger, let_time_pass, under_way, wait_until

from irm.models import MailState

#: SQLite writes in turns: more senders would only wait for each other.
SENDERS = {"sqlite": 2, "postgres": 4}

PACE = {"every": 0.1, "lease": 120, "grace": 900}


@pytest.fixture
def killed(app, backend, session, mail_server, nursery, size):
    """Fill the outbox, let senders at it, and kill one after the other until all is done."""

    def play(policy: str) -> int:
        fill(session, size.mails, doubt_policy=policy)
        senders = [nursery.spawn(**PACE) for _one in range(SENDERS[backend])]
        apart = size.mails // (size.kills + 1)
        for n in range(1, size.kills + 1):
            goal = apart * n + random.randint(-apart // 3, apart // 3)
            wait_until(lambda: mail_server.count >= goal, 600, often=0.001)  # noqa: B023
            victim = senders.pop(random.randrange(len(senders)))
            assert nursery.kill(victim) == -9
            let_time_pass(session, victim)
            senders.append(nursery.spawn(**PACE))
        wait_until(lambda: not under_way(session), 3600)
        return len(senders)

    return play


def test_killed_senders_lose_nothing_and_double_nothing_where_a_person_decides(
    killed, session, mail_server, nursery, size, figure
):
    senders = killed("hold")
    came, said = Counter(to for to, _id in mail_server.taken), ledger(session)
    missing = {f"ana{n}@example.com" for n in range(1, size.mails + 1)} - set(came)
    doubled = [to for to, n in came.items() if n > 1]

    assert not doubled
    assert missing <= said.held
    assert set(said.in_doubt) == said.held
    assert len(said.held) <= size.kills
    assert said.states.total() == size.mails
    assert set(said.states) <= {MailState.SENT, MailState.HELD}
    assert nursery.ledger_check() == {"violations": 0, "found": {}}
    figure(
        mails=size.mails,
        kills=size.kills,
        senders=senders,
        lost=len(missing - said.held),
        doubled=len(doubled),
        held_and_listed=len(said.held),
        of_these_arrived=len(said.held - missing),
    )


def test_killed_senders_lose_nothing_where_a_second_copy_is_allowed(
    killed, session, mail_server, nursery, size, figure
):
    senders = killed("resend")
    came, said = Counter(to for to, _id in mail_server.taken), ledger(session)
    doubled = {to for to, n in came.items() if n > 1}

    missing = {f"ana{n}@example.com" for n in range(1, size.mails + 1)} - set(came)
    # Who met the killer twice is not sent a third time: a person decides.
    assert said.held == {to for to, times in said.in_doubt.items() if times == 2}
    assert missing <= said.held
    assert doubled <= set(said.in_doubt)
    assert sum(said.in_doubt.values()) <= size.kills
    assert max(came.values()) <= 2
    # Each copy bears the name of the first.
    assert len(set(mail_server.taken)) == len(came)
    assert said.states.total() == size.mails
    assert set(said.states) <= {MailState.SENT, MailState.HELD}
    assert nursery.ledger_check() == {"violations": 0, "found": {}}
    figure(
        mails=size.mails,
        kills=size.kills,
        senders=senders,
        lost=len(missing - said.held),
        in_doubt=len(said.in_doubt),
        held_at_the_second_doubt=len(said.held),
        doubled=len(doubled),
        other_message_ids=0,
    )
