"""``parvis calendar``: everything that goes out, in the order of time, and for calendar programs."""

from pathlib import Path

import click

from cli.terminal import in_office, table

_LANGUAGE = click.option(
    "--language", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Of the titles."
)


@click.group(invoke_without_command=True, epilog="Example: parvis calendar")
@_LANGUAGE
@click.pass_context
def calendar(context: click.Context, language: str) -> None:
    """List what is still to come of all campaigns, on the town's clock; what recurs, 60 days ahead."""
    if context.invoked_subcommand is not None:
        return
    from app.almanac import listed
    from app.office import Office
    from core.identifiers import Locale

    async def found(office: Office) -> list[tuple[object, ...]]:
        return await listed(office.store, office.clock.now(), office.settings.town.zone, Locale(language))

    table("Calendar", ("when", "campaign", "step", "what", "note"), in_office(context, found), empty="Nothing to come.")


@calendar.command(epilog="Example: parvis calendar export --out calendar.ics")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@click.pass_context
def export(context: click.Context, out: Path) -> None:
    """Write the calendar into a file that calendar programs read or follow (iCalendar)."""
    from app.almanac import export as put
    from app.office import Office

    async def written(office: Office) -> bool:
        return await put(office.settings, office.store, office.clock, out)

    is_new = in_office(context, written)
    click.echo(f"The calendar is in {out}." if is_new else f"The calendar in {out} is as it should be.")
