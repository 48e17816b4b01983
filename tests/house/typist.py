"""Whoever types payloads into every field there is, and then looks at every page there is."""

import collections
from typing import Any

import make
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from irm.models import Task
from tests.house import spotted
from tests.house.aimed import Aim, Stage
from tests.house.payloads import ADDRESSES, ONE_OF_EACH, packed
from tests.house.rights import QUERIES, TABLE
from tests.house.sent import FORMS, RIGHT

#: Never a text: what a page fills in by itself.
_NO_TEXT = {"row_version", "seen", "request_key", "kept_version", "gone_version", "file"}

#: What may be led to, so that each address is tried by itself.
_LED_TO = {"links", "handle", "handle2", "value", "email", "phone", "website"}

#: What ends the person everything is about, and so has one of its own.
_ENDING = (
    "farewells.",
    "handovers.",
    "merges.",
    "discovery.",
    "pauses.",
    "profile.save_terms",
    "ties.admit",
)

#: Sizes of texts: all payloads at once, some at once, one of each class by itself.
_PACKS = (packed(1 << 16), packed(180), list(ONE_OF_EACH))


class Typist:
    """Types into forms about one person, and remembers which field took what."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        #: What was found wrong, in words.
        self.wrong: list[str] = []
        #: By form, the fields that took payloads, and the size they took.
        self.took: dict[str, dict[str, int]] = {}
        self.card = stage.save(make.relationship(brand=stage.brand, owner=stage.ana))
        #: What the forms that took something were about.
        self.aims: list[Aim] = []

    def look(self, what: str, response: Any) -> None:
        """Note what is wrong with an answer."""
        if response.status_code >= 500:
            self.wrong.append(f"{what}: {response.status_code}")
        self.wrong += [f"{what}: {one}" for one in spotted.in_answer(response)]

    def fill(self, endpoint: str) -> None:
        """Send every payload in every field of a form that takes text."""
        shared = None if endpoint.startswith(_ENDING) else self.card
        if shared is not None and not self._send(endpoint, shared):
            shared = None
        sizes = {}
        for name in FORMS[endpoint].keys() - _NO_TEXT:
            if not self._send(endpoint, shared, **{name: ONE_OF_EACH[0]}):
                continue
            sizes[name] = next(
                size
                for size, packs in enumerate(_PACKS)
                if size == 2 or self._send(endpoint, shared, **{name: packs[0]})
            )
        for name in FORMS[endpoint].keys() & _LED_TO:
            for text in ADDRESSES:
                self._send(endpoint, shared, **{name: text})
        for size, packs in enumerate(_PACKS):
            names = [name for name, its in sizes.items() if its == size]
            for pack in packs[1:] if names else ():
                if not self._send(endpoint, shared, **dict.fromkeys(names, pack)):
                    for name in names:
                        self._send(endpoint, shared, **{name: pack})
        self.took[endpoint] = sizes

    def _send(self, endpoint: str, card: Any, **typed: str) -> bool:
        """Whether a form took what was typed; names are told apart by a number behind them."""
        aim = self.stage.aim(endpoint, card)
        said = {
            name: text if name in _LED_TO else f"{text} {aim.n}" for name, text in typed.items()
        }
        with aim.post({**aim.values, **said}) as response:
            self.look(f"{endpoint} with {said}", response)
            is_taken = response.status_code < 400
        self.stage.session.expire_all()
        if is_taken:
            self.aims.append(aim)
        return is_taken

    def crawl(self, client: Any, most: int) -> set[str]:
        """Open every page about what was typed, and what it leads to, some of each; return which.

        `most`: how many addresses that differ in numbers and words alone.
        """
        seen: set[str] = set()
        opened: collections.Counter[Any] = collections.Counter()
        waiting = collections.deque(self._addresses())
        urls = self.stage.app.url_map.bind("localhost")
        while waiting:
            address = waiting.popleft()
            path, _, query = address.partition("?")
            try:
                endpoint, _ = urls.match(path, "GET")
            except HTTPException:
                continue
            kind = endpoint, frozenset(one.partition("=")[0] for one in query.split("&"))
            if address in seen or opened[kind] >= most:
                continue
            seen.add(address)
            opened[kind] += 1
            with client.get(address) as response:
                self.look(address, response)
                if response.mimetype == "text/html":
                    waiting.extend(sorted(spotted.links(response.text)))
        return {endpoint for endpoint, _names in opened}

    def _addresses(self) -> list[str]:
        """Every page, about the one person and about what the forms made."""
        ids: dict[str, list[int]] = collections.defaultdict(list)
        for aim in reversed(self.aims):
            ids[aim.kind].append(aim.id)
        for kind, word in (("export", "export"), ("try", "plan")):
            of_her = select(Task.id).where(Task.kind == word, Task.user_id == self.stage.ana.id)
            ids[kind] += self.stage.session.scalars(of_her.order_by(Task.id.desc()))
        ids["relationship"].insert(0, self.card.id)
        ids["influencer"].insert(0, self.card.influencer_id)
        found = []
        for rule in self.stage.app.url_map.iter_rules():
            if (rule.endpoint, "GET") not in TABLE:
                continue
            kind = TABLE[rule.endpoint, "GET"][0]
            asked = {**QUERIES, **RIGHT}.get(rule.endpoint, {})
            query = "&".join(f"{name}={value}" for name, value in asked.items())
            for id in ids[kind][:3] if kind else [0]:
                address = rule.rule.replace("<int:id>", str(id)).replace("<word>", "aware")
                found.append(f"{address}?{query}".rstrip("?"))
        return found
