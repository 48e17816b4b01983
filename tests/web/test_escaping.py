"""What a template prints is escaped as by the library itself."""

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from irm.web import escaping

VALUES = st.one_of(
    st.text(),
    st.text(alphabet="&<>\"'a"),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.text().map(Markup),
    st.text(alphabet="<&").map(Markup.escape),
)


class Named:
    """Something that says itself how it is shown."""

    def __init__(self, html):
        self.html = html

    def __html__(self):
        return self.html

    def __str__(self):
        return f"<{self.html}>"


class Word(str):
    """A text of its own kind, as the words of our enums are."""


def page(source, **given):
    app = Flask("test")
    escaping.init_app(app)
    template = app.jinja_env.from_string(source)
    return template.render(**given)


@given(VALUES)
def test_every_value_is_escaped_as_the_library_does(value):
    assert str(escaping.escaped(value)) == str(escape(value))


def test_a_text_of_another_kind_is_escaped_too():
    assert escaping.escaped(Word("<b>")) == "&lt;b&gt;"
    assert escaping.escaped(Named("<b>")) == "<b>"


def test_markup_in_a_value_does_not_reach_the_page():
    bad = "<script>alert('&')</script>"
    good = "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;"
    assert page("{{ x }}", x=bad) == good
    assert page("{% for y in x %}{{ y }}{% endfor %}", x=[bad]) == good
    assert page("{% macro m(y) %}<i>{{ y }}</i>{% endmacro %}{{ m(x) }}", x=bad) == f"<i>{good}</i>"
    assert page("{% set y %}<i>{{ x }}</i>{% endset %}{{ y }}", x=bad) == f"<i>{good}</i>"
    assert page("{{ x ~ '<b>' }}", x=bad) == good + "&lt;b&gt;"
    assert page("{{ x|upper }}", x="<b>") == "&lt;B&gt;"
    assert page('<a title="{{ x }}">', x='"') == '<a title="&#34;">'
    assert page("{% autoescape false %}{{ x }}{% endautoescape %}{{ x }}", x="<") == "<&lt;"
