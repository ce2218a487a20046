"""Fakes that implement the ports: a clock moved by hand, a platform that records and can be told to fail, plain words.

They hold no rule of ours. A telling stands for the body of an update: what it says once received.
"""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from core.capabilities import Capabilities
from core.changes import Change
from core.delivery import Urgency
from core.events import Choice, Handle, Incoming, Received
from core.identifiers import AccountName, Address, Locale, MessageId, NativePollId, PlatformName
from core.messages import AnnouncementPublished, Message, PollOpened, PollReminder
from core.native import NativeBallot, NativePoll, NativeTally
from core.poll import PollKind, Showing
from core.ports.platform import Cursor, Finding, Introduction, Platform, Update
from core.post import Button, Part, Picture, Post, Receipt
from core.richtext import RichText
from tests.plain_changes import plainly_planned

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
TELEGRAM = PlatformName("telegram")
ACCOUNT = AccountName("telegram")
CAPABILITIES = Capabilities(
    title="Telegram",
    presses=True,
    longest_text=4096,
    longest_caption=1024,
    longest_button=64,
    most_buttons=100,
    most_pictures_together=10,
    longest_toast=200,
    dedupes_for=timedelta(),
    private_answers=False,
    edits=True,
    numbers_last=timedelta(days=6),
)

WITH_POLLS = replace(
    CAPABILITIES,
    native_poll=NativePoll(
        most_options=4,
        longest_question=300,
        longest_option=100,
        shortest=timedelta(seconds=5),
        longest=timedelta(days=30),
        secret=True,
        several=True,
        ends_early=True,
        hides=True,
    ),
)

Telling = Callable[[Received], tuple[Incoming, ...]]


