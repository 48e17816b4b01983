"""A small browser: one connection kept open, a cookie jar, and a clock."""

import http.client
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

#: Seconds after which an answer is taken for lost.
PATIENCE = 60

_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass
class Answer:
    """What came back, and after how many seconds."""

    status: int
    body: bytes
    location: str
    seconds: float


@dataclass
class Request:
    """What to ask for; `form` makes it a POST."""

    path: str
    form: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    #: What must stand in the answer, lest we measure an error page.
    expects: str = ""


class Client:
    """Talks to one server over one connection."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=PATIENCE
        )
        self._cookies: dict[str, str] = {}
        self._token = ""

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the form, as a person does."""
        self.read_token("/login")
        form = {"csrf_token": self._token, "email": email, "password": password}
        answer = self.ask(Request("/login", form))
        if answer.status != 302:
            raise RuntimeError(f"nobody could sign in: {answer.status}")
        self.read_token("/today")

    @property
    def cookie(self) -> str:
        """What a browser would send with each request."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def ask(self, request: Request) -> Answer:
        """Send one request and read the whole answer."""
        headers = {"Connection": "keep-alive", **request.headers}
        if self._cookies:
            headers["Cookie"] = self.cookie
        method, body = "GET", None
        if request.form is not None:
            method, body = "POST", urlencode(request.form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self._token
        started = time.perf_counter()
        try:
            self._connection.request(method, request.path, body, headers)
            response = self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The server ended a connection that nobody had used for a while.
            self._connection.close()
            started = time.perf_counter()
            self._connection.request(method, request.path, body, headers)
            response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - started
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _equals, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        location = response.headers.get("Location", "")
        return Answer(response.status, content, location, seconds)

    def check(self, request: Request) -> Answer:
        """Send one request and make sure that it did what it was for."""
        answer = self.ask(request)
        if answer.status >= 400 or (answer.status == 302 and "/login" in answer.location):
            raise RuntimeError(f"{request.path} answered {answer.status}")
        if request.expects and request.expects not in answer.body.decode():
            raise RuntimeError(f"{request.path} answered without “{request.expects}”")
        return answer

    def read_token(self, path: str) -> None:
        """Take the token that forms need from a page."""
        found = _TOKEN.search(self.ask(Request(path)).body.decode())
        if found is None:
            raise RuntimeError(f"{path} holds no token")
        self._token = found[1]
