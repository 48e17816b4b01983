"""What colleagues write of a person: facts, terms of working together, tier, source and basis."""

from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar, cast

from babel import Locale
from flask_babel import get_locale
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import enum_choices
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from irm.forms.base import Form
from irm.forms.profile import zones
from irm.forms.text import clean, one_line
from irm.i18n import LazyText, _, _l
from irm.imports import languages
from irm.models import Archetype, Channel, LawfulBasis, Origin, Tier
from irm.models.base import LabelledEnum
from irm.models.keys import fold

E = TypeVar("E", bound=LabelledEnum)

#: What the column holds of codes, blanks between.
_FURTHER = 80


def at_most(longest: int) -> Length:
    """A text of at most so many characters."""
    message = _l("This is too long: %(n)s characters at most.", n=longest)
    return Length(max=longest, message=message)


def _lines(text: str | None) -> str:
    """A clean text whose lines end as they are stored, whatever a browser makes of them."""
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")


def short(label: LazyText, longest: int, *more: Any) -> StringField:
    """A text on one line."""
    return StringField(label, [*more, at_most(longest)], filters=[one_line])


def long(label: LazyText, longest: int) -> TextAreaField:
    """A text of several lines."""
    return TextAreaField(
        label, [at_most(longest)], filters=[_lines], render_kw={"rows": 4, "maxlength": longest}
    )


def chosen(label: LazyText, words: type[E], nothing: LazyText | None = None) -> SelectField:
    """One of a few words, or nothing where that has a name."""
    if nothing is None:
        return SelectField(
            label, choices=enum_choices(words, label=attrgetter("label")), coerce=words
        )
    return SelectField(
        label,
        choices=[SelectChoice("", nothing), *(SelectChoice(one.value, one.label) for one in words)],
        coerce=lambda value: words(value) if value else None,
    )


class SectionForm(Form):
    """A part of a person's page; `seen` holds what the fields said when it was opened."""

    row_version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, 2**31 - 1)]
    )
    seen = HiddenField()


class FactsForm(SectionForm):
    """Who somebody is."""

    name = short(_l("Name"), 200, DataRequired(_l("Write a name.")))
    archetype = chosen(_l("Archetype"), Archetype, _l("Not known"))
    origin = chosen(_l("Where they stand towards us"), Origin)
    country = short(_l("Country"), 80)
    city = short(_l("City"), 120)
    language = SelectField(_l("Language"), coerce=lambda value: value or None)
    further_languages = short(_l("Further languages"), 200)
    timezone = SelectField(_l("Time zone"), coerce=lambda value: value or None)
    categories = short(_l("What they publish about"), 200)
    bio = long(_l("Bio"), 5000)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.language.choices = [SelectChoice("", _l("Not known")), *_languages()]
        self.timezone.choices = [SelectChoice("", _l("Not known")), *zones()]
        kept = self.language.object_data
        if kept and kept not in language_names():
            self.language.choices.append(SelectChoice(kept, kept))

    def validate_further_languages(self, field: Any) -> None:
        """Turn names and codes into codes; those that are neither are said."""
        try:
            codes = language_codes(field.data or "")
        except ValueError as error:
            text = _("“%(text)s” is not a language such as French or fr.", text=str(error)[:40])
            raise ValidationError(text) from None
        field.data = " ".join(code for code in codes if code != self.language.data)
        if len(field.data) > _FURTHER:
            raise ValidationError(_("These are too many languages."))


class TermsForm(SectionForm):
    """How somebody wants to be worked with."""

    do_not_contact = BooleanField(_l("Does not want to be contacted"))
    preferred_channel = chosen(_l("Preferred channel"), Channel, _l("Not known"))
    contact_ceiling = IntegerField(
        _l("Contacts a month at most"),
        [Optional(), NumberRange(1, 99, _l("Write a number from 1 to 99."))],
    )
    may_be_paid = SelectField(
        _l("May be paid"),
        choices=[
            SelectChoice("", _l("Not known")),
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("No")),
        ],
        coerce=lambda value: {"yes": True, "no": False}.get(value),
    )
    may_be_paid_why = short(_l("Why"), 200)
    looks_for = long(_l("What they look for"), 2000)
    business_model = long(_l("Business model"), 2000)


class TierForm(SectionForm):
    """A tier set by hand, or none: the computed one."""

    tier = chosen(_l("Tier"), Tier, _l("As computed"))
    tier_reason = short(_l("Why"), 200)


class BasisForm(SectionForm):
    """Where what we know comes from, and why we may keep it."""

    source = short(_l("Source"), 200, DataRequired(_l("Say where this comes from.")))
    lawful_basis = chosen(_l("Lawful basis"), LawfulBasis)


def language_codes(text: str) -> list[str]:
    """The codes of languages given by name or code, with commas or blanks between, each once.

    Raises ValueError with what is no language.
    """
    found: dict[str, None] = {}
    for part in text.replace(";", ",").split(","):
        folded = fold(part)
        for word in [folded] if _code(folded) else folded.split():
            code = _code(word)
            if code is None:
                raise ValueError(part.strip())
            found[code] = None
    return list(found)


def language_names() -> dict[str, str]:
    """The languages of two letters by their names in the reader's language."""
    return _names(str(get_locale() or "en"))


def _code(folded: str) -> str | None:
    by_name = _by_name(str(get_locale() or "en")).get(folded)
    if by_name:
        return by_name
    code = languages.code(folded)
    return code if code in language_names() else None


def _languages() -> Iterable[SelectChoice]:
    return [SelectChoice(code, name) for code, name in language_names().items()]


@lru_cache(4)
def _names(locale: str) -> dict[str, str]:
    found = cast(dict[str, str], Locale.parse(locale).languages)
    named = {code: name[:1].upper() + name[1:] for code, name in found.items() if len(code) == 2}
    return dict(sorted(named.items(), key=lambda pair: fold(pair[1])))


@lru_cache(4)
def _by_name(locale: str) -> dict[str, str]:
    return {fold(name): code for code, name in _names(locale).items()}
