"""Every page of irm, one blueprint for each noun."""

from flask import Flask

from irm.web import (
    auth,
    bulk,
    duplicates,
    exports,
    farewells,
    filtering,
    funnel,
    history,
    imports,
    influencers,
    interactions,
    merges,
    newcomers,
    outbox,
    owners,
    person,
    presence,
    profile,
    rules,
    scores,
    resonance,
    settings,
    status,
    today,
    touchpoints,
    views,
)


def init_app(app: Flask) -> None:
    """Hang up all doors."""
    for page in (
        auth,
        bulk,
        duplicates,
        exports,
        farewells,
        filtering,
        funnel,
        history,
        imports,
        influencers,
        interactions,
        merges,
        newcomers,
        outbox,
        owners,
        person,
        presence,
        profile,
        rules,
        scores,
        settings,
        status,
        resonance,
        today,
        touchpoints,
        views,
    ):
        app.register_blueprint(page.bp)
