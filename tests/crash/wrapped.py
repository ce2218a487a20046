"""The ports of a victim: they do what the real ones do and pass the named points on their way.

Around each call of the platform there are three points: ``send:before`` (nothing is written yet), ``send:flight`` (the
request is under way and its answer not yet here) and ``send:after`` (answered; nobody knows it yet). Inside the writer,
where transactions end, there are ``claim:statement`` (done, not committed), ``claim:commit:before`` and
``claim:commit:after``; the first word is what the transaction does.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from copy import copy
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, event

from core.capabilities import Capabilities
from core.changes import Change
from core.delivery import Urgency
from core.events import Handle, Incoming, Received
from core.identifiers import AccountName, Address, LaneName, MessageId, PersonRef, PlatformName, PollId, VoterKey
from core.native import NativeTally
from core.poll import Outcome, Vote
from core.ports.books.lanes import LaneBook
from core.ports.platform import Cursor, Finding, Introduction, Platform, Update
from core.ports.store import Books, Guard, Store
from core.ports.vault import Vault
from core.post import Part, Post, Receipt
from tests.crash.traps import Tripwire

T = TypeVar("T")
FLIGHT = 0.08  # seconds: longer than it takes to write a request to loopback


class WatchedPlatform:
    """A platform with points around each of its calls."""

    def __init__(self, inner: Platform, wire: Tripwire) -> None:
        self._inner = inner
        self._wire = wire

    @property
    def name(self) -> PlatformName:
        """Pass on."""
        return self._inner.name

    @property
    def account(self) -> AccountName:
        """Pass on."""
        return self._inner.account

    @property
    def capabilities(self) -> Capabilities:
        """Pass on."""
        return self._inner.capabilities

    @property
    def busy(self) -> bool:
        """Pass on."""
        return self._inner.busy

    async def open(self, introduction: Introduction, *, known: str | None) -> str:
        """Three points."""
        return await self._around("open", lambda: self._inner.open(introduction, known=known))

    def recall(self, known: str | None) -> str:
        """Pass on."""
        return self._inner.recall(known)

    async def resolve(self, address: Address) -> Address:
        """Pass on."""
        return await self._inner.resolve(address)

    async def keep(self) -> None:
        """Pass on."""
        await self._inner.keep()

    async def close(self) -> None:
        """Pass on."""
        await self._inner.close()

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:
        """Pass on."""
        return self._inner.plan(post, address, topic=topic)

    def turn(self, address: Address, urgency: Urgency) -> AbstractAsyncContextManager[None]:
        """One point: the turn is given, nothing is claimed."""
        return self._turn(address, urgency)

    @asynccontextmanager
    async def _turn(self, address: Address, urgency: Urgency) -> AsyncIterator[None]:
        async with self._inner.turn(address, urgency):
            await self._wire.walk_by("turn:granted")
            yield

    async def send(self, part: Part, *, key: str, before: Sequence[Receipt]) -> tuple[Receipt, ...]:
        """Three points."""
        return await self._around("send", lambda: self._inner.send(part, key=key, before=before))

    async def edit(self, receipt: Receipt, post: Post) -> None:
        """Three points."""
        await self._around("edit", lambda: self._inner.edit(receipt, post))

    def plan_change(self, change: Change) -> tuple[Part, ...]:
        """The calls that a change takes."""
        return self._inner.plan_change(change)

    async def change(self, part: Part) -> None:
        """Change what is out."""
        await self._around("change", lambda: self._inner.change(part))

    async def remove(self, chat: Address, message: MessageId, *, reason: str = "") -> None:
        """Pass on."""
        await self._inner.remove(chat, message, reason=reason)

    async def fetch(self, cursor: Cursor | None) -> Sequence[Update]:
        """Three points, the last one when there is something."""
        return await self._around("fetch", lambda: self._inner.fetch(cursor))

    def understand(self, body: bytes, received: Received) -> tuple[Incoming, ...]:
        """Pass on."""
        return self._inner.understand(body, received)

    async def toast(self, handle: Handle, text: str, *, alert: bool) -> None:
        """Three points."""
        await self._around("toast", lambda: self._inner.toast(handle, text, alert=alert))

    async def say(self, handle: Handle, post: Post) -> None:
        """Pass on."""
        await self._inner.say(handle, post)

    async def find(self, part: Part, *, before: Sequence[Receipt], since: datetime) -> tuple[Receipt, ...]:
        """Pass on."""
        return await self._inner.find(part, before=before, since=since)

    async def tally(self, receipt: Receipt) -> NativeTally | None:
        """Three points."""
        return await self._around("tally", lambda: self._inner.tally(receipt))

    async def end(self, receipt: Receipt) -> NativeTally:
        """Three points."""
        return await self._around("end", lambda: self._inner.end(receipt))

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """Pass on."""
        return await self._inner.check(addresses)

    async def _around(self, name: str, call: Callable[[], Awaitable[T]]) -> T:
        await self._wire.walk_by(f"{name}:before")
        flight = asyncio.create_task(self._wire.walk_by(f"{name}:flight", after=FLIGHT))
        try:
            answer = await call()
        finally:
            flight.cancel()
        await self._wire.walk_by(f"{name}:after")
        return answer


class WatchedStore:
    """A store with a point before votes are cast; what happens in a transaction is watched in the writer.

    Where it is not ``fenced``, each process believes that every lane is its own: the walls behind the fence must hold.
    """

    def __init__(self, inner: Store, wire: Tripwire, *, fenced: bool = True) -> None:
        self._inner = inner
        self._wire = wire
        self._fenced = fenced

    async def write(self, work: Callable[[Books], T]) -> T:
        """Pass on."""
        return await self._inner.write(work if self._fenced else lambda books: work(_unfenced(books)))

    async def read(self, work: Callable[[Books], T]) -> T:
        """Pass on."""
        return await self._inner.read(work)

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """One point: nothing has begun."""
        await self._wire.walk_by("cast:asked")
        return await self._inner.cast(votes, guard=guard if self._fenced else None)

    async def close(self) -> None:
        """Pass on."""
        await self._inner.close()


class _Alone(LaneBook):
    """The book of a process that believes to be alone: every token is the first one."""

    def __init__(self, inner: LaneBook) -> None:
        self._inner = inner

    def take(self, lane: LaneName, *, holder: str, at: datetime) -> int:
        """Take it, and believe to be the first."""
        self._inner.take(lane, holder=holder, at=at)
        return 1

    def token(self, lane: LaneName) -> int:  # noqa: ARG002  of the port
        """Believe to be the first."""
        return 1

    def holder(self, lane: LaneName) -> str:
        """Pass on."""
        return self._inner.holder(lane)


def _unfenced(books: Books) -> Books:
    library: Any = copy(books)
    library.lanes = _Alone(books.lanes)
    alone: Books = library
    return alone


class WatchedVault:
    """A vault with points around the making of a poll's key."""

    def __init__(self, inner: Vault, wire: Tripwire) -> None:
        self._inner = inner
        self._wire = wire

    def create_poll_key(self, poll: PollId) -> None:
        """Two points."""
        self._wire.pass_by("key:before")
        self._inner.create_poll_key(poll)
        self._wire.pass_by("key:after")

    def destroy_poll_key(self, poll: PollId) -> None:
        """Pass on."""
        self._inner.destroy_poll_key(poll)

    def has_poll_key(self, poll: PollId) -> bool:
        """Pass on."""
        return self._inner.has_poll_key(poll)

    def voter(self, poll: PollId, person: PersonRef) -> VoterKey:
        """Pass on."""
        return self._inner.voter(poll, person)

    def blind(self, person: PersonRef) -> bytes:
        """Pass on."""
        return self._inner.blind(person)

    def seal(self, text: str) -> bytes:
        """Pass on."""
        return self._inner.seal(text)

    def unseal(self, sealed: bytes) -> str:
        """Pass on."""
        return self._inner.unseal(sealed)


