"""A small town for the tests of the bots: its people, its polls, its store that can be told to fail."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar

from bots.desk import Desk
from bots.router import respond
from bots.runner import Runner
from core.answers import Answer, Remove
from core.audience import Channel
from core.citizen import Person
from core.events import ButtonPressed, Choice, Command, CommandGiven, Handle, Incoming, MessagePosted, Received
from core.identifiers import (
    Address,
    CampaignId,
    ChannelName,
    Locale,
    MessageId,
    PersonRef,
    PollId,
)
from core.messages import Answered
from core.moderation import Charter, Enforcement, Rule
from core.poll import Outcome, Poll, PollKind, Tally, Vote
from core.ports.books.inbox import Intake
from core.ports.moderator import NO_POWERS, Powers
from core.ports.platform import Cursor, Update
from core.ports.store import Books, Guard
from core.rules.recent import Recent
from core.staff import Staff
from core.town import Town
from core.wording import Wording
from storage.memory import MemoryStore
from storage.vault import MemoryVault
from tests.fakes import ACCOUNT, NOON, TELEGRAM, FakeWords, ScriptedPlatform, StoppedClock, Telling

T = TypeVar("T")

CHANNEL = Address("-100200")
DEBATES = Address("-100300")
ARBRES = PollId("marche_arbres")
JOURS = PollId("marche_jours")
OPTIONS = ("Des tilleuls", "Des cerisiers", "Rien")


def both(text: str) -> Wording:
    """The same words in both languages."""
    return Wording(fr=text, en=text)


def poll(name: PollId = ARBRES, kind: PollKind = PollKind.SINGLE, options: Sequence[str] = OPTIONS) -> Poll:
    """A poll that closes in an hour."""
    return Poll(
        id=name,
        campaign=CampaignId("marche"),
        question=both("Que planter ?"),
        options=tuple(both(option) for option in options),
        kind=kind,
        opens_at=NOON - timedelta(hours=1),
        closes_at=NOON + timedelta(hours=1),
    )


def rule(article: str, *forbidden: str, enforcement: Enforcement = Enforcement.ENFORCE) -> Rule:
    """An article of the charter."""
    return Rule(article=article, wording=both(f"Article {article}."), forbidden=forbidden, enforcement=enforcement)


TOWN = Town(
    name=both("Saint-Aubin"),
    zone="Europe/Paris",
    charter=Charter(
        version="2027-1",
        rules=(
            rule("1", "zut", enforcement=Enforcement.OBSERVE),
            rule("2", "andouille"),
            rule("3", "nigaud", enforcement=Enforcement.OFF),
        ),
    ),
    channels=(
        Channel(
            name=ChannelName("place"),
            platform=TELEGRAM,
            account=ACCOUNT,
            address=CHANNEL,
            locale=Locale.FR,
            discussion=DEBATES,
        ),
    ),
)

ALIX = Person(platform=TELEGRAM, account="711", locale=Locale.FR, name="Alix Martin")
BLAISE = Person(platform=TELEGRAM, account="722", locale=Locale.FR, name="Blaise Roux")
WENDY = Person(platform=TELEGRAM, account="733", locale=Locale.EN, name="Wendy Hill")


class FaultyVault(MemoryVault):
    """A vault with a fault that one person brings to light."""

    breaks_for: PersonRef | None = None

    def blind(self, person: PersonRef) -> bytes:
        """Find them again, or fail."""
        if person == self.breaks_for:
            raise KeyError(person)
        return super().blind(person)


@dataclass(slots=True)
class _Trouble:
    error: Exception | None
    after: bool


@dataclass(slots=True)
class TroubledStore:
    """A store in memory whose next calls can be told to fail, before or after they are carried out, or to wait."""

    inner: MemoryStore = field(default_factory=MemoryStore)
    calls: list[str] = field(default_factory=list)
    _troubles: dict[str, deque[_Trouble]] = field(default_factory=dict)
    _gates: dict[str, asyncio.Event] = field(default_factory=dict)

    def works(self, call: str) -> None:
        """Let the next call through, before those that fail."""
        self._troubles.setdefault(call, deque()).append(_Trouble(None, after=False))

    def fails(self, call: str, error: Exception, *, times: int = 1, after: bool = False) -> None:
        """Make the next calls raise; with ``after`` they are carried out all the same."""
        self._troubles.setdefault(call, deque()).extend(_Trouble(error, after) for _ in range(times))

    def heals(self) -> None:
        """Let every call succeed."""
        self._troubles.clear()

    @contextmanager
    def slow(self, call: str) -> Iterator[None]:
        """Let these calls wait as long as the context lasts."""
        gate = self._gates[call] = asyncio.Event()
        try:
            yield
        finally:
            gate.set()

    def release(self, call: str) -> None:
        """Let those calls wait no longer."""
        self._gates[call].set()

    async def write(self, work: Callable[[Books], T]) -> T:
        """Write, or fail as told."""
        lost = await self._begin("write")
        result = await self.inner.write(work)
        _finish(lost)
        return result

    async def read(self, work: Callable[[Books], T]) -> T:
        """Read, or fail as told."""
        lost = await self._begin("read")
        result = await self.inner.read(work)
        _finish(lost)
        return result

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Cast, or fail as told."""
        lost = await self._begin("cast")
        outcomes = await self.inner.cast(votes, guard=guard)
        _finish(lost)
        return outcomes

    async def close(self) -> None:
        """Close."""
        await self.inner.close()

    async def _begin(self, call: str) -> Exception | None:
        self.calls.append(call)
        if call in self._gates:
            await self._gates[call].wait()
        waiting = self._troubles.get(call)
        trouble = waiting.popleft() if waiting else None
        error = trouble.error if trouble else None
        if trouble is not None and error is not None and not trouble.after:
            raise error
        return error


