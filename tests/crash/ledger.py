"""What the database says, read beside the victim without disturbing it."""

import json
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pysqlite3 import dbapi2

from core.identifiers import PersonRef, PollId
from storage.vault import FileVault
from tests.crash.networks import CITIZENS, Network
from tests.crash.story import POLL

_TRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A delivery. ``opening`` tells the poll from its result, ``begun`` that a part of it is known to be out."""

    id: int
    place: str
    opening: bool
    state: str
    final: bool
    begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One of the network's own polls that is known to be out, and its totals as last seen."""

    delivery: int
    name: str
    counts: tuple[int, ...] | None
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One look at the database. ``ballots`` are option and order of arrival by citizen; ``tally`` the frozen count,
    ``messages`` those known to be out, ``natives`` the network's own polls among them.
    """

    inbox: frozenset[int]
    ballots: dict[int, tuple[str, int]]
    strangers: int
    tally: tuple[int, ...] | None
    messages: frozenset[str]
    natives: tuple[Own, ...]
    deliveries: tuple[Row, ...]
    quarantined: int


def look(folder: Path, network: Network) -> Ledger:
    """Read everything that is judged, in one transaction that can neither write nor check-point."""
    for attempt in range(_TRIES):
        try:
            return _read(folder, network)
        except dbapi2.OperationalError:
            if attempt == _TRIES - 1:
                raise
            time.sleep(0.01)
    raise AssertionError


def _read(folder: Path, network: Network) -> Ledger:
    with closing(dbapi2.connect(f"file:{folder}/parvis.db?mode=ro", uri=True, isolation_level=None)) as database:
        database.execute("BEGIN")
        ballots = {bytes(voter): (options, order) for voter, options, order in database.execute(
            'SELECT voter, options, "order" FROM ballots')}  # fmt: skip
        named = _named(folder, network, ballots)
        ((tally,),) = database.execute("SELECT tally FROM polls").fetchall()
        return Ledger(
            inbox=frozenset(number for (number,) in database.execute("SELECT id FROM inbox")),
            ballots=named,
            strangers=len(ballots) - len(named),
            tally=None if tally is None else tuple(json.loads(tally)["counts"]),
            messages=frozenset(message for (message,) in database.execute("SELECT message FROM receipts")),
            natives=tuple(_own(row) for row in database.execute(
                "SELECT r.delivery, r.poll, n.seen FROM receipts r LEFT JOIN native_polls n"
                " ON n.account = r.account AND n.name = r.poll WHERE r.poll IS NOT NULL ORDER BY r.delivery")),
            deliveries=tuple(map(_row, database.execute(
                "SELECT d.id, d.name, m.kind, d.state, d.final, d.done FROM deliveries d"
                " JOIN messages m ON m.id = d.message ORDER BY d.id"))),
            quarantined=database.execute("SELECT count(*) FROM quarantine").fetchone()[0],
        )  # fmt: skip


def _named(folder: Path, network: Network, ballots: dict[bytes, tuple[str, int]]) -> dict[int, tuple[str, int]]:
    if not ballots:
        return {}
    vault = FileVault(folder / "keys")
    people = {citizen: PersonRef(f"{network.platform}:{network.person.format(citizen)}") for citizen in CITIZENS}
    voters: dict[bytes, int] = {vault.voter(PollId(POLL), person): citizen for citizen, person in people.items()}
    return {voters[voter]: ballot for voter, ballot in ballots.items() if voter in voters}


def _own(row: tuple[int, str, str | None]) -> Own:
    delivery, name, seen = row
    tally = {} if seen is None else json.loads(seen)["tally"]
    counts = tally.get("counts")
    return Own(
        delivery=delivery,
        name=name,
        counts=None if counts is None else tuple(counts),
        final=bool(tally.get("final")),
    )


def _row(row: tuple[int, str, str, str, int, int]) -> Row:
    number, name, kind, state, final, done = row
    return Row(
        id=number, place=name, opening=kind == "PollOpened", state=state, final=bool(final), begun=done > 0
    )  # fmt: skip
