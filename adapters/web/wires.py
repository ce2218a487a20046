"""Names and connections of the real internet."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import Any

from core.internet import IpAddress
from core.ports.web import LinkIsDead
from core.preflight import Trouble

_PIECE = 4096  # bytes
_AT_ONCE = 4  # names
_NOBODY_SAYS = frozenset({socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_MEMORY, socket.EAI_SYSTEM})


class SystemResolver:
    """Asks whomever this machine asks. See ``core.ports.web.Resolver``.

    In threads of its own: one that waits for a resolver cannot be ended, and the store reads in those that all share.
    """

    def __init__(self, look_up: Callable[..., Any] = socket.getaddrinfo) -> None:
        self._look_up = look_up
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="names")

    async def addresses(self, host: str) -> Sequence[IpAddress]:
        """All of them, none when there is no such name. Raises LinkIsDead when nobody says whether there is."""
        look_up = partial(self._look_up, host, None, type=socket.SOCK_STREAM)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        except socket.gaierror as error:
            if error.errno in _NOBODY_SAYS:
                raise LinkIsDead(Trouble.NO_ANSWER) from error
            return ()
        except UnicodeError:
            return ()
        return tuple(dict.fromkeys(ip_address(str(each[4][0])) for each in found))


@dataclass(frozen=True, slots=True)
class _Open:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, request: bytes) -> None:
        try:
            self.writer.write(request)
            await self.writer.drain()
        except OSError as error:
            raise LinkIsDead(Trouble.NO_ANSWER) from error

    async def receive(self) -> bytes:
        try:
            return await self.reader.read(_PIECE)
        except OSError as error:
            raise LinkIsDead(Trouble.NO_ANSWER) from error


class SystemConnector:
    """See ``core.ports.web.Connector``."""

    def __init__(self, trusted: ssl.SSLContext) -> None:
        """``trusted`` are the authorities whose certificates are good."""
        self._trusted = trusted

    @asynccontextmanager
    async def connect(self, address: IpAddress, port: int, *, secure_for: str | None) -> AsyncIterator[_Open]:
        """A connection to this address. Raises LinkIsDead."""
        context = self._trusted if secure_for is not None else None
        try:
            wire = _Open(*await asyncio.open_connection(str(address), port, ssl=context, server_hostname=secure_for))
        except ssl.SSLCertVerificationError as error:
            raise LinkIsDead(Trouble.INSECURE, error.verify_message) from error
        except OSError as error:
            raise LinkIsDead(Trouble.NO_ANSWER) from error
        try:
            yield wire
        finally:
            wire.writer.transport.abort()
