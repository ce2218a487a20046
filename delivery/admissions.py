"""Requests to join that were decided: the network is told, until it knows; what it refuses waits for the staff."""

import logging
from dataclasses import replace
from functools import partial

from core.admission import DECIDED, JoinRequest, RequestState
from core.errors import Moved, PlatformError, Rejected, StorageError
from core.identifiers import AccountName, Address
from core.ports.moderator import Moderator
from core.ports.store import Books, Store
from core.ports.vault import Vault
from core.sanction import Subject
from core.sanctioning import opened
from delivery.bells import Hands

log = logging.getLogger("parvis.delivery")


class Admissions:
    """Tells those of one account. ``hands`` are those of the lane that looks."""

    def __init__(self, *, account: AccountName, moderator: Moderator, store: Store, vault: Vault, hands: Hands) -> None:
        self._account = account
        self._moderator = moderator
        self._store = store
        self._vault = vault
        self._hands = hands

    async def look(self) -> None:
        """Tell what is decided; where the network is away, at the next look. Raises StorageError."""
        for each in await self._store.read(self._decided):
            try:
                await self._tell(each)
            except Moved as error:
                await self._store.write(partial(_moved, each, error.to))
                return
            except Rejected as error:
                log.warning("request_refused", extra={"account": self._account, "error": error.detail})
                await self._store.write(partial(_hold, each))
            except PlatformError as error:
                log.info("request_waits", extra={"account": self._account, "error": type(error).__name__})
                return
            else:
                await self._store.write(partial(_drop, each))

    async def _tell(self, request: JoinRequest) -> None:
        chat = await self._store.read(lambda books: books.town.address(self._account, request.chat))
        who = self._who(request)
        with self._hands.at_rest():
            await self._moderator.answer_request(chat, who, admitted=request.state is RequestState.ADMITTED)

    def _who(self, request: JoinRequest) -> Subject:
        try:
            return opened(self._vault, request.sealed)
        except StorageError as error:
            raise Rejected("nobody can read who it is about: the town's key is another") from error

    def _decided(self, books: Books) -> list[JoinRequest]:
        if books.town.fact("held") is not None:
            return []
        return [each for each in books.requests.all() if each.account == self._account and each.state in DECIDED]


def _hold(request: JoinRequest, books: Books) -> None:
    """Leave it to the staff, unless it was forgotten meanwhile."""
    if books.requests.find(request.account, request.chat, request.person) == request:
        books.requests.save(replace(request, state=RequestState.HELD))


def _drop(request: JoinRequest, books: Books) -> None:
    books.requests.drop(request)


def _moved(request: JoinRequest, to: Address, books: Books) -> None:
    books.town.moved(request.account, request.chat, to)
