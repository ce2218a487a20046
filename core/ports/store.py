"""What Parvis remembers, and how changes are made: always inside one transaction, always whole.

``Store.write`` runs a function over the books in one transaction and commits it; the books are synchronous and only
live inside it. Functions waiting at the same time share a commit, each in a savepoint of its own: one that raises
undoes its own changes only. ``Store.cast`` is the same for votes, in bulk.

Every event has an *intake*, the row that holds it from arrival until its effect is stored. The function that stores
the effect must also call ``Inbox.done`` for it: both happen, or neither.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from core.poll import Outcome, Vote
from core.ports.books.alerts import AlertBook
from core.ports.books.arrivals import ArrivalBook
from core.ports.books.audit import AuditBook
from core.ports.books.bonds import BondBook
from core.ports.books.campaigns import CampaignBook
from core.ports.books.cases import CaseBook
from core.ports.books.citizens import CitizenBook
from core.ports.books.corrections import CorrectionBook
from core.ports.books.deliveries import DeliveryBook
from core.ports.books.feeds import FeedBook
from core.ports.books.inbox import InboxBook
from core.ports.books.journal import JournalBook
from core.ports.books.lanes import LaneBook
from core.ports.books.natives import NativeBook
from core.ports.books.polls import PollBook
from core.ports.books.replies import ReplyBook
from core.ports.books.reports import ReportBook
from core.ports.books.requests import RequestBook
from core.ports.books.reviews import ReviewBook
from core.ports.books.sanctions import SanctionBook
from core.ports.books.town import TownBook

T = TypeVar("T")


class Books(Protocol):
    """All books of one transaction."""

    @property
    def inbox(self) -> InboxBook: ...  # noqa: D102  the type says it
    @property
    def polls(self) -> PollBook: ...  # noqa: D102
    @property
    def campaigns(self) -> CampaignBook: ...  # noqa: D102
    @property
    def deliveries(self) -> DeliveryBook: ...  # noqa: D102
    @property
    def corrections(self) -> CorrectionBook: ...  # noqa: D102
    @property
    def natives(self) -> NativeBook: ...  # noqa: D102
    @property
    def citizens(self) -> CitizenBook: ...  # noqa: D102
    @property
    def bonds(self) -> BondBook: ...  # noqa: D102
    @property
    def replies(self) -> ReplyBook: ...  # noqa: D102
    @property
    def cases(self) -> CaseBook: ...  # noqa: D102
    @property
    def sanctions(self) -> SanctionBook: ...  # noqa: D102
    @property
    def journal(self) -> JournalBook: ...  # noqa: D102
    @property
    def arrivals(self) -> ArrivalBook: ...  # noqa: D102
    @property
    def reports(self) -> ReportBook: ...  # noqa: D102
    @property
    def requests(self) -> RequestBook: ...  # noqa: D102
    @property
    def alerts(self) -> AlertBook: ...  # noqa: D102
    @property
    def reviews(self) -> ReviewBook: ...  # noqa: D102
    @property
    def feeds(self) -> FeedBook: ...  # noqa: D102
    @property
    def audit(self) -> AuditBook: ...  # noqa: D102
    @property
    def town(self) -> TownBook: ...  # noqa: D102
    @property
    def lanes(self) -> LaneBook: ...  # noqa: D102


Guard = Callable[[Books], None]


class Store(Protocol):
    """The memory of the town."""

    async def write(self, work: Callable[[Books], T]) -> T:
        """Run ``work`` in one transaction and commit it durably; its error is raised here and undoes it.

        Raises StorageError when the database cannot take it, OutcomeUnknown when the commit's answer was lost.
        """
        ...

    async def read(self, work: Callable[[Books], T]) -> T:
        """Run ``work``, which must change nothing, on a consistent view."""
        ...

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Store votes and forget their intakes, durably, together with all that wait. One outcome per vote, in order.

        ``guard`` is called first in the same transaction; if it raises, none of these votes is cast.
        Raises StorageError or OutcomeUnknown; then none of these votes may be acknowledged.
        """
        ...

    async def close(self) -> None:
        """Let go of the database."""
        ...
