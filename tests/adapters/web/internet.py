"""An internet on this machine: names with the addresses that a test gives them, and one server behind all of them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address

from adapters.web.fetcher import Fetcher
from adapters.web.follower import Follower
from adapters.web.wires import SystemConnector
from core.internet import IpAddress
from core.ports.web import Connector, LinkIsDead, Resolver, Wire
from core.preflight import Trouble

LOOPBACK = ip_address("127.0.0.1")
SITE, OTHER = ip_address("93.184.215.14"), ip_address("2606:2800:21f:cb07::1")
FOUND = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
GONE = b"HTTP/1.1 404 Not Found\r\n\r\n"


def turn(to: str, status: int = 302) -> bytes:
    """An answer that sends elsewhere."""
    return b"HTTP/1.1 %d Elsewhere\r\nlocation:  %s \r\n\r\n" % (status, to.encode())


@dataclass(slots=True, kw_only=True)
class Internet:
    """``answers`` by the first line of a request, without its version; ``names`` by look-up, one set of addresses each.

    Once ``most`` requests came to a ``silent`` server, they are ``all_here``.
    """

    answers: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, list[Sequence[IpAddress]]] = field(default_factory=dict)
    silent: bool = False
    most: int = 4
    all_here: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    away: set[IpAddress] = field(default_factory=set)
    serving: list[asyncio.Task[None] | None] = field(default_factory=list)
    port: int = 0
    wires: Connector

    async def addresses(self, host: str) -> Sequence[IpAddress]:
        """The next addresses of this name, the last ones for ever."""
        self.looked_up.append(host)
        given = self.names.get(host, [(SITE,)])
        return given.pop(0) if len(given) > 1 else given[0]

    def connect(self, address: IpAddress, port: int, *, secure_for: str | None) -> AbstractAsyncContextManager[Wire]:
        """The server on this machine stands for every address."""
        self.connected.append((str(address), port))
        if address in self.away:
            raise LinkIsDead(Trouble.NO_ANSWER)
        return self.wires.connect(LOOPBACK, self.port, secure_for=secure_for)

    def follower(self, longest: timedelta = timedelta(seconds=20)) -> Follower:
        """Somebody who follows links here."""
        return Follower(resolver=self, connector=self, longest=longest)

    def fetcher(self, longest: timedelta = timedelta(seconds=20)) -> Fetcher:
        """Somebody who reads pages here."""
        return Fetcher(resolver=self, connector=self, longest=longest)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request; a path without an answer has a page."""
        self.serving.append(asyncio.current_task())
        with suppress(OSError, asyncio.IncompleteReadError):  # the other side is gone
            await self._answer(reader, writer)
        writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line = head.partition(" HTTP/1.1\r\n")[0]
        self.asked.append(line)
        self.heads.append(head)
        if self.silent:
            if len(self.asked) == self.most:
                self.all_here.set()
            await reader.read()
        writer.write(self.answers.get(line, FOUND))
        await writer.drain()
        writer.close()
        await writer.wait_closed()


RESOLVER: type[Resolver] = Internet  # the type checker compares the fake with the ports
CONNECTOR: type[Connector] = Internet


@asynccontextmanager
async def internet(
    answers: Mapping[str, bytes] | None = None,
    *,
    secure: ssl.SSLContext | None = None,
    trusted: ssl.SSLContext | None = None,
) -> AsyncIterator[Internet]:
    """The internet, with a server that is up; under TLS with ``secure``."""
    made = Internet(
        answers=dict(answers or {}), wires=SystemConnector(trusted or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    )
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=secure)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.gather(*(task for task in made.serving if task is not None))
