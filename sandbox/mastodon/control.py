"""What people of the fediverse do here, what goes wrong with its streams, and how things stand among them."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from aiohttp import web

from sandbox.control import Control, refusal
from sandbox.faults import Faults
from sandbox.mastodon.errors import NobodyThere
from sandbox.mastodon.streaming import Lines
from sandbox.mastodon.values import VISIBILITIES, Json, Status, Visibility
from sandbox.mastodon.world import World

Act: TypeAlias = Callable[[World, Json], object]


def _name(given: Json, name: str) -> str:
    value = given[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text")
    return value


def _maybe(given: Json, name: str) -> str | None:
    return _name(given, name) if given.get(name) is not None else None


def _visibility(given: Json) -> Visibility | None:
    asked = _maybe(given, "visibility")
    for known in VISIBILITIES:
        if asked == known:
            return known
    if asked is not None:
        raise ValueError(f"visibility is one of {', '.join(VISIBILITIES)}")
    return None


def _choices(given: Json) -> list[int]:
    choices = given["choices"]
    if not isinstance(choices, list) or not all(isinstance(choice, int) for choice in choices):
        raise TypeError("choices must be a list of whole numbers")
    return choices


def _write(world: World, given: Json) -> object:
    options, poll = given.get("poll"), None
    if isinstance(options, list):
        poll = ([str(one) for one in options], timedelta(seconds=float(str(given.get("expires_in", 300)))))
    return world.write(
        _name(given, "user"), _name(given, "text"), visibility=_visibility(given) or "public",
        reply_to=_maybe(given, "reply_to"), poll=poll,
    )  # fmt: skip


def _mention(world: World, given: Json) -> object:
    return world.mention(
        _name(given, "user"), _name(given, "text"), bot=_maybe(given, "bot"), visibility=_visibility(given) or "public"
    )


def _reply(world: World, given: Json) -> object:
    return world.reply(
        _name(given, "user"), _name(given, "message"), _name(given, "text"), visibility=_visibility(given)
    )


def _message(world: World, given: Json) -> object:
    return world.message(
        _name(given, "user"), _name(given, "text"), bot=_maybe(given, "bot"), reply_to=_maybe(given, "reply_to")
    )


def _arrive(world: World, given: Json) -> object:
    return world.add_user(_name(given, "acct"), str(given.get("name", "")), language=_maybe(given, "language")).id


ACTS: dict[str, Act] = {
    "arrive": _arrive,
    "write": _write,
    "mention": _mention,
    "reply": _reply,
    "message": _message,
    "edit": lambda world, given: world.rewrite(_name(given, "user"), _name(given, "message"), _name(given, "text")),
    "delete": lambda world, given: world.delete(_name(given, "user"), _name(given, "message")),
    "favourite": lambda world, given: world.favourite(_name(given, "user"), _name(given, "message")),
    "boost": lambda world, given: world.boost(_name(given, "user"), _name(given, "message")),
    "vote": lambda world, given: world.vote(_name(given, "user"), _name(given, "message"), _choices(given)),
    "follow": lambda world, given: world.follow(_name(given, "user"), _name(given, "account")),
    "block": lambda world, given: world.block(_name(given, "user"), bot=_maybe(given, "bot")),
}


def _post(world: World, status: Status) -> Json:
    poll = world.polls.get(status.poll or "")
    return {
        "id": status.id,
        "chat": world.place_of(status),
        "author": status.account,
        "text": status.text,
        "spoiler": status.spoiler,
        "visibility": status.visibility,
        "language": status.language,
        "media": [world.media[number].description for number in status.media],
        "reply_to": status.reply_to,
        "poll": None
        if poll is None
        else {
            "id": poll.id,
            "options": list(poll.options),
            "votes": [poll.count(option) for option in range(len(poll.options))],
            "ended": poll.ended,
        },
        "favourited_by": list(world.favourites.get(status.id, ())),
    }


class MastodonControl(Control[World]):
    """Adds notifications, given exactly as they come, and the troubles of the streams."""

    acts = ACTS

    def __init__(self, world: World, faults: Faults, lines: Lines, state: Callable[[], Json]) -> None:
        super().__init__(world, faults, state)
        self._lines = lines

    def attach(self, application: web.Application) -> None:
        """Answer there."""
        super().attach(application)
        application.router.add_post("/sandbox/streams/{act}", self.lines)

    async def show(self, request: web.Request) -> web.Response:
        """How things stand; ``?chat=`` shows the posts of one place only."""
        world = self._world
        world.catch_up()
        chosen = request.query.get("chat")
        posts = [status for status in world.statuses.values() if chosen in {None, world.place_of(status)}]
        return web.json_response(
            {
                **self._state(),
                "now": world.clock.now().isoformat(),
                "violations": [{"method": found.method, "reason": found.reason} for found in world.violations],
                "flooded": world.flooded,
                "pending": {bot.id: world.pending(bot.id) for bot in world.bots()},
                "filtered": {bot.id: sum(map(len, world.requests(bot.id).values())) for bot in world.bots()},
                "accounts": {account.acct: account.id for account in world.accounts.values()},
                "messages": [_post(world, status) for status in posts],
            }
        )

    async def inject(self, request: web.Request) -> web.Response:
        """Notify exactly as given, well formed or not; ``?bot=`` names the bot."""
        try:
            given = await request.json()
            bot = self._world.the_bot(request.query.get("bot"))
        except (ValueError, NobodyThere) as error:
            return refusal(str(error))
        return web.json_response({"ok": True, "update_id": self._world.inject(bot, given)})

    async def lines(self, request: web.Request) -> web.Response:
        """Cut every stream, silence them (they stay open), or let them speak again."""
        match request.match_info["act"]:
            case "cut":
                return web.json_response({"ok": True, "result": self._lines.cut()})
            case "silence":
                self._lines.silent = True
            case "resume":
                self._lines.silent = False
            case _:
                return refusal("streams can be cut, silenced (silence) and resumed (resume)")
        return web.json_response({"ok": True, "result": None})
