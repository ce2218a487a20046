"""Messages judged, in memory."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from core.identifiers import AccountName, Address, CaseNumber, MessageId
from core.moderation import UNDECIDED, UNDER_WAY, Case, CaseState, Joined
from storage.memory.shelves import Shelves


class Cases:
    """See ``core.ports.books.cases.CaseBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def open(
        self,
        *,
        article: str,
        charter: str,
        account: AccountName,
        chat: Address,
        message: MessageId,
        author: bytes,
        sealed: bytes,
        state: CaseState,
        at: datetime,
        note: str = "",
    ) -> Case:
        """Open the next case, or find the one this message has."""
        known = self.at(account, chat, message)
        if known is not None and known.state not in UNDECIDED:
            return known
        case = Case(
            number=known.number if known is not None else CaseNumber(self._shelves.next("case")),
            article=article,
            charter=charter,
            account=account,
            chat=chat,
            message=message,
            author=author,
            sealed=sealed,
            state=state,
            at=at,
            note=note,
            assigned=known.assigned if known is not None else "",
        )
        self._shelves.cases[case.number] = case
        return case

    def at(self, account: AccountName, chat: Address, message: MessageId) -> Case | None:
        """Look one up by its message."""
        place = (account, chat, message)
        cases = self._shelves.cases.values()
        return next((case for case in cases if (case.account, case.chat, case.message) == place), None)

    def assign(self, number: CaseNumber, who: str) -> bool:
        """Say whose it is."""
        known = self._shelves.cases.get(number)
        if known is None:
            return False
        self._shelves.cases[number] = replace(known, assigned=who)
        return True

    def keep(self, number: CaseNumber, entry: int, sealed: bytes) -> None:
        """Keep words."""
        self._shelves.case_words[entry] = (number, sealed)

    def words(self, number: CaseNumber) -> Mapping[int, bytes]:
        """Find the words of a case."""
        kept = self._shelves.case_words.items()
        return {entry: sealed for entry, (case, sealed) in kept if case == number}

    def get(self, number: CaseNumber) -> Case | None:
        """Look one up."""
        return self._shelves.cases.get(number)

    def all(self, *, state: CaseState | None = None, limit: int = 100) -> tuple[Case, ...]:
        """List them, the newest first."""
        found = [case for case in self._shelves.cases.values() if state in {None, case.state}]
        return tuple(reversed(found))[:limit]

    def move(self, number: CaseNumber, *, expected: CaseState, state: CaseState, note: str = "") -> bool:
        """Compare and set its state."""
        known = self._shelves.cases.get(number)
        if known is None or known.state is not expected:
            return False
        self._shelves.cases[number] = replace(known, state=state, note=note)
        return True

    def join(self, joined: Joined) -> None:
        """Keep a message."""
        self._shelves.joined[_place(joined)] = joined

    def joined(self, number: CaseNumber) -> tuple[Joined, ...]:
        """List what joined a case."""
        return tuple(each for each in self._shelves.joined.values() if each.case == number)

    def joining(self, account: AccountName, chat: Address, message: MessageId) -> Joined | None:
        """Look one up by its message."""
        return self._shelves.joined.get((account, chat, message))

    def move_joined(self, joined: Joined, *, state: CaseState) -> bool:
        """Compare and set its state."""
        if self._shelves.joined.get(_place(joined)) != joined:
            return False
        self._shelves.joined[_place(joined)] = replace(joined, state=state)
        return True

    def unremoved(self, account: AccountName, *, limit: int) -> tuple[Joined, ...]:
        """List what is to be taken out."""
        waiting = (each for each in self._shelves.joined.values() if each.state in UNDER_WAY)
        return tuple(each for each in waiting if each.account == account)[:limit]

    def of(self, author: bytes) -> tuple[Case, ...]:
        """List those of one person."""
        return tuple(case for case in self._shelves.cases.values() if case.author == author)

    def opened(self, *, before: datetime) -> tuple[Case, ...]:
        """List the old."""
        return tuple(case for case in self._shelves.cases.values() if case.at < before)

    def purge(self, *, before: datetime, keeping: Collection[CaseNumber] = ()) -> int:
        """Forget the old."""
        old = [case for case in self.opened(before=before) if case.number not in keeping]
        for case in old:
            del self._shelves.cases[case.number]
            for entry in self.words(case.number):
                del self._shelves.case_words[entry]
            for each in self.joined(case.number):
                del self._shelves.joined[_place(each)]
            for number in [each.id for each in self._shelves.reports.values() if each.case == case.number]:
                del self._shelves.reports[number]
        return len(old)


def _place(joined: Joined) -> tuple[AccountName, Address, MessageId]:
    return joined.account, joined.chat, joined.message
