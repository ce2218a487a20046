"""``parvis run``: the service itself; ``hold`` and ``release``: stop and resume everything that goes out."""

import asyncio

import click

from cli.terminal import config_of, in_office
from core.audit import TOWN
from core.ports.engine import Role
from core.ports.store import Books
from core.staff import Act


@click.command(epilog="Example: parvis --config /etc/parvis/config.toml run")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.ALL.value,
    help="In a cluster: what this process does of the work.",
)
@click.pass_context
def run(context: click.Context, role: str) -> None:
    """Run the service until it is told to stop (SIGTERM, SIGINT)."""
    from app.cluster import refuse_role
    from app.lifetime import serve
    from app.settings import load

    settings = load(config_of(context))
    refuse_role(settings, Role(role))
    asyncio.run(serve(settings, role=Role(role)))


def _said(_context: click.Context, _parameter: click.Parameter, reason: str) -> str:
    """The reason. Whoever finds the town held tomorrow will need it."""
    if not reason.strip():
        raise click.BadParameter("say why, in a few words")
    return reason.strip()


@click.command(epilog="Example: parvis hold 'wrong date in the announcement'")
@click.argument("reason", callback=_said)
@click.pass_context
def hold(context: click.Context, reason: str) -> None:
    """Let nothing go out until «release»; survives restarts. Citizens can still vote and are still answered."""
    from app.audit import signed
    from app.office import Office
    from app.standstill import hold as stop

    async def held(office: Office) -> None:
        deed = await signed(office, Act.HOLD, TOWN)

        def work(books: Books) -> None:
            stop(books, reason, deed.at)
            books.audit.record(deed)

        await office.store.write(work)

    in_office(context, held)
    click.echo("Held: nothing goes out until: parvis release")


@click.command(epilog="Example: parvis release")
@click.pass_context
def release(context: click.Context) -> None:
    """Let things go out again after «hold» or after a restore."""
    from app.audit import recorded, signed
    from app.office import Office
    from app.standstill import release as resume

    async def released(office: Office) -> str | None:
        deed = await signed(office, Act.RELEASE, TOWN)
        return await office.store.write(recorded(deed, lambda books: resume(books, deed.at)))

    why = in_office(context, released)
    click.echo(f"Released (was held: {why})." if why is not None else "Nothing was held.")
