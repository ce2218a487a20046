"""``parvis database``, ``backup``, ``restore`` and ``keys``: what a town's IT person does with its memory."""

from pathlib import Path

import click

from cli.terminal import config_of, working

_FILE = click.Path(path_type=Path, dir_okay=False)


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


@keys.command("backup", epilog="Example: parvis keys backup /safe/keys.parvis")
@click.argument("target", type=_FILE)
@click.option(
    "--passphrase",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    envvar="PARVIS_KEYS_PASSPHRASE",
    help="What will open the file; asked for when left out.",
)
@click.pass_context
def keys_backup(context: click.Context, target: Path, passphrase: str) -> None:
    """Copy the keys to one encrypted file. Keep it away from the database's backups."""
    from app.settings import load
    from app.upkeep import backup_keys

    click.echo(backup_keys(load(config_of(context)), target, passphrase))


@keys.command("restore", epilog="Example: parvis keys restore /safe/keys.parvis")
@click.argument("source", type=_FILE)
@click.option(
    "--passphrase",
    prompt=True,
    hide_input=True,
    envvar="PARVIS_KEYS_PASSPHRASE",
    help="What opens the file; asked for when left out.",
)
@click.pass_context
def keys_restore(context: click.Context, source: Path, passphrase: str) -> None:
    """Bring the keys back into an empty key folder."""
    from app.settings import load
    from app.upkeep import restore_keys

    click.echo(restore_keys(load(config_of(context)), source, passphrase))
