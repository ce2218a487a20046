"""One network in trouble: the others announce, hear votes and publish as if nothing were, and it is said once."""

import asyncio
import logging
from pathlib import Path

import pytest

from app.standstill import standstills
from core.identifiers import LaneName
from core.ports.engine import Halt, halt
from sandbox.discord.server import DiscordServer
from sandbox.faults import Fault, Harm
from tests.app.conftest import Ears
from tests.app.consultation import NEWS, RESULTS
from tests.app.hurry import LONGEST, until
from tests.app.networks import ALWAYS, DISCORD, MASTODON, NETWORKS, TELEGRAM, Network, Square, square

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def refuse(network: Network) -> None:
    """The town's token is good for nothing there from now on, as when it is revoked."""
    gateway = network.server.gateway if isinstance(network.server, DiscordServer) else None
    if gateway is not None:
        await until(lambda: any(one.session is not None for one in gateway.connections))
    for method in (None, "getUpdates", "GET /api/v1/notifications", "GET /api/v1/streaming"):
        network.faults.add(Fault(harm=Harm.REFUSED, method=method, status=401, count=ALWAYS))
    if gateway is not None:
        await gateway.close(4004)
    network.hands.says(network.people[2], "/help")  # whoever waits for news is answered, and asks again


def errors(ears: Ears) -> list[dict[str, object]]:
    """What an operator must do about an account."""
    lines = (record.__dict__ for record in ears.records if record.levelno >= logging.ERROR)
    return [line for line in lines if "account" in line]


async def stands_still(town: Square, what: str) -> str:
    """The sentence that commands begin with this, once they say it."""
    async with asyncio.timeout(LONGEST):
        while True:
            found = await town.service.store.read(lambda books: standstills(books, town.settings))
            for each in found:
                if each.detail.startswith(what):
                    return each.detail
            await asyncio.sleep(0.02)


async def halted(town: Square, lane: str) -> Halt | None:
    """Since when and why this lane stands still, as commands say."""
    return await town.service.store.read(lambda books: halt(books, LaneName(lane)))


async def heard_again(town: Square, network: Network) -> None:
    """Somebody chooses again and again, as people do whose button does nothing, until the ballot is counted."""
    async with asyncio.timeout(LONGEST):
        while (await town.count()).counts != (0, 1, 0):
            network.votes(0, 1)
            await asyncio.sleep(0.2)


async def whole_campaign(town: Square, *names: str) -> None:
    """Play it on these networks, with two votes on each."""
    for name in names:
        await town.says(name, NEWS)
    await town.opens(*names)
    for name in names:
        town.networks[name].votes(0, 1)
        town.networks[name].votes(1, 2)
    await town.counted(0, len(names), len(names))
    await town.settled(*names)  # an answer of before the end is of no use hours later
    await town.ends(*names)


@pytest.mark.parametrize(
    ("ill", "harm"),
    [
        pytest.param(TELEGRAM, Harm.SLOW, marks=pytest.mark.slow),
        (DISCORD, Harm.SLOW),
        pytest.param(MASTODON, Harm.SLOW, marks=pytest.mark.slow),
        pytest.param(TELEGRAM, Harm.STATUS, marks=pytest.mark.slow),
        pytest.param(DISCORD, Harm.CUT_BEFORE, marks=pytest.mark.slow),
        pytest.param(MASTODON, Harm.CUT_BEFORE, marks=pytest.mark.slow),
    ],
    ids=lambda each: each if isinstance(each, str) else each.value,
)
async def test_a_network_that_does_not_answer_delays_no_other(tmp_path: Path, ill: str, harm: Harm) -> None:
    """Whether it takes an hour for each answer, breaks every connection or answers with a page of errors."""
    well = [name for name in NETWORKS if name != ill]
    async with square(tmp_path, *NETWORKS, drained=False) as town:
        await town.opened(*NETWORKS)
        town.networks[ill].harm(harm)

        await town.begin()
        await whole_campaign(town, *well)

        assert [name for name in NETWORKS if town.networks[name].says(RESULTS)] == well


@pytest.mark.slow
@pytest.mark.parametrize("ill", NETWORKS)
async def test_a_network_that_is_away_from_the_start_delays_no_other_and_catches_up(tmp_path: Path, ill: str) -> None:
    """Its account cannot even be opened; once it can, the town says there what is still of use."""
    well = [name for name in NETWORKS if name != ill]
    async with square(tmp_path, *NETWORKS, drained=False) as town:
        town.networks[ill].harm(Harm.CUT_BEFORE)

        await town.begin()
        await town.opened(*well)
        await whole_campaign(town, *well)
        before = town.networks[ill].says(RESULTS)
        town.networks[ill].faults.clear()
        await town.says(ill, RESULTS)

        assert not before


@pytest.mark.parametrize(
    "ill", [pytest.param(TELEGRAM, marks=pytest.mark.slow), DISCORD, pytest.param(MASTODON, marks=pytest.mark.slow)]
)
async def test_a_token_that_is_revoked_stops_that_network_alone_and_is_said_once(
    tmp_path: Path, ears: Ears, ill: str
) -> None:
    """Once for hearing and sending, with the cure; commands and the doctor say of each how long it lasts."""
    well = [name for name in NETWORKS if name != ill]
    async with square(tmp_path, *NETWORKS) as town:
        await town.opened(*NETWORKS)
        await refuse(town.networks[ill])
        await town.begin()
        await ears.hears("lane_halted", lane=f"send:{ill}")
        await ears.hears("lane_halted", lane=f"listen:{ill}")
        stands = [await stands_still(town, f"{ill} {what}") for what in ("HEARS NOBODY", "SENDS NOTHING")]
        await whole_campaign(town, *well)

        said = [(line["account"], "the platform refuses the token" in str(line["detail"])) for line in errors(ears)]

        assert said == [(ill, True)]
        assert ["the platform refuses the token" in sentence for sentence in stands] == [True, True]
        assert [name for name in NETWORKS if town.networks[name].says(RESULTS)] == well


@pytest.mark.parametrize(
    "ill", [TELEGRAM, *(pytest.param(each, marks=pytest.mark.slow) for each in (DISCORD, MASTODON))]
)
async def test_a_network_that_accepts_the_token_again_is_heard_and_spoken_to_without_a_restart(
    tmp_path: Path, ears: Ears, ill: str
) -> None:
    """«It is tried again at least every hour»: a refusal by mistake of the network's leaves nothing behind."""
    async with square(tmp_path, ill) as town:
        network = town.networks[ill]
        await town.opened(ill)
        await refuse(network)
        await ears.hears("lane_halted", lane=f"listen:{ill}")
        network.faults.clear()
        await town.begin()
        await town.says(ill, NEWS)
        await town.opens(ill)
        await heard_again(town, network)

        assert await halted(town, f"listen:{ill}") is None
