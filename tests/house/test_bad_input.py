"""A thousand bad inputs over every form: no failure of ours, and none takes long."""

import gc
import itertools
import time

import pytest

from tests.house.aimed import Stage
from tests.house.bad import INPUTS, SLOW
from tests.house.sent import FORMS

#: Seconds of processor that one answer may take: the machine may be busy with other things.
MOST = 2.0

#: Whole forms that are none: what they say they are, and what they hold.
NO_FORMS = (
    ("application/json", b'{"name": [1, {"x": null}]}'),
    ("application/json", b"[" * 20_000),
    ("text/plain", b"name=x"),
    ("application/x-www-form-urlencoded", b"&".join([b"who=1"] * 5_000)),
    ("application/x-www-form-urlencoded", b"\xff\xfe=%ff%fe&%00=%00&=;=&&&"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
    ("multipart/form-data", b"--x--"),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" * 1500,
    ),
    ("application/octet-stream", b"\0" * 5_000),
)


@pytest.fixture
def stage(app, session, client_of):
    return Stage(app, session, client_of)


class Watch:
    """Notes which answers are failures of ours, and which took long."""

    def __init__(self):
        self.wrong, self.took = [], []

    def post(self, aim, data, what, kind=None):
        begun = time.process_time()
        with aim.client.post(aim.address, data=data, content_type=kind) as response:
            status = response.status_code
        took = time.process_time() - begun
        self.took.append((round(took, 2), aim.endpoint, what))
        if status >= 500 or took > MOST:
            self.wrong.append((aim.endpoint, what, status, took))
        aim.stage.session.expire_all()


@pytest.fixture
def watch():
    # What thousands of tests before left in memory is not looked through at the cost of an answer.
    gc.freeze()
    yield Watch()
    gc.unfreeze()


def test_a_thousand_bad_inputs_are_answered_without_a_failure_and_at_once(backend, stage, watch):
    """Each field of each form has its turn; which inputs a field gets differs by the database."""
    assert len(set(INPUTS)) == len(INPUTS) == 1000
    inputs = itertools.islice(itertools.cycle(INPUTS), 0 if backend == "sqlite" else 500, None)
    tried = set()
    for endpoint, form in FORMS.items():
        names = list(form)
        # Two fields at a time: what is wrong with one does not keep the other from being read.
        for pair in (names[at : at + 2] for at in range(0, len(names), 2)):
            typed = dict(zip(pair, inputs, strict=False))
            aim = stage.aim(endpoint)
            watch.post(aim, {**aim.values, **typed}, str(typed)[:90])
            tried.update(typed.values())
    assert watch.wrong == []
    # Together a thousand: half of them and more on each database.
    assert len(tried) > 500


# Most of it is refused before any database is asked.
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_is_long_or_no_form_at_all_is_answered_at_once(stage, watch):
    slow, wholes = itertools.cycle(SLOW), itertools.cycle(NO_FORMS)
    for endpoint, form in FORMS.items():
        value = next(slow)
        aim = stage.aim(endpoint)
        watch.post(aim, {**aim.values, **dict.fromkeys(form, value)}, ("all", value[:60]))
        kind, data = next(wholes)
        watch.post(stage.aim(endpoint), data, (kind, data[:60]), kind)
    assert watch.wrong == []
