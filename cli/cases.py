"""``parvis cases``: messages judged by the charter, and giving one back."""

import click

from cli.terminal import NUMBER, in_office, limited, local, plain, table
from core.identifiers import CaseNumber
from core.moderation import Case, CaseState


@click.group(invoke_without_command=True, epilog="Example: parvis cases --state removed")
@click.option("--state", type=click.Choice([state.value for state in CaseState]), help="Only those that stand so.")
@limited
@click.pass_context
def cases(context: click.Context, state: str | None, limit: int) -> None:
    """List the cases of moderation, the newest first (what was said is shown by «cases show»)."""
    from app.office import Office

    if context.invoked_subcommand:
        return

    async def listed(office: Office) -> tuple[str, tuple[Case, ...]]:
        wanted = CaseState(state) if state else None
        return office.settings.town.zone, await office.store.read(
            lambda books: books.cases.all(state=wanted, limit=limit)
        )

    zone, found = in_office(context, listed)
    rows: list[tuple[object, ...]] = [
        (case.number, local(case.at, zone), f"{case.article} ({case.charter})", case.state.value, case.chat, case.note)
        for case in found
    ]
    table("Cases", ("case", "opened", "article", "state", "chat", "note"), rows, empty="No case yet.")


@cases.command(epilog="Example: parvis cases show 12")
@click.argument("number", type=NUMBER)
@click.pass_context
def show(context: click.Context, number: int) -> None:
    """Show one case with its evidence."""
    from app.moderation import evidence_of
    from app.office import Office

    async def found(office: Office) -> str:
        return await evidence_of(office, CaseNumber(number))

    click.echo(plain(in_office(context, found)))


@cases.command(epilog="Example: parvis cases restore 12")
@click.argument("number", type=NUMBER)
@click.pass_context
def restore(context: click.Context, number: int) -> None:
    """Give a removed message back to the debate: it is quoted in the group it was taken from."""
    from app.moderation import restore as give_back
    from app.office import Office

    async def restored(office: Office) -> None:
        await give_back(office, CaseNumber(number))

    in_office(context, restored)
    click.echo(f"Case {number}: the message will be quoted in its group within seconds.")
