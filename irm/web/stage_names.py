"""What stages are called on a page: by the current brand, in the reader's language."""

from contextlib import AbstractContextManager

from flask import g, has_request_context
from flask_login import current_user

from irm import access, i18n
from irm.errors import NotFound
from irm.funnel import stage_names
from irm.i18n import Names
from irm.web import spoken


def at(brand_id: int) -> AbstractContextManager[None]:
    """Call stages as one brand does, where a page tells of several."""
    labels = next(
        (one.stage_labels for one in access.memberships() if one.brand_id == brand_id), None
    )
    return i18n.calling(stage_names.of(labels, _locale()))


def names() -> Names:
    """What counts for whoever is being answered, remembered for the request."""
    # Outside a request there is no brand at hand: a job says itself whose names count.
    if not has_request_context():
        return {}
    kept: dict[str, Names] | None = g.get("stage_names")
    if kept is None:
        kept = g.stage_names = {}
    locale = _locale()
    found = kept.get(locale)
    if found is None:
        found = kept[locale] = stage_names.of(_labels(), locale)
    return found


def _labels() -> object:
    """The brand's own names as they are stored, from what every page knows of its brand anyway."""
    if g.get("asks_nobody") or not current_user.is_authenticated or not access.has_brand():
        return None
    try:
        return access.here().stage_labels
    except NotFound:
        return None


def _locale() -> str:
    return spoken.now().code
