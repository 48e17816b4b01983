"""The built front end: hashed names, served compressed and for ever."""

import json
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Blueprint, Flask, send_from_directory
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise

from irm.web import headers

STATIC = Path(__file__).parent.parent / "static"

bp = Blueprint("assets", __name__)


@cache
def _manifest() -> dict[str, str]:
    path = STATIC / "dist" / "manifest.json"
    return json.loads(path.read_text()) if path.exists() else {}


def asset(name: str) -> str:
    """The address of a built file by its plain name, such as `app.js`."""
    return f"/static/dist/{_manifest().get(name, name)}"


def _is_hashed(_path: str, url: str) -> bool:
    return url.startswith("/static/dist/")


def init_app(app: Flask) -> None:
    """Serve what was built, before Flask is asked."""
    safe = headers.every(app.config["IRM"])

    def add(answer: Headers, _path: str, _url: str) -> None:
        for name, value in safe.items():
            answer[name] = value

    app.register_blueprint(bp)
    app.jinja_env.globals["asset"] = asset
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix="static/",
        immutable_file_test=_is_hashed,
        max_age=3600,
        allow_all_origins=False,
        add_headers_function=add,
    )


@bp.get("/static/<path:name>")
def static(name: str) -> Response:
    """Serve a file that appeared after the start, as while developing."""
    return send_from_directory(STATIC, name)
