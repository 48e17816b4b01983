"""Whom and what each form is about, made anew for each try, and what it sends to be taken."""

from collections.abc import Callable
from itertools import count
from typing import Any

import make
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from irm.mail import signed
from irm.models import BrandMember, Relationship, Role, User
from irm.web.guard import PUBLIC
from tests.house import aims
from tests.house.rights import TABLE
from tests.house.sent import FORMS
from tests.web.links import link_of

#: The kind of thing an address holds the id of, for each route that changes something.
KINDS = {endpoint: kind for (endpoint, method), (kind, _least) in TABLE.items() if method == "POST"}

_numbers = count(1)


class Stage:
    """Ana, who leads a brand and is an administrator too, and her browser."""

    def __init__(self, app: Flask, session: Session, client_of: Callable[[User], FlaskClient]):
        self.app = app
        # Letters are written as where there is a mail server; nobody speaks to it here.
        url = type(app.config["IRM"].smtp_url)("smtp://127.0.0.1:9")
        app.config["IRM"] = app.config["IRM"].model_copy(update={"smtp_url": url})
        self.session = session
        user = make.user(name="Ana", is_admin=True)
        self.member: BrandMember = self.save(make.member(Role.LEAD, user=user))
        self.ana, self.brand = self.member.user, self.member.brand
        self.client = client_of(self.ana)
        self.sign_in = client_of
        self.addresses = {
            rule.endpoint: rule.rule
            for rule in app.url_map.iter_rules()
            if "POST" in (rule.methods or ())
        }

    def save(self, entity: Any) -> Any:
        self.session.add(entity)
        self.session.commit()
        return entity

    def aim(self, endpoint: str, card: Relationship | None = None) -> "Aim":
        """Make what a form is about, which no try before has touched; of a person, if given."""
        return Aim(self, endpoint, card)


class Aim:
    """One try at a form: its address, and the values that are right for what it is about."""

    def __init__(self, stage: Stage, endpoint: str, card: Relationship | None = None) -> None:
        self.stage, self.endpoint, self.save = stage, endpoint, stage.save
        self.brand, self.ana = stage.brand, stage.ana
        #: Of this try alone: what may be only once is named by it.
        self.n = next(_numbers)
        self.card = card or self.save(make.relationship(brand=self.brand))
        self.row: Any = None
        self.kind = KINDS.get(endpoint, "")
        if self.kind:
            self.row = aims.MADE.get(endpoint, aims.KINDS[self.kind])(self)
        self.id = _id(self.kind, self.row)
        self.client = stage.client
        if endpoint in aims.OPENED:
            self.client = stage.app.test_client()
            self.client.get(aims.OPENED[endpoint](self))
        self.address = self._address()

    def _address(self) -> str:
        address, app = self.stage.addresses[self.endpoint], self.stage.app
        if self.endpoint.startswith("act."):
            self.row = self.save(make.touchpoint(relationship=self.card, owner=self.ana))
            address = address.replace("/act/<signed>", link_of(app, self.ana, self.row))
        if "<signed>" in address:
            with app.app_context():
                signature = signed.letter_address(self.ana, None).rpartition("/")[2]
            address = address.replace("<signed>", signature)
        return address.replace("<int:id>", str(self.id)).replace("<int:days>", "3")

    @property
    def values(self) -> dict[str, Any]:
        """What the form sends where all of it is right."""
        values = {**FORMS[self.endpoint], **aims.FILLED.get(self.endpoint, lambda _aim: {})(self)}
        if "row_version" in values and (version := self._version) is not None:
            values["row_version"] = version
        return values

    @property
    def _version(self) -> int | None:
        """Of what is changed, as it is now."""
        row = self.row
        if self.kind == "influencer":
            row = getattr(row, "influencer", row)
        return getattr(row, "row_version", None)

    def post(self, values: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send it as the browser does."""
        data = {**(self.values if values is None else values), **more}
        response = self.client.post(self.address, data=data)
        # Whoever is sent to the sign-in was not heard, and nothing was proved.
        assert self.endpoint in PUBLIC or "/login" not in (response.location or ""), self.endpoint
        return response


def _id(kind: str, row: Any) -> int:
    if kind == "influencer":
        return row.influencer_id if hasattr(row, "influencer_id") else row.id
    if kind in ("colleague", "user"):
        return row.user_id
    if kind == "review":
        return row.review_id if hasattr(row, "review_id") else row.id
    return row.id if row is not None else 0
