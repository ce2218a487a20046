"""A small town on Telegram: a channel, its discussion group, a bot and the people who read them."""

import secrets

from sandbox.clock import StageClock
from sandbox.faults import Fault, Harm
from sandbox.inhabitants import Person
from sandbox.journal import Journal
from sandbox.scene import Scene
from sandbox.telegram.hands import TelegramHands
from sandbox.telegram.phone import TelegramPhone
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.values import Chat, Member
from sandbox.telegram.world import World
from sandbox.town import Town


def staged(
    town: Town, people: tuple[Person, ...], clock: StageClock, journal: Journal, *, port: int = 0
) -> Scene[TelegramServer]:
    """The town with these people, not yet listening."""
    world = World(clock=clock, journal=journal)
    token = found(world, town, people)
    return Scene(
        network="telegram",
        server=TelegramServer(world, port=port),
        hands=TelegramHands(world, town.channel, town.group),
        token=token,
        address=f"@{town.username}",
        discussion=f"@{town.square_username}",
        phone=TelegramPhone(world),
        spoken=Fault(harm=Harm.CUT_AFTER, chat=town.channel),
    )


def found(world: World, town: Town, people: tuple[Person, ...]) -> str:
    """Build the town: everybody reads the channel and sits in the group, the bot governs both. Its token, made anew.

    The bot hears nothing of all this: it was so when it came.
    """
    token = f"{town.bot}:{secrets.token_urlsafe(26)[:35]}"
    world.add_bot(token, username=town.bot_username, first_name=town.bot_title)
    world.add_chat(Chat(id=town.channel, kind="channel", title=town.title, username=town.username))
    world.add_chat(Chat(id=town.group, kind="supergroup", title=town.square, username=town.square_username))
    world.link(town.channel, town.group)
    for chat in (town.channel, town.group):
        world.promote(chat, town.bot)
        members = world.chat(chat).members
        members.update({person.id: Member(user=person.id) for person in people})
    world.bots[token].queue.clear()
    for person in people:
        world.add_user(person.id, person.name, language_code=person.language)
    return token
