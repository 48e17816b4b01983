"""One builder for each model: a test names only what it is about.

They build and save nothing; `saved(make.touchpoint())` saves with all it hangs on.
"""

import datetime as dt
from itertools import count
from typing import Any

from irm.directory import passwords
from irm.ledger.orders import score_order
from irm.mail.message import address_hash
from irm.models import (
    Absence,
    Account,
    BatchState,
    Brand,
    BrandMember,
    BulkEdit,
    CadencePolicy,
    Campaign,
    CampaignDay,
    CampaignMember,
    Change,
    Direction,
    Duplicate,
    Fact,
    FactKind,
    Handover,
    ImportBatch,
    Influencer,
    Interaction,
    InteractionVersion,
    Kind,
    Merge,
    Plan,
    Platform,
    PolicyScope,
    Post,
    Promise,
    Promiser,
    Proof,
    ProofKind,
    Prospect,
    Question,
    QuietSeason,
    Relationship,
    Review,
    ReviewItem,
    Role,
    SavedView,
    Stage,
    Suppression,
    Task,
    Topic,
    Touchpoint,
    User,
    Visibility,
)
from irm.models.keys import fold, fold_handle, name_order

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"

_numbers = count(1)


def user(**given: Any) -> User:
    """Ana, or whoever is named; her password is PASSWORD."""
    n = next(_numbers)
    name = given.pop("name", f"Ana {n}")
    email = given.pop("email", f"ana{n}@example.com")
    given.setdefault("password_hash", passwords.keep(PASSWORD))
    given.setdefault("created_at", MONDAY)
    return User(name=name, email=email, email_key=fold(email), **given)


def brand(**given: Any) -> Brand:
    """A brand of its own name."""
    name = given.pop("name", f"Brand {next(_numbers)}")
    given.setdefault("created_at", MONDAY)
    return Brand(name=name, name_key=fold(name), **given)


def member(role: Role = Role.MANAGER, **given: Any) -> BrandMember:
    """A user's place at a brand: `member(Role.LEAD, brand=acme).user` is its lead."""
    return BrandMember(
        role=role, user=given.pop("user", None) or user(), brand=given.pop("brand", None) or brand()
    )


def influencer(**given: Any) -> Influencer:
    """A person without accounts."""
    given.setdefault("name", f"Chloé {next(_numbers)}")
    given.setdefault("created_at", MONDAY)
    return Influencer(**given)


def account(**given: Any) -> Account:
    """A current account on Instagram."""
    handle = given.pop("handle", f"handle{next(_numbers)}")
    given.setdefault("platform", Platform.INSTAGRAM)
    given.setdefault("created_at", MONDAY)
    if "influencer" not in given and "influencer_id" not in given:
        given["influencer"] = influencer()
    return Account(handle=handle, handle_key=fold_handle(handle), **given)


def relationship(**given: Any) -> Relationship:
    """A relationship at `unaware`, without owner; counters are not kept by a builder."""
    person = given.pop("influencer", None) or influencer(**_name(given))
    given.setdefault("stage", Stage.UNAWARE)
    given.setdefault("stage_since", MONDAY)
    given.setdefault("created_at", MONDAY)
    given.setdefault("name_order", name_order(person.name))
    if "brand" not in given and "brand_id" not in given:
        given["brand"] = brand()
    return Relationship(influencer=person, **given)


def _name(given: dict[str, Any]) -> dict[str, Any]:
    return {"name": given.pop("name")} if "name" in given else {}


def interaction(**given: Any) -> Interaction:
    """A message from us that just talks."""
    given.setdefault("happened_at", MONDAY)
    given.setdefault("kind", Kind.TALK)
    given.setdefault("direction", Direction.OUT)
    given.setdefault("summary", "Sent samples.")
    given.setdefault("created_at", given["happened_at"])
    if "relationship" not in given and "relationship_id" not in given:
        given["relationship"] = relationship()
    return Interaction(**given)


def interaction_version(**given: Any) -> InteractionVersion:
    """What a message of MONDAY said before somebody changed it."""
    given.setdefault("change", Change.EDITED)
    given.setdefault("visibility", Visibility.TEAM)
    given.setdefault("at", MONDAY)
    given.setdefault(
        "before",
        {
            "summary": "Sent seeds.",
            "kind": "talk",
            "direction": "out",
            "channel": "message",
            "visibility": "team",
            "activity": None,
            "outcome": None,
            "present": "",
            "links": [],
            "happened_at": MONDAY.isoformat(),
            "author_id": None,
            "colleagues": [],
        },
    )
    if "interaction_id" not in given:
        raise TypeError("a version needs interaction_id")
    return InteractionVersion(**given)


