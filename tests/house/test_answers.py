"""Rules for what every address answers with, and to which kinds of request; and whom irm calls."""

import re

import make
import pytest

from irm.models import Role
from tests.house.test_doors import addresses
from tests.house.tree import files, imported, sources, text

#: What may be asked again, as calendar programs and browsers do; all else is kept nowhere.
KEPT = {"assets.static", "calendars.feed_of"}

#: Modules that open a line to another machine, and the files that may: those of the mail server
#: and the mailbox, which the settings name, and two that ask for this machine's own name and port.
CALLING = {"imaplib", "smtplib", "socket"}
MAY_CALL = {
    *(f"irm/mail/{name}.py" for name in ("advice", "certificate", "dialogue", "returned")),
    *("irm/mail/smtp.py", "irm/mail/trial.py", "irm/cli/serve.py", "irm/jobs/delivery.py"),
}

#: What fetches addresses: no address that somebody typed is opened. Only the sign-in service is
#: asked, whose address whoever runs irm has set.
ASKS_THE_SIGN_IN_SERVICE = "irm/sso/wire.py"
FETCHERS = ("aiohttp", "ftplib", "http.client", "httpx", "requests", "urllib.request", "urllib3")


@pytest.fixture(params=["sqlite"])
def backend(request):
    """One database: what an answer says of itself hangs on none."""
    return request.param


@pytest.fixture
def lead(saved, client_of):
    return client_of(saved(make.member(Role.LEAD)).user)


def test_every_answer_says_what_it_is_and_is_kept_and_read_by_nobody_else(app, lead):
    origin = {"Origin": "https://evil.example"}
    for endpoint, address, _method in addresses(app, "GET"):
        with lead.get(address, headers=origin) as response:
            kind = response.headers["Content-Type"]
            if kind.startswith("text/"):
                assert "charset=utf-8" in kind, address
            if response.status_code == 200 and 'id="main"' in response.text:
                assert 'action="/logout"' in response.text, address
            if endpoint not in KEPT:
                assert response.headers["Cache-Control"] == "no-store", address
            assert not [one for one, _said in response.headers if one.startswith("Access-Control")]


def test_no_address_takes_a_method_it_was_not_made_for(app, lead):
    for rule in app.url_map.iter_rules():
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule
    for method in ("TRACE", "PUT", "PATCH", "DELETE", "PROPFIND"):
        assert lead.open("/today", method=method).status_code == 405, method


@pytest.mark.parametrize("folder", ["/static", "/static/", "/static/dist/", "/static/../config.py"])
def test_no_folder_is_listed_and_no_way_leads_out_of_it(app, folder):
    with app.test_client().get(folder) as response:
        assert response.status_code in (302, 404)


def test_only_few_files_call_another_machine_and_none_fetches_an_address():
    for path in sources():
        for name in imported(path):
            assert name not in CALLING or str(path) in MAY_CALL, (path, name)
            if str(path) != ASKS_THE_SIGN_IN_SERVICE:
                assert not any(name == one or name.startswith(f"{one}.") for one in FETCHERS), path


def test_dice_are_for_the_demo_and_for_waits_and_no_secret_is_thrown_by_them():
    thrown = {str(path) for path in sources() if "random" in imported(path)}
    assert {one for one in thrown if not one.startswith("irm/demo/")} <= {
        "irm/mail/outbox.py",
    }


@pytest.mark.parametrize("path", files("frontend", "*.js"), ids=str)
def test_the_script_writes_text_and_hears_no_other_window(path):
    # What it swaps in as markup is what our own pages answered; htmx does that.
    markup = r"\.(?:inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|document\.write|\.srcdoc"
    run = r"\beval\(|new Function|setTimeout\(\s*[\"'`]|javascript:"
    heard = r"postMessage|\"message\"|WebSocket|jsonp"
    changed = r"__proto__|\.prototype\b|\.constructor\b"
    assert not re.search(f"{markup}|{run}|{heard}|{changed}", text(path))


def test_hardly_a_page_mixes_what_the_address_says_with_what_a_form_says():
    # `request.values` mixes the address and the form: what one says the other may contradict.
    mixing = re.compile(r"request\.values\b")
    found = {str(path) for path in sources() if mixing.search(text(path))}
    # Where to go on after signing in, and whose days a list shows that a form is part of.
    ways = {"irm/web/auth.py", "irm/web/second_step.py"}
    lists = {"irm/web/asked.py", "irm/web/gifts.py", "irm/web/promised.py"}
    assert found <= {"irm/web/guard.py"} | ways | lists
