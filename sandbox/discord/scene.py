"""A small town on Discord: a guild with a channel of announcements, a bot and the people who are in it."""

import secrets

from sandbox.clock import StageClock
from sandbox.discord import permissions
from sandbox.discord.hands import DiscordHands
from sandbox.discord.phone import DiscordPhone
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Kind, Overwrite
from sandbox.discord.world import World
from sandbox.faults import Fault, Harm
from sandbox.inhabitants import Person
from sandbox.journal import Journal
from sandbox.scene import Scene
from sandbox.town import Town

_LOCALES = {"fr": "fr", "en": "en-GB"}


def staged(town: Town, people: tuple[Person, ...], clock: StageClock, journal: Journal) -> Scene[DiscordServer]:
    """The town with these people, not yet listening."""
    world = World(clock=clock, journal=journal)
    token = found(world, town, people)
    return Scene(
        network="discord",
        server=DiscordServer(world),
        hands=DiscordHands(world, town.news),
        token=token,
        address=str(town.news),
        discussion=str(town.news),
        phone=DiscordPhone(world),
        spoken=Fault(harm=Harm.CUT_AFTER, method="create_message", chat=town.news),
        below="/api/v10",
    )


def found(world: World, town: Town, people: tuple[Person, ...]) -> str:
    """Build the town: in the channel of announcements only the bot writes, in its threads everybody. Its token."""
    token = secrets.token_urlsafe(54)
    bot = world.add_bot(token, town.bot, username=town.bot_username, name=town.bot_title)
    guild = world.add_guild(town.guild, town.title, owner=town.bot)
    machines = world.add_role(guild.id, town.bot, town.bot_title, permissions.FOR_BOT | permissions.TO_MODERATE)
    world.add_member(guild, bot.id, (machines.id,))
    world.add_channel(
        guild.id,
        town.news,
        town.news_name,
        Kind.ANNOUNCEMENT,
        overwrites=(
            Overwrite(target=guild.id, deny=permissions.SEND_MESSAGES),
            Overwrite(target=machines.id, allow=permissions.SEND_MESSAGES),
        ),
    )
    for person in people:
        world.add_user(person.id, person.name, locale=_LOCALES.get(person.language, "fr"))
        world.add_member(guild, person.id)
    return token