def proof(**given: Any) -> Proof:
    """A follow of MONDAY that somebody typed in."""
    given.setdefault("kind", ProofKind.FOLLOW)
    given.setdefault("day", MONDAY.date())
    given.setdefault("created_at", MONDAY)
    if "relationship" not in given and "relationship_id" not in given:
        given["relationship"] = relationship()
    return Proof(**given)


def touchpoint(**given: Any) -> Touchpoint:
    """An open touchpoint due on MONDAY."""
    given.setdefault("due_on", MONDAY.date())
    given.setdefault("created_at", MONDAY)
    if "relationship" not in given and "relationship_id" not in given:
        given["relationship"] = relationship()
    return Touchpoint(**given)


def fact(**given: Any) -> Fact:
    """A passion that was told on MONDAY, for everybody of the team."""
    given.setdefault("kind", FactKind.PASSION)
    given.setdefault("text", "Sourdough")
    given.setdefault("known_on", MONDAY.date())
    given.setdefault("created_at", MONDAY)
    if "relationship" not in given and "relationship_id" not in given:
        given["relationship"] = relationship()
    return Fact(**given)


def post(**given: Any) -> Post:
    """A post of MONDAY that says nothing yet."""
    given.setdefault("published_at", MONDAY)
    given.setdefault("text", "")
    if "account_id" not in given:
        raise TypeError("a post needs account_id")
    return Post(platform_post_id=f"p{next(_numbers)}", **given)


def prospect(**given: Any) -> Prospect:
    """Somebody a brand brought in itself, scored with `relevance` where one is given."""
    given.setdefault("is_own", True)
    given.setdefault("created_at", MONDAY)
    given.setdefault("reasons", [])
    given.setdefault("relevance_order", score_order(given.get("relevance")))
    if "influencer_id" not in given:
        raise TypeError("a prospect needs influencer_id")
    return Prospect(**given)


def topic(**given: Any) -> Topic:
    """A topic with one keyword, its name."""
    name = given.setdefault("name", f"Topic {next(_numbers)}")
    given.setdefault("keywords", [name])
    given.setdefault("created_at", MONDAY)
    if "brand_id" not in given:
        raise TypeError("a topic needs brand_id")
    return Topic(**given)


def import_batch(**given: Any) -> ImportBatch:
    """An import that is done and brought nobody."""
    given.setdefault("state", BatchState.DONE)
    given.setdefault("kind", "influencers")
    given.setdefault("file_name", "list.csv")
    given.setdefault("as_of", MONDAY.date())
    given.setdefault("source", "list.csv")
    given.setdefault("lawful_basis", "legitimate_interest")
    given.setdefault("created_at", MONDAY)
    given.setdefault("finished_at", given["created_at"])
    if "brand_id" not in given:
        raise TypeError("an import needs brand_id")
    return ImportBatch(**given)


def duplicate(**given: Any) -> Duplicate:
    """Two saved people who may be one, `left` and `right` in any order."""
    people = [given.pop("left"), given.pop("right")]
    first, second = sorted(people, key=lambda person: person.id)
    given.setdefault("score", 60.0)
    given.setdefault("reasons", [{"code": "same_name", "params": {}}])
    given.setdefault("found_at", MONDAY)
    return Duplicate(left_id=first.id, right_id=second.id, **given)


def merge(**given: Any) -> Merge:
    """A merge of two saved people, without the record that would undo it."""
    given.setdefault("at", MONDAY)
    return Merge(kept_id=given.pop("kept").id, gone_id=given.pop("gone").id, **given)


def view(**given: Any) -> SavedView:
    """A view of one's own, of everybody who is aware."""
    given.setdefault("name", f"View {next(_numbers)}")
    given.setdefault("query", "stage=aware")
    given.setdefault("created_at", MONDAY)
    return SavedView(**given)


def bulk_edit(ids: list[int], **given: Any) -> BulkEdit:
    """A change of these relationships that was not made yet: nobody is to own them."""
    given.setdefault("changes", {"owner": 0})
    given.setdefault("created_at", MONDAY)
    return BulkEdit(selection={"ids": ids}, changed=0, same=0, refused=0, undo_report={}, **given)


def export(**given: Any) -> Task:
    """An export of the list that waits for its turn."""
    arguments = {"list": "", "columns": ["stage"], "form": "csv", "reads_private": False}
    return Task(kind="export", arguments=arguments, created_at=MONDAY, **given)


def attempt(**given: Any) -> Task:
    """A task that tries out a plan of 12 weeks with its user away."""
    whom = given.get("user_id")
    given.setdefault("arguments", {"weeks": 12, "whom": whom, "hours": 0.0, "away": True})
    return Task(kind="plan", created_at=MONDAY, **given)


