"""An account of a person: which one, and what became of it."""

from typing import Any

from wtforms import IntegerField, SelectField, StringField, ValidationError
from wtforms.fields import enum_choices
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from irm.directory.presence import Handle, Why
from irm.forms.base import Form
from irm.forms.text import one_line
from irm.i18n import _, _l
from irm.imports import platforms
from irm.models import Platform
from irm.models.keys import fold_handle

#: What the columns hold.
_HANDLE, _URL, _ID = 200, 500, 64

#: Where an account is a site of one's own, and its address its name.
_OWN_SITES = frozenset(
    {
        Platform.BLOG,
        Platform.PODCAST,
        Platform.NEWSLETTER,
        Platform.MASTODON,
        Platform.OTHER,
    }
)

_TOO_LONG = _l("This is too long: %(n)s characters at most.", n=_URL)


def account_of(platform: Platform | None, text: str) -> Handle:
    """The account that a handle, or a pasted address, names.

    Raises ValueError with a sentence where it names none.
    """
    found = platforms.address(text)
    if found is not None and (found.handle or found.platform_id):
        if platform is not None and platform is not found.platform:
            raise ValueError(
                _("This is an address on %(platform)s.", platform=found.platform.label)
            )
        platform = found.platform
        handle, id = found.handle or found.platform_id or "", found.platform_id
        url = text if text.startswith(("https://", "http://")) else f"https://{text}"
    else:
        handle, id, url = text.removeprefix("@").strip(), None, None
        if "://" in text:
            if platform not in _OWN_SITES:
                raise ValueError(_("This address does not name an account."))
            handle, url = text.partition("://")[2].removeprefix("www.").rstrip("/"), text
    if platform is None:
        raise ValueError(_("Say on which platform this is, or paste the address."))
    key = fold_handle(handle)
    if not key:
        raise ValueError(_("Write a handle, or paste the address."))
    if len(max(handle, key, key=len)) > _HANDLE or len(id or "") > _ID or len(url or "") > _URL:
        raise ValueError(str(_TOO_LONG))
    return Handle(platform, handle, id, url)


def platform_field() -> SelectField:
    """A platform, or what a pasted address says."""
    return SelectField(
        _l("Platform"),
        choices=[
            SelectChoice("", _l("As the address says")),
            *(SelectChoice(one.value, one.label) for one in Platform),
        ],
        coerce=lambda value: Platform(value) if value else None,
    )


class AccountChangeForm(Form):
    """What became of an account: renamed, left, in use again, or not theirs at all."""

    account = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    what = SelectField(
        choices=[SelectChoice(one, one) for one in ("rename", "leave", "return", "remove")]
    )
    handle = StringField(_l("Handle"), [Length(max=_HANDLE)], filters=[one_line])
    why = SelectField(
        _l("Why"),
        choices=enum_choices(Why, label=lambda one: one.label),
        coerce=lambda value: Why(value) if value else Why.MISTYPED,
        default=Why.MISTYPED,
    )

    def validate_handle(self, field: Any) -> None:
        """A renamed account has a handle."""
        if self.what.data == "rename":
            field.data = (field.data or "").removeprefix("@").strip()
            key = fold_handle(field.data)
            if not key or len(key) > _HANDLE:
                raise ValidationError(_("Write a handle, or paste the address."))
