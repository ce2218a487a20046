"""``parvis chats``: what holds in whole discussions, closing them and slowing them down."""

import click

from cli.terminal import in_office, local, plain, table
from core.audience import Channel
from core.purging import Purge
from core.sanction import Sanction

silently = click.option("--silent", is_flag=True, help="Tell nobody there.")


@click.group(invoke_without_command=True, epilog="Example: parvis chats")
@click.pass_context
def chats(context: click.Context) -> None:
    """List the discussions that are closed or slowed down."""
    from app.chats import standing
    from app.office import Office

    if context.invoked_subcommand:
        return

    async def found(office: Office) -> tuple[str, tuple[tuple[Channel, Sanction], ...]]:
        return office.settings.town.zone, await standing(office)

    zone, stands = in_office(context, found)
    rows: list[tuple[object, ...]] = [
        (
            channel.name,
            sanction.kind.value,
            f"{sanction.pause.total_seconds():.0f} s" if sanction.pause else "",
            local(sanction.until, zone),
            sanction.by,
        )
        for channel, sanction in stands
    ]
    table("Discussions", ("channel", "what", "pause", "until", "by"), rows, empty="Every discussion is open.")


@chats.command(epilog="Example: parvis chats lock place 1h")
@click.argument("channel")
@click.argument("length", required=False)
@silently
@click.pass_context
def lock(context: click.Context, channel: str, length: str | None, *, silent: bool) -> None:
    """Close the discussion of a channel, for so long (30m, 1h) or until it is opened."""
    _order(context, "slock" if silent else "lock", channel, (length,) if length else ())


@chats.command(epilog="Example: parvis chats unlock place")
@click.argument("channel")
@silently
@click.pass_context
def unlock(context: click.Context, channel: str, *, silent: bool) -> None:
    """Open the discussion of a channel again."""
    _order(context, "sunlock" if silent else "unlock", channel, ())


@chats.command(epilog="Example: parvis chats slowmode place 30s 1h")
@click.argument("channel")
@click.argument("pause")
@click.argument("length", required=False)
@silently
@click.pass_context
def slowmode(context: click.Context, channel: str, pause: str, length: str | None, *, silent: bool) -> None:
    """Have everybody wait between two messages (30s, 5m; off ends it), for so long or until it is ended."""
    _order(context, "sslowmode" if silent else "slowmode", channel, (pause, *((length,) if length else ())))


@chats.command(epilog="Example: parvis chats purge place 50 2 no advertising")
@click.argument("channel")
@click.argument("words", nargs=-1, required=True)
@click.option("--silent", is_flag=True, help="Do not tell their authors.")
@click.pass_context
def purge(context: click.Context, channel: str, words: tuple[str, ...], *, silent: bool) -> None:
    """Take messages out of the discussion of a channel: how many, or «author» and a case; the article; the reasons."""
    _order(context, "spurge" if silent else "purge", channel, words)


@chats.command(epilog="Example: parvis chats purged")
@click.pass_context
def purged(context: click.Context) -> None:
    """List what was to be taken out of discussions, the newest first, and what became of it."""
    from app.chats import taken_out
    from app.office import Office

    async def found(office: Office) -> tuple[str, tuple[Purge, ...]]:
        return office.settings.town.zone, await taken_out(office)

    zone, some = in_office(context, found)
    rows: list[tuple[object, ...]] = [
        (
            each.place,
            local(each.at, zone),
            each.by,
            "under way" if each.done_at is None else f"{each.gone} of {each.gone + each.too_old + each.refused}",
            each.too_old,
            each.refused,
            each.cases,
            each.note,
        )
        for each in some
    ]
    columns = ("channel", "ordered", "by", "taken out", "too old", "refused", "cases", "note")
    table("Taken out", columns, rows, empty="Nothing was to be taken out.")


def _order(context: click.Context, word: str, channel: str, words: tuple[str, ...]) -> None:
    from app.chats import ordered
    from app.office import Office

    async def done(office: Office) -> str:
        return await ordered(office, word, channel, words)

    click.echo(plain(in_office(context, done)))