def _finish(lost: Exception | None) -> None:
    if lost is not None:
        raise lost


@dataclass(slots=True)
class Stage:
    """The town, ready to be spoken to: directly through the router, or through a runner that listens."""

    store: TroubledStore = field(default_factory=TroubledStore)
    vault: FaultyVault = field(default_factory=FaultyVault)
    clock: StoppedClock = field(default_factory=StoppedClock)
    platform: ScriptedPlatform = field(default_factory=ScriptedPlatform)
    words: FakeWords = field(default_factory=FakeWords)
    pauses: list[float] = field(default_factory=list)
    town: Town = TOWN
    staff: Staff = field(default_factory=Staff)
    recent: Recent = field(default_factory=Recent)
    powers: Powers = NO_POWERS
    woken: int = 0
    _numbers: int = 0

    @property
    def desk(self) -> Desk:
        """Where people are received."""
        return Desk(
            store=self.store,
            vault=self.vault,
            clock=self.clock,
            town=self.town,
            platform=TELEGRAM,
            account=ACCOUNT,
            wake=self._wake,
            staff=self.staff,
            recent=self.recent,
            powers=self.powers,
        )

    def runner(self, *, patience: float = 60.0) -> Runner:
        """A runner whose pauses are recorded and over at once."""
        return Runner(desk=self.desk, platform=self.platform, words=self.words, pause=self._pause, patience=patience)

    def _wake(self) -> None:
        self.woken += 1

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    # ── polls ──

    async def opens(self, *polls: Poll) -> None:
        """Open these polls."""
        for each in polls or (poll(),):
            self.vault.create_poll_key(each.id)
            await self.look(partial(_open, each))

    async def closes(self, name: PollId = ARBRES) -> Tally:
        """Close a poll."""
        return await self.look(lambda books: books.polls.close(name, at=self.clock.now()))

    async def tally(self, name: PollId = ARBRES) -> tuple[int, ...]:
        """The counts as they stand."""
        return (await self.look(lambda books: books.polls.tally(name))).counts

    async def look(self, work: Callable[[Books], T]) -> T:
        """What the books say, past all troubles."""
        return await self.store.inner.write(work)

    async def pending(self) -> int:
        """How many updates are stored and not dealt with."""
        return len(await self.look(lambda books: books.inbox.pending(ACCOUNT, limit=1000)))

    # ── talk ──

    async def receives(self) -> Received:
        """Store an update, as the ear does before anything is dealt with."""
        self._numbers += 1
        update = Update(self._numbers, b"body")
        taken = await self.look(
            lambda books: books.inbox.take_in(ACCOUNT, [update], cursor=Cursor(update.number + 1), at=self.clock.now())
        )
        return _received(taken[0])

    async def hears(self, telling: Telling) -> tuple[Answer, ...]:
        """What the router answers to an update."""
        answers: tuple[Answer, ...] = ()
        for event in telling(await self.receives()):
            answers += await respond(self.desk, event)
        return answers

    async def says(self, telling: Telling) -> Answered | None:
        """The one message the router answers with, if any."""
        return said(await self.hears(telling))


