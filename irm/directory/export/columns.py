"""What stands in each export, in one place: the import reads these columns back.

Those that are DERIVED are kept or reckoned by irm itself; an import passes them over. A word of
a column is its key in JSON and its heading in CSV and XLSX.
"""

#: Who a row is about, in every export but that of the people themselves: their largest account as
#: `platform:handle` with the platform's id, their first e-mail address, our number, their name.
PERSON = ("influencer_id", "account", "platform_id", "email", "name")

#: Whose figures or posts these are: here `account` and `platform_id` are that very account's.
ACCOUNT = PERSON

FIGURES = (
    "followers",
    "likes_average",
    "comments_average",
    "shares_average",
    "views_average",
    "engagement_average",
)

COUNTS = ("likes", "comments", "shares", "views")

#: In `accounts`, a list of objects, JSON text in CSV and XLSX; the largest first.
OF_ACCOUNT = (
    "platform",
    "handle",
    *FIGURES,
    "figures_on",
    "platform_id",
    "url",
    "is_current",
    "created_at",
    # [{"handle": …, "until": day or null}, …]
    "former_handles",
)

#: In `history` of a post, likewise: its counts on other days.
OF_POST_DAY = ("day", *COUNTS)

COLUMNS: dict[str, tuple[str, ...]] = {
    "influencers": (
        "id",
        "name",
        "tier",
        "archetype",
        "country",
        "audience",
        "reach",
        "resonance",
        "accounts",
        "contacts",
        "city",
        "language",
        "further_languages",
        "timezone",
        "bio",
        "categories",
        "origin",
        # The address of the colleague who chose the tier; empty: reckoned from the audience.
        "tier_set_by",
        "tier_reason",
        "tier_set_at",
        "preferred_channel",
        "contact_ceiling",
        "do_not_contact",
        "business_model",
        "looks_for",
        "may_be_paid",
        "may_be_paid_why",
        "source",
        "lawful_basis",
        "known",
        "archived_at",
        "created_at",
    ),
    "relationships": (
        *PERSON,
        "brand",
        "stage",
        "earned_stage",
        "owner",
        "relevance",
        "fit",
        "last_contact_at",
        "next_touchpoint_on",
        "gives_since_ask",
        "stage_since",
        "earned_on",
        "level",
        "cadence_ideal",
        "cadence_worst",
        "paused_until",
        "paused_why",
        # A list; in CSV and XLSX with semicolons between.
        "tags",
        "created_at",
    ),
    "interactions": (
        *PERSON,
        "brand",
        "happened_at",
        "kind",
        "direction",
        "channel",
        "activity",
        "outcome",
        "summary",
        # Who else was there, in words.
        "present",
        # A list of addresses; in CSV and XLSX with semicolons between.
        "links",
        "visibility",
        "is_breach",
        "author",
        # Which touchpoint it kept: the day it was due and the moment it was planned.
        "touchpoint_on",
        "touchpoint_created_at",
        "created_at",
    ),
    "touchpoints": (
        *PERSON,
        "brand",
        "due_on",
        "kind",
        "purpose",
        "tactic",
        "channel",
        "state",
        "owner",
        "planned_by",
        "author",
        "campaign",
        "minutes",
        "is_pinned",
        "snoozes",
        # An object; in `replaces` the moments when those were planned that it took the place of.
        "why",
        "closed_at",
        "closed_by",
        "created_at",
    ),
    "moves": (
        *PERSON,
        "brand",
        "at",
        "from_stage",
        "to_stage",
        "by",
        "reason",
        # The moment of the move that this one took back.
        "undoes_at",
    ),
    "posts": (
        *ACCOUNT,
        "platform",
        "handle",
        "platform_post_id",
        "published_at",
        "text",
        "language",
        "url",
        *COUNTS,
        "counts_on",
        "history",
        "content_key",
    ),
    "snapshots": (*ACCOUNT, "platform", "handle", "day", *FIGURES),
    # Accounts as `platform:handle`; names and numbers of those whom the brand knows.
    "ties": (
        "source_id",
        "source_account",
        "source_name",
        "target_id",
        "target_account",
        "target_name",
        "kind",
        "weight",
        "first_seen_on",
        "last_seen_on",
        "is_mutual",
        "source_platform_id",
        "target_platform_id",
        # What told of it: posts, list, hand or programme; and which list, or what was noted.
        "origin",
        "list",
        "note",
    ),
}

#: Columns that irm reckons or keeps itself, or that say again what another column says; they are
#: exported to be read, not to come back.
DERIVED: dict[str, frozenset[str]] = {
    # The tier too, unless a colleague chose it.
    "influencers": frozenset(("audience", "reach", "resonance")),
    "relationships": frozenset(
        (
            "relevance",
            "fit",
            "last_contact_at",
            "next_touchpoint_on",
            "gives_since_ask",
            "brand",
            "earned_stage",
            "earned_on",
        )
    ),
    # An export is one brand's, and an import goes into the brand it is told.
    "interactions": frozenset(("brand",)),
    "touchpoints": frozenset(("brand",)),
    "moves": frozenset(("brand",)),
    # Posts and figures find their account by platform, handle and the platform's id; the key of
    # a post is a hash of account and text, made again from both.
    "posts": frozenset(("content_key", "account", "influencer_id", "email")),
    "snapshots": frozenset(("account", "influencer_id", "email", "name")),
    "ties": frozenset(("source_id", "target_id", "origin", "list", "note")),
}
