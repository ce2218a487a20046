"""``parvis report``: what the town publishes about its own work."""

from datetime import datetime
from pathlib import Path

import click

from cli.terminal import in_office


@click.group(epilog="Example: parvis report moderation --month 2027-03 --out public")
def report() -> None:
    """Write what the town publishes about its own work."""


@report.command(epilog="Example: parvis report moderation --month 2027-03 --out public")
@click.option("--month", type=click.DateTime(["%Y-%m"]), required=True, help="Which month, as 2027-03.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="The folder to write to.")
@click.pass_context
def moderation(context: click.Context, month: datetime, out: Path) -> None:
    """Write the report of moderation of a month: a page for people, a table for programs, a checkpoint of the log."""
    from app.office import Office
    from app.transparency import as_csv, monthly
    from core.transparency import Report
    from core.wording import Wording
    from templates.moderation import page

    async def made(office: Office) -> tuple[Wording, Report]:
        return office.settings.town.name, await monthly(office, month)

    town, told = in_office(context, made)
    out.mkdir(parents=True, exist_ok=True)
    for ending, text in (("html", page(town, told)), ("csv", as_csv(told))):
        file = out / f"moderation-{told.month}.{ending}"
        file.write_text(text, encoding="utf-8")
        click.echo(f"Written: {file}")
    if told.checkpoint is not None:
        click.echo(f"Checkpoint of the log: {told.checkpoint.number}:{told.checkpoint.digest}")
