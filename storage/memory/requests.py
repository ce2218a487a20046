"""Who asked to join a discussion, in memory."""

from datetime import datetime

from core.admission import JoinRequest
from core.identifiers import AccountName, Address
from storage.memory.shelves import Shelves


class Requests:
    """See ``core.ports.books.requests.RequestBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def save(self, request: JoinRequest) -> None:
        """Store it."""
        self._shelves.requests[request.account, request.chat, request.person] = request

    def find(self, account: AccountName, chat: Address, person: bytes) -> JoinRequest | None:
        """Look one up."""
        return self._shelves.requests.get((account, chat, person))

    def all(self) -> tuple[JoinRequest, ...]:
        """List them."""
        return tuple(sorted(self._shelves.requests.values(), key=lambda each: (each.at, each.chat, each.person)))

    def of(self, person: bytes) -> tuple[JoinRequest, ...]:
        """Those of one person."""
        return tuple(each for each in self.all() if each.person == person)

    def drop(self, request: JoinRequest) -> None:
        """Take it out."""
        known = self.find(request.account, request.chat, request.person)
        if known is not None and known.at == request.at:
            self._drop([known])

    def forget(self, person: bytes) -> int:
        """Erase those of one person."""
        return self._drop(self.of(person))

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        return self._drop([each for each in self.all() if each.at < before])

    def _drop(self, requests: "list[JoinRequest] | tuple[JoinRequest, ...]") -> int:
        for each in requests:
            del self._shelves.requests[each.account, each.chat, each.person]
        return len(requests)
