"""What templates wrote is put together as it is; nothing else gets in."""

from typing import NamedTuple

import pytest
from markupsafe import Markup, escape

from irm.web.written import Frames, joined


def test_what_was_written_is_not_escaped_again():
    cell = escape("<b>") + Markup("</td>")

    assert joined([Markup("<td>"), 7, cell]) == Markup("<td>7&lt;b&gt;</td>")
    assert type(joined([cell])) is Markup


@pytest.mark.parametrize("typed", ["<script>", "plain", None, 1.5, True])
def test_what_people_typed_is_refused(typed):
    with pytest.raises(TypeError):
        joined([Markup("<td>"), typed])


class Guest(NamedTuple):
    """A row of a list."""

    name: str
    age: int
    note: str
    is_late: bool
    minds: list[str]


class Writer:
    """Writes a guest as a template does, and counts how often it was asked to."""

    def __init__(self):
        self.asked = 0

    def __call__(self, guest):
        self.asked += 1
        note = escape(f" ({guest.note})") if guest.note else ""
        late = Markup(" late") if guest.is_late else ""
        minds = Markup("").join(Markup("<i>{}</i>").format(one) for one in guest.minds)
        return Markup("<li>{} {}").format(guest.name, guest.age) + note + late + minds


GUESTS = [
    Guest("Ana <b>", 31, "", False, []),
    Guest("Tom & Co", 4, "", False, []),
    Guest("\x1f1\x1f", 5, "vegan <3", False, []),
    Guest("Léa", 6, "brings 2", True, []),
    Guest("Ida", 7, "", False, ["no <figs>", "no nuts"]),
    Guest("Ida", 8, "", False, ["no eggs"]),
]


def test_rows_of_one_shape_are_written_once_and_come_out_as_if_each_had_been():
    writer = Writer()
    frames = Frames(Guest, writer)

    filled = [frames.fill(guest) for guest in GUESTS]

    # Three shapes, and two with a list, which are written by themselves.
    assert writer.asked == 5
    assert filled == [Writer()(guest) for guest in GUESTS]
    assert {type(one) for one in filled} == {Markup}


def test_a_frame_that_no_template_wrote_is_refused():
    with pytest.raises(TypeError):
        Frames(Guest, lambda guest: f"<li>{guest.name}").fill(GUESTS[0])
