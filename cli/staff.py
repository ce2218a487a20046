"""``parvis staff``: who works with Parvis here, and the tokens by which they prove it at a terminal."""

import click

from cli.terminal import in_office, table
from core.identifiers import MemberKey


@click.group(invoke_without_command=True, epilog="Example: parvis staff")
@click.pass_context
def staff(context: click.Context) -> None:
    """List who works with Parvis in this town, as its configuration names them."""
    from app.identity import has_token
    from app.office import Office

    if context.invoked_subcommand:
        return

    async def listed(office: Office) -> tuple[str, list[tuple[object, ...]]]:
        staff = office.settings.staff
        return staff.approval.value, await office.store.read(
            lambda books: [
                (each.key, each.name, each.role.value, ", ".join(each.accounts), "yes" if has else "")
                for each in staff.members
                for has in [has_token(books, each.key)]
            ]
        )

    approval, rows = in_office(context, listed)
    columns = ("key", "name", "role", "hears them", "token")
    nobody = "Nobody is named: whoever is at this machine does everything, and nothing needs an approval."
    table(f"Staff ({approval})", columns, rows, empty=nobody)


@staff.command(epilog="Example: parvis staff token amartin")
@click.argument("key")
@click.option("--revoke", is_flag=True, help="Let their token prove nothing any more.")
@click.pass_context
def token(context: click.Context, key: str, *, revoke: bool) -> None:
    """Give somebody a token, shown once, in place of the one before: it goes into their PARVIS_TOKEN or token file."""
    from app.identity import give_token, revoke_token
    from app.office import Office

    async def given(office: Office) -> str:
        return await give_token(office, MemberKey(key))

    async def revoked(office: Office) -> bool:
        return await revoke_token(office, MemberKey(key))

    if not revoke:
        click.echo(in_office(context, given))
    elif in_office(context, revoked):
        click.echo(f"The token of {key} proves nothing any more.")
    else:
        raise click.ClickException(f"{key} had no token")
