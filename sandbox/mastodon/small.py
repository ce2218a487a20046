"""A world from a small JSON description, and the one that stands there when none is given."""

from sandbox.mastodon.places import SCOPES
from sandbox.mastodon.values import Json
from sandbox.mastodon.world import World

DEFAULT: Json = {
    "bots": [{"token": "sandbox-token-that-opens-nothing", "username": "parvis"}],
    "users": [
        {"acct": "anne", "name": "Anne", "language": "fr"},
        {"acct": "bilal", "name": "Bilal", "language": "fr"},
        {"acct": "chloe@ailleurs.example", "name": "Chloé", "language": "fr"},
        {"acct": "daniel@elsewhere.example", "name": "Daniel", "language": "en"},
        {"acct": "elodie", "name": "Élodie", "language": "fr"},
    ],
}


def furnish(world: World, description: Json) -> None:
    """Put people and bots in a world. Raises ``KeyError``, ``TypeError`` for a description that lacks them.

    A bot's ``scopes`` are those of its token, all when none are named.
    """
    for bot in _objects(description, "bots"):
        scopes = bot.get("scopes", SCOPES)
        if not isinstance(scopes, list | tuple):
            raise TypeError("scopes must be a list")
        world.add_bot(str(bot["token"]), username=str(bot["username"]), scopes=tuple(map(str, scopes)))
    for user in _objects(description, "users"):
        language = user.get("language")
        world.add_user(str(user["acct"]), str(user["name"]), language=None if language is None else str(language))


def _objects(description: Json, name: str) -> list[Json]:
    given = description.get(name, [])
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise TypeError(f"{name} must be a list of objects")
    return given
