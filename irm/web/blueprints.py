"""Every page of irm, one blueprint for each noun."""

from flask import Flask

from irm.web import (
    auth,
    funnel,
    imports,
    influencers,
    interactions,
    outbox,
    owners,
    settings,
    status,
    today,
    touchpoints,
)


def init_app(app: Flask) -> None:
    """Hang up all doors."""
    for page in (
        auth,
        funnel,
        imports,
        influencers,
        interactions,
        outbox,
        owners,
        settings,
        status,
        today,
        touchpoints,
    ):
        app.register_blueprint(page.bp)
