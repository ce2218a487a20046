"""Two processes at once, where the instance lock is not there to prevent it: on two machines, or after it was lost.

No death is needed to show what these would break: one call of the first is held back and the second goes on. Each race
ends with the closing of the poll and the same judge.
"""

import http
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crash import judge
from tests.crash.machines import Process, Sandbox, Stuck, do
from tests.crash.networks import PLACES, TELEGRAM
from tests.crash.story import A_MOMENT, AFTER_A_LEASE, CLOSING, FIRST_VOTES, START
from tests.crash.town import Moment, Town, Unwanted, settled
from tests.crash.traps import Effect, Trap, gate

CALM = 1.5  # seconds that a process awakened has for what it still wants to do


def two_senders(folder: Path) -> list[str]:
    """One has its turns and is held up just before its claims; the other sends everything; the first goes on."""
    with _a_town(folder) as (town, found):
        held = _held_at(town, "turn:granted")
        _send_all(town)
        _let_go(town)
        _close(town, held, found)
    return found


def slow_sender(folder: Path) -> list[str]:
    """One has claimed everything and is slow; the other must leave alone what is claimed."""
    with _a_town(folder) as (town, found):
        held = _held_at(town, "send:before")
        town.begin(START + A_MOMENT, unlocked=True)
        town.until(lambda: _sent_away(town), "the other is at work")
        _let_go(town)
        town.until(lambda: settled(town.look().deliveries), "everything is sent")
        _close(town, held, found)
    return found


def old_vote(folder: Path) -> list[str]:
    """One is held up before it casts a vote; the other casts it, then that citizen's next one; the first goes on."""
    with _a_town(folder) as (town, found):
        held = _held_before_a_vote(town)
        _vote_again(town)
        _let_go(town)
        _close(town, held, found)
    return found


def vote_after_closing(folder: Path) -> list[str]:
    """The same, but the first goes on when the poll is closed and its result is out."""
    with _a_town(folder) as (town, found):
        held = _held_before_a_vote(town)
        _vote_again(town)
        town.stop()
        town.begin(CLOSING, unlocked=True)
        town.until(lambda: _published(town), "the result is out")
        _let_go(town)
        held.end()
        found.extend(_verdict(town))
    return found


def thawed(folder: Path) -> list[str]:
    """One is held up just before its claims, as if frozen; another takes its lanes over; the first goes on."""
    with _a_town(folder) as (town, found):
        held = _held_at(town, "turn:granted", fenced=True)
        do("tests.crash.townhall", "take_over", str(folder))
        _let_go(town)
        found.extend(judge.nothing_comes_from_who_lost_the_lane(town.sandbox.history()))
        _send_all(town)
        _close(town, held, found)
    return found


RACES: dict[str, Callable[[Path], list[str]]] = {
    f"race/{race.__name__}": race for race in (two_senders, slow_sender, old_vote, vote_after_closing, thawed)
}


@contextmanager
def _a_town(folder: Path) -> Iterator[tuple[Town, list[str]]]:
    town = Town(folder, Sandbox(folder, TELEGRAM))
    found: list[str] = []
    try:
        yield town, found
    except (Stuck, Unwanted) as problem:
        found.append(f"{type(problem).__name__}: {problem}")
    finally:
        town.stop()
        town.sandbox.end()


def _held_at(town: Town, point: str, *, fenced: bool = False) -> Process:
    """A process that is held up where each of its three first messages passes."""
    traps = [Trap(point=point, nth=nth, effect=Effect.HOLD) for nth in range(1, len(PLACES) + 1)]
    held = town.begin(START + A_MOMENT, *traps, unlocked=True, fenced=fenced)
    town.wait_for(lambda: all(town.has_sprung(trap) for trap in traps), "one is held up")
    return held


def _held_before_a_vote(town: Town) -> Process:
    asked = Trap(point="cast:asked", effect=Effect.HOLD)
    held = town.begin(START + A_MOMENT, asked, unlocked=True)
    town.until(lambda: settled(town.look().deliveries), "the poll is out")
    town.vote({101: 0})
    town.wait_for(lambda: town.has_sprung(asked), "one is held up")
    return held


def _vote_again(town: Town) -> None:
    town.begin(START + AFTER_A_LEASE, unlocked=True)
    town.until(lambda: 101 in town.look().ballots, "the vote left behind is cast")
    town.until(lambda: _sent_away(town), "the platform listens to one of them")
    town.vote({101: 2})
    town.until(lambda: town.look().ballots[101][0] == "2", "the newer vote is cast")
    town.vote({**FIRST_VOTES, 101: 2})
    town.until(lambda: town.look().ballots.keys() == FIRST_VOTES.keys() and not town.look().inbox, "all have voted")


def _sent_away(town: Town) -> bool:
    return any(entry.get("code") == http.HTTPStatus.CONFLICT for entry in town.sandbox.journal())


def _send_all(town: Town) -> None:
    town.begin(START + A_MOMENT, unlocked=True)
    town.until(lambda: settled(town.look().deliveries), "everything is sent")


def _let_go(town: Town) -> None:
    """With a moment before, for the other, and one after, for the one that was held up."""
    time.sleep(CALM)
    gate(town.folder).touch()
    time.sleep(CALM)


def _close(town: Town, other: Process, found: list[str]) -> None:
    other.end()
    town.stop()
    town.begin(CLOSING, unlocked=True)
    town.until(lambda: _published(town), "the result is out")
    found.extend(_verdict(town))


def _published(town: Town) -> bool:
    return settled([row for row in town.look().deliveries if not row.opening])


def _verdict(town: Town) -> list[str]:
    entries, history, end = len(town.sandbox.journal()), town.sandbox.history(), town.look()
    return [
        *judge.votes_are_kept(history, [Moment(ledger=end, entries=entries)]),
        *judge.counts_are_right(history, end),
        *judge.nothing_is_posted_twice(history),
        *judge.nothing_is_hidden(history, end, town.sandbox.network),
    ]
