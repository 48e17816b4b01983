"""A real browser on a real server; where there is no Chromium, these tests say so and skip."""

import datetime as dt
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import make
import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import make_server

from irm.app import create_app
from irm.cli import db as database
from irm.config import Settings
from irm.db import db
from irm.directory import search, sessions
from irm.jobs import tasks
from irm.ledger import relationships as ledger
from irm.models import Base, BrandMember, Kind, Relationship, Role, Stage, Tier
from irm.web.assets import STATIC

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

REQUIRED = set(os.environ.get("IRM_REQUIRE", "").split(","))
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TODAY = dt.datetime.now(dt.UTC).date()


def _missing(reason: str) -> None:
    if "browser" in REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def chromium(_served: object) -> Iterator[object]:
    """The browser, started once, after the app was built.

    Playwright keeps an event loop in this thread, and then no app context can be left here: these
    tests use sessions and engine directly, and a thread where they need the app. The browser ends
    with its file's tests, so that those of the next one find the thread as it was.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        _missing("no Chromium on this machine")
    if not (STATIC / "dist" / "manifest.json").exists():
        _missing("the front end is not built: run make build")
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Served"]:
    folder = tmp_path_factory.mktemp("e2e")
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        data_dir=folder,
        secret_key="tests-only-" + "x" * 32,  # type: ignore[arg-type]
    )
    app = create_app(settings)
    with app.app_context():
        database.upgrade(db.engine)
        engine, maker = db.engine, db.sessionmaker
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.server_port}", app, engine, maker)
    server.shutdown()
    thread.join()
    server.server_close()
    engine.dispose()


@dataclass
class Served:
    """irm on an address of its own, and its database."""

    url: str
    app: Flask
    engine: Engine
    maker: sessionmaker[Session]


@dataclass
class Site:
    """irm with a brand, its lead Ana, and a dozen people on the board."""

    url: str
    app: Flask
    session: Session
    lead: BrandMember
    people: list[Relationship] = field(default_factory=list)

    def work(self) -> None:
        """Do what the worker would: every task that waits."""

        def run() -> None:
            while tasks.run_next(self.app) is not None:
                pass

        worker = threading.Thread(target=run)
        worker.start()
        worker.join()


@pytest.fixture
def site(_served: Served) -> Iterator[Site]:
    """A site of its own for each test."""
    with _served.maker() as session:
        user = make.user(name="Ana Lopes", email="ana@example.com", is_admin=True)
        lead = make.member(Role.LEAD, user=user, brand=make.brand(name="Maison Verte"))
        session.add(lead)
        session.flush()
        site = Site(_served.url, _served.app, session, lead)
        for n, name in enumerate(_NAMES):
            site.people.append(_person(session, lead, n, name))
        session.add(make.topic(brand_id=lead.brand.id, name="Repair"))
        _campaign(session, site)
        session.add(make.plan(lead.user_id, brand_id=lead.brand_id))
        ledger.rebuild(session)
        session.commit()
        yield site
    with _served.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


_NAMES = (
    "Anna Moreau",
    "Bruno Costa",
    "Chloé Petit",
    "Dario Rossi",
    "Elif Kaya",
    "Fatou Diop",
    "Greta Berg",
    "Hugo Laurent",
    "Inès Silva",
    "Jonas Weiss",
    "Kira Novak",
    "Léon Dubois",
)


def _person(session: Session, lead: BrandMember, n: int, name: str) -> Relationship:
    stage = tuple(Stage)[n % 5]
    tier = tuple(Tier)[n % 3]
    person = make.influencer(
        name=name,
        tier=tier,
        audience=9_500 * 10 ** (n % 3),
        reach=40.0 + n,
        resonance=None if n % 4 == 0 else 50.0 + n,
        bio="Mends what others throw away.",
    )
    owner = lead.user if n % 2 else None
    relationship = make.relationship(
        brand=lead.brand, influencer=person, stage=stage, owner=owner, relevance=60.0, fit=55.0
    )
    session.add_all(
        [relationship, make.account(influencer=person, url="https://example.com", followers=9_500)]
    )
    session.flush()
    entry = {"influencer_id": person.id, "source": "name", "source_id": person.id, "text": name}
    search.index_entries(session, [entry])
    if n % 3 == 0:
        session.add(
            make.touchpoint(
                relationship=relationship,
                owner=lead.user,
                due_on=TODAY + dt.timedelta(days=n - 3),
                purpose="Send the seed box",
            )
        )
    if n % 2:
        session.add(
            make.interaction(relationship=relationship, kind=tuple(Kind)[n % 3], author=lead.user)
        )
    return relationship


def _campaign(session: Session, site: Site) -> None:
    """One that ended ten days ago, with members who were not thanked yet."""
    ends_on = TODAY - dt.timedelta(days=10)
    campaign = make.campaign(
        brand=site.lead.brand,
        name="Repair week",
        owner=site.lead.user,
        starts_on=ends_on - dt.timedelta(days=6),
        ends_on=ends_on,
    )
    session.add_all(
        make.campaign_member(campaign=campaign, relationship=one) for one in site.people[:3]
    )
    session.flush()
    session.add(make.campaign_day(campaign_id=campaign.id, day=ends_on))


class Tab:
    """A browser's page that remembers what went wrong in it."""

    def __init__(self, page: object, url: str) -> None:
        self.page = page
        self.url = url
        self.faults: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " e => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))"
        )

    def _console(self, message: object) -> None:
        # A refusal is an answer, not a fault; the browser logs it all the same.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.faults.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def forget(self) -> None:
        """Let the browser be nobody's: no cookie is left in it.

        Off the page first: what it still loads would be refused, and lead to the sign-in
        page in the middle of where the test goes next.
        """
        self.page.goto("about:blank")
        self.page.context.clear_cookies()

    def barriers(self, axe: str, theme: str = "light") -> list[tuple[str, ...]]:
        """What of the page as it is now would bar somebody: address, rule, place and summary.

        The dark theme has other colours and nothing else of its own: there the rules about
        colours are enough, where the page was looked at in the light one.
        """
        self.page.evaluate(axe)
        options: dict[str, object] = {"resultTypes": ["violations"]}
        if theme == "dark":
            options["runOnly"] = ["color-contrast", "link-in-text-block"]
        found = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            (self.page.url, one["id"], str(node["target"]), node["failureSummary"])
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def barriers_in_both_themes(self, axe: str) -> list[tuple[str, ...]]:
        """The same, light and dark."""
        found = []
        for theme in ("light", "dark"):
            self.page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
            # A colour on its way from one theme to the other is in neither.
            self.page.evaluate("document.getAnimations().forEach(one => one.finish())")
            found += self.barriers(axe, theme)
        return found

    def sign_in(self) -> None:
        """Sign Ana in as she would."""
        self.go("/login")
        self.page.fill("#email", "ana@example.com")
        self.page.fill("#password", make.PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url("**/today")


def cookie_of(site: Site) -> dict[str, str]:
    """The cookie of a browser in which Ana has signed in before."""
    at = dt.datetime.now(dt.UTC)
    token = sessions.open_for(
        site.session, site.lead.user, at=at, user_agent="test", address="127.0.0.1"
    )
    site.session.commit()
    signer = site.app.session_interface.get_signing_serializer(site.app)
    assert signer is not None
    return {"name": "irm", "value": signer.dumps({"token": token}), "url": site.url}


@pytest.fixture
def tab(chromium: object, site: Site) -> Iterator[Tab]:
    """A page in which Ana is signed in; the test fails if anything went wrong in it."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(30_000)
    context.add_cookies([cookie_of(site)])
    tab = Tab(context.new_page(), site.url)
    tab.go("/today")
    yield tab
    context.close()
    assert not tab.faults


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, as the front end's own packages have it."""
    path = Path("frontend/node_modules/axe-core/axe.min.js")
    if not path.exists():
        _missing("axe-core is not installed: run make build")
    return path.read_text()
