"""The way to a page, safely: every address of its name is judged, and the connection goes to one that was judged."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from urllib.parse import urljoin

from core.internet import IpAddress, NotPublic, Target, is_public
from core.ports.web import Connector, LinkIsDead, Resolver, Wire
from core.preflight import Trouble

MOST_TURNS = 5
MOST_ADDRESSES = 3  # of one name that are tried
ELSEWHERE = frozenset({301, 302, 303, 307, 308})
REFUSED = frozenset({401, 403, 405, 406, 429, 451, 503})  # to us; a citizen with a browser may get in


class Ways:
    """Finds the addresses of a link, and connects to them."""

    def __init__(self, resolver: Resolver, connector: Connector) -> None:
        self._resolver = resolver
        self._connector = connector

    async def judged(self, target: Target) -> Sequence[IpAddress]:
        """The addresses to connect to: one that is not public condemns the name."""
        found = (target.literal,) if target.literal is not None else await self._resolver.addresses(target.host)
        if not found:
            raise LinkIsDead(Trouble.NO_ADDRESS, target.host)
        if not all(map(is_public, found)):
            raise LinkIsDead(Trouble.NOT_PUBLIC, target.host)
        return found[:MOST_ADDRESSES]

    async def reach(self, open_wires: AsyncExitStack, target: Target, addresses: Sequence[IpAddress]) -> Wire:
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


def turned(url: str, location: str) -> str:
    """Where a page sends to. Raises NotPublic when that is no address at all."""
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise NotPublic("no web address") from error
