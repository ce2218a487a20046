"""A small town on the imitation of Telegram: a channel, its discussion group, a bot and the people who read them."""

import secrets
from dataclasses import dataclass

from sandbox.inhabitants import Person
from sandbox.telegram.values import Chat, Member
from sandbox.telegram.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The names of the places. ``channel`` and ``group`` are Telegram's ids of them, ``bot`` that of the bot.

    ``zone`` is the IANA name of the zone in which its clocks show the hour.
    """

    title: str = "Valmont-sur-Orge"
    username: str = "valmont"
    square: str = "Place de Valmont"
    square_username: str = "place_valmont"
    bot_title: str = "Parvis de Valmont"
    bot_username: str = "valmont_bot"
    channel: int = -1_001_000_000_001
    group: int = -1_001_000_000_002
    bot: int = 7_000_000_001
    zone: str = "Europe/Paris"


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
