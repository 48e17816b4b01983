"""What is written beside all we hold of a person: each file, and their rights, in every language.

Whoever downloads it gives it to the person, who may read another language than theirs.
"""

from collections.abc import Collection

from flask_babel import get_locale

from irm.config import LOCALES
from irm.i18n import LazyText, _, _l
from irm.models import Influencer, LawfulBasis
from irm.web.spoken import speaking
from irm.web.timeline import label
from irm.web.words import words

#: What stands in each table.
TABLES: dict[str, LazyText] = {
    "influencers": _l("the person: name, place, languages, terms of working together, scores"),
    "accounts": _l("accounts on platforms, with their newest figures"),
    "account_handles": _l("former names of these accounts"),
    "contact_points": _l("e-mail addresses, telephone numbers and other ways to reach them"),
    "snapshots": _l("the figures of each account, day by day"),
    "posts": _l("what they published"),
    "post_snapshots": _l("the counts of each post, day by day"),
    "relationships": _l("where they stand with each brand"),
    "relationship_tags": _l("the tags that brands put on them, by number"),
    "stage_moves": _l("when they came to which stage"),
    "interactions": _l("exchanges with them, and notes about them"),
    "touchpoints": _l("contacts that were planned"),
    "proofs": _l("dated facts that support a stage"),
    "pauses": _l("until when they were left in peace, and why"),
    "facts": _l("what colleagues noted about them, and how they know"),
    "fact_uses": _l("when such a fact was made use of"),
    "gifts": _l("gifts that were given to them"),
    "promises": _l("promises to them and by them"),
    "questions": _l("what they asked us"),
    "interaction_versions": _l("exchanges as they stood before they were changed"),
    "interaction_colleagues": _l("colleagues who took part in exchanges, by number"),
    "campaign_members": _l("campaigns in which they took part, by number"),
    "absences": _l("days on which they want no contact"),
    "plan_gaps": _l("where a plan had no room for them"),
    "ties": _l("whom they reach and who reaches them"),
    "places": _l("where they stand in the network of each brand"),
    "introductions": _l("introductions they were asked for, and those to them"),
    "handover_items": _l("when they passed from one colleague to another"),
    "asks": _l("what was to be asked of them, and what was in it for them"),
    "review_items": _l("what reviews of the funnel decided about them"),
    "scores": _l("scores over time, with the reasons"),
    "prospects": _l("brands they were proposed to, with the reasons"),
    "unread_posts": _l("posts whose words are still to be read"),
    "post_mentions": _l("posts that speak of a brand by themselves"),
    "search_entries": _l("texts by which they are found"),
    "duplicates": _l("who was thought to be the same person, and what was decided"),
    "merges": _l("records that were joined, as they were before"),
    "bulk_edit_rows": _l("what was changed of many people at once"),
    "import_rows": _l("lines of lists about them"),
    "import_steps": _l("what lists changed, before and after"),
    "outbox": _l("of reminders to colleagues, the parts about them"),
    "audit_entries": _l("who did what with their record, and when"),
    "tasks": _l("computations that were made about them"),
}


def readme(influencer: Influencer, tables: Collection[str]) -> str:
    """The text in the reader's language, and below it in the others."""
    first = str(get_locale() or "en")
    parts = []
    for locale in sorted(LOCALES, key=lambda one: one != first):
        with speaking(locale):
            parts.append("\n\n".join(_paragraphs(influencer, tables)))
    return f"\n\n{'-' * 72}\n\n".join(parts) + "\n"


def _paragraphs(influencer: Influencer, tables: Collection[str]) -> list[str]:
    day = words().today.isoformat()
    return [
        _("Everything this installation of irm holds about %(name)s.", name=influencer.name),
        _("Made on %(day)s.", day=day),
        _("FILES"),
        "\n".join(_files(tables)),
        _("Tables without a line about this person are left out. Times are in UTC."),
        _("Of texts about several people, such as reminders, it holds the parts about this one."),
        _("RIGHTS"),
        _("Where it comes from: %(source)s.", source=influencer.source or "–"),
        *_rights(influencer),
    ]


def _files(tables: Collection[str]) -> list[str]:
    """A line for each file."""
    lines = [("person.json", _("all of it, every table as a list of rows"))]
    lines += [(f"csv/{name}.csv", str(TABLES.get(name, ""))) for name in tables]
    return [f"{file}: {said}" if said else file for file, said in lines]


def _rights(influencer: Influencer) -> list[str]:
    basis = label(LawfulBasis, influencer.lawful_basis)
    said = [
        _("Why it may be kept: %(basis)s (GDPR, article 6 paragraph 1).", basis=basis),
        _(
            "The person has the right to have this copy (GDPR, articles 15 and 20), to have "
            "mistakes corrected (article 16), to have it erased (article 17), to have its use "
            "restricted (article 18) and to object to it (article 21), and to complain to a data "
            "protection authority (article 77)."
        ),
    ]
    if influencer.lawful_basis == LawfulBasis.CONSENT.value:
        said.append(_("Consent can be withdrawn at any time (article 7 paragraph 3)."))
    return said
