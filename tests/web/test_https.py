"""An installation as a team opens it: over https, under one name, behind proxies it knows."""

import make
import pytest
from sqlalchemy import select

from irm.app import create_app
from irm.db import db
from irm.models import AuditEntry

HOST = "https://irm.acme.example"


@pytest.fixture
def opened(app):
    """Open irm with other settings on the database of the test."""
    made = []

    def on(**settings):
        given = {"public_url": HOST, "database_url": app.config["IRM"].url, **settings}
        secure = create_app(app.config["IRM"].model_copy(update=given))
        secure.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        made.append(secure)
        return secure.test_client()

    yield on
    for one in made:
        with one.app_context():
            db.engine.dispose()


def sign_in(client, user, password=make.PASSWORD, **more):
    form = {"email": user.email, "password": password}
    return client.post("/login", base_url=HOST, data=form, **more)


def test_the_cookie_is_for_this_host_over_https_alone_and_no_script_reads_it(opened, saved):
    ana = saved(make.member()).user

    response = sign_in(opened(), ana)

    [cookie] = response.headers.getlist("Set-Cookie")
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-irm=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert not [one for one in attributes if one.startswith("Domain")]


def test_a_cookie_that_was_changed_signs_nobody_in(opened, saved):
    client = opened()
    sign_in(client, saved(make.member()).user)
    assert client.get("/today", base_url=HOST).status_code == 200

    kept = client.get_cookie("__Host-irm", domain="irm.acme.example").value
    forged = kept[:-3] + ("aaa" if kept[-3:] != "aaa" else "bbb")
    client.set_cookie("__Host-irm", forged, domain="irm.acme.example", secure=True)

    assert client.get("/today", base_url=HOST).status_code == 302


def test_the_theme_is_read_from_the_cookie_that_no_other_host_can_set(opened):
    client = opened()
    client.set_cookie("theme", "dark", domain="irm.acme.example")
    assert 'data-bs-theme="light"' in client.get("/login", base_url=HOST).text

    client.set_cookie("__Host-theme", "dark", domain="irm.acme.example", secure=True)
    assert 'data-bs-theme="dark"' in client.get("/login", base_url=HOST).text


@pytest.mark.parametrize("path", ["/login", "/today", "/no/such/page", "/static/logo.svg"])
def test_browsers_are_told_to_come_by_https_for_a_year(opened, path):
    with opened().get(path, base_url=HOST) as response:
        said = response.headers["Strict-Transport-Security"]
    assert said == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("host", ["evil.example", "irm.acme.example.evil.example", "acme.example"])
def test_under_another_name_nothing_is_answered(opened, host):
    response = opened().get("/login", base_url=f"https://{host}")

    assert response.status_code == 400
    assert host not in response.text


@pytest.mark.parametrize(
    ("proxies", "counted"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")]
)
def test_only_proxies_of_ours_say_where_somebody_comes_from(
    opened, session, saved, proxies, counted
):
    ana = saved(make.member()).user
    forwarded = {"X-Forwarded-For": "192.0.2.66, 198.51.100.7, 203.0.113.9"}

    sign_in(opened(trusted_proxies=proxies), ana, "wrong", headers=forwarded)

    entry = session.scalars(select(AuditEntry)).one()
    assert entry.ids["address"] == counted
