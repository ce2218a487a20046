"""What people of Telegram do here, and how things stand among them."""

from collections.abc import Callable
from typing import TypeAlias

from aiohttp import web

from sandbox.control import Control, refusal
from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.values import Chat, Json
from sandbox.telegram.world import World

Act: TypeAlias = Callable[[World, Json], object]


def _whole(given: Json, name: str) -> int:
    value = given[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number")
    return value


def _maybe(given: Json, name: str) -> int | None:
    return _whole(given, name) if given.get(name) is not None else None


def _press(world: World, given: Json) -> object:
    return world.press(
        _whole(given, "user"), _whole(given, "chat"), _whole(given, "message"), str(given["data"]),
        bot=_maybe(given, "bot"),
    )  # fmt: skip


def _write(world: World, given: Json) -> object:
    return world.write(
        _whole(given, "user"), _whole(given, "chat"), str(given["text"]),
        reply_to=_maybe(given, "reply_to"), thread=_maybe(given, "thread"), bot=_maybe(given, "bot"),
    )  # fmt: skip


def _start(world: World, given: Json) -> object:
    payload = given.get("payload")
    return world.start(_whole(given, "user"), None if payload is None else str(payload), bot=_maybe(given, "bot"))


def _edit(world: World, given: Json) -> object:
    world.edit_message(_whole(given, "user"), _whole(given, "chat"), _whole(given, "message"), str(given["text"]))
    return None


def _vote(world: World, given: Json) -> object:
    chosen = given["options"]
    if not isinstance(chosen, list):
        raise TypeError("options must be a list")
    options = tuple(rank for rank in chosen if isinstance(rank, int))
    world.vote(_whole(given, "user"), _whole(given, "chat"), _whole(given, "message"), options)
    return None


ACTS: dict[str, Act] = {
    "vote": _vote,
    "press": _press,
    "write": _write,
    "start": _start,
    "edit": _edit,
    "block": lambda world, given: world.block(_whole(given, "user"), bot=_maybe(given, "bot")),
    "join": lambda world, given: world.join(_whole(given, "user"), _whole(given, "chat")),
    "ask_to_join": lambda world, given: world.ask_to_join(_whole(given, "user"), _whole(given, "chat")),
    "leave": lambda world, given: world.leave(_whole(given, "user"), _whole(given, "chat")),
}


def _chat(world: World, chat: Chat) -> Json:
    return {
        "id": chat.id,
        "kind": chat.kind,
        "title": chat.title,
        "pinned": chat.pinned,
        "messages": [
            {
                "id": message.id,
                "author": message.author,
                "text": message.text,
                "photo": message.photo is not None,
                "reply_to": message.reply_to,
                "thread": message.thread,
                "buttons": list(world.buttons(chat, message.id)),
            }
            for message in chat.messages.values()
            if message.service is None
        ],
    }


class TelegramControl(Control[World]):
    """Adds updates, queued exactly as given."""

    acts = ACTS

    async def show(self, request: web.Request) -> web.Response:
        """How things stand; ``?chat=`` shows one chat only."""
        world = self._world
        chosen = request.query.get("chat")
        chats = [*world.chats.values(), *world.private.values()]
        return web.json_response(
            {
                **self._state(),
                "now": world.clock.now().isoformat(),
                "violations": [{"method": found.method, "reason": found.reason} for found in world.violations],
                "flooded": world.flooded,
                "pending": {str(bot.id): len(bot.queue) for bot in world.bots.values()},
                "toasts": {
                    toast.callback: {"user": toast.user, "text": toast.text, "alert": toast.alert}
                    for toast in world.toasts.values()
                },
                "chats": [_chat(world, chat) for chat in chats if chosen in {None, str(chat.id)}],
            }
        )

    async def inject(self, request: web.Request) -> web.Response:
        """Queue an update exactly as given, well formed or not; ``?bot=`` names the bot."""
        try:
            given = await request.json()
            bot = self._world.the_bot(int(request.query["bot"]) if "bot" in request.query else None)
        except (ValueError, NobodyThere) as error:
            return refusal(str(error))
        return web.json_response({"ok": True, "update_id": self._world.inject(bot, given)})
