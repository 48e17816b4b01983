"""A theme of a brand."""

from wtforms import Field, FloatField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from irm.forms.base import Form
from irm.forms.text import clean, one_line
from irm.i18n import _l

#: More keywords than this match everything and mean nothing.
MOST_KEYWORDS = 100
KEYWORD_LENGTH = 80


def keywords_of(text: str | None) -> list[str]:
    """The words and phrases of a text: split at commas, semicolons and lines, each once."""
    parts = (text or "").replace(";", ",").replace("\n", ",").split(",")
    return list(dict.fromkeys(word for word in map(one_line, parts) if word))


class TopicForm(Form):
    """Name, keywords and weight."""

    name = StringField(
        _l("Topic"),
        [
            DataRequired(_l("Give the topic a name.")),
            Length(max=80, message=_l("This is too long: 80 characters at most.")),
        ],
        filters=[one_line],
    )
    keywords = TextAreaField(
        _l("Keywords"), [DataRequired(_l("Write at least one keyword."))], filters=[clean]
    )
    weight = FloatField(
        _l("Weight, 0 to 1"),
        [
            InputRequired(_l("Write a number from 0 to 1.")),
            NumberRange(0, 1, _l("Write a number from 0 to 1.")),
        ],
        default=1.0,
    )

    def validate_keywords(self, field: Field) -> None:
        """Refuse what nobody can have meant as a list of keywords."""
        words = keywords_of(field.data)
        if field.data and not words:
            raise ValidationError(_l("Write at least one keyword."))
        if len(words) > MOST_KEYWORDS:
            raise ValidationError(
                _l("These are too many: %(n)s keywords at most.", n=MOST_KEYWORDS)
            )
        if any(len(word) > KEYWORD_LENGTH for word in words):
            raise ValidationError(
                _l("A keyword is too long: %(n)s characters at most.", n=KEYWORD_LENGTH)
            )
