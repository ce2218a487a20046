"""``parvis chats``: what holds in whole discussions, closing them and slowing them down."""

import click

from cli.terminal import in_office, local, plain, table
from core.audience import Channel
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


def _order(context: click.Context, word: str, channel: str, words: tuple[str, ...]) -> None:
    from app.chats import ordered
    from app.office import Office

    async def done(office: Office) -> str:
        return await ordered(office, word, channel, words)

    click.echo(plain(in_office(context, done)))
