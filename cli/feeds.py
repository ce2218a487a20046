"""``parvis feeds``: the feeds of the town's web site, and the drafts that were made of their articles."""

import click

from cli.terminal import in_office, table


@click.group(invoke_without_command=True, epilog="Example: parvis feeds")
@click.pass_context
def feeds(context: click.Context) -> None:
    """List the feeds that are followed, and the drafts of their articles, with what is to be looked at."""
    if context.invoked_subcommand is not None:
        return
    from app.feeds import drafts, told
    from app.office import Office
    from core.ports.store import Books

    async def found(office: Office) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        def look(books: Books) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
            return told(office.settings, books), drafts(office.settings, books)

        return await office.store.read(look)

    rows, made = in_office(context, found)
    columns = ("feed", "address", "stands", "read next", "articles", "drafts")
    table("Feeds", columns, rows, empty="No feed is followed: name one under [[feeds]] in the configuration.")
    if made:
        table("Drafts", ("draft", "made", "title", "to look at"), made, empty="")


@feeds.command(epilog="Example: parvis feeds check")
@click.pass_context
def check(context: click.Context) -> None:
    """Read every feed now, whatever its time, as the service does; nothing goes out."""
    from app.feeds import feeds_of, told
    from app.office import Office
    from app.web import reader_of

    async def looked(office: Office) -> list[tuple[object, ...]]:
        reader = reader_of(office.settings)
        if reader is None:
            raise click.ClickException(
                "feeds are not read through a proxy, which would choose the address in our place"
            )
        await feeds_of(office.settings, store=office.store, clock=office.clock, reader=reader).look(now=True)
        return await office.store.read(lambda books: told(office.settings, books))

    rows = in_office(context, looked)
    columns = ("feed", "address", "stands", "read next", "articles", "drafts")
    table("Feeds", columns, rows, empty="No feed is followed: name one under [[feeds]] in the configuration.")
