"""Writing what must not be lost: again and again until the store takes it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from bots.desk import Desk
from bots.outage import Outage
from core.errors import StorageError
from core.ports.books.inbox import TOLD, Intake
from core.ports.store import Books

T = TypeVar("T")
Pause = Callable[[float], Awaitable[None]]

_LONGEST_PAUSE = timedelta(seconds=5)  # a press can be answered for 10 to 15 s: refusing must not come later
_STORED_AT = "stored_at"


class Storekeeper:
    """The store as the runner uses it. ``pause`` waits so many seconds of real time."""

    def __init__(self, desk: Desk, pause: Pause) -> None:
        self._desk = desk
        self._pause = pause
        self._outage = Outage("storage", desk.account, longest=_LONGEST_PAUSE)

    async def outlast(self, work: Callable[[Books], T]) -> T:
        """Run ``work``, which may be repeated freely, until it is stored."""
        while True:
            try:
                result = await self._desk.store.write(work)
            except StorageError as error:
                await self.rest(error)
            else:
                self._outage.back()
                return result

    async def rest(self, error: StorageError) -> None:
        """Wait a little after the store refused something."""
        await self._pause(self._outage.lost(error).total_seconds())

    def works(self) -> None:
        """The store has just taken something."""
        self._outage.back()

    async def recover(self) -> None:
        """Wait until the store takes a change again."""
        now = self._desk.clock.now().isoformat()
        await self.outlast(lambda books: books.town.set_fact(_STORED_AT, now))

    async def quarantine(self, intake: Intake, why: str, *, told: bool) -> None:
        """Set an update aside, sealed; ``told`` when its author was told that nothing is recorded.

        Then it is never dealt with any more, and nothing of it is kept but the reason.
        """
        sealed = b"" if told else self._desk.vault.seal(intake.body.decode("utf-8", "backslashreplace"))
        said = f"{TOLD}{why}" if told else why
        await self.outlast(lambda books: books.inbox.quarantine(intake, sealed=sealed, reason=said))
