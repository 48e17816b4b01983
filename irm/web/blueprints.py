"""Every page of irm, one blueprint for each noun."""

from flask import Flask

from irm.web import auth


def init_app(app: Flask) -> None:
    """Hang up all doors."""
    for page in (auth,):
        app.register_blueprint(page.bp)
