"""From start to stop: one instance, opened, announced to the supervisor, and ended without losing what is known."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from app import almanac, keys, logs, watchdog
from app.accounts import Moderated, platform_of
from app.charters import keep
from app.clock import SystemClock
from app.cluster import placement_of
from app.feeds import feeds_of
from app.preflight import lookout_of, registrar_of
from app.roles import beats
from app.rooms import sender_of
from app.service import Service
from app.settings import Settings
from app.upkeep import make_home, make_ready
from app.web import reader_of, web_of
from campaigns.housekeeping import pictures_needed
from core.errors import Occupied
from core.identifiers import AccountName
from core.ports.clock import Clock
from core.ports.engine import Role
from core.ports.moderator import Moderator
from core.ports.store import Books, Store
from core.ports.web import Reader, Web
from scheduler import Tick
from storage import pictures
from storage.lease import StillHeld, instance_lock
from storage.store import SqlStore
from storage.vault import FileVault
from templates.render import JinjaWords

UPKEEP = timedelta(minutes=10)
TIDYING = timedelta(hours=6)
APPROVALS = timedelta(seconds=5)
LOOKING_AHEAD = timedelta(minutes=1)
FOLLOWING = timedelta(seconds=30)
HEARTBEAT = timedelta(seconds=30)
REFRESHING = timedelta(minutes=1)  # what other hosts did with the keys
LAST_CALLS = timedelta(seconds=15)  # for calls under way when told to stop; systemd waits 30 s for these and the rest

log = logging.getLogger("parvis.app")

Look = Callable[[], Awaitable[object]]


async def serve(settings: Settings, *, role: Role = Role.ALL, heartbeat: timedelta = HEARTBEAT) -> None:
    """Run the town until SIGTERM or SIGINT. Raises Misconfigured when the instance cannot start as configured.

    In a cluster it does what its ``role`` says, beside other processes.
    Raises Occupied when another instance runs, or may run because the lock was lost; ``heartbeat`` is how often this
    is looked at.
    """
    logs.set_up(
        as_json=settings.log_format == "json",
        level=settings.log_level,
        secrets=await asyncio.to_thread(secrets_of, settings),
    )
    await asyncio.to_thread(make_home, settings)
    async with _alone(settings) as still_held:
        web = await asyncio.to_thread(web_of, settings)
        reader = await asyncio.to_thread(reader_of, settings)
        means = partial(opened, web=web, reader=reader)
        async with means(settings, SystemClock(), still_held, role=role, heartbeat=heartbeat) as service:
            watchdog.notify("READY=1")
            log.info("started", extra={"accounts": len(settings.accounts), "role": role.value})
            await until_told(service)
            watchdog.notify("STOPPING=1")
        if not await asyncio.to_thread(still_held):
            raise Occupied("the database let go of this instance: it ends, so that there are never two")
    log.info("stopped")


@asynccontextmanager
async def opened(
    settings: Settings,
    clock: Clock,
    still_held: StillHeld,
    *,
    role: Role = Role.ALL,
    heartbeat: timedelta = HEARTBEAT,
    looking_ahead: timedelta = LOOKING_AHEAD,
    web: Web | None = None,
    reader: Reader | None = None,
) -> AsyncIterator[Service]:
    """The service over the town's own store and vault, made ready when they are new. Raises Misconfigured.

    ``looking_ahead`` is how often pre-flight looks at what falls due; without ``web`` no link is followed,
    without ``reader`` no feed.
    """
    store = await _opened(settings, clock)
    try:
        vault = await _unlocked(settings, store, clock)

        async def look_ahead() -> None:
            await lookout.look()

        def wake() -> None:
            service.wake()

        registrar = registrar_of(settings, lambda: service.receptions, store=store, clock=clock, wake=wake, web=web)
        keeping = (*_upkeep(settings, store, vault, clock), *_following(settings, store, clock, reader))
        beat = Tick(name="heartbeat", period=heartbeat, look=lambda: _beat(service, still_held))
        words, platforms, moderators = await asyncio.to_thread(_furnished, settings, clock)
        service = Service(
            town=settings.town,
            store=store,
            vault=vault,
            words=words,
            clock=clock,
            platforms=platforms,
            moderators=moderators,
            staff=settings.staff,
            mail=await asyncio.to_thread(sender_of, settings.mail, clock) if settings.mail is not None else None,
            further=beats(role, (*keeping, *_foresight(look_ahead, registrar.look, looking_ahead), (Role.ALL, beat))),
            placement=await asyncio.to_thread(placement_of, settings, told=wake),
            role=role,
        )
        lookout = lookout_of(settings, service.receptions, store=store, words=words, clock=clock, web=web)
        yield service
    finally:
        await store.close()


async def _opened(settings: Settings, clock: Clock) -> SqlStore:
    """The town's store, made ready when it is new; it keeps the charter that is in force from now on.

    A journal of the debates that the town keeps no more is erased: nobody reads of it in /rules.
    """
    await asyncio.to_thread(make_ready, settings)
    store = await SqlStore.open(settings.store_url)
    await store.write(partial(_begun, settings, clock.now()))
    return store


def _begun(settings: Settings, now: datetime, books: Books) -> None:
    keep(settings.town.charter, now, books)
    if not settings.town.keeps_journal:
        books.journal.purge(before=now)


def _furnished(
    settings: Settings, clock: Clock
) -> tuple[JinjaWords, dict[AccountName, Moderated], dict[AccountName, Moderator]]:
    """The words, the accounts, and who keeps order with each. Blocks."""
    platforms = _platforms(settings, clock)
    return _words(settings), platforms, {name: platform.moderator for name, platform in platforms.items()}


def _words(settings: Settings) -> JinjaWords:
    """The words, with the town's clocks read once: both are files. Blocks."""
    ZoneInfo(settings.town.zone)
    return JinjaWords(town=settings.town.name, contact=settings.town.contact, pictures=settings.pictures)


