"""A crowd that behaves as people do: it looks at the chats and the clock, and presses, types and talks.

It sees what a phone shows (labels of buttons, words, the mirrored post in the group) and knows nothing else: no rule,
no closing time, no bot of ours. Each person's habits in each poll are drawn from the seed, the person and the poll
alone, so that the same plan gives the same crowd whatever the order in which things happen.
"""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from sandbox.hands import Hands, options
from sandbox.inhabitants import Person
from sandbox.real_clock import Clock
from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.values import Change, Chat
from sandbox.telegram.world import World

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said in the discussion group under a mirrored post, so long after it."""

    text: str
    after: timedelta
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Typist:
    """Somebody who prefers typing: lines sent to the bot in private, each so long after a poll appeared.

    ``{poll}`` stands for the poll's name as its message gives it.
    """

    lines: tuple[tuple[timedelta, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdPlan:
    """How a crowd behaves. Shares are parts of all citizens, from 0 to 1; delays are virtual time.

    Arrivals follow a log-normal curve around ``median``; every delay is rounded up to ``rhythm``, so that crowds come
    in bursts. ``several`` press a second option at once, ``changing`` come back later, ``doubling`` press twice,
    ``reminded`` is the part of those who did not mean to vote who do when the poll is shown again, ``late`` the number
    of people who try when the buttons begin to go. ``subscribers`` start the bot and ask for its news, by a button
    whose label holds one of the words ``sought`` or by typing ``subscription``.

    ``remarks`` and ``breach`` are said under the mirrored posts, in the order in which these appear: the first group
    of remarks under the first. ``poll_name`` finds a poll's name in the text of its message.
    """

    seed: int = 0
    turnout: float = 0.7
    median: timedelta = 2 * HOUR
    spread: float = 1.2
    rhythm: timedelta = 10 * MINUTE
    several: float = 0.1
    changing: float = 0.12
    doubling: float = 0.06
    reminded: float = 0.3
    late: int = 1
    subscribers: int = 4
    sought: tuple[str, ...] = ("recevoir", "get the news")
    subscription: str = "/subscribe"
    typists: tuple[Typist, ...] = (
        Typist(((HOUR, "/vote {poll} 2"), (HOUR + 5 * MINUTE, "/myvote"))),
        Typist(((2 * HOUR, "/vote {poll} 1"), (5 * HOUR, "/withdraw {poll}"))),
        Typist(((3 * HOUR, "/vote {poll} 1"), (4 * HOUR, "/vote {poll} 2"))),
    )
    remarks: tuple[tuple[Remark, ...], ...] = ()
    breach: Remark | None = None
    breach_under: int = 0
    poll_name: str = r"/vote (\S+)"


@dataclass(slots=True)
class _Poll:
    """A poll as the crowd knows it: where its buttons have been seen, what they say, and whether they went away."""

    name: str
    options: tuple[str, ...]
    seen: list[tuple[int, int]] = field(default_factory=list)
    recalls: int = 0
    voters: set[int] = field(default_factory=set)
    gone: bool = False


class Crowd:
    """These people, in this channel and its group, behaving after this plan. ``channel`` and ``group`` are chat ids."""

    def __init__(
        self, world: World, clock: Clock, people: tuple[Person, ...], plan: CrowdPlan, *, channel: int, group: int
    ) -> None:
        self._world = world
        self._hands = Hands(world)
        self._clock = clock
        self._people = people
        self._plan = plan
        self._channel = channel
        self._group = group
        self._polls: dict[str, _Poll] = {}
        self._mirrors = 0
        self._tasks: asyncio.TaskGroup | None = None
        cast = self._dice("roles").sample(people, len(people))
        self._subscribers = cast[: plan.subscribers]
        self._typists = cast[plan.subscribers :][: len(plan.typists)]
        self._voters = [person for person in people if person not in self._typists]
        self._asked: set[int] = set()
        self.acts = 0

    async def run(self) -> None:
        """Behave until cancelled. What already stands in the chats is not reacted to."""
        async with asyncio.TaskGroup() as self._tasks:
            leave = self._world.subscribe(self._look)
            try:
                for rank, person in enumerate(self._subscribers):
                    self._later((rank + 1) * MINUTE, partial(self._hands.starts, person))
                await asyncio.Event().wait()
            finally:
                leave()

    # ── seeing ──

    def _look(self, change: Change) -> None:
        """Something changed on the phones; some react."""
        if change.kind not in {"message", "edited"} or change.message is None or change.chat is None:
            return
        chat = self._chat(change.chat)
        if chat is None or change.message not in chat.messages:
            return
        if chat.id == self._group:
            self._see_mirror(chat, change)
        elif found := options(self._world, chat, change.message):
            self._see_buttons(chat, change.message, found)
        elif change.kind == "edited":
            self._see_buttons_gone(chat.id, change.message)
        elif chat.kind == "private":
            self._see_answer(chat, change.message)

    def _chat(self, number: int) -> Chat | None:
        try:
            return self._world.chat_of(number, number)
        except NobodyThere:
            return None

    def _see_mirror(self, chat: Chat, change: Change) -> None:
        message = chat.messages[change.message or 0]
        if change.kind != "message" or not message.is_automatic_forward:
            return
        rank, self._mirrors = self._mirrors, self._mirrors + 1
        for remark in self._plan.remarks[rank] if rank < len(self._plan.remarks) else ():
            self._say_later(self._speaker(remark, rank), remark, message.id)
        breach = self._plan.breach
        if breach is not None and rank == self._plan.breach_under:
            author = (self._subscribers or self._people)[0]  # somebody the bot may write to, when there is one
            self._say_later(author, breach, message.id)

    def _see_buttons(self, chat: Chat, message: int, found: tuple[str, ...]) -> None:
        key = found[0].rpartition(":")[0]
        poll = self._polls.get(key)
        fresh = poll is None
        if poll is None:
            words = re.search(self._plan.poll_name, chat.messages[message].text)
            name = words.group(1) if words else key.rpartition(":")[2]
            poll = self._polls[key] = _Poll(name, found)
        if (chat.id, message) in poll.seen:
            return
        again = chat.id == self._channel and any(place == chat.id for place, _ in poll.seen)
        poll.seen.append((chat.id, message))
        if fresh:
            self._poll_opens(poll)
        elif again:
            self._poll_is_recalled(poll)

    def _see_buttons_gone(self, chat: int, message: int) -> None:
        for poll in self._polls.values():
            if (chat, message) in poll.seen and not poll.gone:
                poll.gone = True
                dice = self._dice(poll.name, "late")
                for person in dice.sample(self._voters, min(self._plan.late, len(self._voters))):
                    self._press_later(timedelta(), person, poll, dice.choice(poll.options))

    def _see_answer(self, chat: Chat, message: int) -> None:
        """A subscriber reads the bot's answer to /start and asks for the news: every second one by typing."""
        person = next((person for person in self._subscribers if person.id == chat.id), None)
        if person is None or person.id in self._asked or chat.messages[message].author == person.id:
            return
        self._asked.add(person.id)
        self._later(MINUTE, partial(self._subscribe, person))

    # ── planning ──

    def _poll_opens(self, poll: _Poll) -> None:
        weights = [self._dice(poll.name, "weights", option).uniform(0.3, 1.0) for option in poll.options]
        for person in self._voters:
            dice = self._dice(poll.name, person.id)
            if dice.random() < self._plan.turnout:
                poll.voters.add(person.id)
                self._plan_votes(person, poll, dice, weights)
        for typist, person in zip(self._plan.typists, self._typists, strict=False):
            for after, line in typist.lines:
                text = line.replace("{poll}", poll.name)
                self._later(after, partial(self._hands.says, person, person.id, text))

    def _plan_votes(self, person: Person, poll: _Poll, dice: random.Random, weights: list[float]) -> None:
        first, second = dice.choices(poll.options, weights, k=2)
        arrival = self._arrival(dice)
        self._press_later(arrival, person, poll, first)
        if dice.random() < self._plan.doubling:
            self._press_later(arrival, person, poll, first)
        if dice.random() < self._plan.several:
            self._press_later(arrival, person, poll, second)
        if dice.random() < self._plan.changing:
            self._press_later(arrival + self._arrival(dice), person, poll, dice.choice(poll.options))

    def _poll_is_recalled(self, poll: _Poll) -> None:
        poll.recalls += 1
        for person in self._voters:
            dice = self._dice(poll.name, person.id, "recalled", poll.recalls)
            if person.id not in poll.voters and dice.random() < self._plan.reminded:
                poll.voters.add(person.id)
                self._press_later(self._arrival(dice) / 2, person, poll, dice.choice(poll.options))

    def _arrival(self, dice: random.Random) -> timedelta:
        """Quick start, long tail."""
        return dice.lognormvariate(0, self._plan.spread) * self._plan.median

    def _dice(self, *what: object) -> random.Random:
        return random.Random("/".join(map(str, (self._plan.seed, *what))))

    def _speaker(self, remark: Remark, post: int) -> Person:
        able = [person for person in self._people if person.language == remark.language] or list(self._people)
        return self._dice(remark.text, post).choice(able)

    def _press_later(self, delay: timedelta, person: Person, poll: _Poll, option: str) -> None:
        self._later(delay, partial(self._press, person, poll, option))

    def _press(self, person: Person, poll: _Poll, option: str) -> None:
        self._hands.presses(person, reversed(poll.seen), option)

    def _say_later(self, person: Person, remark: Remark, mirror: int) -> None:
        self._later(remark.after, partial(self._hands.says, person, self._group, remark.text, mirror))

    def _subscribe(self, person: Person) -> None:
        by_button = self._subscribers.index(person) % 2 == 0
        if not (by_button and self._hands.seeks(person, self._plan.sought)):
            self._hands.says(person, person.id, self._plan.subscription)

    def _later(self, delay: timedelta, act: Callable[[], object]) -> None:
        """Do this when so much time has passed."""
        if self._tasks is not None:
            self._tasks.create_task(self._at(delay, act))

    async def _at(self, delay: timedelta, act: Callable[[], object]) -> None:
        rhythm = self._plan.rhythm
        rounded = -(-delay // rhythm) * rhythm if rhythm else delay
        await self._clock.sleep_until(self._clock.now() + rounded)
        act()
        self.acts += 1
