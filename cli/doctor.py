"""``parvis check`` and ``parvis doctor``: whether everything is written right, and whether everything works."""

import asyncio
import json
from pathlib import Path

import click

from cli.terminal import config_of


@click.command(epilog="Example: parvis check campaigns/samples/halle/halle.toml")
@click.argument("campaigns", nargs=-1, type=click.Path(path_type=Path))
@click.pass_context
def check(context: click.Context, campaigns: tuple[Path, ...]) -> None:
    """Read the configuration, its charter and any campaign files given: all mistakes, with file, line and cure."""
    from app.campaigns import mistakes
    from app.rooms import warning
    from app.settings import load

    settings = load(config_of(context))
    found = [str(finding) for file in campaigns for finding in mistakes(settings, file)]
    for line in found:
        click.echo(line, err=True)
    if found:
        context.exit(2)
    if doubt := warning(settings.town.staff_channels, {each.name: each.platform for each in settings.accounts}):
        click.echo(f"Think of it: {doubt}", err=True)
    click.echo(f"All is well: {', '.join(map(str, (config_of(context), *campaigns)))}")


@click.command(epilog="Example: parvis doctor --json")
@click.option("--offline", is_flag=True, help="Ask no platform.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def doctor(context: click.Context, *, offline: bool, as_json: bool) -> None:
    """Check the machine, the database, the keys, and each bot's token and rights in each chat."""
    from app.doctor import examine
    from app.settings import load

    findings = asyncio.run(examine(load(config_of(context)), offline=offline))
    if as_json:
        fields = ("subject", "ok", "detail", "cure")
        click.echo(json.dumps([{name: getattr(found, name) for name in fields} for found in findings], indent=2))
    else:
        for found in findings:
            click.echo(f"{'ok  ' if found.ok else 'MEND'}  {found.subject}: {found.detail}")
            if found.cure:
                click.echo(f"      {found.cure}")
    if not all(found.ok for found in findings):
        context.exit(3)
