"""No answer leads to another site, and no header is longer than one line, whatever was typed."""

import email
import itertools
from email import policy

import make
import pytest

from irm.mail import message
from irm.models import Outbox
from irm.web.auth import is_ours
from tests.house.aimed import Stage
from tests.house.sent import FORMS

_HOSTS = (
    "evil.example",
    "evil.example/today",
    "evil.example%2Ftoday",
    "éví1.example",
    "127.0.0.1:1",
)
_BEFORE = (
    "//",
    "///",
    "////",
    "/\\",
    "\\\\",
    "\\/",
    "/\t/",
    "/\n/",
    "/\r\n/",
    " //",
    "\t//",
    "%2f%2f",
    "/%2f",
    "/%5c",
    "/.//",
    "https:",
    "https:/",
    "https://",
    "hTTps://",
    "https:\\\\",
    "https://localhost@",
    "//localhost@",
    "//localhost:80@",
    "https://localhost\\@",
    "http:///",
    "javascript://",
    "data://",
    "ftp://",
    "/today//",
    "／／",  # slashes that some programs fold into ours
    "/〱/",
    "//[",
    "https://[::1].",
    "/today@",
    "/..//",
    ";//",
    "?//",
    "#//",
    ".//",
    "@",
)

#: Two hundred addresses that some browser or library would take for another site's.
AWAY = tuple(before + host for before, host in itertools.product(_BEFORE, _HOSTS))

#: Fields that say where to go on.
_GOING_ON = ("next", "back", "view", "list", "page", "maker")

#: What ends a line somewhere, with a header behind it.
BREAKS = ("\r\n", "\n", "\r", "\r\n\r\n", "\r\n.\r\n", "\u2028", "\u0085", "\x0b", "\x0c", "%0d%0a")

#: Fields whose text reaches a header: recipient, subject, the name of a file, a cookie.
HEADED = {
    "settings.save_brand": ("name",),
    "settings.save_profile": ("locale", "timezone", "name"),
    "invitations.invite": ("name", "email", "locale"),
    "joining.accept": ("name", "locale"),
    "resets.ask": ("email",),
    "newcomers.add": ("name", "email"),
    "exports.send": ("columns", "form", "list"),
    "reviews.export": (),
    "settings.language": ("locale",),
    "views.add": ("name",),
}


@pytest.fixture
def backend():
    """One database: nothing here is different on the other."""
    return "sqlite"


@pytest.fixture
def stage(app, session, client_of):
    return Stage(app, session, client_of)


def leads_away(location):
    """Whether a browser would leave irm: whoever reads an address like a browser does."""
    bare = "".join(c for c in location if c not in "\t\r\n").strip().replace("\\", "/")
    return bare.startswith("//") or not bare.startswith(("/", "?", "#"))


def test_signing_in_goes_on_to_a_page_of_ours_only(app, stage):
    assert len(AWAY) == 200
    wrong = []
    for address in AWAY:
        response = stage.client.get("/login", query_string={"next": address})
        if leads_away(response.location):
            wrong.append((address, response.location))
    for address in ("//evil.example", "/\\evil.example", "https://evil.example", "/today"):
        form = {"email": stage.ana.email, "password": make.PASSWORD, "next": address}
        assert app.test_client().post("/login", data=form).location == "/today"
    assert wrong == []


def test_whoever_typed_an_address_that_leads_away_is_sent_to_her_own_day():
    assert is_ours("/funnel?stage=aware")
    assert [one for one in AWAY if is_ours(one) and leads_away(one)] == []


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/%2e%2e", "/%5cevil.example"])
def test_an_address_that_is_none_leads_nowhere_else(app, path):
    response = app.test_client().get(path)
    assert not leads_away(response.location or "/")


def test_no_form_goes_on_to_another_site(session, stage):
    wrong, turn = [], itertools.cycle(AWAY)
    forms = {name: [one for one in form if one in _GOING_ON] for name, form in FORMS.items()}
    for endpoint, names in forms.items():
        for address in itertools.islice(turn, 4 if names else 0):
            aim = stage.aim(endpoint)
            with aim.post({**aim.values, **dict.fromkeys(names, address)}) as response:
                seen = [response.headers.get(name, "/") for name in ("Location", "HX-Redirect")]
                wrong += [(endpoint, address, one) for one in seen if leads_away(one)]
            session.expire_all()
    assert wrong == []


def test_no_typed_text_begins_another_header(app, session, saved, stage):
    """Names of people reach mails as recipients and subjects, and files by their names."""
    wrong = []
    for endpoint, fields in HEADED.items():
        for end, name in itertools.product(BREAKS, fields):
            aim = stage.aim(endpoint)
            values = aim.values
            typed = f"{values[name]}{end}X-XQ: 1"
            with aim.post({**values, name: typed}) as response:
                bad = [one for one in response.headers if "\n" in str(one) or "X-XQ" in one[0]]
                if response.status_code >= 500 or bad:
                    wrong.append((endpoint, name, end, response.status_code))
            session.expire_all()
        # A letter that names sender and brand as they are called by now.
        stage.aim("invitations.invite").post()
    assert wrong == []
    mails = session.query(Outbox).all()
    assert any("X-XQ: 1 invites you" in mail.subject for mail in mails)
    assert any(mail.subject.endswith("X-XQ: 1 on irm") for mail in mails)
    for mail in mails:
        wire = email.message_from_bytes(message.wire_bytes(mail), policy=policy.default)
        assert "X-XQ" not in wire
        assert not wire.defects
