"""The `irm` command: the table of contents of the command line, and its manners."""

import sys
from collections.abc import Sequence

import click

from irm.app import create_app
from irm.cli import brands, db, imports, users
from irm.errors import Refused


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="irm")
def irm() -> None:
    """Influencer relationship management: the CRM of long relationships."""


for command in (db.group, users.group, brands.group, imports.import_):
    irm.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command: 0 done, 1 refused with a sentence on stderr, 2 wrong usage."""
    try:
        app = create_app()
        with app.app_context():
            result = irm.main(args=arguments, prog_name="irm", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except Refused as refused:
        click.echo(str(refused), err=True)
        return 1
    except click.exceptions.Abort:
        click.echo("", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())
