"""The sandbox's own addresses: what people do, what shall go wrong, how things stand. For other processes and pages."""

from collections.abc import Callable, Mapping
from typing import Generic, Protocol, TypeAlias, TypeVar

from aiohttp import web

from sandbox.faults import Fault, Faults
from sandbox.impossible import Impossible
from sandbox.journal import Journal

Json: TypeAlias = dict[str, object]
MISTAKES = (ValueError, KeyError, TypeError, AttributeError, Impossible)  # of whoever asks


class Peopled(Protocol):
    """A world in which people do things that are written into its journal."""

    @property
    def journal(self) -> Journal:
        """Where."""
        ...


W = TypeVar("W", bound=Peopled)


class Control(Generic[W]):
    """What all networks answer below ``/sandbox``; how things stand and what can be sent as given is each one's own."""

    acts: Mapping[str, Callable[[W, Json], object]]  # what people can do

    def __init__(self, world: W, faults: Faults, state: Callable[[], Json]) -> None:
        """``state`` tells whether the server is idle."""
        self._world = world
        self._faults = faults
        self._state = state

    def attach(self, application: web.Application) -> None:
        """Answer there."""
        application.router.add_get("/sandbox/world", self.show)
        application.router.add_post("/sandbox/faults", self.harm)
        application.router.add_delete("/sandbox/faults", self.behave)
        application.router.add_post("/sandbox/updates", self.inject)
        application.router.add_post("/sandbox/people/{act}", self.act)

    async def show(self, request: web.Request) -> web.Response:
        """How things stand; ``?chat=`` shows one place only."""
        raise NotImplementedError

    async def inject(self, request: web.Request) -> web.Response:
        """Tell a bot something exactly as given, well formed or not; ``?bot=`` names the bot."""
        raise NotImplementedError

    async def harm(self, request: web.Request) -> web.Response:
        """Let a fault happen; it is a JSON object with the fields of ``Fault``, or a list of them."""
        try:
            given = await request.json()
            faults = [self.fault(one) for one in (given if isinstance(given, list) else [given])]
        except MISTAKES as error:
            return refusal(str(error))
        for fault in faults:
            self._faults.add(fault)
        return web.json_response({"ok": True})

    def fault(self, given: Json) -> Fault:
        """The fault a JSON object describes. Raises what is wrong in it."""
        return Fault.from_json(given)

    async def behave(self, _request: web.Request) -> web.Response:
        """Forget the faults that have not happened yet."""
        self._faults.clear()
        return web.json_response({"ok": True})

    async def act(self, request: web.Request) -> web.Response:
        """Somebody does something."""
        act = self.acts.get(request.match_info["act"])
        if act is None:
            return refusal(f"people can {', '.join(self.acts)}")
        try:
            result = act(self._world, await request.json())
        except MISTAKES as error:
            return refusal(f"{type(error).__name__}: {error}")
        await self._world.journal.settle()
        return web.json_response({"ok": True, "result": result})


def refusal(reason: str) -> web.Response:
    """The mistake of whoever asked."""
    return web.json_response({"ok": False, "error": reason}, status=400)
