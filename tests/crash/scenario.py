"""One kill point: the story is played, the process dies there, another one goes on, and the judge looks at the end."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.crash import elections, judge
from tests.crash.ledger import Ledger
from tests.crash.machines import Sandbox, Stuck
from tests.crash.points import HASTE, Chapter, Point, Twist
from tests.crash.records import History
from tests.crash.story import (
    A_MOMENT,
    A_WHILE,
    AFTER_A_LEASE,
    CLOSING,
    FIRST_VOTES,
    FORGOTTEN,
    SECOND_VOTES,
    START,
    TOO_LATE,
)
from tests.crash.storytime import hours, told
from tests.crash.town import Moment, Town, Unwanted, settled
from tests.crash.traps import Trap

FLIGHT = 1.0  # seconds that the sandbox keeps a call back which is to be in flight
A_LANDING = 0.5  # seconds more, until it stands there
_A_LOOK_BACK = 20.0  # seconds: a tick, and a network to ask
_LOOKS, _A_LOOK = 3, 4.0  # how often it is leapt to the next look, and seconds that this one has
_HARMS = {"flight": "slow", "lost": "cut_after"}


@dataclass(slots=True)
class _Plot:
    """The story with one kill point. ``over`` is the entry after which nothing may be posted."""

    town: Town
    point: Point
    chapter: Chapter = Chapter.OPENING
    over: int | None = None
    second: bool = field(default=False)

    def go_on(self, town: Town) -> None:
        """Begin the next process, a lease later."""
        start = START if self.chapter is Chapter.OPENING else CLOSING
        again = () if self.second or self.point.then is None else (self.point.then,)
        claims = self.second and self.point.then is not None and self.point.then.point.startswith("claim:")
        later = AFTER_A_LEASE * 2 if claims else AFTER_A_LEASE  # no longer than needed: Telegram forgets presses
        if not self.second and self.point.trap.point.endswith(":flight"):
            time.sleep(FLIGHT + A_LANDING)  # no call lasts as long as a lease: what was in flight has landed by then
        self.second = True
        match self.point.twist:
            case Twist.NONE:
                town.begin(start + later, *again)
            case Twist.FORGOTTEN:
                town.begin(start + later if again else start + FORGOTTEN, *again)
            case Twist.CANCELLED:
                town.cancel()
                self.over = len(town.sandbox.journal())
                town.begin(start + later, *again)
            case Twist.TOO_LATE:
                self.over = len(town.sandbox.journal())
                town.begin(start + TOO_LATE, *again)

    def open(self) -> None:
        """The poll goes out and the citizens vote."""
        self._harm(Chapter.OPENING)
        self.town.begin(START + A_MOMENT, *self._traps(Chapter.OPENING))
        self.town.pace = max(HASTE, self.point.network.pace)  # for who begins next: nobody waits for its answers yet
        self.town.until(lambda: self._opened() or self.over is not None, "the poll is out")
        self.town.pace = None
        self.town.leap(START)
        if self.over is None and self.point.public:
            self._elect()
            if self.point.network.finds:  # else the result goes out while nobody knows, by chance or not
                self._ask()
        elif self.over is None:
            self.town.vote(FIRST_VOTES)
            self.town.until(self.town.is_quiet, "the first votes are counted")
            self.town.vote(SECOND_VOTES)
        self.town.until(self.town.is_quiet, "everything is counted")

    def _elect(self) -> None:
        """The citizens vote in the network's own polls, and these are looked at."""
        self.town.elect(FIRST_VOTES)
        self.town.until(self.town.is_quiet, "the network has told of the votes")
        for _ in range(_LOOKS):  # one that comes before the account is open finds nothing
            self.town.leap(told(hours(self.town.folder)) + A_WHILE)
            patience = time.monotonic() + _A_LOOK
            self.town.until(partial(self._seen_or_late, patience), "the votes are seen")
        self.town.until(partial(self._seen, final=False), "the votes are seen")

    def _seen_or_late(self, patience: float) -> bool:
        return self._seen(final=False) or time.monotonic() > patience

    def _seen(self, *, final: bool) -> bool:
        return elections.all_is_seen(elections.totals(self.town.sandbox.journal()), self.town.look(), final=final)

    def close(self) -> None:
        """The poll closes and its result goes out: in the same process, or in one that is to die of it."""
        self.chapter = Chapter.CLOSING
        self._harm(Chapter.CLOSING)
        if self.point.chapter is not Chapter.CLOSING:
            self.town.leap(CLOSING)
        elif self.point.trap.point.startswith("end:"):
            self._end_it()
        else:
            self.town.stop()
            self.town.begin(CLOSING, *self._traps(Chapter.CLOSING))
        self.town.until(self._closed, "the result is out")
        if self._may_ask:
            self._ask()
        self.town.stop()

    def _end_it(self) -> None:
        """Listen already when the poll closes: a network that told of its end by itself would leave it to nobody."""
        opening, fetching = self.point.network.calls["open"], self.point.network.calls.get("fetch")
        opened = self._called(opening)
        self.town.stop()
        self.town.begin(CLOSING - A_WHILE, *self._traps(Chapter.CLOSING))
        self.town.until(lambda: self._called(opening) > opened and self.town.is_quiet(), "the account is open")
        if fetching is not None:
            self.town.sandbox.harm(harm="slow", method=fetching[0], count=3, seconds=2 * FLIGHT)
        self.town.leap(CLOSING)

    def _called(self, call: tuple[str, int]) -> int:
        return sum(entry.get("method") == call[0] for entry in self.town.sandbox.journal())

    def verdict(self) -> list[str]:
        """What is wrong at the end."""
        town, network = self.town, self.point.network
        entries, history, end = len(town.sandbox.journal()), town.sandbox.history(), town.look()
        moments = [*town.moments, Moment(ledger=end, entries=entries)]
        return [
            *judge.votes_are_kept(history, moments),
            *(judge.counts_are_right(history, end) if self.over is None else ()),
            *judge.nothing_is_posted_twice(history),
            *judge.nothing_is_posted_late(history, self.over),
            *judge.nothing_is_hidden(history, end, network),
            *(judge.nothing_is_left_in_doubt(end) if self._may_ask else ()),
            *(self._public(history, end) if self.point.public else ()),
        ]

    def _public(self, history: History, end: Ledger) -> Iterator[str]:
        voted = elections.totals(self.town.sandbox.journal())
        yield from elections.own_polls_are_known(voted, end)
        yield from elections.own_totals_are_published(voted, history, end)

    @property
    def _may_ask(self) -> bool:
        """Whether the network tells what became of the call in doubt."""
        network = self.point.network
        return network.finds if self.point.is_lost else network.recognises and self.point.twist is Twist.NONE

    def _ask(self) -> None:
        """Wait while the network is asked what became of the calls in doubt."""
        patience = time.monotonic() + _A_LOOK_BACK
        self.town.until(partial(self._certain_or_late, patience), "what is in doubt is looked for")

    def _certain_or_late(self, patience: float) -> bool:
        doubts = any(row.state == "uncertain" for row in self.town.look().deliveries)
        return (not doubts and self.town.is_quiet()) or time.monotonic() > patience

    def _traps(self, chapter: Chapter) -> tuple[Trap, ...]:
        return (self.point.trap,) if chapter is self.point.chapter and not self.point.is_lost else ()

    def _harm(self, chapter: Chapter) -> None:
        name, _, phase = self.point.trap.point.partition(":")
        call = self.point.network.calls.get(name)
        if call is None or phase not in _HARMS or chapter is not self.point.chapter:
            return
        method, before = call
        nth = before + self.point.trap.nth
        self.town.sandbox.harm(harm=_HARMS[phase], method=method, nth=nth, seconds=FLIGHT)

    def _opened(self) -> bool:
        return settled([row for row in self.town.look().deliveries if row.opening])

    def _closed(self) -> bool:
        stands = self.town.look()
        results = [row for row in stands.deliveries if not row.opening]
        boards = [row for row in stands.deliveries if row.opening and row.state == "sent"]
        seen = not self.point.public or self._seen(final=True)
        return settled(results) and all(row.final for row in boards) and seen and self.town.is_quiet()


def play(folder: Path, point: Point) -> list[str]:
    """Play the story with this kill point; what is wrong at the end. ``folder`` is a town laid out."""
    town = Town(folder, Sandbox(folder, point.network))
    plot = _Plot(town, point)
    town.next_of_kin = plot.go_on
    try:
        plot.open()
        if plot.over is None:
            plot.close()
        return [*(f"P0 nobody came to {name}" for name in _missed(town, point)), *plot.verdict()]
    except (Stuck, Unwanted) as problem:
        return [f"{type(problem).__name__}: {problem}", *plot.verdict()]
    finally:
        town.stop()
        town.sandbox.end()


def _missed(town: Town, point: Point) -> list[str]:
    if point.is_lost:
        return [] if any(entry.get("outcome") == "cut_after" for entry in town.sandbox.journal()) else [point.name]
    return [trap.point for trap in (point.trap, point.then) if trap is not None and not town.has_sprung(trap)]
