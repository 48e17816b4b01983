"""The sections of a person's page that can be edited: what each shows and asks, as texts.

A section's values travel as texts, as its form sends them: what the reader saw, what she wrote and
what is stored now can then be compared field by field.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from irm.directory import person as room
from irm.forms.influencer import (
    BasisForm,
    FactsForm,
    SectionForm,
    TermsForm,
    TierForm,
    language_names,
)
from irm.i18n import LazyText, _, _l
from irm.models import Channel, Influencer, LawfulBasis
from irm.models.base import LabelledEnum
from irm.scoring.tiers import is_chosen
from irm.web.timeline import label
from irm.web.words import Words

Texts = dict[str, str]


class Section(NamedTuple):
    """A part of the page under its own address."""

    key: str
    title: LazyText
    form: type[SectionForm]


class Conflict(NamedTuple):
    """A field that two changed at once: the value of either, as it is sent and as it is said."""

    name: str
    label: str
    mine: str
    mine_said: str
    theirs: str
    theirs_said: str


class Editing(NamedTuple):
    """A section that stands open as a form."""

    section: Section
    form: SectionForm
    conflicts: list[Conflict]


FACTS = Section("facts", _l("About"), FactsForm)
TERMS = Section("terms", _l("Working together"), TermsForm)
TIER = Section("tier", _l("Tier"), TierForm)
BASIS = Section("basis", _l("Source and lawful basis"), BasisForm)

SECTIONS = (FACTS, TERMS, TIER, BASIS)

#: Names of a form that are not columns of the person.
_OURS = ("row_version", "seen", "csrf_token")

_PAY = {True: "yes", False: "no", None: ""}

#: Columns that may not be null.
_NEVER_NULL = ("name", "source", "do_not_contact", "origin", "lawful_basis")


def stored(section: Section, influencer: Influencer) -> Texts:
    """What is stored of a section, each value as its form would send it."""
    found = {name: _text(name, getattr(influencer, name)) for name in _names(section)}
    if found.get("may_be_paid_why", "").startswith(room.FOR_WHAT_THEY_ARE):
        found["may_be_paid_why"] = ""
    if section is TIER and not is_chosen(influencer.tier_set_by_id, influencer.tier_reason):
        found["tier"] = ""
    return found


def written(section: Section, form: SectionForm) -> Texts:
    """What somebody wrote into a form that was found valid."""
    return {name: _text(name, form[name].data) for name in _names(section)}


def values(section: Section, texts: Texts) -> dict[str, Any]:
    """The columns that these texts stand for."""
    form = section.form(formdata=MultiDict(texts))
    return {
        name: form[name].data if name in _NEVER_NULL else _or_none(form[name].data)
        for name in _names(section)
    }


def opened(section: Section, influencer: Influencer) -> SectionForm:
    """The section's form as it is opened."""
    texts = stored(section, influencer)
    shown = dict(texts)
    if "further_languages" in shown:
        shown["further_languages"] = _languages(shown["further_languages"])
    shown |= {"row_version": str(influencer.row_version), "seen": json.dumps(texts)}
    return section.form(formdata=MultiDict(shown))


def settle(
    section: Section, influencer: Influencer, form: SectionForm
) -> tuple[Texts, list[Conflict]]:
    """Bring together what the reader saw, what she wrote and what is stored now.

    Returns the values to be stored, and the fields that both changed, which she has to choose for.
    """
    mine, theirs = written(section, form), stored(section, influencer)
    if form.row_version.data == influencer.row_version:
        return mine, []
    seen = _read(form.seen.data)
    together, conflicts = {}, []
    for name, text in mine.items():
        was, now = seen.get(name), theirs[name]
        together[name] = now if text == was else text
        if text not in (was, now) and now != was:
            conflicts.append(
                Conflict(
                    name,
                    str(form[name].label.text),
                    text,
                    said(name, text),
                    now,
                    said(name, now),
                )
            )
    return together, conflicts


