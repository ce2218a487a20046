"""``parvis import``: posts that were written in a sheet or a calendar become campaign files."""

import asyncio
from datetime import datetime
from pathlib import Path

import click

from cli.terminal import config_of, plain, table


@click.command("import", epilog="Example: parvis import posts.ods --dry-run --channels place")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--channels", default="", metavar="NAMES", help="Where the posts go, if the file does not say: a,b.")
@click.option("--at", type=click.DateTime(["%H:%M"]), metavar="TIME", help="When posts go out that have only a day.")
@click.option(
    "--language",
    type=click.Choice(["fr", "en"]),
    default="fr",
    show_default=True,
    help="Of the events of a calendar; the columns of a sheet say it themselves.",
)
@click.pass_context
def import_posts(
    context: click.Context, file: Path, *, dry_run: bool, channels: str, at: datetime | None, language: str
) -> None:
    """Read posts (.csv, .ods or .ics) into a campaign file beside them. Nothing goes out: you look, and start it.

    Importing the same twice changes nothing. Posts are known by their id; what you wrote by hand stays.
    """
    from app.clock import SystemClock
    from app.imports import Order, bring
    from app.settings import load
    from core.identifiers import Locale

    named = tuple(name.strip() for name in channels.split(",") if name.strip())
    order = Order(file=file, channels=named, at=at.time() if at else None, language=Locale(language))
    told = asyncio.run(bring(load(config_of(context)), order, SystemClock().now(), dry_run=dry_run))
    table("Posts", ("campaign", "post", "when", "what", "title"), [*told.rows], empty="No post.")
    click.echo(plain("\n".join(told.lines)))
