"""Pre-flight with a town's own means: of a campaign file at a terminal, and of what falls due while the town runs."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from app.accounts import Reception, platform_of, preview_platform, recalled
from app.clock import SystemClock
from app.settings import Settings
from app.upkeep import is_ready
from app.web import web_of
from campaigns.approvals import Registrar
from campaigns.lookout import Lookout
from campaigns.neighbours import Neighbour, near
from campaigns.preflight import Means, findings, occurrences_of, outside, sizes_of, speaks_by
from core.campaign import Campaign, Occurrence
from core.errors import Misconfigured, ParvisError
from core.identifiers import AccountName
from core.ports.clock import Clock
from core.ports.platform import Doctor, Platform
from core.ports.store import Books, Store
from core.ports.web import Web
from core.ports.words import Words
from core.preflight import Concern, TokenRefused
from core.review import Review
from storage.store import SqlStore
from templates.preflight import sentence
from templates.render import JinjaWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the town's memory tells: what each account learnt, and what else goes out about the same time."""

    known: Mapping[AccountName, str] = field(default_factory=dict)
    others: tuple[Neighbour, ...] = ()


async def examine(settings: Settings, campaign: Campaign, now: datetime, *, offline: bool) -> tuple[Concern, ...]:
    """Everything found if the campaign started now; ``offline`` asks nobody outside this machine."""
    due = occurrences_of(campaign, now)
    found = await written(settings, campaign, due, await _remembered(settings, campaign, due), start=now, now=now)
    return found if offline else (*found, *await _asked(settings, campaign, due))


async def written(
    settings: Settings, campaign: Campaign, due: Sequence[Occurrence], memory: Memory, *, start: datetime, now: datetime
) -> tuple[Concern, ...]:
    """What is found of these occurrences without asking anybody."""
    means = await asyncio.to_thread(_means, settings, campaign, memory.known)
    return await asyncio.to_thread(findings, campaign, due, means, start=start, now=now, others=memory.others)


async def looked_over(settings: Settings, store: Store, campaign: Campaign, now: datetime) -> tuple[Concern, ...]:
    """What is found in what is still to come of a campaign, running or not, without asking anybody outside."""
    since, due = await store.read(partial(_to_come, campaign, now))
    memory = await store.read(partial(recollect, settings, campaign, due))
    return await written(settings, campaign, due, memory, start=since, now=now)


async def looked_through(settings: Settings, store: Store, campaign: Campaign, now: datetime) -> tuple[Concern, ...]:
    """The same, and what the web and the networks say, asked with the real tokens."""
    _, due = await store.read(partial(_to_come, campaign, now))
    return (*await looked_over(settings, store, campaign, now), *await _asked(settings, campaign, due))


def _to_come(campaign: Campaign, now: datetime, books: Books) -> tuple[datetime, list[Occurrence]]:
    """What a campaign still says, and when it was started, or would be."""
    running = books.campaigns.get(campaign.id)
    since = now if running is None else running.started_at
    planned = occurrences_of(campaign, since, known=books.campaigns.occurrences(campaign.id), now=now)
    return since, [each for each in planned if running is None or each.due_at >= now]


def recollect(settings: Settings, campaign: Campaign, due: Sequence[Occurrence], books: Books) -> Memory:
    """What the town's memory tells about these occurrences of a campaign."""
    instants = [each.due_at for each in due]
    others = near(books, min(instants), max(instants)) if instants else ()
    return Memory(
        known=recalled(books, settings), others=tuple(each for each in others if each.campaign != campaign.id)
    )


async def _remembered(settings: Settings, campaign: Campaign, due: Sequence[Occurrence]) -> Memory:
    """The same; nothing where the town's memory cannot be looked into."""
    try:
        if not await asyncio.to_thread(is_ready, settings):
            return Memory()
        store = await SqlStore.open(settings.store_url)
        try:
            return await store.read(partial(recollect, settings, campaign, due))
        finally:
            await store.close()
    except ParvisError:
        return Memory()


def _means(settings: Settings, campaign: Campaign, known: Mapping[AccountName, str]) -> Means:
    clock = SystemClock()
    platforms = {account.name: preview_platform(account, settings, clock) for account in settings.accounts}
    for name, platform in platforms.items():
        platform.recall(known.get(name))
    return Means(
        channels=settings.town.channels,
        platforms=platforms,
        words=JinjaWords(town=settings.town.name, contact=settings.town.contact, pictures=settings.pictures),
        sizes=sizes_of(campaign, settings.pictures),
    )


async def _asked(settings: Settings, campaign: Campaign, due: Sequence[Occurrence]) -> tuple[Concern, ...]:
    """What the web and the networks say, asked with the real tokens."""
    channels = settings.town.channels
    spoken_by = speaks_by(campaign, channels, [account.name for account in settings.accounts])
    platforms: dict[AccountName, Platform] = {}
    without: list[Concern] = []
    for account in settings.accounts:
        if account.name in spoken_by:
            try:
                platforms[account.name] = await asyncio.to_thread(platform_of, account, settings, SystemClock())
            except Misconfigured as error:
                place = f"accounts.{account.name}"
                without.append(TokenRefused(place=place, account=account.name, detail=error.findings[0].problem))
    try:
        web = await asyncio.to_thread(web_of, settings)
        return (*without, *await outside(campaign, due, channels=channels, doctors=platforms, web=web))
    finally:
        for platform in platforms.values():
            await platform.close()


def registrar_of(
    settings: Settings,
    doctors: Callable[[], Mapping[AccountName, Doctor]],
    *,
    store: Store,
    clock: Clock,
    wake: Callable[[], None],
    web: Web | None,
) -> Registrar:
    """Who schedules what was approved, unless pre-flight blocks it by now."""

    async def found(review: Review) -> tuple[Concern, ...]:
        campaign, now = review.campaign, clock.now()
        _, due = await store.read(partial(_to_come, campaign, now))
        told = await outside(campaign, due, channels=settings.town.channels, doctors=doctors(), web=web)
        return (*await looked_over(settings, store, campaign, now), *told)

    return Registrar(store=store, clock=clock, examine=found, wake=wake)


def lookout_of(
    settings: Settings,
    receptions: Mapping[AccountName, Reception],
    *,
    store: Store,
    words: Words,
    clock: Clock,
    web: Web | None,
) -> Lookout:
    """Who looks at what falls due, by the accounts as they are connected."""
    return Lookout(
        store=store,
        clock=clock,
        means=Means(
            channels=settings.town.channels,
            platforms={name: reception.platform for name, reception in receptions.items()},
            words=words,
        ),
        doctors=receptions,
        web=web,
        pictures=settings.pictures,
        says=sentence,
        needs_approval=settings.staff.is_named,
    )
