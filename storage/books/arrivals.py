"""Who came into the discussions."""

from datetime import datetime

from sqlmodel import col, delete, func, select

from core.identifiers import AccountName, Address
from storage.arrival_tables import ArrivalRow
from storage.books.book import Book


class Arrivals(Book):
    """See ``core.ports.books.arrivals.ArrivalBook``."""

    def note(self, account: AccountName, chat: Address, person: bytes, *, at: datetime) -> None:
        """Keep it in the place of the one before."""
        who = {"account": account, "chat": chat, "person": person}
        noting = self._dialect.insert(ArrivalRow).values(who | {"at": at})
        self._change(noting.on_conflict_do_update(index_elements=list(who), set_={"at": at}))

    def since(self, account: AccountName, chat: Address, person: bytes) -> datetime | None:
        """Look one up."""
        theirs = select(ArrivalRow.at).where(
            ArrivalRow.account == account, ArrivalRow.chat == chat, ArrivalRow.person == person
        )
        return self._session.exec(theirs).first()

    def count(self, account: AccountName, chat: Address, *, since: datetime) -> int:
        """Count the latest."""
        lately = (ArrivalRow.account == account, ArrivalRow.chat == chat, col(ArrivalRow.at) >= since)
        return self._session.exec(select(func.count()).where(*lately)).one()

    def of(self, person: bytes) -> int:
        """Count those of one person."""
        return self._session.exec(select(func.count()).where(ArrivalRow.person == person)).one()

    def forget(self, person: bytes) -> int:
        """Erase those of one person."""
        return self._change(delete(ArrivalRow).where(col(ArrivalRow.person) == person))

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        return self._change(delete(ArrivalRow).where(col(ArrivalRow.at) < before))
