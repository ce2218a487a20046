"""``parvis campaign``: look at a campaign file, see exactly what it will send, start it, stop it."""

import asyncio
from datetime import datetime
from pathlib import Path

import click

from cli.terminal import NUMBER, config_of, in_office, local, table, working
from core.identifiers import CampaignId, OccurrenceId

_FILE = click.Path(path_type=Path)
_LANGUAGE = click.option(
    "--language", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Of what is found."
)


@click.group()
def campaign() -> None:
    """Look at, start and stop campaigns."""


@campaign.command(epilog="Example: parvis campaign show campaigns/samples/halle/halle.toml")
@click.argument("file", type=_FILE)
@click.pass_context
def show(context: click.Context, file: Path) -> None:
    """Show where the campaign of a file stands, and its steps with their local times, as if it started now."""
    from app.campaigns import steps_of
    from app.lives import life_of_file
    from app.settings import load

    settings = load(config_of(context))
    title, rows = steps_of(settings, file)
    click.echo(f"state: {asyncio.run(life_of_file(settings, file)).value}")
    table(title, ("step", "when", "does", "about", "missed after"), [*rows], empty="No step.")


@campaign.command(epilog="Example: parvis campaign plan campaigns/samples/halle/halle.toml")
@click.argument("file", type=_FILE)
@click.option("--full", is_flag=True, help="Every parameter of every call.")
@click.pass_context
def plan(context: click.Context, file: Path, *, full: bool) -> None:
    """Print exactly what will be sent, where and when: made by the code that sends; and what pre-flight reads in it."""
    from app.campaigns import check as look_over
    from app.campaigns import learnt, preview
    from app.settings import load
    from core.identifiers import Locale

    with working("Composing every message"):
        settings = load(config_of(context))
        lines = tuple(preview(settings, file, full=full, known=asyncio.run(learnt(settings))))
        doubts, _ = asyncio.run(look_over(settings, file, offline=True, locale=Locale.EN))
    click.echo("\n".join(lines))
    if doubts:
        click.echo(f"── pre-flight (parvis campaign check also asks the networks)\n{doubts}")


@campaign.command(epilog="Example: parvis campaign test campaigns/samples/halle/halle.toml --step announce-halle")
@click.argument("file", type=_FILE)
@click.option("--step", help="Only this step, by its name (see: parvis campaign show).")
@click.pass_context
def test(context: click.Context, file: Path, step: str | None) -> None:
    """Show what a campaign will say in the channels of the staff, marked as a test, and nowhere else."""
    from app.campaigns import learnt
    from app.settings import load
    from app.trial import show

    async def shown() -> tuple[str, ...]:
        settings = await asyncio.to_thread(load, config_of(context))
        return await show(settings, file, await learnt(settings), step=step)

    click.echo("\n".join(asyncio.run(shown())))


@campaign.command(epilog="Example: parvis campaign check --language fr campaigns/samples/halle/halle.toml")
@click.argument("file", type=_FILE)
@click.option("--offline", is_flag=True, help="Follow no link, and ask no network about token and rights.")
@_LANGUAGE
@click.pass_context
def check(context: click.Context, file: Path, *, offline: bool, language: str) -> None:
    """Look a campaign file over as if it started now: what blocks it, what is to be looked at, each with its cure."""
    from app.campaigns import check as look_over
    from app.settings import load
    from core.identifiers import Locale

    with working("Looking it over"):
        settings = load(config_of(context))
        lines, blocked = asyncio.run(look_over(settings, file, offline=offline, locale=Locale(language)))
    click.echo(lines or "Nothing to mend.")
    if blocked:
        context.exit(3)


@campaign.command(epilog="Example: parvis campaign start campaigns/samples/halle/halle.toml")
@click.argument("file", type=_FILE)
@click.pass_context
def start(context: click.Context, file: Path) -> None:
    """Start a campaign: a running service picks it up within a second. Starting the same twice changes nothing."""
    from app.campaigns import start as begin
    from app.office import Office

    async def started(office: Office) -> str:
        return await begin(office, file)

    click.echo(in_office(context, started))


@campaign.command(epilog="Example: parvis campaign update campaigns/samples/halle/halle.toml")
@click.argument("file", type=_FILE)
@click.pass_context
def update(context: click.Context, file: Path) -> None:
    """Let a running campaign follow its corrected file: only what has not happened yet changes."""
    from app.campaigns import update as follow
    from app.office import Office

    async def updated(office: Office) -> str:
        return await follow(office, file)

    click.echo(in_office(context, updated))


