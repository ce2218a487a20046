"""A town on a disk of its own, with its sandbox: processes live and die in it, and the story goes on."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.crash import ledger
from tests.crash.ledger import Ledger
from tests.crash.machines import Death, Process, Stuck, World, begin, do, wait_for
from tests.crash.networks import PLACES
from tests.crash.orders import Orders
from tests.crash.storytime import hours, tell, told
from tests.crash.traps import Trap, mark

STILL = 0.15  # seconds without any change
LOOK = 0.08
LONGEST = 60.0  # seconds: other work may keep the machine busy
MEMORY = Path("/dev/shm")  # noqa: S108  what a killed process has written is the kernel's: a disk would only be slower
_KILLED = -9


class Unwanted(Exception):
    """A victim ended by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What stood in the database when a process was dead, after so many entries of the journal."""

    ledger: Ledger
    entries: int


@dataclass(slots=True)
class Town:
    """``next_of_kin`` is called when the process dies: it must begin another.

    ``pace`` is how many seconds of the story pass in one of ours from the next leap on, unless it is the network's.
    """

    folder: Path
    sandbox: World
    next_of_kin: Callable[["Town"], None] | None = None
    victim: Process | None = None
    moments: list[Moment] = field(default_factory=list)
    pace: float | None = None

    def begin(self, at: datetime, *traps: Trap, unlocked: bool = False, fenced: bool | None = None) -> Process:
        """Start a process at this instant of the story, or now if that is later; the town's victim from now on.

        One that is ``unlocked`` is not fenced, unless that is said.
        """
        clock = self.leap(at)
        if unlocked:  # on a machine of its own, which does not leap when another one starts
            clock = clock.with_name(f"time-{len([*self.folder.glob('time-*')])}")
            tell(clock, told(hours(self.folder)), self.sandbox.network.pace)
        behind = not unlocked if fenced is None else fenced
        orders = Orders(folder=str(self.folder), clock=str(clock), traps=traps, unlocked=unlocked, fenced=behind)
        self.victim = begin(orders)
        return self.victim

    def leap(self, at: datetime) -> Path:
        """Let it be this instant of the story, or now if that is later; the file that says so."""
        file = hours(self.folder)
        tell(file, max(at, told(file)), self.pace or self.sandbox.network.pace)
        return file

    def look(self) -> Ledger:
        """Read the database."""
        return ledger.look(self.folder, self.sandbox.network)

    def until(self, what: Callable[[], bool], name: str) -> None:
        """Wait for something, through the deaths of victims. Raises Stuck, or Unwanted for a death of its own."""
        end = time.monotonic() + LONGEST
        while not what():
            if self.victim is not None and self.victim.exit is not None:
                self.bury()
            if time.monotonic() > end:
                raise Stuck(f"{name}\n{self.said()}")
            time.sleep(LOOK)

    def bury(self) -> None:
        """Look at what a killed process left, and go on without it. Raises Unwanted when it was not killed."""
        if self.victim is None or self.victim.exit != _KILLED:
            raise Unwanted(f"ended by itself: {Death(self.victim.exit or 0) if self.victim else ''}\n{self.said()}")
        self.moments.append(Moment(ledger=self.look(), entries=len(self.sandbox.journal())))
        self.victim.end()
        self.victim = None
        if self.next_of_kin is not None:
            self.next_of_kin(self)

    def stop(self) -> None:
        """Kill a process that has nothing left to do."""
        if self.victim is not None:
            self.victim.end()
            self.victim = None

    def vote(self, votes: Mapping[int, int]) -> int:
        """Each citizen votes, as people do on this network; how many could."""
        world = {**self.sandbox.look(), "known": self.look().messages}
        chosen = [self.sandbox.network.vote(world, rank, *vote) for rank, vote in enumerate(votes.items())]
        acts = [act for act in chosen if act is not None]
        for act in acts:
            self.sandbox.act(*act)
        return len(acts)

    def elect(self, votes: Mapping[int, int]) -> None:
        """Each citizen votes in one of the network's own polls, if any is out."""
        world, polls = self.sandbox.look(), [post for post in self.sandbox.history().posted if post.opening]
        for rank, vote in enumerate(votes.items() if polls else ()):
            self.sandbox.act(*self.sandbox.network.elect(world, polls[rank % len(polls)], *vote))

    def is_quiet(self) -> bool:
        """Whether everything is dealt with: nothing waits, nothing is under way, and it stays so for a moment."""
        if not self._nothing_waits():
            return False
        history = self.sandbox.history()
        if not self.moments or not history.unsure():
            return not history.unanswered()
        again = {citizen: int(option) for citizen, option in history.unsure().items()}
        if self.sandbox.network.insists and self.vote(again):  # nobody can once the poll is closed
            return False
        before = self.sandbox.look()["activity"]
        time.sleep(STILL)
        return before == self.sandbox.look()["activity"] and self._nothing_waits()

    def has_sprung(self, trap: Trap) -> bool:
        """Whether somebody came to this point."""
        return mark(self.folder, trap).exists()

    def wait_for(self, what: Callable[[], bool], name: str) -> None:
        """Wait while nobody is expected to die. Raises Stuck."""
        wait_for(what, name)

    def cancel(self) -> None:
        """Cancel the campaign, as the command does."""
        do("tests.crash.townhall", "cancel", str(self.folder))

    def said(self) -> str:
        """The last words of the victims."""
        log = self.folder / "log"
        return "\n".join(log.read_text(encoding="utf-8").splitlines()[-30:]) if log.exists() else ""

    def _nothing_waits(self) -> bool:
        world, stands = self.sandbox.look(), self.look()
        states = {row.state for row in stands.deliveries}
        return self.sandbox.network.is_idle(world) and not stands.inbox and not states & {"planned", "sending"}


def settled(rows: Sequence[ledger.Row]) -> bool:
    """Whether each of the deliveries has come to its end."""
    return len(rows) >= len(PLACES) and not {row.state for row in rows} & {"planned", "sending"}
