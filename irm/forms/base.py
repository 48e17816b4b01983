"""What all forms have in common."""

from typing import Any

from flask_wtf import FlaskForm


class Form(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """A form of ours: its values as plain keywords, without the token."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}

    @property
    def first_error(self) -> str:
        """The first thing wrong, as one sentence with the field's label."""
        for field in self:
            if field.errors:
                return f"{field.label.text}: {field.errors[0]}"
        return ""
