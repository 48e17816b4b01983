"""What each form is about: how it is made, and the ids by which a form names it.

Each maker is given the aim of one try (tests/house/aimed.py), which knows brand, user and person.
"""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import invited
import make
import teamed
import tied
from sqlalchemy import select

from irm.directory import resets, tags, tokens
from irm.mail import outbox
from irm.mail.letters import Letter
from irm.models import (
    ContactPoint,
    Decision,
    FactUse,
    ImportBatch,
    Kind,
    MailState,
    Merge,
    Outbox,
    Planner,
    PromiseState,
    QuestionState,
    RelationshipTag,
    State,
    TeamMember,
    TieKind,
    TieOrigin,
)
from irm.models import Session as SignedIn

Maker = Callable[[Any], Any]

_CSV = b"platform,handle\ninstagram,abc\n"

#: A day to come, which nothing is over by.
FAR = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=200)


def _mail(aim: Any) -> Any:
    letter = Letter("digest", "Your day", "text", "<p>")
    key = f"aimed at {aim.n}"
    outbox.put(aim.stage.session, key, letter, to="x@example.com", sender="y@x.org", at=make.MONDAY)
    row = aim.stage.session.query(Outbox).filter_by(dedupe_key=key).one()
    row.user_id, row.brand_id = aim.ana.id, aim.brand.id
    return aim.save(row)


def _twins(aim: Any) -> list[Any]:
    return [aim.card.influencer, aim.save(make.relationship(brand=aim.brand)).influencer]


def _duplicate(left: Any, right: Any) -> Any:
    return make.duplicate(left=left, right=right)


def _of(builder: Callable[..., Any], **given: Any) -> Maker:
    return lambda aim: aim.save(builder(relationship=aim.card, **given))


def _at(builder: Callable[..., Any], **given: Any) -> Maker:
    return lambda aim: aim.save(builder(brand_id=aim.brand.id, **given))


def _version(aim: Any) -> Any:
    changed = aim.save(make.interaction(relationship=aim.card))
    of = {"relationship_id": aim.card.id, "interaction_id": changed.id}
    return aim.save(make.interaction_version(**of))


def _review_item(aim: Any) -> Any:
    review = make.review(brand=aim.brand)
    return aim.save(make.review_item(review=review, relationship=aim.card))


#: One of each kind, of the brand.
KINDS: dict[str, Maker] = {
    "relationship": lambda aim: aim.card,
    "influencer": lambda aim: aim.card,
    "touchpoint": _of(make.touchpoint),
    "absence": lambda aim: aim.save(make.absence(influencer_id=aim.card.influencer_id)),
    "handover": _at(make.handover),
    "community": _at(tied.community),
    "season": _at(make.season),
    "proof": _of(make.proof),
    "fact": _of(make.fact),
    "promise": _of(make.promise),
    "question": _of(make.question),
    "interaction": _of(make.interaction, kind=Kind.ASK),
    "version": _version,
    "topic": _at(make.topic),
    "team": lambda aim: teamed.team(aim.save, brand_id=aim.brand.id),
    "tag": lambda aim: aim.save(tags.named(aim.stage.session, aim.brand.id, f"tag {aim.n}")),
    "campaign": _at(make.campaign),
    "import": _at(make.import_batch),
    "mail": _mail,
    "address": lambda aim: aim.save(make.suppression(address=f"a{aim.n}@example.com")),
    "invitation": lambda aim: aim.save(invited.invitation(brands=[aim.brand])),
    "colleague": lambda aim: aim.save(make.member(brand=aim.brand)),
    "user": lambda aim: aim.save(make.member(brand=aim.brand)),
    "view": lambda aim: aim.save(make.view(brand_id=aim.brand.id, user_id=aim.ana.id)),
    "bulk edit": lambda aim: aim.save(make.bulk_edit(brand_id=aim.brand.id, ids=[aim.card.id])),
    "review": _review_item,
    "review item": _review_item,
    "introduction": lambda aim: aim.save(tied.introduction(aim.card, _twins(aim)[1])),
    "duplicate": lambda aim: aim.save(_duplicate(*_twins(aim))),
    "merge": lambda aim: aim.save(make.merge(kept=aim.card.influencer, gone=_twins(aim)[1])),
}


