"""``parvis deliveries``: the ledger of everything that goes out, and what to do with what nobody knows."""

import click

from cli.terminal import in_office, local, table
from core.delivery import Delivery, DeliveryState
from core.identifiers import CampaignId, DeliveryId


@click.group(invoke_without_command=True, epilog="Example: parvis deliveries --state uncertain")
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]), help="Only those that stand so.")
@click.option("--campaign", help="Only those of this campaign.")
@click.option("--limit", default=50, show_default=True, help="How many, the newest first.")
@click.pass_context
def deliveries(context: click.Context, state: str | None, campaign: str | None, limit: int) -> None:
    """List deliveries, the newest first, after a count of how all of them stand.

    An uncertain delivery may or may not be out: look at the channel, then settle it with «deliveries settle».
    """
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
            type(delivery.message).__name__,
            _to(delivery),
            len(delivery.receipts),
            delivery.note,
        )
        for delivery in found
    ]
    if rows:
        table("Deliveries", ("no.", "state", "due", "message", "to", "out", "note"), rows, empty="")


@deliveries.command(epilog="Example: parvis deliveries settle 41 --out")
@click.argument("delivery", type=int)
@click.option("--out", "outcome", flag_value="out", help="It is out: I saw it. The parts that remain are sent.")
@click.option("--again", "outcome", flag_value="again", help="It is not out: send it again.")
@click.pass_context
def settle(context: click.Context, delivery: int, outcome: str | None) -> None:
    """Say what became of an uncertain delivery, after looking at the place it was meant for."""
    from app.office import Office
    from delivery.settling import it_is_out, send_again

    if outcome is None:
        raise click.UsageError("say --out or --again")

    async def settled(office: Office) -> bool:
        if outcome == "out":
            return await it_is_out(office.store, DeliveryId(delivery), at=office.clock.now())
        town = office.settings.town
        return await send_again(office.store, DeliveryId(delivery), at=office.clock.now(), channels=town.channels)

    if not in_office(context, settled):
        wanted = "not uncertain" if outcome == "out" else "neither uncertain nor failed"
        raise click.ClickException(f"delivery {delivery} is {wanted} (see: parvis deliveries)")
    click.echo(f"Delivery {delivery} is settled.")


def _to(delivery: Delivery) -> str:
    """A channel by its name; nobody's private chat is named."""
    kind = delivery.recipient.kind.value
    return delivery.recipient.name if kind in {"channel", "chat"} else kind
