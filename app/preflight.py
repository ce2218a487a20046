"""Pre-flight with a town's own means: of a campaign file at a terminal, and of what falls due while the town runs."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from app.accounts import Reception, platform_of, preview_platform, recalled
from app.clock import SystemClock
from app.settings import Settings
from app.upkeep import is_ready
from app.web import web_of
from campaigns.lookout import Lookout
from campaigns.neighbours import Neighbour, near
from campaigns.preflight import Means, findings, occurrences_of, outside, sizes_of, speaks_by
from core.campaign import Campaign
from core.errors import Misconfigured, ParvisError
from core.identifiers import AccountName, Locale
from core.ports.clock import Clock
from core.ports.platform import Platform
from core.ports.store import Books, Store
from core.ports.web import Web
from core.ports.words import Words
from core.preflight import Concern, TokenRefused
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
    found = await written(settings, campaign, now, await _remembered(settings, campaign, now))
    return found if offline else (*found, *await _asked(settings, campaign, now))


async def written(settings: Settings, campaign: Campaign, now: datetime, memory: Memory) -> tuple[Concern, ...]:
    """What is found without asking anybody."""
    means = await asyncio.to_thread(_means, settings, campaign, memory.known)
    due = occurrences_of(campaign, now)
    return await asyncio.to_thread(findings, campaign, due, means, start=now, now=now, others=memory.others)


def recollect(settings: Settings, campaign: Campaign, now: datetime, books: Books) -> Memory:
    """What the town's memory tells about a campaign that starts now."""
    instants = [each.due_at for each in occurrences_of(campaign, now)]
    return Memory(known=recalled(books, settings), others=near(books, min(instants), max(instants)))


async def _remembered(settings: Settings, campaign: Campaign, now: datetime) -> Memory:
    """The same; nothing where the town's memory cannot be looked into."""
    try:
        if not await asyncio.to_thread(is_ready, settings):
            return Memory()
        store = await SqlStore.open(settings.store_url)
        try:
            return await store.read(partial(recollect, settings, campaign, now))
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
        words=JinjaWords(town=settings.town.name, pictures=settings.pictures),
        sizes=sizes_of(campaign, settings.pictures),
    )


async def _asked(settings: Settings, campaign: Campaign, now: datetime) -> tuple[Concern, ...]:
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
        due = occurrences_of(campaign, now)
        return (*without, *await outside(campaign, due, channels=channels, doctors=platforms, web=web))
    finally:
        for platform in platforms.values():
            await platform.close()


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
        says=partial(sentence, locale=Locale.EN),
    )