async def _unlocked(settings: Settings, store: SqlStore, clock: Clock) -> FileVault:
    """The vault. Raises Misconfigured when it is not the one of this store."""
    vault = await keys.opened(settings, store)
    await keys.refuse_lost(settings, store, vault, clock.now())
    return vault


def _foresight(look_ahead: Look, approve: Look, period: timedelta) -> tuple[tuple[Role, Tick], ...]:
    """What looks at what is still to come."""
    return (
        (Role.CLOCK, Tick(name="preflight", period=period, look=look_ahead, by_the_clock=True, vital=False)),
        (Role.CLOCK, Tick(name="approvals", period=APPROVALS, look=approve, by_the_clock=True)),
    )


def _upkeep(settings: Settings, store: SqlStore, vault: FileVault, clock: Clock) -> tuple[tuple[Role, Tick], ...]:
    """What keeps the house in order: one process of a cluster its store, each of them what it has in hand."""
    refresh = partial(asyncio.to_thread, vault.refresh)
    return (
        (Role.CLOCK, Tick(name="upkeep", period=UPKEEP, look=store.housekeep)),
        (Role.CLOCK, picture_tick(settings, store)),
        (Role.ALL, Tick(name="keys", period=REFRESHING, look=refresh)),
        *((Role.CLOCK, tick) for tick in calendar_ticks(settings, store, clock)),
    )


def _following(settings: Settings, store: Store, clock: Clock, reader: Reader | None) -> tuple[tuple[Role, Tick], ...]:
    """What follows the web site of the town."""
    return tuple((Role.CLOCK, tick) for tick in feed_ticks(settings, store, clock, reader))


async def _beat(service: Service, still_held: StillHeld) -> None:
    """Tell the supervisor that all vital ticks beat; end this instance when another one may start."""
    if not await asyncio.to_thread(still_held):
        log.critical("instance_lock_lost")
        signal.raise_signal(signal.SIGTERM)
    if not service.metronome.stale():
        watchdog.notify("WATCHDOG=1")


def calendar_ticks(settings: Settings, store: Store, clock: Clock) -> tuple[Tick, ...]:
    """The tick that keeps the file of the calendar fresh, where the town wants one."""
    if settings.calendar is None:
        return ()
    keeper = almanac.Keeper(settings, store, clock, settings.calendar)
    return (Tick(name="calendar", period=almanac.LOOKING, look=keeper.look, by_the_clock=True, vital=False),)


def feed_ticks(settings: Settings, store: Store, clock: Clock, reader: Reader | None) -> tuple[Tick, ...]:
    """The tick that follows the town's feeds, where it has any and can read them."""
    if not settings.feeds:
        return ()
    if reader is None:
        log.warning("feeds_not_read", extra={"detail": "they are not read through a proxy"})
        return ()
    follower = feeds_of(settings, store=store, clock=clock, reader=reader)
    return (Tick(name="feeds", period=FOLLOWING, look=follower.look, by_the_clock=True, vital=False),)


def picture_tick(settings: Settings, store: Store) -> Tick:
    """The tick that removes pictures; one that stays harms nobody, so nobody is restarted for it."""
    look = partial(_tidy, settings, store)
    return Tick(name="pictures", period=TIDYING, look=look, by_the_clock=True, vital=False)


async def _tidy(settings: Settings, store: Store) -> None:
    """Remove the pictures that nothing needs any more."""
    needed = await store.read(pictures_needed)
    await asyncio.to_thread(pictures.tidy, settings.pictures, needed)


async def until_told(
    service: Service, told: Callable[[], Awaitable[object]] | None = None, *, last_calls: timedelta = LAST_CALLS
) -> None:
    """Work until ``told`` returns (a signal by default), then end calmly; calls under way have ``last_calls`` left."""
    async with asyncio.TaskGroup() as group:
        work = group.create_task(service.run(), name="service")
        await (told or _signalled)()
        try:
            async with asyncio.timeout(last_calls.total_seconds()):
                await service.drain()
        except TimeoutError:
            log.warning("stopped_during_calls")
        work.cancel()


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[StillHeld]:
    """The instance lock, taken and given back where nobody waits for the database. Raises Occupied."""
    lock, ours = ExitStack(), instance_lock(settings.store_url, shared=settings.in_cluster)
    still_held = await asyncio.to_thread(lock.enter_context, ours)
    try:
        yield still_held
    finally:
        await asyncio.to_thread(lock.close)


def secrets_of(settings: Settings) -> list[str]:
    """What must never stand in a log. Blocks. Raises Misconfigured for one that is missing."""
    tokens = [account.token() for account in settings.accounts]
    return tokens if settings.mail is None else [*tokens, settings.mail.password()]


def _platforms(settings: Settings, clock: Clock) -> dict[AccountName, Moderated]:
    return {account.name: platform_of(account, settings, clock) for account in settings.accounts}


async def _signalled() -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
