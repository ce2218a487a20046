"""What moderators are offered on Discord: in the menu of a message, and typed."""

import asyncio
from dataclasses import replace

import pytest

from adapters.discord.adapter import DiscordAdapter
from core.events import Command, CommandGiven
from sandbox.discord import permissions
from sandbox.discord.errors import NobodyThere
from tests.adapters.discord.conftest import ANNE, BILAL, HERE, SQUARE, TOWN, Town, hear, publish, text


@pytest.mark.parametrize("where", ["channel", "thread"])
async def test_a_moderator_decides_from_the_menu_of_a_message(town: Town, adapter: DiscordAdapter, where: str) -> None:
    """Its case is shown at once, for what is in the menu is known only then; a form asks for the article and why."""
    (receipt, *_) = await publish(adapter, text("Le pont"))
    place = SQUARE if where == "channel" else int(receipt.message)
    number = town.world.write(ANNE, place, "Tous des voleurs")
    await hear(adapter)
    moderate(town, BILAL)
    await town.until("modal", lambda: town.world.report(BILAL, place, number, "Warn the author"))
    town.world.submit(BILAL, {"words": "2 pas d’insulte"})

    shown, given = await hear_two(adapter)

    message = f"{place}/{number}" if where == "thread" else str(number)
    assert (shown.command, given.command) == (Command("case"), Command("warn", ("2 pas d’insulte",)))
    assert shown.target is not None
    assert (shown.target.chat, shown.target.message, shown.target.text) == (HERE, message, "Tous des voleurs")
    assert (shown.target.author.account, shown.target.ours) == (f"@{ANNE}", False)
    assert given.about == (HERE, message)
    await adapter.say(shown.handle, text("Dossier 1"))
    await adapter.say(given.handle, text("Averti"))
    assert (town.toasts(), town.world.violations) == (["Dossier 1", "Averti"], [])


async def test_a_typed_command_of_moderators_says_where_it_was_given(town: Town, adapter: DiscordAdapter) -> None:
    """It has no form, for it begins with the number of a case; nobody without the right is shown it."""
    with pytest.raises(NobodyThere):
        town.world.command(ANNE, SQUARE, "lock", {"text": "1h"})
    moderate(town, BILAL)
    town.world.command(BILAL, SQUARE, "lock", {"text": "1h"})
    town.world.command(BILAL, SQUARE, "warn")

    lock, warn = await hear_two(adapter)

    assert (lock.command, lock.place, warn.command) == (Command("lock", ("1h",)), HERE, Command("warn"))


def moderate(town: Town, user: int) -> None:
    """Let somebody moderate the members of the server."""
    guild = town.world.guilds[TOWN]
    role = town.world.add_role(TOWN, 877, "Modération", permissions.USUAL | permissions.MODERATE_MEMBERS)
    town.world.set_member(guild, replace(guild.members[user], roles=(role.id,)))


async def hear_two(adapter: DiscordAdapter) -> list[CommandGiven]:
    """Two commands, once both are there."""
    heard: list[CommandGiven] = []
    while len(heard) < 2:
        heard = [event for event in await hear(adapter) if isinstance(event, CommandGiven)]
        await asyncio.sleep(0)
    return heard
