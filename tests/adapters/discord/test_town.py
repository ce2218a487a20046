"""A whole town on Discord: the real service, from the announcement to the count, and the poll of Discord's own."""

from pathlib import Path

import pytest

from core.identifiers import PlatformName
from core.poll import Tally
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Json, Message
from sandbox.discord.world import World
from tests.app.consultation import CLOSED, INSULT, NEWS, OPTIONS
from tests.app.hurry import until
from tests.app.networks import DISCORD, NAMES, Network, Square, square

pytestmark = pytest.mark.usefixtures("socket_enabled")
ANNE, BILAL, CHLOE = range(3)


def world_of(discord: Network) -> World:
    """What stands there."""
    assert isinstance(discord.server, DiscordServer)
    return discord.server.world


def talk(discord: Network) -> list[str]:
    """What stands in the thread of the first post."""
    threads = world_of(discord).threads(NAMES.guild)
    return [message.content for thread in threads[:1] for message in thread.messages.values()]


def polls(discord: Network) -> list[Message]:
    """The polls of Discord's own, in the channel of announcements."""
    return [each for each in world_of(discord).channels[NAMES.news].messages.values() if each.poll is not None]


def buttons(discord: Network) -> list[Json]:
    """What can be pressed there."""
    world = world_of(discord)
    return [each for message in world.channels[NAMES.news].messages for each in world.buttons(NAMES.news, message)]


async def begun(town: Square, *, public: bool = False) -> Network:
    """Open the account, and announce."""
    await town.opened(DISCORD)
    await town.begin(public=public)
    await town.says(DISCORD, NEWS)
    return town.networks[DISCORD]


async def test_a_campaign_on_discord_ends_with_the_votes_that_were_given(tmp_path: Path) -> None:
    """By buttons, changed, looked up; counted, published, and the buttons gone."""
    async with square(tmp_path, DISCORD) as town:
        discord = await begun(town)
        await town.opens(DISCORD)

        for who, option in ((ANNE, 1), (BILAL, 0), (CHLOE, 2)):
            discord.votes(who, option)
        await town.counted(1, 1, 1)
        discord.votes(BILAL, 2)
        await town.counted(0, 1, 2)
        discord.types(BILAL, "/myvote")
        looked_up = await discord.tells(BILAL, "Vos votes")
        await town.settled()
        await town.ends(DISCORD)
        await town.says(DISCORD, CLOSED)

        assert [option in looked_up for option in OPTIONS] == [False, False, True]
        assert (discord.published(), buttons(discord)) == ((0, 1, 2), [])
        assert await town.count() == Tally(counts=(0, 1, 2), voters=3, networks=((PlatformName(DISCORD), 3),))
        assert world_of(discord).violations == []


async def test_what_is_said_in_a_thread_is_kept_and_what_breaks_the_charter_removed(tmp_path: Path) -> None:
    """Its author is told why, alone; the reply is there for the town hall."""
    async with square(tmp_path, DISCORD) as town:
        discord = await begun(town)
        await until(lambda: bool(world_of(discord).threads(NAMES.guild)))

        discord.talks(ANNE, "Un banc, quelle bonne idée !")
        discord.talks(BILAL, f"Quelle {INSULT} !")
        notice = await discord.tells(BILAL, "a été retiré")

        replies = await town.service.store.read(lambda books: books.replies.all(limit=10))
        assert [reply.text for reply in replies] == ["Un banc, quelle bonne idée !"]
        assert [words for words in talk(discord) if words] == ["Un banc, quelle bonne idée !"]
        assert INSULT in notice


async def test_a_public_vote_is_held_by_discord_and_counted_apart(tmp_path: Path) -> None:
    """Everybody is told that choices are seen; its totals bear its name, and are no ballots of the town hall."""
    async with square(tmp_path, DISCORD) as town:
        discord = await begun(town, public=True)
        world = world_of(discord)
        await town.opens()
        await until(lambda: bool(polls(discord)))

        (asked,) = polls(discord)
        for who, answer in ((ANNE, 2), (BILAL, 2), (CHLOE, 3), (CHLOE, 1)):
            world.vote(discord.people[who].id, NAMES.news, asked.id, {answer})
        await town.settled()
        await town.ends(DISCORD)

        assert discord.says("Vote public")
        assert ("Sondage de Discord" in discord.results(), "provisoires" in discord.results()) == (True, False)
        assert discord.published()[-3:] == (1, 2, 0)
        assert ((await town.count()).voters, world.violations) == (0, [])
