"""A member's role."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from irm.forms.base import Form
from irm.i18n import _l
from irm.models import Role


def _roles() -> list[SelectChoice]:
    return [SelectChoice(role.value, role.label) for role in Role]


class RoleForm(Form):
    """The role somebody is to have, and the one that was seen."""

    role = SelectField(_l("Role"), choices=_roles)
    seen = SelectField(_l("Role"), choices=_roles)
