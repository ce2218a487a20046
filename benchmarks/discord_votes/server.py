"""The sandbox's Discord in a process of its own: ``python -m benchmarks.discord_votes.server``.

A poll with four buttons stands in a channel. Beside Discord's own, two addresses for the benchmark: ``/burst?count=N``
makes N presses, so many waiting at a time, and ``/stream?count=N&rate=R`` R a second; both answer when every presser
saw an answer, with the waits in seconds. A press that fails, as it does on Discord
after three seconds, counts as a wait of ten.
"""

import asyncio
import sys
from contextlib import suppress

import aiohttp
from aiohttp import web

from benchmarks.votes.town import OPTIONS, POLL
from sandbox.discord.server import DiscordServer
from sandbox.discord.small import DEFAULT, GUILD, SQUARE, furnish
from sandbox.discord.values import Change
from sandbox.discord.world import World
from sandbox.journal import Journal
from sandbox.real_clock import RealClock

TOKEN = "discord-token-that-opens-nothing"  # noqa: S105  of nobody
_CITIZENS = range(10_000, 11_000)
_IN_FLIGHT = 32
_GIVEN_UP = 10.0  # seconds: Discord has said long ago that the press failed
_LABELS = ("La passerelle", "Le quai haut", "L'escalier des lavoirs", "La rue du moulin")
_BUTTONS = [
    {"type": 2, "style": 2, "label": label, "custom_id": f"v1:{POLL}:{rank}"} for rank, label in enumerate(_LABELS)
]
_ASKED = {
    "content": "Quel passage faut-il éclairer d'abord ?\n\nUn seul choix. Le vote est secret.",
    "components": [{"type": 1, "components": _BUTTONS}],
}


class Presses:
    """The presses made and how long each waited for its answer."""

    def __init__(self, world: World) -> None:
        self.message = 0
        self._world = world
        self._number = 0
        self._made: dict[int, asyncio.Future[None]] = {}
        self._there = asyncio.Event()
        world.subscribe(self._notice)

    async def burst(self, count: int) -> list[float]:
        """So many presses; whoever is answered is followed by another."""
        waiting = iter(range(count))

        async def citizen() -> list[float]:
            return [await self.make() for _ in waiting]

        crowd = await asyncio.gather(*(citizen() for _ in range(_IN_FLIGHT)))
        return [wait for waits in crowd for wait in waits]

    async def stream(self, count: int, rate: float) -> list[float]:
        """So many presses, at this rate."""
        loop = asyncio.get_running_loop()
        began, made = loop.time(), []
        for rank in range(count):
            await asyncio.sleep(began + rank / rate - loop.time())
            made.append(asyncio.create_task(self.make()))
        return await asyncio.gather(*made)

    async def make(self) -> float:
        """Press, as soon as somebody listens, and wait for the answer."""
        await self._there.wait()
        loop = asyncio.get_running_loop()
        self._number += 1
        citizen = _CITIZENS[self._number % len(_CITIZENS)]
        began = loop.time()
        press = self._world.press(citizen, SQUARE, self.message, f"v1:{POLL}:{self._number % OPTIONS}")
        answered = self._made[press] = loop.create_future()
        with suppress(TimeoutError):  # the press has failed, and waited that long
            await asyncio.wait_for(answered, _GIVEN_UP)
        self._made.pop(press, None)
        return loop.time() - began

    def _notice(self, change: Change) -> None:
        if change.kind == "listening":
            self._there.set()
        if change.toast is not None and change.toast.callback in self._made:
            self._made.pop(change.toast.callback).set_result(None)


async def serve() -> None:
    """Listen on any free port, tell it, and work until the standard input is closed."""
    clock = RealClock()
    world = World(clock=clock, journal=Journal(clock))
    furnish(world, DEFAULT)
    for number in _CITIZENS:
        world.add_user(number, f"Citoyen {number}")
        world.add_member(world.guilds[GUILD], number)
    presses = Presses(world)

    async def burst(request: web.Request) -> web.Response:
        return web.json_response(await presses.burst(int(request.query["count"])))

    async def stream(request: web.Request) -> web.Response:
        return web.json_response(await presses.stream(int(request.query["count"]), float(request.query["rate"])))

    server = DiscordServer(world, pace=None)
    server.application.router.add_get("/burst", burst)
    server.application.router.add_get("/stream", stream)
    async with server:
        presses.message = await _asked(server.api_url)
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


async def _asked(api: str) -> int:
    """Have the bot ask the question."""
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
        session.post(f"{api}/channels/{SQUARE}/messages", json=_ASKED, raise_for_status=True) as answer,
    ):
        return int((await answer.json())["id"])


if __name__ == "__main__":
    asyncio.run(serve())
