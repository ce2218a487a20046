"""A world from a small JSON description, and the one that stands there when none is given."""

from sandbox.telegram.values import Chat, ChatKind, Json, Member
from sandbox.telegram.world import World

KINDS: dict[str, ChatKind] = {"group": "group", "supergroup": "supergroup", "channel": "channel"}
CHANNEL = -1001000000001
GROUP = -1001000000002

DEFAULT: Json = {
    "bots": [{"token": "1000001:sandbox-token-that-opens-nothing", "username": "ville_demo_bot"}],
    "users": [
        {"id": 101, "name": "Anne", "language": "fr"},
        {"id": 102, "name": "Bilal", "language": "fr"},
        {"id": 103, "name": "Chloé", "language": "fr"},
        {"id": 104, "name": "Daniel", "language": "en"},
        {"id": 105, "name": "Élodie", "language": "fr"},
    ],
    "chats": [
        {"id": CHANNEL, "kind": "channel", "title": "Ville de démonstration", "username": "ville_demo",
         "linked": GROUP, "administrators": [1000001], "members": [101, 102, 103, 104, 105]},
        {"id": GROUP, "kind": "supergroup", "title": "Ville de démonstration, la place",
         "administrators": [1000001], "members": [101, 102, 103, 104, 105]},
    ],
}  # fmt: skip


def furnish(world: World, description: Json) -> None:
    """Put people, bots and chats in a world. Raises ``KeyError``, ``TypeError`` for a description that lacks them."""
    for user in _objects(description, "users"):
        language = user.get("language")
        world.add_user(_whole(user, "id"), str(user["name"]), language_code=None if language is None else str(language))
    for bot in _objects(description, "bots"):
        world.add_bot(str(bot["token"]), username=str(bot["username"]), reads_all=bot.get("reads_all") is True)
    for chat in _objects(description, "chats"):
        _found(world, chat)
    for chat in _objects(description, "chats"):
        if "linked" in chat:
            world.link(_whole(chat, "id"), _whole(chat, "linked"))
    for bot_account in world.bots.values():
        bot_account.queue.clear()


def _found(world: World, chat: Json) -> None:
    username, topics = chat.get("username"), chat.get("topics", {})
    place = world.add_chat(
        Chat(
            id=_whole(chat, "id"),
            kind=KINDS[str(chat["kind"])],
            title=str(chat["title"]),
            username=None if username is None else str(username),
            is_forum="topics" in chat,
            topics={int(number): str(name) for number, name in topics.items()} if isinstance(topics, dict) else {},
        )
    )
    for user in _numbers(chat, "members"):
        place.members[user] = Member(user=user)
    for user in _numbers(chat, "administrators"):
        world.promote(place.id, user)


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


def _numbers(given: Json, name: str) -> list[int]:
    value = given.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, int) for item in value):
        raise TypeError(f"{name} must be a list of whole numbers")
    return value
