"""Bad hours: they come, strike what they name, and go; nobody uses a network that is down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from sandbox.clock import StageClock
from sandbox.crowd import Crowd, CrowdPlan
from sandbox.faults import Fault, Faults, Harm
from sandbox.telegram.hands import TelegramHands
from sandbox.weather import Sky, Spell, Weather
from tests.sandbox.towns import TOWN, LittleTown

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Network:
    """One that only misbehaves."""

    faults: Faults = field(default_factory=Faults)
    spoken: Fault = field(default_factory=lambda: Fault(harm=Harm.CUT_AFTER, method="say"))


def spell(sky: Sky, *, begins: datetime = NINE + HOUR) -> Spell:
    """Half an hour of it, an hour from now."""
    return Spell(network="here", sky=sky, begins=begins, lasts=HOUR / 2)


@asynccontextmanager
async def passing(*spells: Spell) -> AsyncIterator[tuple[StageClock, Network, Weather]]:
    """These spells over one network."""
    clock, network = StageClock(NINE, quiet=MINUTE / 60_000), Network()
    weather = Weather({"here": network}, clock.aside)
    weather.expect(spells)
    tasks = [asyncio.create_task(weather.run()), asyncio.create_task(clock.run())]
    yield clock, network, weather
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


@pytest.mark.parametrize(
    ("sky", "harm"), [(Sky.DOWN, Harm.STATUS), (Sky.CROWDED, Harm.FLOOD), (Sky.CUT, Harm.CUT_AFTER)], ids=str
)
async def test_it_comes_and_goes_at_its_time(sky: Sky, harm: Harm) -> None:
    """Before and after it, all is well."""
    async with passing(spell(sky)) as (clock, network, weather):
        seen = []
        for minutes in (50, 70, 100):
            await clock.sleep_until(NINE + minutes * MINUTE)
            fault = network.faults.strike("say", None)
            seen.append((None if fault is None else fault.harm, weather.under_way))

    assert seen == [(None, False), (harm, True), (None, False)]


async def test_a_cut_strikes_once() -> None:
    """One call is enough to leave somebody in doubt."""
    async with passing(spell(Sky.CUT)) as (clock, network, _):
        await clock.sleep_until(NINE + 70 * MINUTE)
        struck = [network.faults.strike(method, None) is not None for method in ("ask", "say", "say")]

    assert struck == [False, True, False]


@pytest.mark.parametrize(("sky", "out"), [(Sky.DOWN, True), (Sky.CROWDED, False), (Sky.CUT, False)], ids=str)
async def test_people_are_kept_away_only_while_it_is_down(sky: Sky, out: bool) -> None:  # noqa: FBT001  a case
    """Who is only asked to slow down is a program."""
    async with passing(spell(sky)) as (clock, _, weather):
        await clock.sleep_until(NINE + 70 * MINUTE)

        assert weather.back("here") == (NINE + 90 * MINUTE if out else None)
        assert weather.back("elsewhere") is None


async def test_who_finds_a_network_down_comes_back_when_it_is_up() -> None:
    """Nobody gives up for good."""
    town = LittleTown(8)
    weather = Weather({"here": Network()}, town.clock.aside)
    weather.expect([spell(Sky.DOWN, begins=NINE)])
    everybody = CrowdPlan(turnout=1, median=10 * MINUTE, spread=0, several=0, changing=0, doubling=0, subscribers=0)
    crowd = Crowd(
        TelegramHands(town.world, TOWN.channel, TOWN.group),
        town.clock.aside,
        town.people,
        everybody,
        partial(weather.back, "here"),
    )
    tasks = [asyncio.create_task(part) for part in (crowd.run(), weather.run(), town.clock.run())]
    await asyncio.sleep(0)
    town.asks()

    await town.plays(5 * HOUR)

    at = {datetime.fromisoformat(str(entry["at"])) for entry in town.world.journal.of("press")}
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert at == {NINE + HOUR / 2}
