"""All books of one transaction over SQL."""

from sqlalchemy import Connection
from sqlmodel import Session

from storage.books.alerts import Alerts
from storage.books.arrivals import Arrivals
from storage.books.audit import Audit
from storage.books.bonds import Bonds
from storage.books.campaigns import Campaigns
from storage.books.cases import Cases
from storage.books.citizens import Citizens
from storage.books.corrections import Corrections
from storage.books.deliveries import Deliveries
from storage.books.feeds import Feeds
from storage.books.inbox import Inbox
from storage.books.journal import Journal
from storage.books.lanes import Lanes
from storage.books.natives import Natives
from storage.books.polls import Polls
from storage.books.replies import Replies
from storage.books.reports import Reports
from storage.books.requests import Requests
from storage.books.reviews import Reviews
from storage.books.sanctions import Sanctions
from storage.books.town import Facts
from storage.dialects.base import Dialect


class Library:
    """See ``core.ports.store.Books``."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self.inbox = Inbox(session, dialect)
        self.polls = Polls(session, dialect)
        self.campaigns = Campaigns(session, dialect)
        self.deliveries = Deliveries(session, dialect)
        self.corrections = Corrections(session, dialect)
        self.natives = Natives(session, dialect)
        self.citizens = Citizens(session, dialect, self.deliveries)
        self.bonds = Bonds(session, dialect)
        self.replies = Replies(session, dialect)
        self.cases = Cases(session, dialect)
        self.sanctions = Sanctions(session, dialect)
        self.journal = Journal(session, dialect)
        self.arrivals = Arrivals(session, dialect)
        self.reports = Reports(session, dialect)
        self.requests = Requests(session, dialect)
        self.alerts = Alerts(session, dialect)
        self.reviews = Reviews(session, dialect)
        self.feeds = Feeds(session, dialect)
        self.audit = Audit(session, dialect)
        self.town = Facts(session, dialect)
        self.lanes = Lanes(session, dialect)


def session_on(connection: Connection) -> Session:
    """A session that only reads objects and runs statements: it never flushes, commits or remembers."""
    options = {"populate_existing": True, "synchronize_session": False}
    return Session(connection, autoflush=False, expire_on_commit=False, execution_options=options)
