"""The way of a test's browser to the sign-in service and back."""

import re

from identity_provider import path_of, signed_in

REFUSED = "is not accepted, so nobody was signed in"


def go(client, **query):
    """As far as the way back: the address that the service leads to."""
    return signed_in(client.get("/login/sso", query_string=query).location)


def sign_in(client, **query):
    """The whole way; returns irm's answer."""
    return client.get(path_of(go(client, **query)))


def sentence(response):
    found = re.search(r'role="alert">.*?<p>(.*?)</p>', response.text, re.DOTALL)
    return found[1] if found else ""