class _Writer:
    """The transaction under way; one thread writes."""

    def __init__(self, wire: Tripwire) -> None:
        self._wire = wire
        self._effects: list[str] = []

    def before(self, *call: Any) -> None:
        """A statement is about to be carried out."""
        statement = str(call[2])
        if statement.startswith("BEGIN IMMEDIATE"):
            self._effects.clear()
        if statement == "COMMIT":
            self._pass("commit:before", self._effects)

    def after(self, *call: Any) -> None:
        """A statement is carried out."""
        statement, parameters = str(call[2]), call[3]
        if statement == "COMMIT":
            self._pass("commit:after", self._effects)
            self._effects.clear()
        found = [*effects_of(statement, parameters)]
        self._effects += found
        self._pass("statement", found)

    def _pass(self, phase: str, effects: Sequence[str]) -> None:
        for effect in effects:
            self._wire.pass_by(f"{effect}:{phase}")


def watch_the_writer(wire: Tripwire) -> None:
    """Pass points at the statements and commits of every connection, by SQLAlchemy's own events."""
    writer = _Writer(wire)
    event.listen(Engine, "before_cursor_execute", writer.before)
    event.listen(Engine, "after_cursor_execute", writer.after)


_TABLES = {
    "INSERT INTO inbox": "take_in",
    "INSERT INTO ballots": "cast",
    "DELETE FROM inbox": "forget",
    "INSERT INTO deliveries": "plan",
    "INSERT INTO native_polls": "see",
}
_STATES: dict[str, dict[tuple[str, ...], str]] = {
    "UPDATE deliveries": {
        ("sending", "planned"): "claim",
        ("sent", "sending"): "receipt",
        ("uncertain", "sending"): "sweep",
        ("planned", "sending"): "sweep",  # where the network recognises what it is told again
    },
    "UPDATE polls": {("closed",): "close_poll"},
    "UPDATE amendments": {("making", "planned"): "amend", ("done", "making"): "settle"},
}
_NAMES = {"planned", "sending", "sent", "uncertain", "closed", "making", "done"}


def effects_of(statement: str, parameters: Any) -> Iterator[str]:
    """What a statement does, in the words of the story."""
    yield from (effect for start, effect in _TABLES.items() if statement.startswith(start))
    for start, by_states in _STATES.items():
        if statement.startswith(start):
            yield from _by_states(statement, parameters, by_states)


def _by_states(statement: str, parameters: Any, by_states: dict[tuple[str, ...], str]) -> Iterator[str]:
    if "SET shown" in statement:
        yield "shown"
        return
    states = tuple(str(value) for value in parameters if isinstance(value, str) and value in _NAMES)
    if states in by_states:
        yield by_states[states]
