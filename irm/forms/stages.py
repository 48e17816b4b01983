"""What a brand calls its stages: a name for each stage in each language, all of them optional."""

from wtforms import StringField
from wtforms.validators import Length

from irm.config import LOCALES
from irm.forms.base import Form
from irm.forms.text import one_line
from irm.funnel.stage_names import LENGTH
from irm.i18n import _l
from irm.models import Stage


def field_of(stage: Stage, locale: str) -> str:
    """The name of the field for one name."""
    return f"{stage.value}_{locale}"


class StageNamesForm(Form):
    """A field for each stage and language, named by `field_of`."""

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """What was written: by language, by the stages' codes."""
        return {
            locale: {stage.value: self[field_of(stage, locale)].data or "" for stage in Stage}
            for locale in LOCALES
        }


def _name() -> StringField:
    too_long = _l("This is too long: %(n)s characters at most.", n=LENGTH)
    return StringField(validators=[Length(max=LENGTH, message=too_long)], filters=[one_line])


for _stage in Stage:
    for _locale in LOCALES:
        setattr(StageNamesForm, field_of(_stage, _locale), _name())
