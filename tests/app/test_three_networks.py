"""One town on three networks: one count, one voice for each citizen, the same numbers everywhere."""

from pathlib import Path

import pytest

from core.identifiers import PlatformName
from core.poll import Tally
from sandbox.linking import CODE
from tests.app.networks import DISCORD, MASTODON, NETWORKS, TELEGRAM, Network, Square, square

pytestmark = pytest.mark.usefixtures("socket_enabled")
ANNE, BILAL, CHLOE = range(3)  # Anne is the same person on Telegram and on Discord


async def link(first: Network, second: Network) -> None:
    """Anne asks for a code with one of her accounts, and gives it with the other."""
    first.types(ANNE, "/link")
    found = CODE.search(await first.tells(ANNE, "/link"))
    assert found is not None
    second.types(ANNE, f"/link {found[0]}")


async def begun(town: Square, *names: str) -> tuple[Network, ...]:
    """Open the accounts and the poll on these networks."""
    await town.opened(*names)
    await town.begin()
    await town.opens(*names)
    return tuple(town.networks[name] for name in names)


async def test_a_citizen_of_two_networks_has_one_vote_and_all_three_publish_the_same(tmp_path: Path) -> None:
    """The latest counts, wherever it was given; the split says by which network people came."""
    async with square(tmp_path, *NETWORKS) as town:
        telegram, discord, mastodon = await begun(town, *NETWORKS)

        telegram.votes(ANNE, 0)
        mastodon.votes(BILAL, 2)
        await town.counted(1, 0, 1)
        discord.votes(ANNE, 1)
        discord.votes(CHLOE, 2)
        await town.counted(1, 1, 2)
        await link(telegram, discord)
        await town.counted(0, 1, 2)
        telegram.votes(ANNE, 0)
        await town.counted(1, 0, 2)
        await town.settled()
        await town.ends(*NETWORKS)

        split = tuple((PlatformName(name), 1) for name in (DISCORD, MASTODON, TELEGRAM))
        assert await town.count() == Tally(counts=(1, 0, 2), voters=3, networks=split)
        assert {name: town.networks[name].published() for name in NETWORKS} == dict.fromkeys(NETWORKS, (1, 0, 2))
        assert all("Discord 1, Mastodon 1, Telegram 1" in network.results() for network in town.networks.values())


@pytest.mark.slow
async def test_accounts_that_are_parted_are_two_voters_again(tmp_path: Path) -> None:
    """The ballot stays with the account that remains; the one that left votes for itself."""
    async with square(tmp_path, TELEGRAM, DISCORD) as town:
        telegram, discord = await begun(town, TELEGRAM, DISCORD)

        telegram.votes(ANNE, 0)
        await town.counted(1, 0, 0)
        await link(telegram, discord)
        await discord.tells(ANNE, "une seule personne")
        discord.types(ANNE, "/unlink")
        await discord.tells(ANNE, "plus relié")
        discord.votes(ANNE, 1)
        await town.counted(1, 1, 0)
        await town.settled()
        await town.ends(TELEGRAM, DISCORD)

        assert telegram.published() == discord.published() == (1, 1, 0)