def _card(**given: Any) -> Maker:
    """The person of the address, with something about them that the form is for."""

    def change(aim: Any) -> Any:
        for name, value in given.items():
            setattr(aim.card, name, value)
        return aim.save(aim.card)

    return change


def _stranger(aim: Any) -> Any:
    """Somebody who is proposed to the brand and in no funnel yet."""
    person = aim.save(make.influencer())
    return aim.save(make.prospect(brand_id=aim.brand.id, influencer_id=person.id))


def _draft(aim: Any) -> Any:
    """A list that was sent and waits for its columns."""
    file = (io.BytesIO(_CSV), "list.csv")
    address = aim.stage.client.post("/imports", data={"file": file}).location
    return aim.stage.session.get(ImportBatch, int(address.rpartition("/")[2]))


def _held_back(aim: Any) -> Any:
    """A question whose answer was promised for a day."""
    promise = aim.save(make.promise(relationship=aim.card))
    return aim.save(make.question(relationship=aim.card, promise=promise, held_at=make.MONDAY))


def _archived(aim: Any) -> Any:
    aim.card.influencer.archived_at = make.MONDAY
    return aim.save(aim.card)


def _merged(aim: Any) -> Any:
    """A merge that was made on its page, with the record that undoes it."""
    kept, gone = _twins(aim)
    versions = {"kept_version": kept.row_version, "gone_version": gone.row_version}
    address = f"/influencers/{kept.id}/merge"
    aim.stage.client.post(address, data={"other": gone.id, "pair": "", **versions})
    return aim.stage.session.scalars(select(Merge).where(Merge.gone_id == gone.id)).one()


def _touched(act: str, **given: Any) -> Maker:
    """A touch of the plan that a colleague took a hand in."""

    def touch(aim: Any) -> Any:
        row = aim.save(make.touchpoint(relationship=aim.card, due_on=FAR, **given))
        aim.stage.client.post(f"/plan/touchpoints/{row.id}/{act}", data={"row_version": "1"})
        aim.stage.session.refresh(row)
        return row

    return touch


def _held(aim: Any) -> Any:
    row = _mail(aim)
    row.state = MailState.HELD
    return aim.save(row)


def _with_member(aim: Any) -> Any:
    campaign = aim.save(make.campaign(brand=aim.brand, ends_on=FAR))
    of = {"campaign": campaign, "relationship": aim.card, "added_by_id": aim.ana.id}
    aim.save(make.campaign_member(**of))
    return campaign


def _made_over(aim: Any) -> Any:
    """A bulk edit that was made."""
    edit = KINDS["bulk edit"](aim)
    aim.stage.client.post(f"/bulk/{edit.id}/run")
    aim.stage.session.refresh(edit)
    return edit


def _decided(aim: Any) -> Any:
    at = {"decision": Decision.LATER, "decided_at": make.MONDAY, "decided_by_id": aim.ana.id}
    review = make.review(brand=aim.brand)
    return aim.save(make.review_item(review=review, relationship=aim.card, **at))


