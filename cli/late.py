"""``parvis late``: what fell due during an outage, and letting it go out after all."""

import click

from cli.terminal import NUMBER, in_office, table
from core.identifiers import OccurrenceId


@click.group(invoke_without_command=True, epilog="Example: parvis late")
@click.pass_context
def late(context: click.Context) -> None:
    """List what fell due while the service was down or the town held, and what becomes of it; the newest first.

    «campaign skip» leaves one out for good. What is too late is missed.
    """
    from app.late import listed
    from app.office import Office

    if context.invoked_subcommand:
        return

    async def found(office: Office) -> list[tuple[object, ...]]:
        return await listed(office)

    columns = ("number", "campaign", "step", "due", "until", "now")
    table("Late", columns, in_office(context, found), empty="Nothing is late.")


@late.command(epilog="Example: parvis late release 12 14")
@click.argument("numbers", type=NUMBER, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that is late.")
@click.pass_context
def release(context: click.Context, numbers: tuple[int, ...], *, everything: bool) -> None:
    """Let these go out in turn: the newest first, four an hour at most."""
    from app.late import release as let_go
    from app.office import Office

    if everything == bool(numbers):
        raise click.UsageError("say numbers or --all")

    async def released(office: Office) -> list[tuple[OccurrenceId, bool]]:
        return await let_go(office, [OccurrenceId(number) for number in numbers])

    outcomes = in_office(context, released)
    for number, done in outcomes:
        click.echo(f"Occurrence {number} goes out in turn." if done else f"Occurrence {number} is not late.")
    if not outcomes:
        click.echo("Nothing is late.")
    if not all(done for _, done in outcomes):
        context.exit(1)
