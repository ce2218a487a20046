"""The web pages that a town's texts point to, and what it takes to look at one: addresses of a name, a connection."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from core.errors import ParvisError
from core.internet import IpAddress
from core.preflight import Trouble


@dataclass(frozen=True, slots=True)
class Dead:
    """Why a link leads nowhere. ``detail`` is a number, or the words of whoever refused."""

    trouble: Trouble
    detail: str = ""


class LinkIsDead(ParvisError):
    """Whoever follows this link finds nothing; ``why`` says so."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        """Keep why."""
        super().__init__(f"{trouble}: {detail}")
        self.why = Dead(trouble, detail)


class Resolver(Protocol):
    """Knows the addresses of a name."""

    async def addresses(self, host: str) -> Sequence[IpAddress]:
        """All of them, none when there is no such name. Raises LinkIsDead when nobody says whether there is."""
        ...


class Wire(Protocol):
    """An open connection."""

    async def send(self, request: bytes) -> None:
        """Raises LinkIsDead when the other side is gone."""
        ...

    async def receive(self) -> bytes:
        """A piece of the answer, as it comes; empty at its end. Raises LinkIsDead when the other side is gone."""
        ...


class Connector(Protocol):
    """Connects to an address, and to no other: nothing is resolved here."""

    def connect(self, address: IpAddress, port: int, *, secure_for: str | None) -> AbstractAsyncContextManager[Wire]:
        """A connection; with ``secure_for`` under TLS, the certificate being that of this name. Raises LinkIsDead."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it was read. ``content`` is None where the site says that it has not changed.

    ``etag`` and ``modified`` are for asking again; ``url`` is where it was found, after all turns.
    """

    url: str
    content: bytes | None
    etag: str = ""
    modified: str = ""
    kind: str = ""


class NotReadable(ParvisError):
    """There is something, but not a page of the kind that is read, or too much of it."""


class Reader(Protocol):
    """Reads pages as ``Web`` follows links: never from a place inside."""

    async def read(self, url: str, *, etag: str = "", modified: str = "") -> Page:
        """The page, if it has changed since it had these. Raises LinkIsDead and NotReadable."""
        ...


class Web(Protocol):
    """Follows links as a citizen would, and never to a place inside."""

    async def look(self, url: str) -> Dead | None:
        """Why the link is dead; None when there is a page."""
        ...
