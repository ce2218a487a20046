"""Follows a link, safely: whoever writes one may point it, or the name in it, at a machine behind the town's wall.

Each turn of the way is judged anew: the kind of link, then every address of its name. The connection goes to the very
address that was judged, so that a name that changes its mind in between (DNS rebinding) changes nothing. Only the head
of an answer is read. A page is asked for without its content first; who answers that badly is asked again for the page.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from adapters.web.ways import ELSEWHERE, MOST_TURNS, REFUSED, Ways, turned
from core.internet import PORTS, IpAddress, NotPublic, Target, target_of
from core.ports.web import Connector, Dead, LinkIsDead, Resolver, Wire
from core.preflight import Trouble

LONGEST = timedelta(seconds=10)  # for one link, with all its turns
LONGEST_HEAD = 16 * 1024  # bytes
AT_ONCE = 4  # links

_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: |\r|$)")
_LOCATION = b"location:"


@dataclass(frozen=True, slots=True)
class _Head:
    status: int
    location: str


class Follower:
    """See ``core.ports.web.Web``."""

    def __init__(self, *, resolver: Resolver, connector: Connector, longest: timedelta = LONGEST) -> None:
        """``longest`` is how long one link may take."""
        self._ways = Ways(resolver, connector)
        self._longest = longest.total_seconds()
        self._free = asyncio.Semaphore(AT_ONCE)

    async def look(self, url: str) -> Dead | None:
        """Why the link is dead; None when there is a page."""
        async with self._free:
            try:
                async with asyncio.timeout(self._longest):
                    await self._follow(url)
            except LinkIsDead as dead:
                return dead.why
            except NotPublic as refusal:
                return Dead(Trouble.NOT_PUBLIC, str(refusal))
            except TimeoutError:
                return Dead(Trouble.NO_ANSWER)
        return None

    async def _follow(self, url: str) -> None:
        for _ in range(MOST_TURNS + 1):
            target = target_of(url)
            addresses = await self._ways.judged(target)
            head = await self._ask("HEAD", target, addresses)
            if head.status >= 400:
                head = await self._ask("GET", target, addresses)
            if head.status >= 400:
                raise LinkIsDead(Trouble.REFUSED if head.status in REFUSED else Trouble.GONE, str(head.status))
            if head.status not in ELSEWHERE or not head.location:
                return
            url = turned(url, head.location)
        raise LinkIsDead(Trouble.TOO_MANY_TURNS)

    async def _ask(self, method: str, target: Target, addresses: Sequence[IpAddress]) -> _Head:
        async with AsyncExitStack() as open_wires:
            wire = await self._ways.reach(open_wires, target, addresses)
            await wire.send(_request(method, target))
            return await _head(wire)


def _request(method: str, target: Target) -> bytes:
    port = "" if target.port == PORTS["https" if target.secure else "http"] else f":{target.port}"
    return (
        f"{method} {target.path} HTTP/1.1\r\nHost: {target.host}{port}\r\nUser-Agent: Parvis (link check)\r\n"
        "Accept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    ).encode("ascii")


async def _head(wire: Wire) -> _Head:
    """The head of the answer; what comes before it (``100 Continue``, ``103 Early Hints``) is passed over."""
    told = b""
    while len(told) <= LONGEST_HEAD:
        head, end, rest = told.partition(b"\r\n\r\n")
        if end:
            status = _STATUS.match(head)
            if status is None:
                raise LinkIsDead(Trouble.NO_ANSWER)
            if status[1][:1] != b"1":
                return _Head(int(status[1]), _location(head))
            told = rest
            continue
        piece = await wire.receive()
        if not piece:
            break
        told += piece
    raise LinkIsDead(Trouble.NO_ANSWER)


def _location(head: bytes) -> str:
    """Where the answer sends to, empty for nowhere."""
    told = (line[len(_LOCATION) :] for line in head.split(b"\n") if line[: len(_LOCATION)].lower() == _LOCATION)
    return next(told, b"").strip().decode("utf-8", "replace")
