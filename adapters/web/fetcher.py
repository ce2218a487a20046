"""Reads a page whole, along the same safe way that links are followed, with limits of its own.

HTTP/1.1 is spoken by ``h11`` (RFC 9112): it sees bytes, and opens nothing. No more is read, or unpacked, than
``LARGEST`` bytes, and all of it takes no longer than ``LONGEST``.
"""

import asyncio
import zlib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta

import h11

from adapters.web.ways import ELSEWHERE, MOST_TURNS, REFUSED, Ways, turned
from core.internet import PORTS, IpAddress, NotPublic, Target, target_of
from core.ports.web import Connector, LinkIsDead, NotReadable, Page, Resolver, Wire
from core.preflight import Trouble

LARGEST = 512_000  # bytes; a feed of ten articles, whole, has a fifth of it
LONGEST = timedelta(seconds=20)  # for one page, with all its turns

_FOUND, _UNCHANGED = 200, 304
_ZIPPED = 16 + zlib.MAX_WBITS  # gzip (RFC 1952)


class Fetcher:
    """See ``core.ports.web.Reader``."""

    def __init__(self, *, resolver: Resolver, connector: Connector, longest: timedelta = LONGEST) -> None:
        """``longest`` is how long one page may take."""
        self._ways = Ways(resolver, connector)
        self._longest = longest.total_seconds()

    async def read(self, url: str, *, etag: str = "", modified: str = "") -> Page:
        """The page, if it has changed since. Raises LinkIsDead and NotReadable."""
        asked = [("If-None-Match", etag), ("If-Modified-Since", modified)]
        headers = [(name, value) for name, value in asked if value]
        try:
            async with asyncio.timeout(self._longest):
                return await self._follow(url, headers)
        except NotPublic as refusal:
            raise LinkIsDead(Trouble.NOT_PUBLIC, str(refusal)) from refusal
        except TimeoutError as error:
            raise LinkIsDead(Trouble.NO_ANSWER) from error

    async def _follow(self, url: str, headers: Sequence[tuple[str, str]]) -> Page:
        for _ in range(MOST_TURNS + 1):
            target = target_of(url)
            addresses = await self._ways.judged(target)
            answer = await self._ask(target, addresses, headers)
            if answer.status not in ELSEWHERE or not answer.location:
                return answer.page(url)
            url = turned(url, answer.location)
        raise LinkIsDead(Trouble.TOO_MANY_TURNS)

    async def _ask(
        self, target: Target, addresses: Sequence[IpAddress], headers: Sequence[tuple[str, str]]
    ) -> "_Answer":
        async with AsyncExitStack() as open_wires:
            wire = await self._ways.reach(open_wires, target, addresses)
            try:
                return await _exchange(wire, target, headers)
            except h11.RemoteProtocolError as error:
                raise LinkIsDead(Trouble.NO_ANSWER, str(error)) from error


class _Answer:
    """What a site answers."""

    def __init__(self, head: h11.Response) -> None:
        self.status = head.status_code
        self._headers = {name.decode().lower(): value.decode("latin-1") for name, value in head.headers}
        self._content = bytearray()

    @property
    def location(self) -> str:
        """Where it sends to, empty for nowhere."""
        return self._headers.get("location", "").strip()

    def take(self, piece: bytes) -> None:
        """Keep a piece of the page. Raises NotReadable when there is too much of it."""
        self._content += piece
        if len(self._content) > LARGEST:
            raise NotReadable(f"more than {LARGEST // 1000} kB")

    def page(self, url: str) -> Page:
        """The page. Raises LinkIsDead where there is none."""
        told = self._headers.get
        if self.status not in {_FOUND, _UNCHANGED}:
            raise LinkIsDead(Trouble.REFUSED if self.status in REFUSED else Trouble.GONE, str(self.status))
        return Page(
            url=url,
            content=None if self.status == _UNCHANGED else self._unpacked(),
            etag=told("etag", ""),
            modified=told("last-modified", ""),
            kind=told("content-type", ""),
        )

    def _unpacked(self) -> bytes:
        """The content; packed although nobody asked for that, as some sites do."""
        packing = self._headers.get("content-encoding", "identity").lower().strip()
        if packing == "identity":
            return bytes(self._content)
        if packing not in {"gzip", "x-gzip"}:
            raise NotReadable(f"packed by «{packing}», which nobody asked for")
        unpacker = zlib.decompressobj(_ZIPPED)
        try:
            content = unpacker.decompress(bytes(self._content), LARGEST)
        except zlib.error as error:
            raise NotReadable("its packing is damaged") from error
        if unpacker.unconsumed_tail:
            raise NotReadable(f"unpacks to more than {LARGEST // 1000} kB")
        return content


async def _exchange(wire: Wire, target: Target, headers: Sequence[tuple[str, str]]) -> _Answer:
    """Ask for the page, and take what comes until its end."""
    line = h11.Connection(h11.CLIENT)
    await wire.send(line.send(_request(target, headers)) or b"")
    line.send(h11.EndOfMessage())
    answer: _Answer | None = None
    while True:
        event = line.next_event()
        if event is h11.NEED_DATA:
            line.receive_data(await wire.receive())
        elif isinstance(event, h11.ConnectionClosed):
            raise LinkIsDead(Trouble.NO_ANSWER)
        elif isinstance(event, h11.Response):
            answer = _Answer(event)
        elif isinstance(event, h11.Data) and answer is not None:
            answer.take(bytes(event.data))
        elif isinstance(event, h11.EndOfMessage) and answer is not None:
            return answer


def _request(target: Target, headers: Sequence[tuple[str, str]]) -> h11.Request:
    port = "" if target.port == PORTS["https" if target.secure else "http"] else f":{target.port}"
    told = [
        ("Host", f"{target.host}{port}"),
        ("User-Agent", "Parvis (feeds)"),
        ("Accept", "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        *headers,
    ]
    return h11.Request(
        method="GET",
        target=target.path,
        headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in told],
    )
