"""`irm brand`: add a brand, list them."""

import json

import click
from flask import current_app
from sqlalchemy import select

from irm import clock
from irm.db import db
from irm.directory import team
from irm.i18n import _
from irm.models import Brand


@click.group("brand")
def group() -> None:
    """Brands whose relationships these are."""


@group.command("add")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def add(name: str, as_json: bool) -> None:
    """Add a brand."""
    brand = team.add_brand(
        db.session, name=name, at=clock.now(), timezone=current_app.config["IRM"].timezone
    )
    db.session.commit()
    click.echo(
        json.dumps({"id": brand.id, "name": brand.name})
        if as_json
        else _("The brand “%(name)s” was added.", name=brand.name)
    )


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the brands."""
    rows = [
        {"id": brand.id, "name": brand.name, "demo": brand.is_demo}
        for brand in db.session.scalars(select(Brand).order_by(Brand.name_key))
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("{id:>5}  {name}".format(**row))