@campaign.command(epilog="Example: parvis campaign occurrences marche")
@click.argument("name")
@click.pass_context
def occurrences(context: click.Context, name: str) -> None:
    """List what is planned of a campaign, 60 days ahead, and what became of it. Numbers are for move and skip."""
    from app.calendar import listed
    from app.office import Office

    async def found(office: Office) -> list[tuple[object, ...]]:
        return await listed(office, CampaignId(name))

    columns = ("number", "when", "step", "state", "note")
    table(f"Campaign {name}", columns, in_office(context, found), empty="No campaign of this name.")


@campaign.command(epilog="Example: parvis campaign move 12 2027-03-02T18:00")
@click.argument("number", type=NUMBER)
@click.argument("when", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]), metavar="TIME")
@click.pass_context
def move(context: click.Context, number: int, when: datetime) -> None:
    """Move one planned occurrence to TIME on the clocks of its campaign; what counts from it follows."""
    from app.calendar import move as put
    from app.office import Office

    async def moved(office: Office) -> str:
        return await put(office, OccurrenceId(number), when)

    click.echo(in_office(context, moved))


@campaign.command(epilog="Example: parvis campaign skip 12")
@click.argument("number", type=NUMBER)
@click.option("--undo", is_flag=True, help="Let a skipped one take place after all.")
@click.pass_context
def skip(context: click.Context, number: int, *, undo: bool) -> None:
    """Let one planned occurrence not take place; the others do."""
    from app.calendar import resume
    from app.calendar import skip as leave_out
    from app.office import Office

    async def skipped(office: Office) -> str:
        return await (resume if undo else leave_out)(office, OccurrenceId(number))

    click.echo(in_office(context, skipped))


@campaign.command(epilog="Example: parvis campaign cancel halle")
@click.argument("name")
@click.pass_context
def cancel(context: click.Context, name: str) -> None:
    """Stop a campaign for ever: nothing of it goes out from now on, its polls close unpublished. What is out stays.

    Each public delivery is told: stopped in time, or already out. A call under way is waited for, 20 seconds at most.
    """
    from app.campaigns import aftermath
    from app.campaigns import cancel as stop
    from app.office import Office

    async def cancelled(office: Office) -> list[str] | None:
        stopped = await stop(office, CampaignId(name))
        return await aftermath(office, CampaignId(name)) if stopped else None

    fates = in_office(context, cancelled)
    if fates is None:
        raise click.ClickException(f"no campaign «{name}» is running (see: parvis campaign list)")
    click.echo("\n".join((f"Campaign {name} is cancelled.", *fates)))


@campaign.command(epilog="Example: parvis campaign findings --language fr halle")
@click.argument("name")
@_LANGUAGE
@click.pass_context
def findings(context: click.Context, name: str, *, language: str) -> None:
    """Show what the service found a day and ten minutes before the next steps of a running campaign."""
    from app.campaigns import last_looks
    from app.office import Office
    from core.identifiers import Locale

    async def found(office: Office) -> list[str] | None:
        return await last_looks(office, CampaignId(name), Locale(language))

    lines = in_office(context, found)
    if lines is None:
        raise click.ClickException(f"no campaign «{name}» was started (see: parvis campaign list)")
    click.echo(
        "\n".join(lines)
        or "Nothing to come was looked at yet: that is done a day before a step, and ten minutes before."
    )


@campaign.command("list", epilog="Example: parvis campaign list")
@click.pass_context
def listed(context: click.Context) -> None:
    """List the campaigns started so far and what became of their steps."""
    from app.campaigns import at_last_look
    from app.lives import life_of, lives_of, submitted
    from app.office import Office
    from campaigns.notes import looks_at
    from core.ports.store import Books

    async def found(office: Office) -> list[tuple[object, ...]]:
        zone, now = office.settings.town.zone, office.clock.now()

        def look(books: Books) -> list[tuple[object, ...]]:
            started: list[tuple[object, ...]] = [
                (
                    running.campaign.id,
                    life_of(running, lives.values()).value,
                    local(running.started_at, zone),
                    "\n".join(
                        f"{local(step.due_at, zone)} {step.step}: {life.value}{at_last_look(looks, step.id)}"
                        for step, life in lives.items()
                    ),
                )
                for running in books.campaigns.all()
                for steps in [books.campaigns.occurrences(running.campaign.id)]
                for lives in [lives_of(running, steps, now, books)]
                for looks in [looks_at(books, running.campaign.id)]
            ]
            return [*started, *((name, life.value, "", "") for name, life, _ in submitted(books))]

        return await office.store.read(look)

    table("Campaigns", ("campaign", "state", "started", "steps"), in_office(context, found), empty="No campaign yet.")
