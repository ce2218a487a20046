"""A town with many occurrences ahead of it, and a clock that stands still until it is moved."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg

from benchmarks.votes.town import NOON
from core.announcement import Announcement
from core.audience import Audience
from core.campaign import After, Campaign, Step, StepKind, named
from core.identifiers import AnnouncementId, CampaignId, ChannelName
from core.localtime import ClockPolicy
from core.ports.store import Books
from core.timetable import Timetable
from core.wording import Wording
from storage.migrations import upgrade
from storage.store import SqlStore

SQUARE = ChannelName("square")
STEPS = 100  # of each campaign: what is ahead of a town comes in campaigns
_FIRST, _EVERY = timedelta(days=2), timedelta(hours=12)
_SOON = CampaignId("soon")


@dataclass(slots=True)
class StillClock:
    """Stands still."""

    at: datetime = NOON

    def now(self) -> datetime:
        """Where it stands."""
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        """Nobody waits in this benchmark."""
        raise NotImplementedError(at)


def furnish(url: str, occurrences: int, soon: int) -> None:
    """Make the tables and start the campaigns; one more has a step in each of the next minutes, ``soon`` in all."""
    upgrade(url)
    asyncio.run(_fill(url, occurrences, soon))
    if url.startswith("postgres"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")  # which a server does by itself within a minute


async def _fill(url: str, occurrences: int, soon: int) -> None:
    usual = _campaign(CampaignId("usual"), STEPS, first=_FIRST, every=_EVERY)
    due = Timetable(usual, NOON).all()
    now = _campaign(_SOON, soon, first=timedelta(minutes=1), every=timedelta(minutes=1))

    def start(books: Books) -> None:
        for rank in range(occurrences // STEPS):
            books.campaigns.start(replace(usual, id=CampaignId(f"c{rank}")), at=NOON, due=due)
        books.campaigns.start(now, at=NOON, due=Timetable(now, NOON).all())

    store = await SqlStore.open(url)
    try:
        await store.write(start)
    finally:
        await store.close()


def _campaign(name: CampaignId, steps: int, *, first: timedelta, every: timedelta) -> Campaign:
    subject = AnnouncementId(f"{name}_travaux")
    said = Wording(fr="Les travaux avancent", en="The works go on")
    when = (After(first if rank == 0 else every) for rank in range(steps))
    made = [Step(kind=StepKind.ANNOUNCE, subject=subject, when=each, grace=timedelta(hours=1)) for each in when]
    return Campaign(
        id=name,
        title=said,
        zone=ZoneInfo("Europe/Paris"),
        policy=ClockPolicy(),
        audience=Audience(channels=(SQUARE,), subscribers=False),
        announcements=(Announcement(id=subject, title=said, body=said),),
        questions=(),
        steps=named(made),
    )


def minutes(number: int) -> list[datetime]:
    """The instants at which a step is due, beginning a minute after noon."""
    return [NOON + timedelta(minutes=1 + rank) for rank in range(number)]
