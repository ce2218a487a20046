"""The service as in ``parvis run``, in this process; posts fall due one after the other, at rest or in a broadcast."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from app.clock import SystemClock
from app.keys import opened as vault_of
from app.lifetime import opened
from app.service import Service
from app.settings import Settings
from app.upkeep import make_home, make_ready
from benchmarks.fanout.network import CHANNEL, FIRST
from benchmarks.fanout.outcome import Key, outcome
from benchmarks.fanout.running import Scene, scene
from benchmarks.fanout.town import configured, said, subscribe
from benchmarks.rounds import Measures, percentiles
from core.audience import Audience, Recipient, RecipientKind
from core.campaign import After, Campaign, Step, StepKind, named
from core.delivery import Urgency
from core.identifiers import AccountName, CampaignId, ChannelName
from core.localtime import ClockPolicy
from core.ports.store import Books
from storage.store import SqlStore

CHANNELS = 10  # posts go to one after the other: in one there may be twenty a minute
PACE = 25  # of the broadcast, messages a second
_ACCOUNT = AccountName("telegram")
_AHEAD, _EVERY = timedelta(seconds=0.5), 1.0  # a post each second, half a second after it is known of
_LONGEST = 60.0
Post = Callable[[Service, int], Coroutine[None, None, datetime]]  # brings a post about; when it is due


class Situation(StrEnum):
    """In which posts fall due."""

    REST = "at rest"
    BROADCAST = "in a broadcast"
    URGENT = "urgent, in a broadcast"


def measured(situation: Situation, posts: int) -> Measures:
    """The delays of so many posts."""
    people = 0 if situation is Situation.REST else PACE * 3 * posts
    post = _urgent if situation is Situation.URGENT else _step
    with scene("telegram", max(people, CHANNELS)) as stage:
        addresses = [str(CHANNEL - rank) for rank in range(CHANNELS)]
        settings = configured(stage.folder, stage.url, "telegram", addresses)
        make_home(settings)
        make_ready(settings)
        return percentiles(asyncio.run(_delays(stage, settings, posts, people, post)))


async def _delays(stage: Scene, settings: Settings, posts: int, people: int, post: Post) -> list[float]:
    if people:
        await _subscribed(settings, people)
    async with opened(settings, SystemClock(), lambda: True) as service:
        work = asyncio.create_task(service.run())
        await service.receptions[_ACCOUNT].opened.wait()
        if people:
            await service.planner.start(_campaign("broadcast", 0, Audience(channels=(), subscribers=True)))
        due: dict[Key, datetime] = {}
        for rank in range(1, posts + 1):
            await asyncio.sleep(_EVERY)
            due[str(CHANNEL - rank % CHANNELS), rank] = await post(service, rank)
        async with asyncio.timeout(_LONGEST):
            while not due.keys() <= outcome(stage.journal).out.keys():  # noqa: ASYNC110  of another process
                await asyncio.sleep(_EVERY)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
    at = outcome(stage.journal).first_at
    return [(at[key] - due[key]).total_seconds() for key in due]


async def _subscribed(settings: Settings, people: int) -> None:
    store = await SqlStore.open(settings.store_url)
    vault = await vault_of(settings, store)

    def work(books: Books) -> None:
        for person in range(FIRST, FIRST + people):
            subscribe(books.citizens, vault, _ACCOUNT, str(person))

    await store.write(work)
    await store.close()


async def _step(service: Service, rank: int) -> datetime:
    """A step of a campaign of its own."""
    campaign = _campaign(f"p{rank}", rank, Audience(channels=(ChannelName(_channel(rank)),), subscribers=False))
    await service.planner.start(campaign)
    (occurrence,) = await service.store.read(lambda books: books.campaigns.occurrences(campaign.id))
    return occurrence.due_at


async def _urgent(service: Service, rank: int) -> datetime:
    """A notice: what somebody is told before all that campaigns say."""
    now = SystemClock().now()
    planning = partial(_planned, rank=rank, at=now)
    await service.store.write(planning)
    service.wake()
    return now


def _planned(books: Books, *, rank: int, at: datetime) -> None:
    books.deliveries.plan(
        occurrence=None,
        message=said(rank),
        recipients=[(_ACCOUNT, Recipient(RecipientKind.CHANNEL, _channel(rank)))],
        urgency=Urgency.NOTICE,
        due_at=at,
        expires_at=at + timedelta(hours=1),
    )


def _channel(rank: int) -> str:
    return f"c{-(CHANNEL - rank % CHANNELS)}"


def _campaign(name: str, rank: int, audience: Audience) -> Campaign:
    news = said(rank).announcement
    step = Step(kind=StepKind.ANNOUNCE, subject=news.id, when=After(_AHEAD), grace=timedelta(hours=1))
    return Campaign(
        id=CampaignId(name),
        title=news.title,
        zone=ZoneInfo("Europe/Paris"),
        policy=ClockPolicy(),
        audience=audience,
        announcements=(news,),
        questions=(),
        steps=named([step]),
    )
