"""A sign-in service of the tests' own: OpenID Connect on a thread, with a real key."""

import base64
import hashlib
import threading
import time
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener

import flask
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from irm import clock
from irm.sso.provider import Provider

ID, SECRET = "irm at acme", "s3cret & more"


class IdentityProvider:
    """Signs in whoever `claims` says, without asking; tests bend what it answers."""

    def __init__(self):
        self.key, self.other_key = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))
        app = flask.Flask("identity provider")
        app.get("/.well-known/openid-configuration")(self._discovery)
        app.get("/authorize")(self._authorize)
        app.post("/token")(self._token)
        app.get("/keys")(self._keys)
        app.get("/userinfo")(self._userinfo)
        app.get("/drips")(self._drip)
        app.before_request(self._stumble)
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.reset()

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def reset(self):
        """As it is at the start of each test: Ana is signed in there, and all is well."""
        #: Whom it signs in, beside what every token says.
        self.claims = {"sub": "ana-1", "email": "ana@example.com", "email_verified": True}
        #: What it says at userinfo; None: it has none.
        self.userinfo = None
        #: What is changed of a token's claims before it is signed; None takes a claim away.
        self.bent = {}
        self.header = {"alg": "RS256", "kid": "one"}
        self.signing_key, self.shown_keys = self.key, [self.key]
        #: What is done to the token's text once it is signed.
        self.spoil = lambda token: token
        self.discovery = {}
        #: Addresses that answer 503, and the seconds that each of them takes.
        self.broken, self.slow = set(), {}
        #: What was asked of whom, as (path, query or form).
        self.asked = []
        self._codes = {}

    def settings(self, settings, **given):
        """The settings of an irm that signs in here."""
        update = {
            "oidc_issuer": self.url,
            "oidc_client_id": ID,
            "oidc_client_secret": type(settings.smtp_url)(SECRET),
            "oidc_name": "Acme ID",
            **given,
        }
        return settings.model_copy(update=update)

    def serve(self, app, **given):
        """Let an app sign in here."""
        app.config["IRM"] = self.settings(app.config["IRM"], **given)
        app.extensions["sign-in service"] = Provider(app.config["IRM"])

    def asked_of(self, path):
        return [given for where, given in self.asked if where == path]

    def _stumble(self):
        request = flask.request
        self.asked.append((request.path, request.values.to_dict()))
        time.sleep(self.slow.get(request.path, 0))
        return ("", 503) if request.path in self.broken else None

    def _discovery(self):
        paths = {"authorization": "authorize", "token": "token"}
        said = {f"{name}_endpoint": f"{self.url}/{path}" for name, path in paths.items()}
        said |= {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        if self.userinfo is not None:
            said["userinfo_endpoint"] = f"{self.url}/userinfo"
        return said | self.discovery

    def _authorize(self):
        given = flask.request.args
        code = hashlib.sha256(given["state"].encode()).hexdigest()[:20]
        self._codes[code] = given.to_dict()
        answer = {"code": code, "state": given["state"], "iss": self.url}
        return flask.redirect(f"{given['redirect_uri']}?{urlencode(answer)}")

    def _token(self):
        given, who = flask.request.form, flask.request.authorization
        asked = self._codes.pop(given["code"], None)
        if asked is None:
            return {"error": "invalid_grant"}, 400
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        assert asked["code_challenge_method"] == "S256"
        assert given["redirect_uri"] == asked["redirect_uri"]
        # Both are form-encoded within the header (RFC 6749, section 2.3.1).
        assert (who.username, who.password) == ("irm+at+acme", "s3cret+%26+more")
        return {"token_type": "Bearer", "access_token": "opaque", "id_token": self.token(asked)}

    def token(self, asked):
        now = int(clock.now().timestamp())
        claims = {"iss": self.url, "aud": ID, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"]} | self.claims | self.bent
        if "max_age" in asked:
            claims.setdefault("auth_time", now)
        said = {name: value for name, value in claims.items() if value is not None}
        return self.spoil(jwt.encode(self.header, said, self.signing_key, [self.header["alg"]]))

    def _keys(self):
        return {"keys": [key.as_dict(private=False) for key in self.shown_keys]}

    def _drip(self):
        """A byte now and then, for longer than anybody waits."""

        def drops():
            for _ in range(50):
                time.sleep(0.1)
                yield b" "

        return flask.Response(drops(), mimetype="application/json")

    def _userinfo(self):
        assert flask.request.headers["Authorization"] == "Bearer opaque"
        return self.userinfo


def signed_in(address):
    """Where the service leads a browser that was led to this address."""
    with _NOWHERE.open(address, timeout=10) as answer:
        return answer.headers["Location"]


def path_of(address):
    """The path and query of an address, as a test's browser asks for them."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


class _Stay(HTTPRedirectHandler):
    def http_error_302(self, _request, answer, *_rest):
        return answer


_NOWHERE = build_opener(ProxyHandler({}), _Stay())
