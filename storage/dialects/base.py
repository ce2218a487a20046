"""What the store asks of a database beyond common SQL. Of one poll's ballots a row is (voter, options, order, via)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Insert, Table
from sqlalchemy.exc import DBAPIError

from core.identifiers import IntakeId, PlatformName, VoterKey
from storage.voting import Kept

Found = Iterable[tuple[VoterKey, str, IntakeId, PlatformName]]


class Upsert(Protocol):
    """An INSERT that knows what to do when the row exists; both databases spell it alike."""

    def values(self, *args: Any, **values: Any) -> "Upsert":
        """Give the row."""
        ...

    def on_conflict_do_nothing(self, *, index_elements: Sequence[str]) -> Insert:
        """Leave the row that exists."""
        ...

    def on_conflict_do_update(self, *, index_elements: Sequence[str], set_: Any) -> Insert:
        """Change the row that exists."""
        ...


class Dialect(Protocol):
    """One kind of database."""

    begin_reading: str
    place: Path  # what the operator knows it by, without any password

    def writer(self, *, patient: bool = True) -> Engine:
        """The engine of the one connection that writes.

        A writer that is not ``patient`` loses its turn if its process falls silent in the middle of a transaction, as
        one does that is frozen: the others need not wait until it thaws.
        """
        ...

    def readers(self) -> Engine:
        """The engine of the connections that read, and cannot write."""
        ...

    def reader(self) -> Engine:
        """The same without a pool: a connection lives as long as its use."""
        ...

    def begin_writing(self, connection: Connection) -> None:
        """Begin a transaction that no other writer can cross."""
        ...

    def insert(self, table: type[Any] | Table) -> Any:
        """An ``Upsert`` into a table."""
        ...

    def ballots_of(self, connection: Connection, poll: str, voters: Collection[bytes]) -> Found:
        """The ballots of these voters in one poll."""
        ...

    def keep_ballots(self, connection: Connection, poll: str, ballots: Mapping[VoterKey, Kept]) -> None:
        """Add or change ballots of one poll; one that stands with a later order stays."""
        ...

    def forget_intakes(self, connection: Connection, intakes: Sequence[int]) -> None:
        """Delete rows of the inbox."""
        ...

    def close_ballots(self, connection: Connection, poll: str) -> None:
        """Erase withdrawn ballots, and the order of arrival wherever the database shows it."""
        ...

    def housekeep(self, connection: Connection) -> None:
        """Clear remnants of deleted rows; outside any transaction."""
        ...

    def counters(self, connection: Connection) -> dict[str, int]:
        """The last number given, by table."""
        ...

    def set_counters(self, connection: Connection, last: Mapping[str, int]) -> None:
        """Go on after these numbers."""
        ...

    def announce(self, connection: Connection) -> None:
        """Tell other processes that something was planned, where the database can."""
        ...

    def has_written(self, connection: Connection) -> bool:
        """Whether the transaction under way changed anything, asked on a connection that was made after trouble."""
        ...

    def is_fatal(self, error: DBAPIError) -> bool:
        """Whether the whole transaction is lost, not one statement."""
        ...

    def is_in_doubt(self, error: DBAPIError) -> bool:
        """Whether this error of a commit leaves open if it was carried out."""
        ...
