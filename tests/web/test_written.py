"""What templates wrote is put together as it is; nothing else gets in."""

import pytest
from markupsafe import Markup, escape

from irm.web.written import joined


def test_what_was_written_is_not_escaped_again():
    cell = escape("<b>") + Markup("</td>")

    assert joined([Markup("<td>"), 7, cell]) == Markup("<td>7&lt;b&gt;</td>")
    assert type(joined([cell])) is Markup


@pytest.mark.parametrize("typed", ["<script>", "plain", None, 1.5, True])
def test_what_people_typed_is_refused(typed):
    with pytest.raises(TypeError):
        joined([Markup("<td>"), typed])
