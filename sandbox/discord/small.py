"""A world from a small JSON description, and the one that stands there when none is given."""

from sandbox.discord import permissions
from sandbox.discord.places import Bot
from sandbox.discord.values import Intent, Json, Kind
from sandbox.discord.world import World

GUILD, NEWS, SQUARE, FORUM, MACHINES = 1_000_000, 1_000_001, 1_000_002, 1_000_003, 1_000_009
KINDS = {"text": Kind.TEXT, "announcement": Kind.ANNOUNCEMENT, "forum": Kind.FORUM}

DEFAULT: Json = {
    "guild": {"id": GUILD, "name": "Ville de démonstration", "owner": 104},
    "users": [
        {"id": 101, "name": "Anne", "locale": "fr"},
        {"id": 102, "name": "Bilal", "locale": "fr"},
        {"id": 103, "name": "Chloé", "locale": "fr"},
        {"id": 104, "name": "Daniel", "locale": "en-GB"},
        {"id": 105, "name": "Élodie", "locale": "fr"},
    ],
    "bots": [{"token": "discord-token-that-opens-nothing", "id": 900, "username": "ville-demo"}],
    "channels": [
        {"id": NEWS, "kind": "announcement", "name": "annonces"},
        {"id": SQUARE, "kind": "text", "name": "place"},
        {"id": FORUM, "kind": "forum", "name": "idées", "tags": {"1000011": "Voirie", "1000012": "École"}},
    ],
}


def furnish(world: World, description: Json) -> None:
    """Put a guild, people, bots and channels in a world. Raises ``KeyError``, ``TypeError`` for what lacks or is wrong.

    Bots may do what a town hall's bot is invited with, and carry out sanctions. ``reads_all`` false takes the
    privileged intents from one.
    """
    for user in _objects(description, "users"):
        world.add_user(_whole(user, "id"), str(user["name"]), locale=str(user.get("locale", "fr")))
    place = description["guild"]
    if not isinstance(place, dict):
        raise TypeError("guild must be an object")
    guild = world.add_guild(_whole(place, "id"), str(place["name"]), owner=_whole(place, "owner"))
    world.add_role(guild.id, MACHINES, "Machines", permissions.FOR_BOT | permissions.TO_MODERATE)
    for user in _objects(description, "users"):
        if _whole(user, "id") not in guild.members:
            world.add_member(guild, _whole(user, "id"))
    for bot in _objects(description, "bots"):
        world.add_member(guild, _bot(world, bot).id, (MACHINES,))
    for channel in _objects(description, "channels"):
        tags = channel.get("tags", {})
        named = {int(number): str(name) for number, name in tags.items()} if isinstance(tags, dict) else {}
        kind = KINDS[str(channel["kind"])]
        world.add_channel(guild.id, _whole(channel, "id"), str(channel["name"]), kind, tags=named)


def _bot(world: World, bot: Json) -> Bot:
    granted = 0 if bot.get("reads_all") is False else Intent.PRIVILEGED
    return world.add_bot(str(bot["token"]), _whole(bot, "id"), username=str(bot["username"]), granted=granted)


def _objects(description: Json, name: str) -> list[Json]:
    given = description.get(name, [])
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise TypeError(f"{name} must be a list of objects")
    return given


def _whole(given: Json, name: str) -> int:
    value = given[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number")
    return value