def plan(owner_id: int, **given: Any) -> Plan:
    """A plan of one week from MONDAY on, with a touch of 20 minutes of one colleague's hour."""
    week = {"from": MONDAY.date().isoformat(), "minutes": 60, "planned": 20}
    figures = {"people": 3, "touches": 1, "covered": 2, "late": 1, "without": 0, "duties": 0}
    figures |= {"days": 4, "debt": 5, "minutes": 60, "used": 20}
    desk = {"owner_id": owner_id, **figures, "weeks": [week]}
    given.setdefault("outcome", {**figures, "left_out": {}, "changed": {}, "desks": [desk]})
    given.setdefault("from_on", MONDAY.date())
    given.setdefault("made_at", MONDAY)
    return Plan(weeks=1, **given)


def review(**given: Any) -> Review:
    """A review of MONDAY that is open and looks a month back."""
    given.setdefault("started_at", MONDAY)
    given.setdefault("since", given["started_at"] - dt.timedelta(days=30))
    if "brand" not in given and "brand_id" not in given:
        given["brand"] = brand()
    return Review(**given)


def review_item(**given: Any) -> ReviewItem:
    """A card of a review that nobody decided on, here because they moved."""
    given.setdefault("place", next(_numbers))
    given.setdefault("why", [{"code": "moved", "from": "unaware", "to": "aware", "steps": 1}])
    if "review" not in given and "review_id" not in given:
        given["review"] = review()
    return ReviewItem(**given)


def policy(**given: Any) -> CadencePolicy:
    """A cadence by stage, of the brand `brand_id`."""
    given.setdefault("scope", PolicyScope.STAGE)
    return CadencePolicy(**given)


def campaign(**given: Any) -> Campaign:
    """A campaign of the fortnight that begins on MONDAY, without members."""
    given.setdefault("name", f"Launch {next(_numbers)}")
    given.setdefault("starts_on", MONDAY.date())
    given.setdefault("ends_on", given["starts_on"] + dt.timedelta(days=13))
    given.setdefault("created_at", MONDAY)
    if "brand" not in given and "brand_id" not in given:
        given["brand"] = brand()
    return Campaign(**given)


def campaign_day(**given: Any) -> CampaignDay:
    """An event on MONDAY, of the campaign `campaign_id`."""
    given.setdefault("day", MONDAY.date())
    given.setdefault("name", "Launch party")
    return CampaignDay(**given)


def campaign_member(**given: Any) -> CampaignMember:
    """Somebody who takes part in a campaign of their brand."""
    given.setdefault("added_at", MONDAY)
    if "campaign" not in given and "campaign_id" not in given:
        given["campaign"] = campaign()
    if "relationship" not in given and "relationship_id" not in given:
        given["relationship"] = relationship(brand=given["campaign"].brand)
    return CampaignMember(**given)


def promise(**given: Any) -> Promise:
    """An open promise of ours, due on MONDAY."""
    given.setdefault("promiser", Promiser.US)
    given.setdefault("what", f"Send the sample {next(_numbers)}")
    given.setdefault("due_on", MONDAY.date())
    given.setdefault("created_at", MONDAY)
    if "relationship" not in given and "relationship_id" not in given:
        given["relationship"] = relationship()
    return Promise(**given)


def question(**given: Any) -> Question:
    """An open question of MONDAY that wants an answer within 24 hours."""
    given.setdefault("text", f"May I show it in my film {next(_numbers)}?")
    given.setdefault("asked_at", MONDAY)
    given.setdefault("answer_by", given["asked_at"] + dt.timedelta(hours=24))
    given.setdefault("created_at", given["asked_at"])
    if "relationship" not in given and "relationship_id" not in given:
        given["relationship"] = relationship()
    return Question(**given)


def absence(**given: Any) -> Absence:
    """Two weeks from MONDAY on which somebody is away; say who: `user_id` or `influencer_id`."""
    given.setdefault("first_on", MONDAY.date())
    given.setdefault("last_on", given["first_on"] + dt.timedelta(days=13))
    given.setdefault("created_at", MONDAY)
    return Absence(**given)


def handover(**given: Any) -> Handover:
    """A handover for good, of MONDAY, of what was nobody's."""
    given.setdefault("at", MONDAY)
    if "brand_id" not in given:
        raise TypeError("a handover needs brand_id")
    return Handover(**given)


def season(**given: Any) -> QuietSeason:
    """A quiet season of each year, between the years."""
    given.setdefault("name", "Between the years")
    given.setdefault("first_on", dt.date(2026, 12, 21))
    given.setdefault("last_on", dt.date(2027, 1, 3))
    given.setdefault("is_yearly", True)
    if "brand_id" not in given:
        raise TypeError("a season needs brand_id")
    return QuietSeason(**given)


def suppression(*, address: str, **given: Any) -> Suppression:
    """An address that is not written to since MONDAY, as there is none such."""
    given.setdefault("reason", "hard_bounce")
    given.setdefault("at", MONDAY)
    return Suppression(address_hash=address_hash(address), **given)
