"""``parvis rehearse``: a campaign played from beginning to end on this machine, and a report of it."""

import asyncio
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal import config_of, stay_on_this_machine, working

if TYPE_CHECKING:
    from app.script import Order, Outage

_NETWORKS = ("telegram", "discord", "mastodon")
_SHARE = re.compile(rf"({'|'.join(_NETWORKS)})=(\d{{1,2}})")
_OUTAGE = re.compile(rf"({'|'.join(_NETWORKS)})@(\d{{4}}-\d\d-\d\dT\d\d:\d\d)/(\d{{1,4}})")
_FILE = click.Path(path_type=Path)
_LOCAL = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


def _shares(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, int]:
    """``telegram=5`` for each network."""
    found = [_SHARE.fullmatch(said) for said in given]
    weights = {each[1]: int(each[2]) for each in found if each}
    if not all(found) or (given and not any(weights.values())):
        raise click.BadParameter("write NETWORK=NUMBER, such as telegram=5; at least one above 0")
    return weights


def _outages(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple["Outage", ...]:
    """``telegram@2027-03-27T18:00/45`` for each outage."""
    return tuple(_each_outage(given))


def _each_outage(given: tuple[str, ...]) -> Iterator["Outage"]:
    from app.script import Outage

    for said in given:
        found = _OUTAGE.fullmatch(said)
        try:
            begins = datetime.fromisoformat(found[2] if found else "")
        except ValueError as error:
            wanted = "write NETWORK@TIME/MINUTES, such as telegram@2027-03-27T18:00/45"
            raise click.BadParameter(wanted) from error
        yield Outage(network=said.partition("@")[0], begins=begins, lasts=timedelta(minutes=int(said.split("/")[1])))


@click.command(epilog="Example: parvis rehearse campaigns/samples/place/place.toml --out place.html")
@click.argument("file", type=_FILE)
@click.option("--out", type=_FILE, default=Path("rehearsal.html"), show_default=True, help="Where the report goes.")
@click.option(
    "--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Language of the report."
)
@click.option("--with", "beside", type=_FILE, multiple=True, help="Another campaign to be played with it.")
@click.option("--people", type=click.IntRange(1, 2000), default=60, show_default=True, help="How many follow the town.")
@click.option(
    "--share", "shares", multiple=True, callback=_shares, metavar="NETWORK=NUMBER", help="How many of them are there."
)
@click.option(
    "--turnout", type=click.FloatRange(0, 1), default=0.3, show_default=True, help="Part that votes unreminded."
)
@click.option("--seed", type=click.IntRange(0, 10**9), default=0, show_default=True, help="Another seed, other people.")
@click.option(
    "--start", type=_LOCAL, metavar="TIME", help="When it starts.  [default: so that clocks change meanwhile]"
)
@click.option("--days", type=click.IntRange(1, 400), default=31, show_default=True, help="How long at most.")
@click.option(
    "--outage",
    "outages",
    multiple=True,
    callback=_outages,
    metavar="NETWORK@TIME/MINUTES",
    help="A network that is down then, in place of the usual incidents.",
)
@click.option("--no-outages", "calm", is_flag=True, help="Let nothing go wrong.")
@click.option(
    "--speed",
    type=click.FloatRange(1, 1_000_000),
    default=1000,
    show_default=True,
    help="So many times as fast as real time at most, where something is at work; idle time is jumped.",
)
@click.pass_context
def rehearse(  # noqa: PLR0913  one for each option
    context: click.Context,
    *,
    file: Path,
    out: Path,
    language: str,
    beside: tuple[Path, ...],
    people: int,
    shares: dict[str, int],
    turnout: float,
    seed: int,
    start: datetime | None,
    days: int,
    outages: "tuple[Outage, ...]",
    calm: bool,
    speed: float,
) -> None:
    """Play a whole campaign against a simulated town, and write one page about it that a mayor can read.

    Nothing is sent to anybody. Without a configuration the town is an invented one on every network.
    """
    from app.script import Order

    order = Order(
        file=file,
        config=config_of(context),
        beside=beside,
        people=people,
        shares=shares,
        turnout=turnout,
        seed=seed,
        start=start,
        days=days,
        outages=() if calm else outages or None,
        speed=speed,
    )
    if not _passes(order, out, language):
        context.exit(3)


def _passes(order: "Order", out: Path, language: str) -> bool:
    """Play, write the page, say what came of it."""
    from app.logs import set_up
    from app.rehearsal import rehearse as play
    from app.rehearsal import report
    from core.identifiers import Locale

    set_up(as_json=False, level="error")
    stay_on_this_machine()
    with working("Rehearsing"):
        rehearsal = asyncio.run(play(order))
        report(rehearsal, out, Locale(language))
    well = "The votes published are the votes cast." if rehearsal.outcomes else "No public message went out twice."
    verdict = well if rehearsal.passed else "The rehearsal FAILED: see the report."
    click.echo(f"{verdict}\n{len(rehearsal.said)} messages, {len(rehearsal.ordeals)} incidents: {out}")
    return rehearsal.passed
