"""Who asked to join a discussion."""

from datetime import datetime

from sqlmodel import col, delete, select

from core.admission import JoinRequest, RequestState
from core.identifiers import AccountName, Address, ChannelName
from storage.books.book import Book
from storage.request_tables import RequestRow

_ORDER = (col(RequestRow.at), col(RequestRow.chat), col(RequestRow.person))


class Requests(Book):
    """See ``core.ports.books.requests.RequestBook``."""

    def save(self, request: JoinRequest) -> None:
        """Store it in the place of the one before."""
        who = {"account": request.account, "chat": request.chat, "person": request.person}
        said = {
            "sealed": request.sealed,
            "place": request.place,
            "at": request.at,
            "state": request.state.value,
        }
        saving = self._dialect.insert(RequestRow).values(who | said)
        self._change(saving.on_conflict_do_update(index_elements=list(who), set_=said))

    def find(self, account: AccountName, chat: Address, person: bytes) -> JoinRequest | None:
        """Look one up."""
        row = self._session.exec(
            select(RequestRow).where(
                RequestRow.account == account, RequestRow.chat == chat, RequestRow.person == person
            )
        ).first()
        return None if row is None else _request(row)

    def all(self) -> tuple[JoinRequest, ...]:
        """List them."""
        return tuple(map(_request, self._session.exec(select(RequestRow).order_by(*_ORDER))))

    def of(self, person: bytes) -> tuple[JoinRequest, ...]:
        """Those of one person."""
        theirs = select(RequestRow).where(RequestRow.person == person).order_by(*_ORDER)
        return tuple(map(_request, self._session.exec(theirs)))

    def drop(self, request: JoinRequest) -> None:
        """Take it out."""
        self._change(
            delete(RequestRow).where(
                col(RequestRow.account) == request.account,
                col(RequestRow.chat) == request.chat,
                col(RequestRow.person) == request.person,
                col(RequestRow.at) == request.at,
            )
        )

    def forget(self, person: bytes) -> int:
        """Erase those of one person."""
        return self._change(delete(RequestRow).where(col(RequestRow.person) == person))

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        return self._change(delete(RequestRow).where(col(RequestRow.at) < before))


def _request(row: RequestRow) -> JoinRequest:
    return JoinRequest(
        account=AccountName(row.account),
        chat=Address(row.chat),
        person=row.person,
        sealed=row.sealed,
        place=ChannelName(row.place),
        at=row.at,
        state=RequestState(row.state),
    )