def chosen_from(section: Section, influencer: Influencer, texts: Texts) -> SectionForm:
    """The form that asks for a choice: what is settled stands in it, out of sight."""
    kept = {**texts, "row_version": str(influencer.row_version)}
    kept["seen"] = json.dumps(stored(section, influencer))
    return section.form(formdata=MultiDict(kept))


def said(name: str, text: str) -> str:
    """A value as a reader would say it."""
    if not text:
        return _("No") if name == "do_not_contact" else _("Nothing")
    if name == "further_languages":
        return _languages(text)
    if name == "language":
        return language_names().get(text, text)
    field = next((one.form(formdata=None)[name] for one in SECTIONS if name in _names(one)), None)
    if field is not None and hasattr(field, "choices") and name != "timezone":
        found = {str(choice.value): str(choice.label) for choice in field.choices}
        return found.get(text, text)
    return _("Yes") if name == "do_not_contact" else text


def lines(section: Section, influencer: Influencer, said: Words) -> list[tuple[str, str]]:
    """What a section shows: words and value, where there is one."""
    make = {FACTS: _facts, TERMS: _terms, BASIS: _basis}.get(section)
    return [(words, value) for words, value in make(influencer, said) if value] if make else []


def _facts(influencer: Influencer, _said: Words) -> list[tuple[str, str]]:
    names = language_names()
    spoken = [influencer.language or "", *(influencer.further_languages or "").split()]
    place = (influencer.city, influencer.country)
    return [
        (_("Archetype"), _label(influencer.archetype)),
        (_("Origin"), _label(influencer.origin)),
        (_("Publishes about"), influencer.categories or ""),
        (_("Languages"), ", ".join(names.get(code, code) for code in spoken if code)),
        (_("Place"), ", ".join(part for part in place if part)),
        (_("Time zone"), influencer.timezone or ""),
    ]


def _terms(influencer: Influencer, _said: Words) -> list[tuple[str, str]]:
    ceiling = influencer.contact_ceiling
    why = str(room.why_unpaid(influencer.may_be_paid_why))
    paid = {True: _("Yes"), False: _("No"), None: ""}[influencer.may_be_paid]
    return [
        (_("Contact"), _("Does not want any") if influencer.do_not_contact else ""),
        (_("Preferred channel"), label(Channel, influencer.preferred_channel)),
        (_("Contacts a month at most"), "" if ceiling is None else str(ceiling)),
        (_("May be paid"), f"{paid}. {why}" if paid and why else paid),
        (_("What they look for"), influencer.looks_for or ""),
        (_("Business model"), influencer.business_model or ""),
    ]


def _basis(influencer: Influencer, said: Words) -> list[tuple[str, str]]:
    return [
        (_("Source"), influencer.source or _("Not known")),
        (_("Lawful basis"), label(LawfulBasis, influencer.lawful_basis)),
        (_("Collected"), said.date[said.day(influencer.created_at)]),
    ]


def _names(section: Section) -> list[str]:
    """The names of the section's columns, in the order of its fields."""
    found = _NAMES.get(section.key)
    if found is None:
        fields = section.form(formdata=None)
        found = [field.name for field in fields if field.name not in _OURS]
        _NAMES[section.key] = found
    return found


_NAMES: dict[str, list[str]] = {}


def _text(name: str, value: Any) -> str:
    if name == "may_be_paid":
        return _PAY[value]
    if isinstance(value, bool):
        return "y" if value else ""
    if isinstance(value, LabelledEnum):
        return value.value
    return "" if value is None else str(value)


def _or_none(value: Any) -> Any:
    return None if value == "" else value


def _label(word: LabelledEnum | None) -> str:
    return str(word.label) if word else ""


def _languages(codes: str) -> str:
    names = language_names()
    return ", ".join(names.get(code, code) for code in codes.split())


def _read(text: str | None) -> Mapping[str, Any]:
    """What the form said when it was opened; nothing where somebody tampered with it."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
