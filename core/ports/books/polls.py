"""Polls and ballots."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.identifiers import (
    PollId,
    VoterKey,
)
from core.poll import Ballot, Poll, PollState, Tally


class PollBook(Protocol):
    """Polls and ballots."""

    def add(self, poll: Poll) -> None:
        """Remember a poll; nothing when its id is known already."""
        ...

    def get(self, poll: PollId) -> Poll | None:
        """The poll as it stands."""
        ...

    def all(self, *, state: PollState | None = None) -> tuple[Poll, ...]:
        """The polls, the first to open first."""
        ...

    def revise(self, poll: Poll) -> None:
        """Replace a planned poll; nothing when it is not planned."""
        ...

    def drop(self, poll: PollId) -> None:
        """Forget a planned poll; nothing when it is not planned."""
        ...

    def voted(self, poll: PollId, voters: Sequence[VoterKey]) -> frozenset[VoterKey]:
        """Those among them who have a ballot that is not withdrawn."""
        ...

    def open(self, poll: PollId) -> None:
        """From planned to open; nothing otherwise."""
        ...

    def close(self, poll: PollId, *, at: datetime) -> Tally:
        """From open to closed: count, freeze the count, erase withdrawn ballots and the order of arrival.

        On a closed poll returns the frozen count. Raises StorageError for a poll that never opened.
        """
        ...

    def stop(self, poll: PollId, *, at: datetime) -> None:
        """From open to stopped, the rest as in closing; nothing otherwise."""
        ...

    def tally(self, poll: PollId) -> Tally:
        """The frozen count of a closed poll, else the count of its ballots now."""
        ...

    def ballot(self, poll: PollId, voter: VoterKey) -> Ballot | None:
        """One citizen's ballot, empty when withdrawn."""
        ...

    def merge(self, poll: PollId, voters: Sequence[VoterKey], into: VoterKey) -> None:
        """Of all these ballots the latest stands, under ``into``; the others can never stand again while it is open."""
        ...

    def release(self, poll: PollId, voter: VoterKey) -> None:
        """Let a pseudonym that was merged into another have a ballot again."""
        ...

    def closed_before(self, at: datetime) -> tuple[PollId, ...]:
        """Polls closed or stopped before this instant."""
        ...
