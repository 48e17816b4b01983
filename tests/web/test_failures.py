"""What goes wrong: one sentence and the right status, whatever broke."""

import logging

import make
import pytest
from sqlalchemy import event, insert
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from irm.db import db
from irm.models import Brand, BrandMember, Role
from irm.web import today

HTMX = {"HX-Request": "true"}


@pytest.fixture
def broken(app):
    """Breaks the database under the pages: every statement fails as when the server is gone."""
    with app.app_context():
        engine = db.engine

    asked = []

    def fail(_connection, _cursor, statement, *_rest):
        asked.append(statement)
        raise OperationalError(statement, None, Exception("the server is gone"))

    event.listen(engine, "before_cursor_execute", fail, insert=True)
    yield asked
    event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.parametrize("path", ["/today", "/login", "/influencers?q=abc"])
def test_without_a_database_every_page_says_so_in_the_browsers_language(
    app, saved, client_of, request, path
):
    client = client_of(saved(make.member()).user)
    asked = request.getfixturevalue("broken")

    for language, said in (("en", "The database cannot be reached"), ("fr", "base de donn")):
        asked.clear()
        response = client.get(path, headers={"Accept-Language": language})

        assert response.status_code == 503
        assert said in response.text
        assert f'lang="{language}"' in response.text
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert len(asked) == 1


def test_a_fragment_without_a_database_gets_the_sentence_alone(app, saved, client_of, request):
    client = client_of(saved(make.member()).user)
    request.getfixturevalue("broken")

    response = client.get("/today", headers=HTMX)

    assert (response.status_code, response.mimetype) == (503, "text/plain")
    assert response.text.startswith("The database cannot be reached")


def fails_with(monkeypatch, statement):
    """Let Today run this statement."""
    monkeypatch.setattr(today, "_sections", lambda *_said: db.session.execute(statement))


def test_what_two_wrote_at_once_is_a_conflict_and_is_logged(
    app, saved, client_of, monkeypatch, caplog
):
    ravi = saved(make.member(Role.MANAGER))
    fails_with(
        monkeypatch,
        insert(Brand).values(name="x", name_key=ravi.brand.name_key, created_at=make.MONDAY),
    )

    with caplog.at_level(logging.WARNING):
        response = client_of(ravi.user).get("/today")

    assert response.status_code == 409
    assert "Somebody changed this meanwhile" in response.text
    assert caplog.messages[-1].removeprefix("written twice ") in response.text


def test_any_other_broken_rule_is_a_fault_of_ours_and_is_logged(
    app, saved, client_of, monkeypatch, caplog
):
    ravi = saved(make.member(Role.MANAGER))
    fails_with(
        monkeypatch,
        insert(BrandMember).values(brand_id=2**30, user_id=ravi.user.id, role=Role.LEAD),
    )

    with caplog.at_level(logging.ERROR):
        response = client_of(ravi.user).get("/today")

    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert caplog.messages[-1].removeprefix("unexpected failure ") in response.text


def test_who_is_refused_is_logged_with_where_and_without_the_address(app, saved, client_of):
    theirs = saved(make.relationship())
    ravi = saved(make.member(Role.VIEWER)).user
    client = client_of(ravi)

    with capture_logs() as logged:
        assert client.get(f"/influencers/{theirs.influencer_id}?q=hugo").status_code == 404
        assert client.post("/log", data={"line": "hugo"}).status_code == 403
        client.get("/today")
        client.get("/no/such/page")

    assert [(one["status"], one["endpoint"], one["method"]) for one in logged] == [
        (404, "person.show", "GET"),
        (403, "interactions.log_line", "POST"),
    ]
    assert {(one["user"], one["network"]) for one in logged} == {(ravi.id, "127.0.0.x")}
    assert "hugo" not in str(logged)