def _open(new: Poll, books: Books) -> None:
    books.polls.add(new)
    books.polls.open(new.id)


def said(answers: tuple[Answer, ...]) -> Answered | None:
    """The message of the only answer."""
    assert len(answers) <= 1
    first = answers[0] if answers else None
    assert not isinstance(first, Remove)
    return first.message if first is not None else None  # type: ignore[return-value]  # answers carry answered messages


def _received(intake: Intake) -> Received:
    return Received(account=intake.account, order=intake.id, at=intake.at)


# ── what people do ──


def private(person: Person, *, press: str | None = None) -> Handle:
    """The private chat with someone."""
    return Handle(account=ACCOUNT, private=True, chat=Address(person.account), message=MessageId("5"), press=press)


def public(*, press: str | None = None, message: str = "5") -> Handle:
    """The discussion group."""
    return Handle(account=ACCOUNT, private=False, chat=DEBATES, message=MessageId(message), press=press)


def presses(person: Person, option: int, name: PollId = ARBRES, *, where: Handle | None = None) -> Telling:
    """Someone presses the button of an option, in the channel unless said otherwise."""
    handle = where or public(press=f"press of {person.account}")

    def telling(received: Received) -> tuple[Incoming, ...]:
        return (ButtonPressed(received=received, person=person, action=Choice(name, option), handle=handle),)

    return telling


def presses_command(person: Person, line: str, *, where: Handle | None = None) -> Telling:
    """Someone presses a button that gives a command."""
    handle = where or private(person, press="press")

    def telling(received: Received) -> tuple[Incoming, ...]:
        return (ButtonPressed(received=received, person=person, action=_command(line), handle=handle),)

    return telling


def types(person: Person, line: str, *, where: Handle | None = None) -> Telling:
    """Someone types a command, in private unless said otherwise."""
    handle = where or private(person)

    def telling(received: Received) -> tuple[Incoming, ...]:
        return (CommandGiven(received=received, person=person, command=_command(line), handle=handle),)

    return telling


def writes(
    person: Person,
    text: str,
    *,
    message: str = "70",
    answers: str | None = None,
    thread: str | None = None,
    edited: bool = False,
    official: bool | None = False,
    where: Handle | None = None,
) -> Telling:
    """Someone writes, in the discussion group unless said otherwise."""
    handle = where or public(message=message)

    def telling(received: Received) -> tuple[Incoming, ...]:
        return (
            MessagePosted(
                received=received,
                person=person,
                handle=handle,
                text=text,
                answers=MessageId(answers) if answers else None,
                thread=MessageId(thread) if thread else None,
                edited=edited,
                official=official,
            ),
        )

    return telling


def _command(line: str) -> Command:
    name, *arguments = line.removeprefix("/").split()
    return Command(name, tuple(arguments))
