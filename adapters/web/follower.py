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
from urllib.parse import urljoin

from core.internet import PORTS, IpAddress, NotPublic, Target, is_public, target_of
from core.ports.web import Connector, Dead, LinkIsDead, Resolver, Wire
from core.preflight import Trouble

MOST_TURNS = 5
LONGEST = timedelta(seconds=10)  # for one link, with all its turns
LONGEST_HEAD = 16 * 1024  # bytes
MOST_ADDRESSES = 3  # of one name that are tried
AT_ONCE = 4  # links

_ELSEWHERE = frozenset({301, 302, 303, 307, 308})
_REFUSED = frozenset({401, 403, 405, 406, 429, 451, 503})  # to us; a citizen with a browser may get in
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
        self._resolver = resolver
        self._connector = connector
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
            addresses = await self._judged(target)
            head = await self._ask("HEAD", target, addresses)
            if head.status >= 400:
                head = await self._ask("GET", target, addresses)
            if head.status >= 400:
                raise LinkIsDead(Trouble.REFUSED if head.status in _REFUSED else Trouble.GONE, str(head.status))
            if head.status not in _ELSEWHERE or not head.location:
                return
            url = _turned(url, head.location)
        raise LinkIsDead(Trouble.TOO_MANY_TURNS)

    async def _judged(self, target: Target) -> Sequence[IpAddress]:
        """The addresses to connect to: one that is not public condemns the name."""
        found = (target.literal,) if target.literal is not None else await self._resolver.addresses(target.host)
        if not found:
            raise LinkIsDead(Trouble.NO_ADDRESS, target.host)
        if not all(map(is_public, found)):
            raise LinkIsDead(Trouble.NOT_PUBLIC, target.host)
        return found[:MOST_ADDRESSES]

    async def _ask(self, method: str, target: Target, addresses: Sequence[IpAddress]) -> _Head:
        async with AsyncExitStack() as open_wires:
            wire = await self._reach(open_wires, target, addresses)
            await wire.send(_request(method, target))
            return await _head(wire)

    async def _reach(self, open_wires: AsyncExitStack, target: Target, addresses: Sequence[IpAddress]) -> Wire:
        """A connection to the first address that answers."""
        secure_for = target.host.strip("[]").rstrip(".") if target.secure else None
        *others, last = addresses
        for address in others:
            try:
                return await self._to(open_wires, address, target.port, secure_for)
            except LinkIsDead:  # the next one may answer
                continue
        return await self._to(open_wires, last, target.port, secure_for)

    async def _to(self, open_wires: AsyncExitStack, address: IpAddress, port: int, secure_for: str | None) -> Wire:
        return await open_wires.enter_async_context(self._connector.connect(address, port, secure_for=secure_for))


def _turned(url: str, location: str) -> str:
    """Where a page sends to. Raises NotPublic when that is no address at all."""
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise NotPublic("no web address") from error


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
