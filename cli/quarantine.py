"""``parvis quarantine``: updates that could not be dealt with."""

import click

from cli.terminal import NUMBER, in_office, limited, local, table


@click.group(invoke_without_command=True, epilog="Example: parvis quarantine")
@limited
@click.pass_context
def quarantine(context: click.Context, limit: int) -> None:
    """List the updates set aside because of a fault, the newest first. What they say stays sealed."""
    from app.office import Office
    from core.ports.books.inbox import Aside

    if context.invoked_subcommand:
        return

    async def listed(office: Office) -> tuple[str, tuple[Aside, ...]]:
        return office.settings.town.zone, await office.store.read(lambda books: books.inbox.aside(limit=limit))

    zone, found = in_office(context, listed)
    rows: list[tuple[object, ...]] = [(each.id, local(each.at, zone), each.account, each.reason) for each in found]
    table("Set aside", ("update", "arrived", "account", "reason"), rows, empty="Nothing is set aside.")


@quarantine.command(epilog="Example: parvis quarantine retry 12")
@click.argument("updates", nargs=-1, type=NUMBER)
@click.pass_context
def retry(context: click.Context, updates: tuple[int, ...]) -> None:
    """Put updates back, all of them when none is named: a running service deals with them within seconds.

    Those whose authors were told that nothing is recorded stay aside.
    """
    from app.office import Office
    from app.quarantine import put_back

    async def retried(office: Office) -> int:
        return await put_back(office, updates)

    click.echo(f"Put back: {in_office(context, retried)}. A running service deals with them within seconds.")
