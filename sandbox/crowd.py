"""A crowd that behaves as people do: it looks at its phones and the clock, and votes, types and talks.

It sees and acts through ``sandbox.hands`` alone, on any network. Each person's habits in each poll are drawn from the
seed, the person and the poll alone, so that the same plan gives the same crowd whatever the order in which things
happen.
"""

import asyncio
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sandbox.habits import SITTING, Habits
from sandbox.hands import Asked, Gone, Hands, Place, Posted, Sight, Told
from sandbox.inhabitants import Person
from sandbox.real_clock import Clock

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about a post of the town, so long after it."""

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
    in bursts. ``several`` choose a second option at once, ``changing`` come back later, ``doubling`` choose twice,
    ``reminded`` is the part of those who did not mean to vote who do when the poll is shown again, ``late`` the number
    of people who try when what can be chosen begins to go. ``subscribers`` start the bot and ask for its news, by a
    button whose label holds one of the words ``sought`` or by typing ``subscription``.

    With ``habits``, people arrive, stay and come back as those of the consultations from which these were computed, and
    ``median`` and ``spread`` are those of whom a reminder brings. ``lengths`` is how long each poll is open, by name.

    ``remarks`` and ``breach`` are said about the posts of the town, in the order in which these appear: the first group
    of remarks about the first. ``poll_name`` finds a poll's name in the text of its message.
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
    habits: Habits | None = None
    lengths: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(slots=True)
class _Poll:
    """A poll as the crowd knows it: where it has been seen, how many options it has, and whether it is over.

    ``typed``: its message says by which name to type a vote.
    """

    name: str
    options: range
    seen: list[Place] = field(default_factory=list)
    public: bool = False
    recalls: int = 0
    voters: set[int] = field(default_factory=set)
    gone: bool = False
    typed: bool = True


class Crowd:
    """These people, on one network, behaving after this plan.

    ``back`` says when a network that cannot be used now can be used again.
    """

    def __init__(
        self,
        hands: Hands,
        clock: Clock,
        people: tuple[Person, ...],
        plan: CrowdPlan,
        back: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self._hands = hands
        self._clock = clock
        self._back = back
        self._people = people
        self._plan = plan
        self._polls: dict[str, _Poll] = {}
        self._posts = 0
        self._tasks: asyncio.TaskGroup | None = None
        cast = self._dice("roles").sample(people, len(people))
        self._subscribers = cast[: plan.subscribers]
        self._typists = cast[plan.subscribers :][: len(plan.typists)]
        self._voters = [person for person in people if person not in self._typists]
        self._asked: set[int] = set()
        self._took_part: set[int] = set()  # in any poll before
        self._sitting: list[datetime] = []  # when the polls of this sitting opened
        self.acts = 0

    async def run(self) -> None:
        """Behave until cancelled. What already stands in the chats is not reacted to."""
        async with asyncio.TaskGroup() as self._tasks:
            leave = self._hands.watch(self._look)
            try:
                for rank, person in enumerate(self._subscribers):
                    self._later((rank + 1) * MINUTE, partial(self._arrives, person))
                await asyncio.Event().wait()
            finally:
                leave()

    # ── seeing ──

    def _look(self, sight: Sight) -> None:
        """Something changed on the phones; some react."""
        match sight:
            case Posted(place):
                self._see_post(place)
            case Asked():
                self._see_poll(sight)
            case Gone(place):
                self._see_poll_gone(place)
            case Told(person, _):
                self._see_answer(person)

    def _see_post(self, place: Place) -> None:
        rank, self._posts = self._posts, self._posts + 1
        for remark in self._plan.remarks[rank] if rank < len(self._plan.remarks) else ():
            self._say_later(self._speaker(remark, rank), remark, place)
        breach = self._plan.breach
        if breach is not None and rank == self._plan.breach_under and self._people:
            author = (self._subscribers or self._people)[0]  # somebody the bot may write to, when there is one
            self._say_later(author, breach, place)

    def _see_poll(self, asked: Asked) -> None:
        poll = self._polls.get(asked.key)
        fresh = poll is None
        if poll is None:
            words = re.search(self._plan.poll_name, asked.text)
            name = words.group(1) if words else asked.key.rpartition(":")[2]
            poll = self._polls[asked.key] = _Poll(name, range(asked.options), typed=words is not None)
        if asked.place in poll.seen:
            return
        again = asked.public and poll.public
        poll.seen.append(asked.place)
        poll.public = poll.public or asked.public
        if fresh:
            self._poll_opens(poll)
        elif again:
            self._poll_is_recalled(poll)

    def _see_poll_gone(self, place: Place) -> None:
        for poll in self._polls.values():
            if place in poll.seen and not poll.gone:
                poll.gone = True
                dice = self._dice(poll.name, "late")
                for person in dice.sample(self._voters, min(self._plan.late, len(self._voters))):
                    self._choose_later(timedelta(), person, poll, dice.choice(poll.options))

    def _see_answer(self, told: int) -> None:
        """A subscriber reads the bot's answer to /start and asks for the news: every second one by typing."""
        person = next((person for person in self._subscribers if person.id == told), None)
        if person is not None and person.id not in self._asked:
            self._asked.add(person.id)
            self._later(MINUTE, partial(self._subscribe, person))

    # ── planning ──

    def _poll_opens(self, poll: _Poll) -> None:
        weights = [self._dice(poll.name, "weights", option).uniform(0.3, 1.0) for option in poll.options]
        now = self._clock.now()
        if self._sitting and now - self._sitting[-1] > SITTING:
            self._sitting.clear()
        self._sitting.append(now)
        for person in self._voters:
            dice = self._dice(poll.name, person.id)
            if dice.random() < self._chance(person):
                poll.voters.add(person.id)
                self._plan_votes(person, poll, dice, weights)
        self._took_part |= poll.voters
        for typist, person in zip(self._plan.typists if poll.typed else (), self._typists, strict=False):
            for after, line in typist.lines:
                text = line.replace("{poll}", poll.name)
                self._later(after, partial(self._hands.says, person, text))

    def _chance(self, person: Person) -> float:
        """That somebody takes part in the poll that has just opened."""
        habits = self._plan.habits
        if habits is None or person.id not in self._took_part:
            return self._plan.turnout
        nth = len(self._sitting)
        return habits.stays(nth) if nth > 1 else habits.returning

    def _plan_votes(self, person: Person, poll: _Poll, dice: random.Random, weights: list[float]) -> None:
        first, second = dice.choices(poll.options, weights, k=2)
        arrival = self._arrival_in(poll, dice)
        self._choose_later(arrival, person, poll, first)
        if dice.random() < self._plan.doubling:
            self._choose_later(arrival, person, poll, first)
        if dice.random() < self._plan.several:
            self._choose_later(arrival, person, poll, second)
        if dice.random() < self._plan.changing:
            self._choose_later(self._next(arrival, poll, dice), person, poll, dice.choice(poll.options))

    def _poll_is_recalled(self, poll: _Poll) -> None:
        poll.recalls += 1
        for person in self._voters:
            dice = self._dice(poll.name, person.id, "recalled", poll.recalls)
            if person.id not in poll.voters and dice.random() < self._plan.reminded:
                poll.voters.add(person.id)
                self._choose_later(self._arrival(dice) / 2, person, poll, dice.choice(poll.options))

    def _arrival_in(self, poll: _Poll, dice: random.Random) -> timedelta:
        length = self._plan.lengths.get(poll.name)
        if self._plan.habits is None or length is None:
            return self._arrival(dice)
        return self._plan.habits.arrival(dice) * length

    def _next(self, arrival: timedelta, poll: _Poll, dice: random.Random) -> timedelta:
        """When somebody who came then comes again: with habits, at any time before the end."""
        length = self._plan.lengths.get(poll.name)
        if self._plan.habits is None or length is None:
            return arrival + self._arrival(dice)
        return arrival + dice.random() * (length - arrival)

    def _arrival(self, dice: random.Random) -> timedelta:
        """Quick start, long tail."""
        return dice.lognormvariate(0, self._plan.spread) * self._plan.median

    def _dice(self, *what: object) -> random.Random:
        return random.Random("/".join(map(str, (self._plan.seed, *what))))

    def _speaker(self, remark: Remark, post: int) -> Person:
        able = [person for person in self._people if person.language == remark.language] or list(self._people)
        return self._dice(remark.text, post).choice(able)

    def _choose_later(self, delay: timedelta, person: Person, poll: _Poll, option: int) -> None:
        self._later(delay, partial(self._choose, person, poll, option))

    def _choose(self, person: Person, poll: _Poll, option: int) -> None:
        self._hands.chooses(person, reversed(poll.seen), option)

    def _say_later(self, person: Person, remark: Remark, post: Place) -> None:
        self._later(remark.after, partial(self._hands.remarks, person, post, remark.text))

    def _arrives(self, person: Person) -> None:
        """Open the chat, and ask for the news once there is an answer; at once where there is no chat to open."""
        if not self._hands.starts(person):
            self._asked.add(person.id)
            self._subscribe(person)

    def _subscribe(self, person: Person) -> None:
        by_button = self._subscribers.index(person) % 2 == 0
        if not (by_button and self._hands.seeks(person, self._plan.sought)):
            self._hands.says(person, self._plan.subscription)

    def _later(self, delay: timedelta, act: Callable[[], object]) -> None:
        """Do this when so much time has passed."""
        if self._tasks is not None:
            self._tasks.create_task(self._at(delay, act))

    async def _at(self, delay: timedelta, act: Callable[[], object]) -> None:
        rhythm = self._plan.rhythm
        rounded = -(-delay // rhythm) * rhythm if rhythm else delay
        await self._clock.sleep_until(self._clock.now() + rounded)
        while (back := self._back()) is not None:
            await self._clock.sleep_until(back)
        act()
        self.acts += 1
