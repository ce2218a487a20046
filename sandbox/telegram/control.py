"""The sandbox's own addresses: what people do, what shall go wrong, how things stand. For other processes and pages."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from sandbox.faults import Fault, Faults
from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.values import Chat, Json
from sandbox.telegram.world import World

Act: TypeAlias = Callable[[World, Json], object]
Handler: TypeAlias = Callable[[web.Request], Awaitable[web.Response]]


def add_routes(application: web.Application, world: World, faults: Faults, state: Callable[[], Json]) -> None:
    """Add the addresses below ``/sandbox``. ``state`` tells whether the server is idle."""
    control = _Control(world, faults, state)
    application.router.add_get("/sandbox/world", control.show)
    application.router.add_post("/sandbox/faults", control.harm)
    application.router.add_delete("/sandbox/faults", control.behave)
    application.router.add_post("/sandbox/updates", control.inject)
    application.router.add_post("/sandbox/people/{act}", control.act)


class _Control:
    def __init__(self, world: World, faults: Faults, state: Callable[[], Json]) -> None:
        self._world = world
        self._faults = faults
        self._state = state

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

    async def harm(self, request: web.Request) -> web.Response:
        """Let a fault happen; it is a JSON object with the fields of ``Fault``, or a list of them."""
        try:
            given = await request.json()
            faults = [Fault.from_json(one) for one in (given if isinstance(given, list) else [given])]
        except (ValueError, AttributeError, TypeError) as error:
            return _refusal(str(error))
        for fault in faults:
            self._faults.add(fault)
        return web.json_response({"ok": True})

    async def behave(self, _request: web.Request) -> web.Response:
        """Forget the faults that have not happened yet."""
        self._faults.clear()
        return web.json_response({"ok": True})

    async def inject(self, request: web.Request) -> web.Response:
        """Queue an update exactly as given, well formed or not; ``?bot=`` names the bot."""
        try:
            given = await request.json()
            bot = self._world.the_bot(int(request.query["bot"]) if "bot" in request.query else None)
        except (ValueError, NobodyThere) as error:
            return _refusal(str(error))
        return web.json_response({"ok": True, "update_id": self._world.inject(bot, given)})

    async def act(self, request: web.Request) -> web.Response:
        """Somebody does something."""
        act = ACTS.get(request.match_info["act"])
        if act is None:
            return _refusal(f"people can {', '.join(ACTS)}")
        try:
            result = act(self._world, await request.json())
        except (ValueError, KeyError, TypeError, NobodyThere) as error:
            return _refusal(f"{type(error).__name__}: {error}")
        await self._world.journal.settle()
        return web.json_response({"ok": True, "result": result})


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


def _refusal(reason: str) -> web.Response:
    return web.json_response({"ok": False, "error": reason}, status=400)