#: What a form needs that is not as its kind is by itself.
MADE: dict[str, Maker] = {
    "pauses.resume": _card(paused_until=FAR, paused_why="On tour"),
    "facts.restore": _of(make.fact, ended_at=make.MONDAY),
    "promises.reopen": _of(make.promise, state=PromiseState.KEPT, closed_on=make.MONDAY.date()),
    "questions.reopen": _of(make.question, state=QuestionState.ANSWERED, answered_at=make.MONDAY),
    "questions.release": _held_back,
    "farewells.restore": _archived,
    "teams.restore": lambda aim: teamed.team(
        aim.save, brand_id=aim.brand.id, removed_at=make.MONDAY
    ),
    "merges.undo": _merged,
    "plan_touches.give_back": _touched("pin", planned_by=Planner.PLAN),
    "plan_touches.bring_back": _touched("drop", planned_by=Planner.PLAN),
    "discovery.admit": _stranger,
    "discovery.dismiss": _stranger,
    "campaigns.take_up": _at(make.campaign, cancelled_at=make.MONDAY, ends_on=FAR),
    **{f"campaign_members.{one}": _with_member for one in ("remove", "take_back")},
    "absences.end": lambda aim: aim.save(
        make.absence(influencer_id=aim.card.influencer_id, last_on=FAR)
    ),
    "touchpoints.reopen": _of(make.touchpoint, state=State.SKIPPED, closed_at=make.MONDAY),
    **{
        f"plan_touches.{one}": _of(make.touchpoint, planned_by=Planner.PLAN)
        for one in ("accept", "pin", "drop", "move")
    },
    **{f"imports.{one}": _draft for one in ("columns", "try_out", "run", "discard")},
    **{f"outbox.{one}": _held for one in ("arrived", "send")},
    "bulk.undo": _made_over,
    "review_cards.undo": _decided,
    "leaving.activate": lambda aim: aim.save(
        make.member(brand=aim.brand, user=make.user(is_active=False))
    ),
}


def _tie(aim: Any) -> Any:
    other = aim.save(make.influencer(known=False))
    of = {"brand_id": aim.brand.id, "author_id": aim.ana.id, "origin": TieOrigin.HAND}
    return aim.save(tied.tie(aim.card.influencer, other, kind=TieKind.KNOWS, **of))


def _spoken_of(aim: Any) -> dict[str, Any]:
    handle = f"said{aim.n}"
    aim.save(make.account(influencer=aim.card.influencer, handle=handle))
    return {"summary": f"@{handle} call yesterday: all well"}


def _befriended(aim: Any) -> dict[str, Any]:
    """Nothing: but who is asked for something was given something before."""
    tied.befriend(aim.stage.session, aim.card, aim.ana, dt.datetime.now(dt.UTC))
    return {}


def _elsewhere(aim: Any) -> dict[str, Any]:
    """Another browser of hers."""
    aim.stage.sign_in(aim.ana)
    newest = select(SignedIn.id).where(SignedIn.user_id == aim.ana.id).order_by(SignedIn.id.desc())
    return {"session": aim.stage.session.scalars(newest).first()}


def _tagged(aim: Any) -> dict[str, Any]:
    tag = KINDS["tag"](aim)
    aim.save(RelationshipTag(relationship_id=aim.card.id, tag_id=tag.id))
    return {"tag": tag.id}


def _teammate(aim: Any) -> dict[str, Any]:
    user = aim.save(make.member(brand=aim.brand)).user_id
    aim.save(TeamMember(team_id=aim.id, user_id=user, brand_id=aim.brand.id))
    return {"user": user}


def _contact(aim: Any) -> Any:
    key = f"c{aim.n}@example.com"
    of = {"influencer_id": aim.card.influencer_id, "kind": "email"}
    return aim.save(ContactPoint(value=key, value_key=key, **of))


def _both(builder: Callable[..., Any], name: str, **given: Any) -> Maker:
    return lambda aim: {name: aim.save(builder(relationship=aim.card, **given)).id}


def _use(aim: Any) -> Any:
    return aim.save(FactUse(fact_id=aim.id, occasion="2025", at=make.MONDAY))


def _file(_aim: Any) -> dict[str, Any]:
    return {"file": (io.BytesIO(_CSV), "list.csv")}


def _reset(aim: Any) -> str:
    user, token = aim.save(make.user()), tokens.new()
    resets.ask(aim.stage.session, user, token, dt.datetime.now(dt.UTC))
    aim.stage.session.commit()
    return f"/reset/{token}"


def _invited(aim: Any) -> str:
    token = tokens.new()
    aim.save(invited.invitation(brands=[aim.brand], token=token))
    return f"/invitation/{token}"


#: What a stranger opens before the form: the link of a letter.
OPENED: dict[str, Maker] = {"resets.save": _reset, "joining.accept": _invited}

