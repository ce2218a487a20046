"""What people of Discord do here, what goes wrong with its gateway, and how things stand among them."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from sandbox.control import Control, refusal
from sandbox.discord.errors import NobodyThere
from sandbox.discord.gateway import Gateway
from sandbox.discord.texts import readable
from sandbox.discord.values import Channel, Json
from sandbox.discord.world import World
from sandbox.faults import Fault, Faults

Act: TypeAlias = Callable[[World, Json], object]
Trouble: TypeAlias = Callable[[Gateway, Json], Awaitable[None]]


def _whole(given: Json, name: str) -> int:
    """A whole number, or digits: scripts of pages cannot hold a snowflake as a number."""
    value = given[name]
    if isinstance(value, str) and value.isdigit():
        return int(value)
    if not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number")
    return value


def _maybe(given: Json, name: str) -> int | None:
    return _whole(given, name) if given.get(name) is not None else None


def _items(given: Json, name: str) -> list[object]:
    value = given[name]
    if not isinstance(value, list):
        raise TypeError(f"{name} must be a list")
    return value


def _object(given: Json, name: str) -> Json:
    value = given.get(name, {})
    if not isinstance(value, dict):
        raise TypeError(f"{name} must be an object")
    return value


def _press(world: World, given: Json) -> object:
    return world.press(_whole(given, "user"), _whole(given, "chat"), _whole(given, "message"), str(given["data"]))


def _choose(world: World, given: Json) -> object:
    values = [str(value) for value in _items(given, "values")]
    where = (_whole(given, "user"), _whole(given, "chat"), _whole(given, "message"))
    return world.choose(*where, str(given["data"]), values)


def _submit(world: World, given: Json) -> object:
    return world.submit(_whole(given, "user"), _object(given, "values"))  # type: ignore[arg-type]  # checked by the form


def _command(world: World, given: Json) -> object:
    return world.command(
        _whole(given, "user"), _whole(given, "chat"), str(given["name"]), _object(given, "options"),
        override=given.get("override") is True, bot=_maybe(given, "bot"),
    )  # fmt: skip


def _report(world: World, given: Json) -> object:
    where = (_whole(given, "user"), _whole(given, "chat"), _whole(given, "message"))
    return world.report(*where, str(given["name"]), bot=_maybe(given, "bot"))


def _write(world: World, given: Json) -> object:
    user, text = _whole(given, "user"), str(given["text"])
    if given.get("chat") is None:
        return world.write_to_bot(user, text, bot=_maybe(given, "bot"))
    answered, ping = _maybe(given, "reply_to"), given.get("ping") is not False
    return world.write(user, _whole(given, "chat"), text, reply_to=answered, ping=ping)


def _edit(world: World, given: Json) -> object:
    world.edit_message(_whole(given, "user"), _whole(given, "chat"), _whole(given, "message"), str(given["text"]))
    return None


def _delete(world: World, given: Json) -> object:
    world.delete_message(_whole(given, "user"), _whole(given, "chat"), _whole(given, "message"))
    return None


def _vote(world: World, given: Json) -> object:
    answers = {int(str(answer)) for answer in _items(given, "answers")}
    world.vote(_whole(given, "user"), _whole(given, "chat"), _whole(given, "message"), answers)
    return None


ACTS: dict[str, Act] = {
    "press": _press,
    "choose": _choose,
    "submit": _submit,
    "command": _command,
    "report": _report,
    "write": _write,
    "edit": _edit,
    "delete": _delete,
    "vote": _vote,
    "block": lambda world, given: world.refuse_messages(
        _whole(given, "user"), refused=given.get("refused") is not False
    ),
    "join": lambda world, given: world.join(_whole(given, "user"), _whole(given, "guild")),
    "leave": lambda world, given: world.leave(_whole(given, "user"), _whole(given, "guild")),
}


async def _refuse(gateway: Gateway, given: Json) -> None:
    gateway.refuse(_whole(given, "count"))


async def _reconnect(gateway: Gateway, _given: Json) -> None:
    await gateway.reconnect()


async def _invalidate(gateway: Gateway, given: Json) -> None:
    await gateway.invalidate(resumable=given.get("resumable") is True)


async def _close(gateway: Gateway, given: Json) -> None:
    await gateway.close(_whole(given, "code"))


async def _freeze(gateway: Gateway, _given: Json) -> None:
    gateway.freeze()


async def _deafen(gateway: Gateway, _given: Json) -> None:
    gateway.deafen()


TROUBLES: dict[str, Trouble] = {
    "refuse": _refuse,
    "reconnect": _reconnect,
    "invalidate": _invalidate,
    "close": _close,
    "freeze": _freeze,
    "deafen": _deafen,
}


def _chat(world: World, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "kind": channel.kind.name.lower(),
        "title": channel.name,
        "pinned": list(channel.pins),
        "messages": [
            {
                "id": message.id,
                "author": message.author,
                "text": readable(message),
                "reply_to": message.replies_to,
                "buttons": list(world.buttons(channel.id, message.id)),
            }
            for message in channel.messages.values()
        ],
    }


class DiscordControl(Control[World]):
    """Adds events, sent exactly as given, and the troubles of the gateway."""

    acts = ACTS

    def __init__(self, world: World, faults: Faults, gateway: Gateway, state: Callable[[], Json]) -> None:
        super().__init__(world, faults, state)
        self._gateway = gateway

    def attach(self, application: web.Application) -> None:
        """Answer there."""
        super().attach(application)
        application.router.add_post("/sandbox/gateway/{trouble}", self.disturb)

    async def show(self, request: web.Request) -> web.Response:
        """How things stand; ``?chat=`` shows one channel only."""
        world = self._world
        world.catch_up()
        chosen = request.query.get("chat")
        return web.json_response(
            {
                **self._state(),
                "now": world.clock.now().isoformat(),
                "violations": [{"method": found.method, "reason": found.reason} for found in world.violations],
                "flooded": world.flooded,
                "pending": {
                    str(bot.id): sum(len(one.waiting) for one in world.live(bot)) for bot in world.bots.values()
                },
                "failed": world.failed,
                "toasts": {
                    str(toast.callback): {"user": toast.user, "text": toast.text, "alert": toast.alert}
                    for toast in world.toasts.values()
                },
                "chats": [_chat(world, one) for one in world.channels.values() if chosen in {None, str(one.id)}],
            }
        )

    def fault(self, given: Json) -> Fault:
        """The fault described, with its channel as a number."""
        return Fault.from_json(given | ({"chat": _whole(given, "chat")} if given.get("chat") is not None else {}))

    async def behave(self, request: web.Request) -> web.Response:
        """Forget what has not happened yet, of the gateway too."""
        self._gateway.refuse(0)
        return await super().behave(request)

    async def inject(self, request: web.Request) -> web.Response:
        """Send an event exactly as given (``t`` and ``d``), well formed or not; ``?bot=`` names the bot."""
        try:
            given = await request.json()
            bot = self._world.the_bot(int(request.query["bot"]) if "bot" in request.query else None)
            heard = self._world.inject(bot, str(given["t"]), given["d"])
        except (ValueError, KeyError, TypeError, NobodyThere) as error:
            return refusal(str(error))
        return web.json_response({"ok": True, "heard": heard})

    async def disturb(self, request: web.Request) -> web.Response:
        """Something goes wrong with the gateway: see ``TROUBLES``."""
        trouble = TROUBLES.get(request.match_info["trouble"])
        if trouble is None:
            return refusal(f"the gateway can {', '.join(TROUBLES)}")
        try:
            await trouble(self._gateway, await request.json() if request.can_read_body else {})
        except (ValueError, KeyError, TypeError) as error:
            return refusal(f"{type(error).__name__}: {error}")
        return web.json_response({"ok": True})
