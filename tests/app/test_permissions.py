"""What a network does not let the town do: said once, with the cure, while everything else goes on."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from core.delivery import DeliveryState
from sandbox.discord import permissions
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Overwrite
from sandbox.faults import Fault, Harm
from sandbox.mastodon.server import MastodonServer
from sandbox.telegram.server import TelegramServer
from tests.app.conftest import Ears
from tests.app.consultation import RESULTS
from tests.app.networks import ALWAYS, DISCORD, MASTODON, NAMES, NETWORKS, TELEGRAM, Network, square
from tests.app.test_isolation import whole_campaign

pytestmark = pytest.mark.usefixtures("socket_enabled")


def silence(network: Network) -> None:
    """Let the town write there no more."""
    match network.server:
        case TelegramServer(world=world):
            world.promote(NAMES.channel, NAMES.bot, frozenset())
        case DiscordServer(world=guilds):
            bot = guilds.bots[network.token].user.id
            guilds.guilds[NAMES.guild].owner = network.people[2].id  # an owner may do everything
            guilds.channels[NAMES.news].overwrites[bot] = Overwrite(
                target=bot, is_role=False, deny=permissions.SEND_MESSAGES
            )
        case MastodonServer():
            method = "POST /api/v1/statuses"
            network.faults.add(Fault(harm=Harm.REFUSED, method=method, status=403, count=ALWAYS))


def told(ears: Ears, where: Callable[[dict[str, object]], bool]) -> list[dict[str, object]]:
    """What an operator reads, of what concerns this."""
    lines = (record.__dict__ for record in ears.records if record.levelno >= logging.WARNING)
    return [line for line in lines if where(line)]


@pytest.mark.parametrize(
    "ill",
    [pytest.param(TELEGRAM, marks=pytest.mark.slow), DISCORD, pytest.param(MASTODON, marks=pytest.mark.slow)],
)
async def test_a_channel_in_which_the_town_may_not_write_holds_up_no_other(
    tmp_path: Path, ears: Ears, ill: str
) -> None:
    """Each of its messages is shown as failed, once, in the network's own words and with the cure."""
    well = [name for name in NETWORKS if name != ill]
    async with square(tmp_path, *NETWORKS) as town:
        silence(town.networks[ill])
        await town.opened(*NETWORKS)

        await town.begin()
        await whole_campaign(town, *well)
        await town.settled()
        await town.service.drain()  # of what is settled, the last is told, too

        ledger = await town.service.store.read(lambda books: books.deliveries.all(limit=100))
        failed = [each for each in ledger if each.state is DeliveryState.FAILED]
        lines = told(ears, lambda line: line["msg"] == "delivery_settled")
        assert {each.account for each in failed} == {ill}
        assert sorted((line["delivery"], line["note"]) for line in lines) == sorted((e.id, e.note) for e in failed)
        assert {line["cure"] for line in lines} == {"ask what is missing: parvis doctor"}
        assert [name for name in NETWORKS if town.networks[name].says(RESULTS)] == well


async def test_without_the_intent_to_read_messages_discord_votes_and_says_so_once(tmp_path: Path, ears: Ears) -> None:
    """4014: what is pressed and typed as a command is heard; the other network hears everything."""
    async with square(tmp_path, TELEGRAM, DISCORD) as town:
        discord = town.networks[DISCORD].server
        assert isinstance(discord, DiscordServer)
        discord.world.bots[town.networks[DISCORD].token].granted = 0
        await town.opened(TELEGRAM, DISCORD)

        await town.begin()
        await whole_campaign(town, TELEGRAM, DISCORD)

        lines = told(ears, lambda line: "Message Content Intent" in str(line.get("cure")))
        assert [(line["account"], line["levelno"]) for line in lines] == [(DISCORD, logging.WARNING)]
        assert told(ears, lambda line: line not in lines) == []