class StoppedClock:
    """A clock that stands still until it is moved by hand; whoever waits for a passed instant wakes up."""

    def __init__(self, at: datetime = NOON) -> None:
        self._now = at
        self._moved = asyncio.Event()
        self.waiting: list[datetime] = []

    def now(self) -> datetime:
        """The instant at which the clock stands."""
        return self._now

    async def sleep_until(self, at: datetime) -> None:
        """Wait until the clock has been moved that far."""
        if at <= self._now:
            return
        self.waiting.append(at)
        try:
            while at > self._now:
                await self._moved.wait()
        finally:
            self.waiting.remove(at)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self.move_to(self._now + by)

    def move_to(self, at: datetime) -> None:
        """Set the clock."""
        self._now = at
        self._moved.set()
        self._moved = asyncio.Event()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A part that went out, and where it now stands."""

    part: Part
    key: str
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Toasted:
    """A press that was answered."""

    handle: Handle
    text: str
    alert: bool


@dataclass(slots=True)
class _Failure:
    error: Exception | None
    after: bool


@dataclass(slots=True, kw_only=True)
class ScriptedPlatform:
    """One account on a network that does what the test says and records what it was asked.

    ``fails`` makes the next calls of one method raise, ``slow`` lets them wait; ``hears`` queues updates.
    """

    name: PlatformName = TELEGRAM
    account: AccountName = ACCOUNT
    capabilities: Capabilities = CAPABILITIES
    sent: list[Sent] = field(default_factory=list)
    edited: list[tuple[Receipt, Post]] = field(default_factory=list)
    removed: list[tuple[Address, MessageId]] = field(default_factory=list)
    changed: list[Part] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    toasts: list[Toasted] = field(default_factory=list)
    said: list[tuple[Handle, Post]] = field(default_factory=list)
    turns: list[tuple[Address, Urgency]] = field(default_factory=list)
    cursors: list[int | None] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    tallies: dict[NativePollId, NativeTally | None] = field(default_factory=dict)
    ended: list[Receipt] = field(default_factory=list)
    opened: bool = False
    busy: bool = False
    _tellings: list[Telling] = field(default_factory=list)
    _held: list[Update] = field(default_factory=list)
    _repeated: list[Update] = field(default_factory=list)
    _silence: bool = False
    _failures: dict[str, deque[_Failure]] = field(default_factory=dict)
    _gates: dict[str, asyncio.Event] = field(default_factory=dict)
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    # ── script ──

    def works(self, call: str) -> None:
        """Let the next call of this method through, before those that fail."""
        self._failures.setdefault(call, deque()).append(_Failure(None, after=False))

    def fails(self, call: str, error: Exception, *, times: int = 1, after: bool = False) -> None:
        """Make the next calls of this method raise; with ``after`` they are carried out all the same."""
        self._failures.setdefault(call, deque()).extend(_Failure(error, after) for _ in range(times))
        self._bell.set()

    @contextmanager
    def slow(self, call: str) -> Iterator[None]:
        """Let calls of this method wait as long as the context lasts."""
        gate = self._gates[call] = asyncio.Event()
        try:
            yield
        finally:
            gate.set()

    def hears(self, *tellings: Telling) -> tuple[Update, ...]:
        """Queue one update per telling for ``fetch``; each comes again until it is confirmed."""
        updates = tuple(self.update(telling) for telling in tellings)
        self._held.extend(updates)
        self._bell.set()
        return updates

    @property
    def has_news(self) -> bool:
        """Whether something is queued that was not yet fetched and confirmed."""
        return bool(self._held or self._repeated)

    def update(self, telling: Telling) -> Update:
        """An update that says this, not queued; numbers start at 1."""
        self._tellings.append(telling)
        number = len(self._tellings)
        return Update(number, b"%d" % number)

    def says_nothing(self) -> None:
        """Let ``fetch`` return without any update once, as after a long wait."""
        self._silence = True
        self._bell.set()

    def repeats(self, *updates: Update) -> None:
        """Deliver these updates once, confirmed or not."""
        self._repeated.extend(updates)
        self._bell.set()

    # ── port ──

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:
        """One part per picture, one for the text or the poll, one for the pin."""
        where = {"address": address, "topic": topic} | ({"answers": post.answers} if post.answers else {})
        pictures = [Part(call="picture", parameters=where, text=picture.alt) for picture in post.pictures]
        pins = [Part(call="pin", parameters=where, text="", repeatable=True)] if post.pinned else []
        call, asks = ("text", False) if post.poll is None else ("poll", True)
        return (*pictures, Part(call=call, parameters=where, text=post.text.plain, asks=asks), *pins)

    @asynccontextmanager
    async def turn(self, address: Address, urgency: Urgency) -> AsyncIterator[None]:
        """A turn at once, recorded."""
        self._begin("turn")
        self.turns.append((address, urgency))
        yield

    async def send(self, part: Part, *, key: str, before: Sequence[Receipt]) -> tuple[Receipt, ...]:
        """Record the part; messages are numbered from 1001 and a pin makes none."""
        lost = await self._wait("send")
        address = Address(str(part.parameters["address"]))
        message = before[-1].message if part.call == "pin" else MessageId(str(1001 + len(self.sent)))
        poll = NativePollId(f"p{message}") if part.call == "poll" else None
        receipt = Receipt(address=address, message=message, call=part.call, poll=poll)
        self.sent.append(Sent(part=part, key=key, receipt=receipt))
        _finish(lost)
        return () if part.call == "pin" else (receipt,)

    async def edit(self, receipt: Receipt, post: Post) -> None:
        """Record the edit."""
        lost = await self._wait("edit")
        self.edited.append((receipt, post))
        _finish(lost)

    async def remove(self, chat: Address, message: MessageId, *, reason: str = "") -> None:
        """Record the removal."""
        lost = await self._wait("remove")
        self.removed.append((chat, message))
        self.reasons.append(reason)
        _finish(lost)

    def plan_change(self, change: Change) -> tuple[Part, ...]:
        """One call for each message; an unpin is about the first."""
        return plainly_planned(change, self.plan)

    async def change(self, part: Part) -> None:
        """Record the call; ``fails`` and ``slow`` know it by its own name."""
        lost = await self._wait(part.call)
        self.changed.append(part)
        _finish(lost)

    async def fetch(self, cursor: Cursor | None) -> Sequence[Update]:
        """Everything queued from the cursor on, earlier updates being confirmed; waits when there is nothing."""
        self.cursors.append(None if cursor is None else cursor.number)
        self._begin("fetch")
        self._held = [update for update in self._held if cursor is None or update.number >= cursor.number]
        while not (self.has_news or self._silence):
            self._bell.clear()
            await self._bell.wait()
            self._begin("fetch")
        updates = (*self._repeated, *self._held)
        self._repeated.clear()
        self._silence = False
        return updates

    def understand(self, body: bytes, received: Received) -> tuple[Incoming, ...]:
        """What the telling of this body says."""
        self._begin("understand")
        return self._tellings[int(body) - 1](received)

    async def toast(self, handle: Handle, text: str, *, alert: bool) -> None:
        """Record the toast."""
        lost = await self._wait("toast")
        self.toasts.append(Toasted(handle=handle, text=text, alert=alert))
        _finish(lost)

    async def say(self, handle: Handle, post: Post) -> None:
        """Record the answer."""
        lost = await self._wait("say")
        self.said.append((handle, post))
        _finish(lost)

    async def find(self, part: Part, *, before: Sequence[Receipt], since: datetime) -> tuple[Receipt, ...]:  # noqa: ARG002  of the port
        """What was sent by the same call with the same words, whatever became of the answer."""
        lost = await self._wait("find")
        _finish(lost)
        return tuple(sent.receipt for sent in self.sent if (sent.part.call, sent.part.text) == (part.call, part.text))

    async def tally(self, receipt: Receipt) -> NativeTally | None:
        """What the test says of this poll; None when it says nothing."""
        lost = await self._wait("tally")
        _finish(lost)
        return self.tallies.get(_carried(receipt))

    async def end(self, receipt: Receipt) -> NativeTally:
        """Record the end; what the test says of this poll, unknown when it says nothing."""
        lost = await self._wait("end")
        self.ended.append(receipt)
        _finish(lost)
        return self.tallies.get(_carried(receipt)) or NativeTally(counts=None)

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """All is well."""
        self._begin("check")
        return tuple(Finding(subject=str(address), ok=True, detail="fine") for address in addresses)

    async def open(self, introduction: Introduction, *, known: str | None) -> str:
        """Connect; the introduction is its own summary."""
        self._begin("open")
        self.opened = True
        return known or repr(introduction)

    def recall(self, known: str | None) -> str:  # noqa: ARG002  the same everywhere
        """Nothing to recall."""
        return ""

    async def resolve(self, address: Address) -> Address:
        """Itself."""
        return address

    async def keep(self) -> None:
        """Nothing to hold."""

    async def close(self) -> None:
        """Disconnect."""
        self._begin("close")
        self.opened = False

    async def _wait(self, call: str) -> Exception | None:
        lost = self._begin(call)
        if call in self._gates:
            await self._gates[call].wait()
        return lost

    def _begin(self, call: str) -> Exception | None:
        self.calls.append(call)
        script = self._failures.get(call)
        failure = script.popleft() if script else None
        error = failure.error if failure else None
        if failure is not None and error is not None and not failure.after:
            raise error
        return error


def _finish(lost: Exception | None) -> None:
    if lost is not None:
        raise lost


def _carried(receipt: Receipt) -> NativePollId:
    assert receipt.poll is not None, "this message carries no poll of the network"
    return receipt.poll


PLATFORM: type[Platform] = ScriptedPlatform  # the type checker compares the fake with the port


class FakeWords:
    """Renders a message as ``<its_name locale>`` with the buttons and pictures it calls for; records each request.

    A poll's post ends with the number of voters, so that its look changes with them.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[Message, Locale, Capabilities]] = []

    def post(self, message: Message, locale: Locale, on: Capabilities) -> Post:
        """The name of the message, as a post."""
        self.asked.append((message, locale, on))
        text = f"<{snake(type(message).__name__)} {locale}>"
        match message:
            case PollOpened(poll=poll) if poll.public and on.native_poll is not None:
                asked = NativeBallot(
                    question=poll.question[locale],
                    options=tuple(option[locale] for option in poll.options),
                    several=poll.kind is PollKind.MULTIPLE,
                    closes_at=poll.closes_at,
                    hides=poll.showing is Showing.AT_CLOSE,
                )
                return Post(text=RichText.of(text), poll=asked)
            case PollOpened(poll=poll, voters=voters) | PollReminder(poll=poll, voters=voters):
                buttons = tuple(
                    (Button(option[locale], Choice(poll.id, rank)),) for rank, option in enumerate(poll.options)
                )
                return Post(text=RichText.of(f"{text} {voters}"), buttons=buttons)
            case AnnouncementPublished(announcement=announcement):
                pictures = tuple(Picture(image.path, image.alt[locale]) for image in announcement.images)
                return Post(
                    text=RichText.of(f"{text} {announcement.title[locale]}"),
                    pictures=pictures,
                    silent=announcement.silent,
                    pinned=announcement.pinned,
                )
            case _:
                return Post(text=RichText.of(text))


def snake(name: str) -> str:
    """``BallotCounted`` as ``ballot_counted``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
