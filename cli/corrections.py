"""``parvis correct``, ``erratum``, ``retract``, ``unpin``, ``copies``: what can still be done to what is out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cli.terminal import NUMBER, in_office, table
from core.correction import CorrectionKind
from core.identifiers import CampaignId, OccurrenceId, StepName
from core.wording import Wording

F = TypeVar("F", bound=Callable[..., Any])
_COPIES = ("copy", "where", "what would be done")
_WHICH = click.option("--occurrence", type=NUMBER, help="Of a step that recurs (see: parvis campaign occurrences).")
_DRY = click.option("--dry-run", is_flag=True, help="Only say what would be done, copy by copy.")


def _about(command: F) -> F:
    """What all of these are about."""
    return click.argument("campaign")(click.argument("step")(_WHICH(_DRY(command))))


def _said(what: str) -> Callable[[F], F]:
    """Words in both languages."""

    def with_words(command: F) -> F:
        english = click.option("--en", required=True, help=f"{what}, in English.")
        return click.option("--fr", required=True, help=f"{what}, in French.")(english(command))

    return with_words


@click.command(epilog="Example: parvis correct halle announce-annonce")
@_about
@click.pass_context
def correct(context: click.Context, /, **about: Any) -> None:
    """Let every copy of what STEP said say what the campaign says now, marked as corrected.

    First correct the campaign's file and have it followed: «campaign update», or «campaign submit» where another person
    approves. Where a network lets nobody change a message, it is unpinned and a reply says the new words.
    """
    _do(context, CorrectionKind.AMEND, **about)


@click.command(epilog="Example: parvis erratum halle announce-annonce --fr 'Lire : mardi.' --en 'Read: Tuesday.'")
@_about
@_said("What was wrong, or how it must read")
@click.option("--second", type=click.Path(path_type=Path), help="The token file of a second officer (four eyes).")
@click.pass_context
def erratum(context: click.Context, /, **about: Any) -> None:
    """Reply to every copy of what STEP said; amend it too, where the campaign's words are others now."""
    _do(context, CorrectionKind.ERRATUM, **about)


@click.command(epilog="Example: parvis retract halle announce-annonce --fr 'Date fausse.' --en 'Wrong date.'")
@_about
@_said("Why")
@click.pass_context
def retract(context: click.Context, /, **about: Any) -> None:
    """Take back every copy of what STEP said; where that cannot be, mark it as withdrawn, or say so in a reply.

    Ballots stay, and are counted: nobody's vote is lost with the message that asked for it.
    """
    _do(context, CorrectionKind.RETRACT, **about)


@click.command(epilog="Example: parvis unpin halle announce-annonce")
@_about
@click.pass_context
def unpin(context: click.Context, /, **about: Any) -> None:
    """Keep no copy of what STEP said on top of its chat any more."""
    _do(context, CorrectionKind.UNPIN, **about)


@click.command(epilog="Example: parvis copies halle")
@click.argument("campaign")
@click.argument("step", required=False)
@click.pass_context
def copies(context: click.Context, campaign: str, step: str | None) -> None:
    """List every copy of what a campaign said, with its link, and what became of each order about it."""
    from app.corrections import copies as listed
    from app.office import Office

    async def found(office: Office) -> tuple[list[tuple[object, ...]], list[str]]:
        return await listed(office, CampaignId(campaign), StepName(step) if step else None)

    rows, private = in_office(context, found)
    columns = ("copy", "step", "where", "state", "when", "link")
    table("Copies", columns, rows, empty="Nothing of it is out in public.")
    for line in private:
        click.echo(line)


def _do(
    context: click.Context,
    kind: CorrectionKind,
    *,
    campaign: str,
    step: str,
    occurrence: int | None,
    dry_run: bool,
    fr: str | None = None,
    en: str | None = None,
    second: Path | None = None,
) -> None:
    from app.corrections import considering
    from app.corrections import correct as order
    from app.office import Office
    from delivery.ordering import Wish

    wish = Wish(
        kind=kind,
        campaign=CampaignId(campaign),
        step=StepName(step),
        occurrence=None if occurrence is None else OccurrenceId(occurrence),
        said=_wording(fr, en),
    )

    async def considered(office: Office) -> list[tuple[object, ...]]:
        return await considering(office, wish)

    async def done(office: Office) -> str:
        return await order(office, wish, second=second)

    if dry_run:
        table("Would be done", _COPIES, in_office(context, considered), empty="Nothing of it is out in public.")
    else:
        click.echo(in_office(context, done))


def _wording(fr: str | None, en: str | None) -> Wording | None:
    if fr is None or en is None:
        return None
    if not fr.strip() or not en.strip():
        raise click.UsageError("say it in a few words, in both languages: --fr and --en")
    return Wording(fr=fr.strip(), en=en.strip())
