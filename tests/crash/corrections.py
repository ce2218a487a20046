"""Processes that die while they correct what is out: the result is taken back, or an erratum goes out in reply to it.

The order is given between two processes, as by the command. The first that carries it out dies at a point of its way:
before, in or after a call that takes a message back, or around the transactions that claim and settle what becomes of a
copy. The next one goes on, a lease later.

C1 each copy is accounted for. C2 what is taken back stands nowhere. C3 an erratum stands once at each place. What was
posted before is judged as ever.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from pysqlite3 import dbapi2

from tests.crash import judge
from tests.crash.machines import Sandbox, Stuck, do
from tests.crash.networks import DISCORD, MASTODON, PLACES, TELEGRAM, Network
from tests.crash.points import trap
from tests.crash.records import ACCEPTED, History
from tests.crash.story import A_MOMENT, AFTER_A_LEASE, CLOSING, START
from tests.crash.town import Town, Unwanted, settled
from tests.crash.townhall import ERRATUM
from tests.crash.traps import Trap

RETRACTING, TELLING = "retract", "erratum"
_LATER = timedelta(minutes=1)
_FLIGHT = 1.0  # seconds that the sandbox keeps a call back which is to be in flight
_TRANSACTIONS = tuple(f"{name}:{phase}" for name in ("amend", "settle") for phase in ("commit:before", "commit:after"))
_POINTS: Mapping[str, tuple[str, ...]] = {
    RETRACTING: ("change:before", "change:flight", "change:after", *_TRANSACTIONS),
    TELLING: _TRANSACTIONS,
}
_TAKING_BACK = {
    "telegram": "deleteMessage",
    "discord": "delete_message",
    "mastodon": "DELETE /api/v1/statuses/:id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """What is ordered, and where the process dies of it."""

    network: Network
    kind: str
    trap: Trap


def play(mishap: Mishap, folder: Path) -> list[str]:
    """Play it; what is wrong at the end. ``folder`` is a town laid out."""
    town = Town(folder, Sandbox(folder, mishap.network))
    town.next_of_kin = _go_on
    try:
        _publish(town)
        do("tests.crash.townhall", "correct", str(folder), mishap.kind)
        if mishap.trap.point == "change:flight":
            town.sandbox.harm(harm="slow", method=_TAKING_BACK[mishap.network.name], nth=1, seconds=_FLIGHT)
        town.begin(CLOSING + _LATER, mishap.trap)
        town.until(partial(_is_over, town), "every copy is accounted for")
        town.stop()
        missed = [] if town.has_sprung(mishap.trap) else [f"P0 nobody came to {mishap.trap.point}"]
        return [*missed, *_verdict(town, mishap)]
    except (Stuck, Unwanted) as problem:
        return [f"{type(problem).__name__}: {problem}", *_verdict(town, mishap)]
    finally:
        town.stop()
        town.sandbox.end()


def _publish(town: Town) -> None:
    """The poll goes out and closes, and its result is there."""
    town.begin(START + A_MOMENT)
    town.until(lambda: settled([row for row in town.look().deliveries if row.opening]), "the poll is out")
    town.leap(CLOSING)
    town.until(lambda: settled([row for row in town.look().deliveries if not row.opening]), "the result is out")
    town.until(town.is_quiet, "the boards say so")
    town.stop()


def _go_on(town: Town) -> None:
    town.begin(CLOSING + _LATER + AFTER_A_LEASE)


def _is_over(town: Town) -> bool:
    states = [state for state, _ in _amendments(town.folder)]
    return bool(states) and not {"planned", "making"} & set(states) and town.is_quiet()


def _amendments(folder: Path) -> list[tuple[str, str]]:
    """How each copy's correction stands, and the copy itself."""
    with closing(dbapi2.connect(f"file:{folder}/parvis.db?mode=ro", uri=True)) as database:
        joined = "SELECT a.state, d.state FROM amendments a JOIN deliveries d ON d.id = a.delivery"
        return [*database.execute(joined)]


def _verdict(town: Town, mishap: Mishap) -> Iterator[str]:
    history, found = town.sandbox.history(), _amendments(town.folder)
    errata = _errata(town)
    copy = "retracted" if mishap.kind == RETRACTING else "sent"
    if found != [("done", copy)] * len(PLACES):
        yield f"C1 the copies are {found}"
    if mishap.kind == RETRACTING:
        standing = _standing(town)
        yield from (f"C2 {post.text[:30]} stands in {post.chat}" for post in history.posted
                    if not post.opening and post.message in standing)  # fmt: skip
    if len(errata) != (len(PLACES) if mishap.kind == TELLING else 0):
        yield f"C3 the erratum stands {len(errata)} times"
    others = [post for post in history.posted if ERRATUM not in post.text]
    yield from judge.nothing_is_posted_twice(History(others, history.presses))


def _errata(town: Town) -> frozenset[str]:
    """The messages that say it, by their numbers; a call that the network recognised made none."""
    results = (entry.get("result") for entry in town.sandbox.journal()
               if entry["kind"] == "call" and entry["outcome"] in ACCEPTED)  # fmt: skip
    said = (result for result in results if isinstance(result, dict) and ERRATUM in str(result.get("text", "")))
    return frozenset(f"{result.get('chat', '')}/{result['message']}" for result in said)


def _standing(town: Town) -> frozenset[str]:
    world = town.sandbox.look()
    messages = [*world.get("messages", ()), *(each for chat in world.get("chats", ()) for each in chat["messages"])]
    return frozenset(str(each["id"]) for each in messages)


def _scene(mishap: Mishap) -> Callable[[Path], list[str]]:
    return partial(play, mishap)


CORRECTIONS: Mapping[str, Callable[[Path], list[str]]] = {
    f"{network.name}/{kind}/{point}": _scene(Mishap(network=network, kind=kind, trap=trap(point)))
    for network in (TELEGRAM, DISCORD, MASTODON)
    for kind, points in _POINTS.items()
    for point in points
}
