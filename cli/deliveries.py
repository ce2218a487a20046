"""``parvis deliveries``: the ledger of everything that goes out, and what to do with what nobody knows."""

import click

from cli.terminal import NUMBER, in_office, limited, local, plain, table
from core.delivery import Delivery, DeliveryState
from core.identifiers import CampaignId, DeliveryId


@click.group(invoke_without_command=True, epilog="Example: parvis deliveries --state uncertain")
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]), help="Only those that stand so.")
@click.option("--campaign", help="Only those of this campaign.")
@limited
@click.pass_context
def deliveries(context: click.Context, state: str | None, campaign: str | None, limit: int) -> None:
    """List deliveries, the newest first, after a count of how all of them stand.

    An uncertain delivery may or may not be out: «deliveries show» says where to look, «deliveries settle» takes what
    you saw.
    """
    from app.deliveries import name_of, place_of
    from app.office import Office

    if context.invoked_subcommand:
        return
    wanted = DeliveryState(state) if state else None
    of = CampaignId(campaign) if campaign else None

    async def listed(office: Office) -> tuple[str, dict[DeliveryState, int], tuple[Delivery, ...]]:
        counts = await office.store.read(lambda books: books.deliveries.count(campaign=of))
        found = await office.store.read(lambda books: books.deliveries.all(state=wanted, campaign=of, limit=limit))
        return office.settings.town.zone, counts, found

    zone, counts, found = in_office(context, listed)
    click.echo(
        ", ".join(f"{number} {at.value}" for at, number in counts.items() if number) or "Nothing was planned yet."
    )
    rows: list[tuple[object, ...]] = [
        (
            delivery.id,
            delivery.state.value,
            local(delivery.due_at, zone),
            name_of(delivery.message),
            place_of(delivery),
            f"{delivery.done}/{delivery.parts}" if delivery.parts else "",
            delivery.note,
        )
        for delivery in found
    ]
    if rows:
        table("Deliveries", ("no.", "state", "due", "message", "to", "out", "note"), rows, empty="")


@deliveries.command(epilog="Example: parvis deliveries show 41")
@click.argument("delivery", type=NUMBER)
@click.pass_context
def show(context: click.Context, delivery: int) -> None:
    """Show one delivery whole, and for an uncertain one what to look for, where."""
    from app.deliveries import describe
    from app.office import Office

    async def described(office: Office) -> str:
        return await describe(office, DeliveryId(delivery))

    click.echo(plain(in_office(context, described)))


@deliveries.command(epilog="Example: parvis deliveries settle 41 --out")
@click.argument("delivery", type=NUMBER)
@click.option("--out", "outcome", flag_value="out", help="It is out: I saw it. The parts that remain are sent.")
@click.option("--again", "outcome", flag_value="again", help="It is not out: send it again.")
@click.pass_context
def settle(context: click.Context, delivery: int, outcome: str | None) -> None:
    """Say what became of an uncertain delivery, after looking at the place it was meant for."""
    from app.deliveries import settle as decide
    from app.office import Office

    if outcome is None:
        raise click.UsageError("say --out or --again")

    async def settled(office: Office) -> str:
        return await decide(office, DeliveryId(delivery), out=outcome == "out")

    click.echo(in_office(context, settled))
