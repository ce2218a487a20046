"""One kill point: the story is played, the process dies there, another one goes on, and the judge looks at the end."""

from dataclasses import dataclass, field
from pathlib import Path

from sandbox.journal import read
from tests.crash import judge
from tests.crash.machines import Sandbox, Stuck
from tests.crash.points import Chapter, Point, Twist
from tests.crash.story import A_MOMENT, AFTER_A_LEASE, CLOSING, FIRST_VOTES, SECOND_VOTES, START, TOO_LATE
from tests.crash.town import Moment, Town, Unwanted, settled

FLIGHT = 1.0  # seconds that the sandbox keeps a call back which is to be in flight
_METHODS = {
    "send": "sendMessage",
    "toast": "answerCallbackQuery",
    "edit": "editMessageText",
    "open": "getMe",
    "fetch": "getUpdates",
}


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
        later = AFTER_A_LEASE * 2 if self.second else AFTER_A_LEASE
        self.second = True
        match self.point.twist:
            case Twist.NONE:
                town.begin(start + later, *again)
            case Twist.CANCELLED:
                town.cancel()
                self.over = len(read(town.sandbox.journal))
                town.begin(start + later, *again)
            case Twist.TOO_LATE:
                self.over = len(read(town.sandbox.journal))
                town.begin(start + TOO_LATE, *again)

    def open(self) -> None:
        """The poll goes out and the citizens vote."""
        trap = self.point.trap
        own = self.point.chapter is Chapter.OPENING
        self._slow_down(Chapter.OPENING)
        self.town.begin(START + A_MOMENT, *((trap,) if own else ()))
        self.town.until(lambda: self._opened() or self.over is not None, "the poll is out")
        if self.over is None:
            self.town.vote(FIRST_VOTES)
            self.town.until(self.town.is_quiet, "the first votes are counted")
            self.town.vote(SECOND_VOTES)
        self.town.until(self.town.is_quiet, "everything is counted")
        self.town.stop()

    def close(self) -> None:
        """The poll closes and its result goes out."""
        self.chapter = Chapter.CLOSING
        self._slow_down(Chapter.CLOSING)
        own = self.point.chapter is Chapter.CLOSING
        self.town.begin(CLOSING, *((self.point.trap,) if own else ()))
        self.town.until(self._closed, "the result is out")
        self.town.stop()

    def _slow_down(self, chapter: Chapter) -> None:
        name, _, phase = self.point.trap.point.partition(":")
        if phase == "flight" and chapter is self.point.chapter and name in _METHODS:
            self.town.sandbox.harm(harm="slow", method=_METHODS[name], count=self.point.trap.nth, seconds=FLIGHT)

    def _opened(self) -> bool:
        return settled([row for row in self.town.look().deliveries if row.opening])

    def _closed(self) -> bool:
        stands = self.town.look()
        results = [row for row in stands.deliveries if not row.opening]
        boards = [row for row in stands.deliveries if row.opening and row.state == "sent"]
        return settled(results) and all(row.final for row in boards) and self.town.is_quiet()


def play(folder: Path, point: Point) -> list[str]:
    """Play the story with this kill point; what is wrong at the end. ``folder`` is a town laid out."""
    town = Town(folder, Sandbox(folder))
    plot = _Plot(town, point)
    town.next_of_kin = plot.go_on
    try:
        plot.open()
        if plot.over is None:
            plot.close()
    except (Stuck, Unwanted) as problem:
        return [f"{type(problem).__name__}: {problem}", *_verdict(town, plot)]
    finally:
        town.stop()
        town.sandbox.end()
    missed = [trap.point for trap in (point.trap, point.then) if trap is not None and not town.has_sprung(trap)]
    return [*(f"P0 nobody came to {name}" for name in missed), *_verdict(town, plot)]


def _verdict(town: Town, plot: _Plot) -> list[str]:
    journal = read(town.sandbox.journal)
    history, end = judge.History(journal), town.look()
    moments = [*town.moments, Moment(ledger=end, entries=len(journal))]
    return [
        *judge.votes_are_kept(history, moments),
        *(judge.counts_are_right(history, end) if plot.over is None else ()),
        *judge.nothing_is_posted_twice(history),
        *judge.nothing_is_posted_late(history, plot.over),
        *judge.nothing_is_hidden(history, end),
    ]
