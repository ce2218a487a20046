"""``parvis freeze``, ``frozen`` and ``thaw``: sober mode, for a day of mourning, a crisis, the weeks before a vote."""

from functools import partial

import click

from cli.terminal import NUMBER, in_office, limited, local, table
from core.audit import TOWN, of_campaign, of_delivery
from core.delivery import Delivery
from core.identifiers import CampaignId, DeliveryId
from core.ports.store import Books
from core.staff import Act


def _said(_context: click.Context, _parameter: click.Parameter, words: str) -> str:
    """Words that somebody will need tomorrow."""
    if not words.strip():
        raise click.BadParameter("say it in a few words")
    return words.strip()


def _said_if_any(context: click.Context, parameter: click.Parameter, words: str | None) -> str | None:
    return None if words is None else _said(context, parameter, words)


@click.command(epilog="Example: parvis freeze 'national mourning' --by 'A. Martin'")
@click.argument("reason", callback=_said)
@click.option("--by", callback=_said_if_any, help="Who decides so, if not who shows the token.")
@click.pass_context
def freeze(context: click.Context, reason: str, by: str | None) -> None:
    """Let nothing planned go out on any network until «thaw»; people are still answered, polls still close in time."""
    from app.audit import signed
    from app.office import Office
    from delivery.sobriety import freeze as stop

    async def frozen(office: Office) -> None:
        staff = office.settings.staff
        if by is None and not staff.is_named:
            raise click.UsageError("say who decides so: --by")
        deed = await signed(office, Act.FREEZE, TOWN)

        def work(books: Books) -> None:
            stop(books, f"{reason} (by {by or staff.name_of(deed.who)})", at=deed.at)
            books.audit.record(deed)

        await office.store.write(work)

    in_office(context, frozen)
    click.echo("Sober: nothing planned goes out until: parvis thaw")


@click.command(epilog="Example: parvis frozen")
@limited
@click.pass_context
def frozen(context: click.Context, limit: int) -> None:
    """List what sober mode keeps from going out, when it was due, and until when it may still go out."""
    from app.deliveries import name_of, place_of
    from app.office import Office
    from delivery.sobriety import frozen as waiting

    async def listed(office: Office) -> tuple[str, tuple[Delivery, ...], list[str]]:
        found = await office.store.read(lambda books: waiting(books, limit=limit))
        now = office.clock.now()
        late = ["too late" if each.expires_at <= now else "late" if each.due_at <= now else "" for each in found]
        return office.settings.town.zone, found, late

    zone, found, late = in_office(context, listed)
    rows: list[tuple[object, ...]] = [
        (each.id, local(each.due_at, zone), local(each.expires_at, zone), how, name_of(each.message), place_of(each))
        for each, how in zip(found, late, strict=True)
    ]
    table("Frozen", ("no.", "due", "until", "now", "message", "to"), rows, empty="Nothing is frozen.")


@click.command(epilog="Example: parvis thaw 41 42")
@click.argument("deliveries", type=NUMBER, nargs=-1)
@click.option("--campaign", help="Everything that waits of this campaign; its later steps wait again.")
@click.pass_context
def thaw(context: click.Context, deliveries: tuple[int, ...], campaign: str | None) -> None:
    """Let these deliveries go out although the town is sober; without numbers or a campaign, end sober mode.

    What is too late is not sent: it expires.
    """
    if campaign is not None and deliveries:
        raise click.UsageError("say numbers or --campaign, not both")
    if campaign is not None:
        _campaign_out(context, CampaignId(campaign))
    elif deliveries:
        _out(context, deliveries)
    else:
        _end(context)


def _campaign_out(context: click.Context, campaign: CampaignId) -> None:
    from app.audit import recorded, signed
    from app.office import Office
    from delivery.sobriety import let_campaign_out

    async def whole(office: Office) -> int:
        deed = await signed(office, Act.LET_OUT, of_campaign(campaign))
        return await office.store.write(recorded(deed, lambda books: let_campaign_out(books, campaign, at=deed.at)))

    click.echo(f"Of campaign {campaign} go out: {in_office(context, whole)}")


def _out(context: click.Context, deliveries: tuple[int, ...]) -> None:
    from app.audit import recorded, signed
    from app.office import Office
    from delivery.sobriety import let_out

    async def some(office: Office) -> list[tuple[int, bool]]:
        deeds = [
            (DeliveryId(each), await signed(office, Act.LET_OUT, of_delivery(DeliveryId(each)))) for each in deliveries
        ]
        ways = [(number, recorded(deed, partial(let_out, number=number, at=deed.at))) for number, deed in deeds]
        return await office.store.write(lambda books: [(number, way(books)) for number, way in ways])

    outcomes = in_office(context, some)
    for number, done in outcomes:
        click.echo(f"Delivery {number} goes out." if done else f"Delivery {number} is not planned, or is too late.")
    if not all(done for _, done in outcomes):
        context.exit(1)


def _end(context: click.Context) -> None:
    from app.audit import recorded, signed
    from app.office import Office
    from delivery.sobriety import thaw as resume

    async def ended(office: Office) -> str | None:
        return await office.store.write(recorded(await signed(office, Act.THAW, TOWN), resume))

    why = in_office(context, ended)
    click.echo(f"Thawed (was sober: {why})." if why is not None else "The town was not sober.")
