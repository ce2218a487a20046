"""``parvis alerts``: what needs somebody, whether or not the staff was told."""

import click

from cli.terminal import in_office, local, table
from core.alert import Alert


@click.command(epilog="Example: parvis alerts")
@click.pass_context
def alerts(context: click.Context) -> None:
    """List what needs somebody now, the oldest first, and when the staff was told of it."""
    from app.office import Office

    async def listed(office: Office) -> tuple[str, tuple[Alert, ...]]:
        standing = await office.store.read(lambda books: books.alerts.standing())
        return office.settings.town.zone, tuple(each for each in standing if each.over_at is None)

    zone, found = in_office(context, listed)
    rows: list[tuple[object, ...]] = [
        (
            each.id,
            each.matter.kind.value,
            each.matter.about,
            ", ".join(map(str, each.matter.deliveries)),
            each.matter.private or "",
            local(each.since, zone),
            local(each.told_at, zone) or "not told",
        )
        for each in found
    ]
    columns = ("no.", "kind", "about", "deliveries", "private", "since", "told")
    table("Alerts", columns, rows, empty="Nothing needs anybody.")