#: What a form names, by the ids of what was made for it, and what is taken only once.
FILLED: dict[str, Maker] = {
    "moves.move": lambda _aim: {"reason": "They said so."},
    "asks.plan": _befriended,
    "ties.note": lambda aim: {"other": aim.save(make.relationship(brand=aim.brand)).influencer_id},
    "ties.drop": lambda aim: {"tie": _tie(aim).id},
    "ties.admit": lambda aim: {"other": _tie(aim).to_id},
    "gifts.give": _both(make.fact, "answers"),
    "facts.take_back": lambda aim: {"use": _use(aim).id},
    "interactions.log_line": _spoken_of,
    "presence.add": lambda aim: {
        "handle": f"https://www.instagram.com/mira{aim.n}",
        "email": f"mira{aim.n}@example.com",
    },
    "presence.change_account": lambda aim: {
        "account": aim.save(make.account(influencer=aim.card.influencer)).id,
        "handle": f"new{aim.n}",
    },
    "presence.put_back": lambda aim: {"value": f"back{aim.n}@example.com"},
    "presence.remove_contact": lambda aim: {"contact": _contact(aim).id},
    "newcomers.add": lambda aim: {
        "handle": f"new{aim.n}",
        "handle2": "",
        "email": f"n{aim.n}@example.com",
        "phone": "",
        "is_another": "y",
    },
    "farewells.erase": lambda aim: {"name": aim.card.influencer.name},
    "views.add": lambda aim: {"name": f"Mine {aim.n}"},
    "views.rename": lambda aim: {"name": f"Ours {aim.n}"},
    "bulk.choose": lambda aim: {"who": aim.card.id},
    "bulk.draft": lambda aim: {"who": aim.card.id, "list": "", "remove_tags": []},
    "campaign_members.choose": lambda aim: {"who": aim.card.id, "list": ""},
    "campaign_members.add": lambda aim: {"who": aim.card.id},
    "campaign_members.remove": lambda aim: {"who": aim.card.id},
    "campaign_members.add_chosen": lambda aim: {
        "who": aim.card.id,
        "list": "",
        "campaign": aim.save(make.campaign(brand=aim.brand, ends_on=FAR)).id,
    },
    "comparison.choose": lambda aim: {"who": aim.card.influencer_id, "list": ""},
    "together.choose": lambda aim: {"who": aim.card.id},
    "together.log": lambda aim: {"who": aim.card.id},
    "handovers.run": lambda aim: {"to": aim.ana.id, "stage": "", "tier": "", "until": ""},
    "passing_on.give": lambda aim: {"to": aim.save(make.member(brand=aim.brand)).user_id},
    "imports.send": _file,
    "imports.columns": lambda _aim: {"do": "save"},
    "discovery.add_several": lambda aim: {"who": _stranger(aim).influencer_id},
    "merges.make_one": lambda aim: {"other": _twins(aim)[1].id},
    "invitations.invite": lambda aim: {
        "brands": aim.brand.id,
        "email": f"invited{aim.n}@example.com",
    },
    "network_pictures.name": lambda aim: {"name": f"Menders {aim.n}"},
    "settings.add_topic": lambda aim: {"name": f"Topic of {aim.n}"},
    "settings.save_topic": lambda aim: {"name": f"Topic of {aim.n}"},
    "settings.rename_tag": lambda aim: {"name": f"food {aim.n}"},
    "presence.remove_tag": _tagged,
    "teams.take": _teammate,
    "teams.add": lambda aim: {"name": f"North {aim.n}"},
    "teams.rename": lambda aim: {"name": f"South {aim.n}"},
    "sign_in.end": _elsewhere,
    "sign_in.change_password": lambda _aim: {"current": make.PASSWORD},
}

#: What is refused although all of it is right, as nobody came before who did what it is about.
REFUSED = {
    "auth.sign_in",  # nobody has this password
    "second_factor.confirm",  # nor this code
    "second_factor.renew_codes",
    "review_cards.undo",
    "discovery.propose",
    "plan_touches.give_back",
    "touchpoints.bring_forward",
    "passing_on.give_back",
    "imports.undo",
    "introductions.make",
    "sending.decide",
    "members.put_back",
}
