"""Pages are packed where the browser asks for it."""

import gzip

import make
import pytest


@pytest.fixture
def client(saved, client_of):
    return client_of(saved(make.member()).user)


def test_a_page_is_packed_for_those_who_can_unpack_it(client):
    packed = client.get("/today", headers={"Accept-Encoding": "gzip, br"})
    plain = client.get("/today")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert b"</html>" in gzip.decompress(packed.data)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_small_answer_goes_as_it_is(client):
    answer = client.get("/people?q=x", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers


def test_an_error_page_is_packed_too(client):
    answer = client.get("/nowhere", headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 404
    assert b"</html>" in gzip.decompress(answer.data)
