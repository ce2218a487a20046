"""``parvis audit``: who did what, and whether anybody changed the log since."""

import click

from cli.terminal import in_office, limited, local, table
from core.audit import Entry

_SHORT = 12  # characters of a digest that tell it from others


@click.command(epilog="Example: parvis audit --verify")
@click.option("--verify", is_flag=True, help="Follow the chain of digests from the first entry to the last.")
@click.option("--checkpoint", help="A number and digest noted down earlier, as 41:ab12…: verify that they hold.")
@limited
@click.pass_context
def audit(context: click.Context, limit: int, checkpoint: str | None, *, verify: bool) -> None:
    """List who did what, the newest first; or verify that no entry was changed, taken out or put elsewhere.

    Note the last digest somewhere else: who can write the database could make a whole new log, without that digest.
    """
    from app.office import Office

    if verify or checkpoint is not None:
        _verify(context, checkpoint)
        return

    async def listed(office: Office) -> tuple[str, tuple[Entry, ...]]:
        return office.settings.town.zone, await office.store.read(lambda books: books.audit.last(limit=limit))

    zone, found = in_office(context, listed)
    rows: list[tuple[object, ...]] = [
        (
            each.number,
            local(each.deed.at, zone),
            each.deed.who,
            each.deed.act.value,
            each.deed.about,
            each.deed.content[:_SHORT],
            each.digest[:_SHORT],
        )
        for each in found
    ]
    columns = ("no.", "when", "who", "act", "about", "content", "digest")
    table("Audit", columns, rows, empty="Nobody did anything yet.")


def _verify(context: click.Context, checkpoint: str | None) -> None:
    from app.audit import found_broken
    from app.office import Office

    async def verified(office: Office) -> tuple[int, Entry | None, Entry | None]:
        return await office.store.read(found_broken)

    whole, last, broken = in_office(context, verified)
    if broken is not None:
        click.echo(
            f"BROKEN at entry {broken.number}: it, or what stood before it, was changed. {whole} before it hold."
        )
        context.exit(3)
    newest = f"; the last is {last.number}: {last.digest}" if last else ""
    if checkpoint is not None:
        _compare(context, checkpoint)
    click.echo(f"{whole} entries, each as it was written{newest}")


def _compare(context: click.Context, checkpoint: str) -> None:
    """Refuse a log that does not hold what was noted down."""
    from app.audit import holds
    from app.office import Office

    async def compared(office: Office) -> bool:
        return await office.store.read(lambda books: holds(books, checkpoint))

    if not in_office(context, compared):
        click.echo(f"REWRITTEN: the entry noted down as {checkpoint} is not in this log.")
        context.exit(3)
