"""What is added to a person at once: an account, and ways to reach them."""

from collections.abc import Callable
from typing import Any

from wtforms import ValidationError

from irm.directory.presence import Contact, Handle
from irm.forms.account import account_of, platform_field
from irm.forms.base import Form
from irm.forms.contact import KINDS, contact_of
from irm.forms.influencer import short
from irm.forms.newcomer import handle_field


class PresenceForm(Form):
    """Any of these; `found` is what was read of them, by field, also where others are wrong."""

    handle = handle_field()
    platform = platform_field()
    email = short(KINDS["email"], 300)
    phone = short(KINDS["phone"], 300)
    website = short(KINDS["website"], 300)
    address = short(KINDS["address"], 300)

    found: dict[str, Handle | Contact]

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.found = {}

    def forget(self, name: str) -> None:
        """Empty a field whose value was saved."""
        self[name].data = ""
        if name == "handle":
            self.platform.data = None

    def validate_handle(self, field: Any) -> None:
        """Read the account."""
        self._read(field, lambda text: account_of(self.platform.data, text))

    def validate_email(self, field: Any) -> None:
        """Read the e-mail address."""
        self._read(field, lambda text: contact_of("email", text))

    def validate_phone(self, field: Any) -> None:
        """Read the telephone number."""
        self._read(field, lambda text: contact_of("phone", text))

    def validate_website(self, field: Any) -> None:
        """Read the website."""
        self._read(field, lambda text: contact_of("website", text))

    def validate_address(self, field: Any) -> None:
        """Read the postal address."""
        self._read(field, lambda text: contact_of("address", text))

    def _read(self, field: Any, read: Callable[[str], Handle | Contact]) -> None:
        if not field.data or field.errors:
            return
        try:
            self.found[field.name] = read(field.data)
        except ValueError as error:
            raise ValidationError(str(error)) from None
