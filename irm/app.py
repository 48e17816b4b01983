"""The app: a table of contents, nothing else."""

from flask import Flask

from irm import config, db
from irm.config import Settings
from irm.web import (
    assets,
    auth,
    blueprints,
    cookies,
    failures,
    guard,
    headers,
    languages,
    packing,
    provided,
    shell,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build irm from its settings.

    Raises Refused where a setting is wrong.
    """
    settings = settings or config.read()
    app = Flask("irm", static_folder=None)
    app.config["IRM"] = settings

    cookies.init_app(app, settings)
    db.init_app(app, settings)
    languages.init_app(app, settings)
    auth.init_app(app)
    provided.init_app(app, settings)
    guard.init_app(app)
    headers.init_app(app, settings)
    packing.init_app(app)
    failures.init_app(app)
    assets.init_app(app)
    shell.init_app(app)
    blueprints.init_app(app)
    return app
