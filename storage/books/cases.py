"""Messages judged."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, and_, text
from sqlmodel import col, delete, select, update

from core.identifiers import AccountName, Address, CaseNumber, MessageId
from core.moderation import UNDECIDED, Case, CaseState, Joined
from storage.books.book import Book
from storage.case_tables import UNREMOVED, CaseRow, CaseWordsRow, JoinedRow


class Cases(Book):
    """See ``core.ports.books.cases.CaseBook``."""

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
        place = {"account": account, "chat": chat, "message": message}
        row = {
            "article": article,
            "charter": charter,
            "author": author,
            "sealed": sealed,
            "state": state,
            "at": at,
            "note": note,
        }
        same = _about(account, chat, message)
        self._change(update(CaseRow).where(same, col(CaseRow.state).in_(UNDECIDED)).values(row))
        opening = self._dialect.insert(CaseRow).values(place | row)
        self._change(opening.on_conflict_do_nothing(index_elements=list(place)))
        return _case(self._session.exec(select(CaseRow).where(same)).one())

    def at(self, account: AccountName, chat: Address, message: MessageId) -> Case | None:
        """Look one up by its message."""
        row = self._session.exec(select(CaseRow).where(_about(account, chat, message))).first()
        return _case(row) if row else None

    def assign(self, number: CaseNumber, who: str) -> bool:
        """Say whose it is."""
        return bool(self._change(update(CaseRow).where(col(CaseRow.number) == number).values(assigned=who)))

    def keep(self, number: CaseNumber, entry: int, sealed: bytes) -> None:
        """Keep words."""
        row = {"entry": entry, "case": number, "sealed": sealed}
        self._change(self._dialect.insert(CaseWordsRow).values(row))

    def words(self, number: CaseNumber) -> Mapping[int, bytes]:
        """Find the words of a case."""
        theirs = select(CaseWordsRow).where(CaseWordsRow.case == number)
        return {row.entry: row.sealed for row in self._session.exec(theirs)}

    def get(self, number: CaseNumber) -> Case | None:
        """Look one up."""
        row = self._session.exec(select(CaseRow).where(CaseRow.number == number)).first()
        return _case(row) if row else None

    def all(self, *, state: CaseState | None = None, limit: int = 100) -> tuple[Case, ...]:
        """List them, the newest first."""
        found = select(CaseRow).order_by(col(CaseRow.number).desc()).limit(limit)
        if state is not None:
            found = found.where(CaseRow.state == state)
        return tuple(map(_case, self._session.exec(found)))

    def move(self, number: CaseNumber, *, expected: CaseState, state: CaseState, note: str = "") -> bool:
        """Compare and set its state."""
        stands = (col(CaseRow.number) == number) & (col(CaseRow.state) == expected)
        return bool(self._change(update(CaseRow).where(stands).values(state=state, note=note)))

    def join(self, joined: Joined) -> None:
        """Keep a message."""
        self._change(self._dialect.insert(JoinedRow).values(asdict(joined)))

    def joined(self, number: CaseNumber) -> tuple[Joined, ...]:
        """List what joined a case."""
        theirs = select(JoinedRow).where(JoinedRow.case == number).order_by(col(JoinedRow.entry))
        return tuple(map(_joined, self._session.exec(theirs)))

    def joining(self, account: AccountName, chat: Address, message: MessageId) -> Joined | None:
        """Look one up by its message."""
        row = self._session.exec(select(JoinedRow).where(_same(account, chat, message))).first()
        return _joined(row) if row else None

    def move_joined(self, joined: Joined, *, state: CaseState) -> bool:
        """Compare and set its state."""
        same = _same(joined.account, joined.chat, joined.message) & (col(JoinedRow.state) == joined.state)
        return bool(self._change(update(JoinedRow).where(same).values(state=state)))

    def unremoved(self, account: AccountName, *, limit: int) -> tuple[Joined, ...]:
        """List what is to be taken out."""
        waiting = select(JoinedRow).where(JoinedRow.account == account, _UNREMOVED).order_by(col(JoinedRow.entry))
        return tuple(map(_joined, self._session.exec(waiting.limit(limit))))

    def of(self, author: bytes) -> tuple[Case, ...]:
        """List those of one person."""
        theirs = select(CaseRow).where(CaseRow.author == author).order_by(col(CaseRow.number))
        return tuple(map(_case, self._session.exec(theirs)))

    def opened(self, *, before: datetime) -> tuple[Case, ...]:
        """List the old."""
        old = select(CaseRow).where(col(CaseRow.at) < before).order_by(col(CaseRow.number))
        return tuple(map(_case, self._session.exec(old)))

    def purge(self, *, before: datetime, keeping: Collection[CaseNumber] = ()) -> int:
        """Forget the old."""
        old = (col(CaseRow.at) < before) & col(CaseRow.number).not_in(keeping)
        return self._change(delete(CaseRow).where(old))


def _about(account: AccountName, chat: Address, message: MessageId) -> ColumnElement[bool]:
    return and_(col(CaseRow.account) == account, col(CaseRow.chat) == chat, col(CaseRow.message) == message)


_UNREMOVED = text(f"case_messages.{UNREMOVED}")  # in the very words of the index: else SQLite would not use it


def _same(account: AccountName, chat: Address, message: MessageId) -> ColumnElement[bool]:
    return and_(col(JoinedRow.account) == account, col(JoinedRow.chat) == chat, col(JoinedRow.message) == message)


def _joined(row: JoinedRow) -> Joined:
    return Joined(
        case=CaseNumber(row.case),
        account=AccountName(row.account),
        chat=Address(row.chat),
        message=MessageId(row.message),
        entry=row.entry,
        state=CaseState(row.state),
    )


def _case(row: CaseRow) -> Case:
    return Case(
        number=CaseNumber(row.number),
        article=row.article,
        charter=row.charter,
        account=AccountName(row.account),
        chat=Address(row.chat),
        message=MessageId(row.message),
        author=row.author,
        sealed=row.sealed,
        state=CaseState(row.state),
        at=row.at,
        note=row.note,
        assigned=row.assigned,
    )
