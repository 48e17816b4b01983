"""What is turned away before any page looks at it."""

import make
import pytest

from irm.models import Role


@pytest.mark.parametrize(
    ("comes_from", "status"),
    [("cross-site", 403), ("same-site", 303), ("same-origin", 303), ("none", 303), (None, 303)],
)
def test_a_change_sent_by_another_site_is_not_made(session, saved, client_of, comes_from, status):
    ravi = saved(make.member(Role.MANAGER)).user
    headers = {"Sec-Fetch-Site": comes_from} if comes_from else {}

    response = client_of(ravi).post("/settings/language", data={"locale": "fr"}, headers=headers)

    assert response.status_code == status
    session.refresh(ravi)
    assert ravi.locale == ("en" if status == 403 else "fr")


def test_a_link_on_another_site_still_leads_here(saved, client_of):
    client = client_of(saved(make.member()).user)

    assert client.get("/today", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_another_site_signs_nobody_in(app, saved):
    ana = saved(make.member()).user

    response = app.test_client().post(
        "/login",
        data={"email": ana.email, "password": make.PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert response.status_code == 403
