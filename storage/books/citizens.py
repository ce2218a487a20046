"""Those who asked to be written to, or chose a language."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, delete, select, update

from core.audience import Recipient, RecipientKind
from core.citizen import Citizen
from core.identifiers import AccountName, CitizenId, Locale, PersonRef
from core.ports.books.citizens import Subscriber
from storage.books.book import Book
from storage.books.planning import Planning
from storage.dialects.base import Dialect
from storage.tables import CitizenRow

# Made once: it is asked for each batch of votes.
_LOCALES = select(col(CitizenRow.blind), col(CitizenRow.locale)).where(
    col(CitizenRow.blind).in_(bindparam("blinds", expanding=True))
)


class Citizens(Book):
    """See ``core.ports.books.citizens.CitizenBook``."""

    def __init__(self, session: Session, dialect: Dialect, deliveries: Planning) -> None:
        super().__init__(session, dialect)
        self._deliveries = deliveries

    def remember(
        self,
        *,
        blind: bytes,
        sealed: bytes,
        account: AccountName,
        locale: Locale,
        subscribed: bool | None,
        at: datetime,
    ) -> CitizenId:
        """Add or change."""
        told = {"sealed": sealed, "account": account, "locale": locale}
        changed = told if subscribed is None else {**told, "subscribed": subscribed}
        adding = self._dialect.insert(CitizenRow).values(**told, blind=blind, subscribed=bool(subscribed), since=at)
        self._change(adding.on_conflict_do_update(index_elements=["blind"], set_=changed))
        return CitizenId(self._session.exec(select(CitizenRow.id).where(CitizenRow.blind == blind)).one())

    def find(self, blind: bytes) -> Citizen | None:
        """Look one up."""
        row = self._row(blind)
        if row is None:
            return None
        return Citizen(
            id=CitizenId(row.id),
            person=PersonRef(""),
            locale=Locale(row.locale),
            subscribed=row.subscribed,
            since=row.since,
        )

    def locales(self, blinds: Sequence[bytes]) -> dict[bytes, Locale]:
        """Say who chose which language."""
        chosen = self._session.connection().execute(_LOCALES, {"blinds": blinds})
        return {blind: Locale(locale) for blind, locale in chosen}

    def sealed_person(self, citizen: CitizenId) -> tuple[bytes, Locale, bool] | None:
        """Find the sealed account."""
        row = self._session.exec(select(CitizenRow).where(CitizenRow.id == citizen)).first()
        return (row.sealed, Locale(row.locale), row.subscribed) if row else None

    def subscribed(self, accounts: Collection[AccountName], *, after: CitizenId, limit: int) -> tuple[Subscriber, ...]:
        """List some of the subscribed."""
        theirs = col(CitizenRow.subscribed) & col(CitizenRow.account).in_(accounts) & (col(CitizenRow.id) > after)
        found = self._session.exec(select(CitizenRow).where(theirs).order_by(col(CitizenRow.id)).limit(limit))
        return tuple(
            Subscriber(id=CitizenId(row.id), account=AccountName(row.account), blind=row.blind, sealed=row.sealed)
            for row in found
        )

    def unsubscribe(self, blind: bytes) -> bool:
        """Stop private news."""
        row = self._row(blind)
        if row is None or not row.subscribed:
            return False
        self.deactivate(CitizenId(row.id))
        return True

    def deactivate(self, citizen: CitizenId) -> None:
        """Stop writing to them."""
        self._change(update(CitizenRow).where(col(CitizenRow.id) == citizen).values(subscribed=False))
        self._deliveries.cancel_for(_recipient(citizen))

    def forget(self, blind: bytes) -> int:
        """Erase all that names them."""
        row = self._row(blind)
        if row is None:
            return 0
        named = self._deliveries.drop_for(_recipient(row.id))
        return named + self._change(delete(CitizenRow).where(col(CitizenRow.blind) == blind))

    def subscribers(self) -> int:
        """Count the subscribed."""
        counting = select(func.count()).select_from(CitizenRow).where(col(CitizenRow.subscribed))
        return self._session.exec(counting).one()

    def private_deliveries(self, blind: bytes) -> int:
        """Count what names them."""
        row = self._row(blind)
        return self._deliveries.count_for(_recipient(row.id)) if row else 0

    def _row(self, blind: bytes) -> CitizenRow | None:
        return self._session.exec(select(CitizenRow).where(CitizenRow.blind == blind)).first()


def _recipient(citizen: int) -> Recipient:
    return Recipient(RecipientKind.CITIZEN, str(citizen))
