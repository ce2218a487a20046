"""The ``parvis`` command. Each group of commands is a module of this package; each imports what it needs when it runs.

Exit codes: 0 done; 1 the thing asked for was refused or did not succeed; 2 the configuration or the command line must
be corrected; 3 a check found something wrong; 70 a fault of Parvis itself; 130 interrupted.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from cli import (
    alerts,
    audit,
    calendar,
    cases,
    chats,
    corrections,
    database,
    deliveries,
    demo,
    doctor,
    feeds,
    imports,
    late,
    polls,
    quarantine,
    rehearsal,
    replies,
    report,
    reviews,
    rules,
    service,
    sobriety,
    staff,
)
from core.errors import Misconfigured, ParvisError, Unauthorised


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="parvis", message="Parvis %(version)s")
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    default=Path("config.toml"),
    envvar="PARVIS_CONFIG",
    show_default=True,
    help="The configuration file.",
)
@click.pass_context
def parvis(context: click.Context, config: Path) -> None:
    """The square in front of the town hall, in chat: announcements, polls and respectful debate.

    Start with: parvis demo. Then copy config.example.toml to config.toml, and: parvis check, parvis doctor, parvis run.
    """
    context.obj = config


for command in (
    service.run,
    service.hold,
    service.release,
    sobriety.freeze,
    sobriety.frozen,
    sobriety.thaw,
    late.late,
    demo.demo,
    rehearsal.rehearse,
    doctor.check,
    doctor.doctor,
    imports.import_posts,
    reviews.campaign,
    feeds.feeds,
    calendar.calendar,
    deliveries.deliveries,
    corrections.correct,
    corrections.erratum,
    corrections.retract,
    corrections.unpin,
    corrections.copies,
    polls.polls,
    replies.replies,
    cases.cases,
    chats.chats,
    report.report,
    rules.rules,
    alerts.alerts,
    quarantine.quarantine,
    staff.staff,
    audit.audit,
    database.backup,
    database.restore,
    database.keys,
    database.database,
):
    parvis.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line: errors are sentences, never tracebacks (unless PARVIS_DEBUG is set)."""
    try:
        code = parvis(arguments, prog_name="parvis", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        sys.exit(130)
    except Exception as error:  # the last supervisor: a fault of ours is said, not shown as a traceback
        if os.environ.get("PARVIS_DEBUG"):
            raise
        sentence, code = _told(_first(error))
        click.echo(sentence, err=True)
    sys.exit(code)


def _told(error: Exception) -> tuple[str, int]:
    """What to say of an error, and the exit code."""
    match error:
        case Misconfigured() | Unauthorised():
            return str(error), 2
        case ParvisError():
            return str(error) or type(error).__name__, 1
        case BrokenPipeError():
            return "", 1
        case OSError() if error.filename and error.strerror:
            return f"{error.filename}: {error.strerror}", 1
        case _:
            fault = f"a fault of Parvis itself: {type(error).__name__}: {error}"
            return f"{fault}\nSet PARVIS_DEBUG=1 to see where.", 70


def _first(error: Exception) -> Exception:
    """The error itself, or the first of a group that several tasks raised."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
