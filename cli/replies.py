"""``parvis replies``: what citizens answered."""

import click

from cli.terminal import NUMBER, in_office, limited, local, table
from core.audit import of_reply
from core.identifiers import ReplyId
from core.reply import Reply, Triage
from core.staff import Act


@click.group(invoke_without_command=True, epilog="Example: parvis replies --state new")
@click.option("--state", type=click.Choice([state.value for state in Triage]), help="Only those that stand so.")
@limited
@click.pass_context
def replies(context: click.Context, state: str | None, limit: int) -> None:
    """List what citizens answered to the town's posts, the newest first."""
    from app.office import Office

    if context.invoked_subcommand:
        return

    async def listed(office: Office) -> tuple[str, tuple[Reply, ...]]:
        wanted = Triage(state) if state else None
        return office.settings.town.zone, await office.store.read(
            lambda books: books.replies.all(state=wanted, limit=limit)
        )

    zone, found = in_office(context, listed)
    rows: list[tuple[object, ...]] = [
        (reply.id, local(reply.at, zone), reply.state.value, reply.about or "", reply.author.hex()[:6], reply.text)
        for reply in found
    ]
    table("Replies", ("reply", "at", "state", "about delivery", "author", "text"), rows, empty="No reply yet.")


@replies.command(epilog="Example: parvis replies move 7 answered")
@click.argument("reply", type=NUMBER)
@click.argument("state", type=click.Choice([state.value for state in Triage]))
@click.pass_context
def move(context: click.Context, reply: int, state: str) -> None:
    """Say where a reply stands: new, with_an_official, answered."""
    from app.audit import recorded, signed
    from app.office import Office

    async def moved(office: Office) -> bool:
        deed = await signed(office, Act.MOVE_REPLY, of_reply(ReplyId(reply)))
        return await office.store.write(recorded(deed, lambda books: books.replies.move(ReplyId(reply), Triage(state))))

    if not in_office(context, moved):
        raise click.ClickException(f"there is no reply {reply}")
    click.echo(f"Reply {reply} is now {state}.")
