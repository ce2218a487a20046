"""The networks' own polls."""

from dataclasses import dataclass
from typing import Protocol

from core.identifiers import (
    AccountName,
    DeliveryId,
    NativePollId,
    PollId,
)
from core.native import Sighting
from core.post import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """A network's own poll that is out, and its totals as last seen. ``receipt`` is the part that carries it.

    ``asked``: the network said that something changed. ``gone``: there is no such poll any more, or it was given up.
    """

    delivery: DeliveryId
    account: AccountName
    poll: PollId
    receipt: Receipt
    seen: Sighting | None = None
    asked: bool = False
    gone: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be learnt of it."""
        return self.gone or (self.seen is not None and self.seen.tally.final)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameless:
    """A network's own poll that is out, or may be, and that nobody can look at: no answer of the network names it."""

    delivery: DeliveryId
    account: AccountName


class NativeBook(Protocol):
    """The networks' own polls. One that no message of ours carries is unknown: what is said of it changes nothing."""

    def of(self, poll: PollId) -> tuple[Hosted, ...]:
        """Those that ask this question, the oldest first."""
        ...

    def nameless(self, poll: PollId) -> tuple[Nameless, ...]:
        """Those that ask, or may ask, this question, and whose name nobody knows; the oldest first."""
        ...

    def unsettled(self) -> tuple[Hosted, ...]:
        """Those of which there is more to learn, the oldest first."""
        ...

    def see(self, account: AccountName, name: NativePollId, seen: Sighting) -> None:
        """Let the newest sighting stand, and forget that something changed when this one is at least as new."""
        ...

    def ask(self, account: AccountName, name: NativePollId) -> None:
        """Remember that something changed."""
        ...

    def give_up(self, account: AccountName, name: NativePollId) -> None:
        """Remember that nothing more is to be learnt."""
        ...
