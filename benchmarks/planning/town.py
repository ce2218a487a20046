"""A database with subscribers and one occurrence that has fallen due."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import insert

from benchmarks.rounds import Measures
from benchmarks.votes.town import NOON
from core.announcement import Announcement
from core.audience import Audience
from core.campaign import After, Campaign, Step, StepKind, named
from core.identifiers import AccountName, AnnouncementId, CampaignId, Locale, OccurrenceId
from core.localtime import ClockPolicy
from core.messages import AnnouncementPublished
from core.ports.store import Books
from core.timetable import Timetable
from core.wording import Wording
from storage.engine import dialect_of
from storage.migrations import upgrade
from storage.store import SqlStore
from storage.tables import CitizenRow

FEW, MANY = AccountName("few"), AccountName("many")  # bot accounts with a tenth, and the rest, of the subscribers
LATEST = NOON + timedelta(hours=6)
Work = Callable[["Prepared"], Measures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A database, its due occurrence, the accounts to plan for, and how many subscribers they have."""

    url: str
    occurrence: OccurrenceId
    accounts: tuple[AccountName, ...]
    subscribers: int


def furnish(url: str, subscribers: int) -> None:
    """Make the tables, let the citizens subscribe, start a campaign whose first step is due."""
    upgrade(url)
    asyncio.run(_fill(url, subscribers))


def on_a_town(url: str, accounts: Sequence[AccountName], subscribers: int, work: Work) -> Measures:
    """What ``work`` measures on a furnished database, where these accounts have so many subscribers."""
    occurrence = asyncio.run(_due(url))
    return work(Prepared(url=url, occurrence=occurrence, accounts=tuple(accounts), subscribers=subscribers))


def message() -> AnnouncementPublished:
    """What is to be sent."""
    return AnnouncementPublished(announcement=_announcement())


async def _fill(url: str, subscribers: int) -> None:
    store = await SqlStore.open(url)
    try:
        await store.write(_start)
        await asyncio.to_thread(_subscribe, url, subscribers)
    finally:
        await store.close()


async def _due(url: str) -> OccurrenceId:
    store = await SqlStore.open(url)
    try:
        return await store.read(lambda books: books.campaigns.due(NOON)[0].id)
    finally:
        await store.close()


def _start(books: Books) -> None:
    campaign = _campaign()
    books.campaigns.start(campaign, at=NOON, due=Timetable(campaign, NOON).all())


def _subscribe(url: str, subscribers: int) -> None:
    """All at once: the store adds one citizen at a time, as citizens do."""
    rows = [
        {
            "blind": hashlib.blake2b(str(citizen).encode(), digest_size=16).digest(),
            "sealed": bytes(48),
            "account": FEW if citizen % 10 == 0 else MANY,
            "locale": Locale.FR,
            "subscribed": True,
            "since": NOON,
        }
        for citizen in range(subscribers)
    ]
    dialect = dialect_of(url)
    with dialect.writer().connect() as connection:
        dialect.begin_writing(connection)
        connection.execute(insert(CitizenRow), rows)
        connection.exec_driver_sql("COMMIT")


def _campaign() -> Campaign:
    step = Step(kind=StepKind.ANNOUNCE, subject=AnnouncementId("lumiere"), when=After(timedelta()), grace=timedelta(1))
    return Campaign(
        id=CampaignId("rives"),
        title=Wording(fr="Lumière sur les passages", en="Light on the passages"),
        zone=ZoneInfo("Europe/Paris"),
        policy=ClockPolicy(),
        audience=Audience(channels=(), subscribers=True),
        announcements=(_announcement(),),
        questions=(),
        steps=named([step]),
    )


def _announcement() -> Announcement:
    body = "Les travaux commencent lundi. " * 20
    return Announcement(
        id=AnnouncementId("lumiere"),
        title=Wording(fr="Lumière sur les passages", en="Light on the passages"),
        body=Wording(fr=body, en=body),
    )
