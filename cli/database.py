"""``parvis database``, ``backup``, ``restore`` and ``keys``: what a town's IT person does with its memory."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import click

from cli.terminal import config_of, working

_FILE = click.Path(path_type=Path, dir_okay=False)
Command: TypeAlias = Callable[..., None]


@click.group()
def database() -> None:
    """Prepare or upgrade the database."""


@database.command(epilog="Example: parvis database upgrade")
@click.pass_context
def upgrade(context: click.Context) -> None:
    """Create the tables, or bring them to this version; a backup of an older database is made beside it first."""
    from app.settings import load
    from app.upkeep import upgrade as bring_up

    with working("Upgrading"):
        lines = tuple(bring_up(load(config_of(context))))
    click.echo("\n".join(lines))


@click.command(epilog="Example: parvis backup /backups/2027-03-01.parvis")
@click.argument("target", type=_FILE)
@click.pass_context
def backup(context: click.Context, target: Path) -> None:
    """Copy the town's memory to a file, while the service runs; verified. Keys are not in it: «keys backup»."""
    from app.settings import load
    from app.upkeep import backup as copy

    with working("Copying and verifying"):
        said = copy(load(config_of(context)), target)
    click.echo(said)


@click.command(epilog="Example: parvis restore /backups/2027-03-01.parvis, look around, then parvis release")
@click.argument("source", type=_FILE)
@click.pass_context
def restore(context: click.Context, source: Path) -> None:
    """Fill an empty database from a backup. The town starts held: nothing goes out until «release»."""
    from app.settings import load
    from app.upkeep import restore as fill

    with working("Checking and filling"):
        said = fill(load(config_of(context)), source)
    click.echo(said)


@click.group()
def keys() -> None:
    """Back up or restore the secrets, which live outside the database."""


def _sealed_by(command: Command) -> Command:
    """Add the two ways to give a passphrase."""
    for option in (
        click.option(
            "--passphrase-file",
            type=_FILE,
            help="A file whose first line it is.",
        ),
        click.option(
            "--passphrase",
            envvar="PARVIS_KEYS_PASSPHRASE",
            help="What opens the file; asked for when neither is given.",
        ),
    ):
        command = option(command)
    return command


def _passphrase(given: str | None, file: Path | None, *, twice: bool) -> str:
    """The passphrase, from the one place named, else from the keyboard."""
    if file is not None:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        if not lines or not lines[0].strip():
            raise click.UsageError(f"{file} is empty: its first line is the passphrase")
        return lines[0].strip()
    if given is not None:
        return given
    asked: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=twice)
    return asked


@keys.command("backup", epilog="Example: parvis keys backup /safe/keys.parvis")
@click.argument("target", type=_FILE)
@_sealed_by
@click.pass_context
def keys_backup(context: click.Context, target: Path, passphrase: str | None, passphrase_file: Path | None) -> None:
    """Copy the keys to one encrypted file. Keep it away from the database's backups."""
    from app.settings import load
    from app.upkeep import backup_keys

    settings = load(config_of(context))
    click.echo(backup_keys(settings, target, _passphrase(passphrase, passphrase_file, twice=True)))


@keys.command("restore", epilog="Example: parvis keys restore /safe/keys.parvis")
@click.argument("source", type=_FILE)
@_sealed_by
@click.pass_context
def keys_restore(context: click.Context, source: Path, passphrase: str | None, passphrase_file: Path | None) -> None:
    """Bring the keys back into an empty key folder."""
    from app.settings import load
    from app.upkeep import restore_keys

    settings = load(config_of(context))
    click.echo(restore_keys(settings, source, _passphrase(passphrase, passphrase_file, twice=False)))
