"""The server of a pretended network on this machine: where it listens, what is under way, what faults do to a call."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Protocol, Self

from aiohttp import web

from sandbox.faults import Fault, Faults, Harm
from sandbox.listening import TOO_SLOW, listening

_LOGIN = "<html><body><h1>Please log in to this network</h1></body></html>"


class Gone(Exception):
    """The connection was cut on purpose."""


class Spoilt(Exception):
    """Something else is answered than the network would."""

    def __init__(self, status: int, html: str) -> None:
        super().__init__()
        self.response = web.Response(status=status, text=html, content_type="text/html")


class Lively(Protocol):
    """A world in which something happens. ``activity`` is a number that grows with everything that does."""

    activity: int


class Note(Protocol):
    """Writes into the journal what became of a call."""

    def __call__(self, *, outcome: str, **more: object) -> object:
        """One line."""
        ...


class Loopback:
    """What the three servers have in common. More routes may be added to ``application`` before it opens."""

    def __init__(self, lively: Lively, *, host: str, port: int, faults: Faults | None, largest: int) -> None:
        """``largest`` is how many bytes a request may have."""
        self.faults = Faults() if faults is None else faults
        self.application = web.Application(client_max_size=largest)
        self._lively = lively
        self._host, self._port = host, port
        self._in_flight = 0
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Listen."""
        runner = web.AppRunner(self.application, access_log=None, shutdown_timeout=TOO_SLOW)
        self._port = await self._open.enter_async_context(listening(runner, self._host, self._port))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        await self._open.aclose()  # not told of an error, which is none of its own

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self._host}:{self._port}"

    @property
    def activity(self) -> int:
        """A number that grows with everything that happens."""
        return self._lively.activity

    async def _answer(self, incoming: web.Request) -> web.StreamResponse:
        """One call. Raises Gone or Spoilt."""
        raise NotImplementedError

    async def _call(self, incoming: web.Request) -> web.StreamResponse:
        self._in_flight += 1
        self._lively.activity += 1
        try:
            return await self._answer(incoming)
        except Spoilt as spoilt:
            return spoilt.response
        except Gone:
            return hung_up(incoming)
        finally:
            self._in_flight -= 1
            self._lively.activity += 1


def hung_up(incoming: web.Request) -> web.Response:
    """No more connection; nobody reads what is returned."""
    if incoming.transport is not None:
        incoming.transport.abort()
    return web.Response(status=500)


async def struck(fault: Fault, note: Note, refusal: Callable[[Fault], Exception]) -> Fault | None:
    """What a fault does instead of the call; the fault itself when it strikes after it.

    Raises Gone, Spoilt, or the ``refusal`` of the network: a FLOOD or REFUSED in its words.
    """
    match fault.harm:
        case Harm.FLOOD | Harm.REFUSED:
            raise refusal(fault)
        case Harm.STATUS:
            note(outcome="status", error=fault.status)
            raise Spoilt(fault.status, f"<html><h1>{fault.status}</h1></html>")
        case Harm.CAPTIVE:
            note(outcome="captive")
            raise Spoilt(200, _LOGIN)
        case Harm.CUT_BEFORE:
            note(outcome="cut_before")
            raise Gone
        case Harm.SLOW:
            await asyncio.sleep(fault.seconds)
            return None
        case Harm.CUT_AFTER | Harm.HALF:
            return fault


async def broken_off(incoming: web.Request, body: bytes, fault: Fault) -> web.StreamResponse:
    """End the connection after the call: without an answer, or in the midst of it. Raises Gone."""
    if fault.harm is Harm.HALF:
        length = max(len(body), 2)  # half of nothing is less than what was promised
        response = web.StreamResponse(headers={"Content-Length": str(length), "Content-Type": "application/json"})
        await response.prepare(incoming)
        await response.write(body[: len(body) // 2])
    raise Gone
