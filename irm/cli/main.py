"""The `irm` command: the table of contents of the command line, and its manners."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from irm import config
from irm.app import create_app
from irm.cli import logs
from irm.cli.revision import refuse_if_behind
from irm.db import db
from irm.errors import Refused
from irm.i18n import _, _l

#: Where each command stands. It is loaded when it is called: a web server needs no arrays.
COMMANDS = {
    "backup": "irm.cli.backup:backup",
    "brand": "irm.cli.brands:group",
    "db": "irm.cli.db:group",
    "demo": "irm.cli.demo:demo",
    "doctor": "irm.cli.doctor:doctor",
    "export": "irm.cli.export:export",
    "import": "irm.cli.imports:import_",
    "network": "irm.cli.network:group",
    "outbox": "irm.cli.outbox:group",
    "plan": "irm.cli.plans:plan",
    "remind": "irm.cli.worker:remind",
    "restore": "irm.cli.backup:restore",
    "score": "irm.cli.scores:score",
    "serve": "irm.cli.serve:serve",
    "user": "irm.cli.users:group",
    "worker": "irm.cli.worker:worker",
}


#: Commands that work on tables of any age, or on none.
ANY = frozenset({"backup", "db", "doctor", "restore"})

#: Commands that may begin an irm where there is none; all others stop there.
BEGINNINGS = (["db", "upgrade"], ["restore"])


class _Commands(click.Group):
    """A group whose commands are loaded by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="irm")
def irm() -> None:
    """Influencer relationship management: the CRM of long relationships."""


def _is_command(words: Sequence[str]) -> bool:
    """Whether a command line does something, and does not only ask for help."""
    is_a_question = {"-h", "--help", "--version"}.intersection(words)
    return bool(words) and words[0] in COMMANDS and not is_a_question


def _begins(words: Sequence[str]) -> bool:
    """Whether a command line may begin an irm."""
    return _is_command(words) and any(list(words[: len(one)]) == one for one in BEGINNINGS)


def _refuse_no_text(words: Sequence[str]) -> None:
    """Raise Refused where a word has bytes in it that are no text: nothing could store them."""
    for word in words:
        shown = word.encode("utf-8", "replace").decode()
        if shown != word:
            raise Refused(_l("“%(word)s” is not text in UTF-8.", word=shown[:60]))


def _say_where(nowhere: Path, words: Sequence[str]) -> None:
    """Say where no irm is yet. Raises Refused unless this command begins one, or asks for help."""
    if _begins(words):
        click.echo(_("A new irm begins at %(path)s.", path=nowhere), err=True)
    elif _is_command(words):
        raise Refused(
            _l(
                "There is no irm at %(path)s: run this in the folder of your `.env`, or set "
                "IRM_DATA_DIR; `irm db upgrade` begins a new one there.",
                path=nowhere,
            )
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command: 0 done, 1 refused with a sentence on stderr, 2 wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # What went wrong is said within the app's context, which has the language to say it in.
    with ExitStack() as context:
        try:
            settings = config.told()
            nowhere = config.missing(settings)
            # In a folder that was only mistaken for that of an irm nothing is left behind.
            if nowhere is None or _begins(words):
                settings = config.begun(settings)
            app = create_app(settings)
            logs.configure(app.config["IRM"].log_format)
            context.enter_context(app.app_context())
            _refuse_no_text(words)
            if nowhere is not None:
                _say_where(nowhere, words)
            if _is_command(words) and words[0] not in ANY:
                refuse_if_behind(db.engine)
            result = irm.main(args=words, prog_name="irm", standalone_mode=False)
            return result if isinstance(result, int) else 0
        except Refused as refused:
            click.echo(str(refused), err=True)
            return 1
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            click.echo(_("The database cannot be used: %(reason)s.", reason=reason), err=True)
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
