"""``parvis campaign submit``, ``review``, ``approve``, ``reject``, ``withdraw``: what a second person sees first."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from cli.campaigns import campaign
from cli.terminal import in_office, table, working
from core.identifiers import CampaignId, Locale
from core.preflight import Concern
from core.review import Review


@campaign.command(epilog="Example: parvis campaign submit campaigns/samples/halle/halle.toml")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def submit(context: click.Context, file: Path) -> None:
    """Submit a campaign, or the correction of one that runs, for another officer to approve."""
    from app.office import Office
    from app.reviews import submit as hand_in

    async def submitted(office: Office) -> str:
        return await hand_in(office, file)

    click.echo(in_office(context, submitted))


@campaign.command(epilog="Example: parvis campaign review 3-c0ffee")
@click.argument("code", required=False)
@click.pass_context
def review(context: click.Context, code: str | None) -> None:
    """List what waits for approval; with its CODE, show exactly what one would send, and what pre-flight finds."""
    from app.office import Office
    from app.reviews import waiting

    if code is not None:
        _show(context, code)
        return

    async def listed(office: Office) -> list[tuple[object, ...]]:
        return await waiting(office)

    columns = ("code", "campaign", "state", "by", "submitted", "blocked by")
    table("Reviews", columns, in_office(context, listed), empty="Nothing waits for review.")


def _show(context: click.Context, code: str) -> None:
    from app.campaigns import learnt, preview_of
    from app.office import Office
    from app.proposals import said
    from app.reviews import read

    async def found(office: Office) -> tuple[Review, Sequence[Concern], list[str]]:
        submission, concerns = await read(office, code)
        known = await learnt(office.settings)
        made = preview_of(office.settings, submission.campaign, full=False, known=known)
        return submission, concerns, await asyncio.to_thread(list, made)

    with working("Composing every message"):
        submission, concerns, lines = in_office(context, found)
    click.echo(f"Campaign {submission.campaign.id}, {submission.state.value}, submitted by {submission.by}")
    click.echo("\n".join((f"content {submission.content}", "", *lines)))
    click.echo("\n".join(("── pre-flight", *(said(concerns, Locale.EN) or ["nothing to mend"]))))


@campaign.command(epilog="Example: parvis campaign approve 3-c0ffee")
@click.argument("code")
@click.pass_context
def approve(context: click.Context, code: str) -> None:
    """Approve what has this CODE and nothing else: it is scheduled; 10 minutes later where you are alone."""
    from app.office import Office
    from app.reviews import approve as agree

    async def approved(office: Office) -> str:
        return await agree(office, code)

    click.echo(in_office(context, approved))


@campaign.command(epilog="Example: parvis campaign reject 3-c0ffee 'the market is on Saturday'")
@click.argument("code")
@click.argument("reason")
@click.pass_context
def reject(context: click.Context, code: str, reason: str) -> None:
    """Send back what has this CODE, with the REASON."""
    from app.office import Office
    from app.reviews import reject as send_back

    async def rejected(office: Office) -> str:
        return await send_back(office, code, reason)

    click.echo(in_office(context, rejected))


@campaign.command(epilog="Example: parvis campaign withdraw halle")
@click.argument("name")
@click.pass_context
def withdraw(context: click.Context, name: str) -> None:
    """Take back what was submitted of a campaign, as long as it is not scheduled; what runs goes on as it was."""
    from app.office import Office
    from app.reviews import withdraw as take_back

    async def withdrawn(office: Office) -> str:
        return await take_back(office, CampaignId(name))

    click.echo(in_office(context, withdrawn))


__all__ = ["campaign"]
