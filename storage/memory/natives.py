"""The networks' own polls, in memory."""

from collections.abc import Iterator

from core.identifiers import AccountName, NativePollId, PollId
from core.native import Sighting, newest
from core.ports.books.natives import Hosted, Nameless
from storage.ledger import PERHAPS_OUT, poll_shown
from storage.memory.shelves import Known, Shelves


class Natives:
    """See ``core.ports.books.natives.NativeBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def of(self, poll: PollId) -> tuple[Hosted, ...]:
        """List those of a question."""
        return tuple(hosted for hosted in self._all() if hosted.poll == poll)

    def nameless(self, poll: PollId) -> tuple[Nameless, ...]:
        """List those without a name."""
        return tuple(
            Nameless(delivery=each.id, account=each.account)
            for each in self._shelves.deliveries.values()
            if each.asks
            and poll_shown(each.message) == poll
            and (each.state in PERHAPS_OUT or each.doubted_at is not None)
            and not any(receipt.poll for receipt in each.receipts)
        )

    def unsettled(self) -> tuple[Hosted, ...]:
        """List those to follow."""
        return tuple(hosted for hosted in self._all() if not hosted.is_settled)

    def see(self, account: AccountName, name: NativePollId, seen: Sighting) -> None:
        """Let the newest stand."""
        hosted = self._find(account, name)
        if hosted is not None:
            stands = newest(hosted.seen, seen, len(self._shelves.polls[hosted.poll].options))
            asked = hosted.asked and stands is not seen
            self._shelves.natives[account, name] = Known(seen=stands, asked=asked, gone=hosted.gone)

    def ask(self, account: AccountName, name: NativePollId) -> None:
        """Have it looked at."""
        hosted = self._find(account, name)
        if hosted is not None:
            self._shelves.natives[account, name] = Known(seen=hosted.seen, asked=True, gone=hosted.gone)

    def give_up(self, account: AccountName, name: NativePollId) -> None:
        """Follow it no longer."""
        hosted = self._find(account, name)
        if hosted is not None:
            self._shelves.natives[account, name] = Known(seen=hosted.seen, gone=True)

    def _find(self, account: AccountName, name: NativePollId) -> Hosted | None:
        return next((each for each in self._all() if (each.account, each.receipt.poll) == (account, name)), None)

    def _all(self) -> Iterator[Hosted]:
        for delivery in self._shelves.deliveries.values():
            poll = poll_shown(delivery.message)
            for receipt in delivery.receipts if poll is not None else ():
                if poll is None or receipt.poll is None:
                    continue
                known = self._shelves.natives.get((delivery.account, receipt.poll), Known())
                yield Hosted(
                    delivery=delivery.id,
                    account=delivery.account,
                    poll=poll,
                    receipt=receipt,
                    seen=known.seen,
                    asked=known.asked,
                    gone=known.gone,
                )
