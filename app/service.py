"""The service: every part that works for the town, assembled from the ports, and what each tick looks at."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Protocol

from app.accounts import Reception, with_cure
from app.order import keepers
from app.roles import beats, plans, runs
from app.staffroom import Staffroom
from campaigns.housekeeping import Housekeeping
from campaigns.planner import Planner
from core.errors import Superseded, Unauthorised
from core.identifiers import AccountName, LaneName
from core.ports.clock import Clock
from core.ports.engine import Engine, Fence, Lane, Placement, Role, Work, listening, sending
from core.ports.moderator import NO_POWERS, Moderator
from core.ports.platform import Platform, Sender
from core.ports.store import Store
from core.ports.vault import Vault
from core.ports.words import Words
from core.rules.recent import Recent
from core.staff import Staff
from core.town import Town
from delivery.aftercare import Aftercare
from delivery.bells import Bell
from delivery.boards import Boards
from delivery.briefing import Briefing
from delivery.directory import Directory
from delivery.dispatcher import Dispatcher
from delivery.lanes import LaneEngine, is_superseded
from delivery.lookback import Lookback
from delivery.natives import NativePolls
from delivery.sweep import Sweep
from scheduler import Metronome, Tick
from storage.fencing import FencedStore

LEDGER = timedelta(seconds=5)
BOARDS = timedelta(seconds=3)
CASES = timedelta(seconds=10)
LEAVING = timedelta(seconds=15)  # that calls under way have in a lane that runs elsewhere now
FAREWELL = timedelta(seconds=8)  # that it may take to keep a promise, or to take it back, when listening ends
FORGETTING = timedelta(minutes=10)  # the shortest time that core.privacy promises


class _Worker(Protocol):
    @property
    def busy(self) -> bool: ...


class Service:
    """A town at work. ``platforms`` are not yet opened: each account's listening lane opens its own."""

    def __init__(  # noqa: PLR0913, PLR0915  the town is put together here, one part a line
        self,
        *,
        town: Town,
        store: Store,
        vault: Vault,
        words: Words,
        clock: Clock,
        platforms: Mapping[AccountName, Platform],
        further: tuple[Tick, ...] = (),
        placement: Placement | None = None,
        role: Role = Role.ALL,
        staff: Staff | None = None,
        mail: Sender | None = None,
        moderators: Mapping[AccountName, Moderator] | None = None,
    ) -> None:
        """``placement`` says which lanes run here, all unless it is given; ``role`` what this process does of the work.

        ``further`` are ticks of the surroundings: the upkeep of the database, the supervisor's heartbeat.
        Where ``staff`` are named, nothing goes out that nobody approved. ``mail`` writes to the staff.
        ``moderators`` carry sanctions out.
        """
        staff = staff or Staff()
        senders: dict[AccountName, Sender] = {**platforms, **({mail.account: mail} if mail is not None else {})}
        self.store = store
        briefing = Briefing(staff=staff, zone=town.zone)
        directory = Directory(channels=town.channels, vault=vault, rooms=town.staff_channels, briefing=briefing)
        self._clock = clock
        self._alarm = Bell()
        self._boards_may_differ = Bell()
        self._bells = {name: Bell() for name in senders}
        self._engine: Engine = LaneEngine(clock=clock, store=store, placement=placement)
        self._fences: dict[LaneName, Fence] = {}
        self._role = role
        self._shared = placement is not None and placement.shared
        self._stopping = False
        self.planner = Planner(
            store=store,
            vault=vault,
            clock=clock,
            channels=town.channels,
            accounts=tuple(platforms),
            wake=self.wake,
            votes_wait_since=self._votes_wait_since,
            needs_approval=staff.is_named,
        )
        recent = Recent()
        self.receptions = {
            name: Reception(
                platform=platform,
                store=store,
                heard_into=self._fenced(listening(name)),
                vault=vault,
                clock=clock,
                town=town,
                words=words,
                wake=self.wake_lanes,
                staff=staff,
                recent=recent,
                powers=moderators[name].powers if moderators and name in moderators else NO_POWERS,
            )
            for name, platform in platforms.items()
        }
        self._dispatchers = {
            name: Dispatcher(
                platform=sender,
                store=self._fenced(sending(name)),
                words=words,
                directory=directory,
                clock=clock,
                bell=self._bells[name],
                aftermath=store,
            )
            for name, sender in senders.items()
        }
        self._lookbacks = {
            name: Lookback(
                platform=platform,
                store=self._fenced(_looking(name)),
                words=words,
                directory=directory,
                clock=clock,
                bell=self._bells[name],
            )
            for name, platform in platforms.items()
        }
        self._order = {
            name: keepers(
                name,
                moderator,
                store=self._fenced(_keeping_order(name)),
                vault=vault,
                clock=clock,
                staff=staff,
                town=town,
                recent=recent,
            )
            for name, moderator in (moderators or {}).items()
        }
        self.boards = Boards(store=store, words=words, directory=directory, platforms=platforms)
        self._aftercare = Aftercare(
            store=store, words=words, directory=directory, clock=clock, platforms=platforms, wake=self.wake_lanes
        )
        self.natives = NativePolls(store=store, clock=clock, platforms=platforms, wake=self.wake)
        self._staffroom = Staffroom(
            town=town,
            store=store,
            clock=clock,
            words=words,
            directory=directory,
            briefing=briefing,
            platforms=platforms,
            wake=self.wake_lanes,
        )
        self._sweep = Sweep(
            store=store,
            clock=clock,
            capabilities=lambda: {name: platform.capabilities for name, platform in platforms.items()},
            wake=self.wake,
        )
        self._housekeeping = Housekeeping(store=store, vault=vault, clock=clock, accounts=tuple(platforms))
        self.metronome = Metronome(
            planner=self.planner if plans(role) else None,
            clock=clock,
            bell=self._alarm,
            ticks=(*beats(role, self._ticks()), *further),
        )
        self._platforms = platforms

    @property
    def busy(self) -> bool:
        """Whether anything is in hand: nobody waits only for the network or for an instant."""
        workers: tuple[_Worker, ...] = (
            self.planner,
            self.boards,
            self.natives,
            self._aftercare,
            self._staffroom,
            self._sweep,
            self._housekeeping,
            self.metronome,
            *self.receptions.values(),
            *self._dispatchers.values(),
            *self._lookbacks.values(),
            *chain(*self._order.values()),
        )
        return self._boards_may_differ.rung or any(worker.busy for worker in workers)

    def wake(self) -> None:
        """There may be something new to send, or another instant to wait for."""
        self._alarm.ring()
        self._boards_may_differ.ring()  # a poll that closes loses its buttons at once, not at the next tick
        self.wake_lanes()

    def wake_lanes(self) -> None:
        """There may be something new to send."""
        for bell in self._bells.values():
            bell.ring()
        if not self.metronome.paused:  # an end is judged by the clock
            for rounds in chain(*self._order.values()):
                rounds.ring()

    async def run(self) -> None:
        """Work until cancelled; what is being sent then has a moment to end, and its outcome is stored.

        Raises Unauthorised when every account is refused at the start.
        """
        try:
            async with asyncio.TaskGroup() as group:
                if self._shared:
                    for reception in self.receptions.values():
                        group.create_task(reception.stand_by())
                else:
                    group.create_task(self._refuse_to_be_nobody(), name="first answers")
                group.create_task(self._engine.run(self._lanes()), name="lanes")
                group.create_task(self.metronome.run(), name="metronome")
        finally:
            for platform in self._platforms.values():
                await platform.close()

    async def _refuse_to_be_nobody(self) -> None:
        answers = {name: await reception.first_answer() for name, reception in self.receptions.items()}
        refusals = [f"{name}: {refusal.detail}" for name, refusal in answers.items() if refusal is not None]
        if refusals and len(refusals) == len(answers):
            raise Unauthorised("\n".join(refusals))

    async def drain(self) -> None:
        """Make no further call to any platform; return when the outcomes of those under way are stored."""
        self._stopping = True
        async with asyncio.TaskGroup() as group:
            for dispatcher in self._dispatchers.values():
                group.create_task(dispatcher.drain())

    def _votes_wait_since(self) -> datetime | None:
        waiting = (reception.votes_wait_since for reception in self.receptions.values())
        return min((at for at in waiting if at is not None), default=None)

    def _fence(self, lane: LaneName) -> Fence:
        return self._fences.setdefault(lane, Fence(lane))

    def _fenced(self, lane: LaneName) -> FencedStore:
        return FencedStore(self.store, self._fence(lane))

    def _lanes(self) -> list[Lane]:
        work: dict[LaneName, Work] = {
            LaneName("boards"): self._follow,
            LaneName("alerts"): self._staffroom.follow,
        }
        for name, reception in self.receptions.items():
            work[listening(name)] = partial(_heard, reception)
            work[_looking(name)] = _once_open(reception, self._lookbacks[name].run)
            if name in self._order:
                works = [each.run for each in self._order[name]]
                work[_keeping_order(name)] = _once_open(reception, partial(_together, *works))
        for name, dispatcher in self._dispatchers.items():
            work[sending(name)] = self._sending(self.receptions.get(name), dispatcher)
        return [Lane(self._fence(name), each) for name, each in work.items() if runs(self._role, name)]

    def _sending(self, reception: Reception | None, dispatcher: Dispatcher) -> Work:
        """Send once the account is open; mail needs no opening."""

        async def send() -> None:
            if reception is not None:
                await reception.opened.wait()
            await self._sent(dispatcher)

        return send

    async def _sent(self, dispatcher: Dispatcher) -> None:
        """Run the lane. One that is placed elsewhere lets its calls under way end: their outcomes are worth knowing."""
        async with asyncio.TaskGroup() as group:
            lane = group.create_task(_cured(dispatcher.run))
            try:
                await asyncio.shield(lane)
            except asyncio.CancelledError:
                if self._shared and not self._stopping:
                    dispatcher.leave()
                    await asyncio.wait({lane}, timeout=LEAVING.total_seconds())
                raise

    async def _follow(self) -> None:
        """The lane of the boards: a look that waits for a chat that was told to pause holds up no other look."""
        async with asyncio.TaskGroup() as looks:
            while True:
                await self._boards_may_differ.rest(self._clock)
                looks.create_task(self.boards.look())
                looks.create_task(self.natives.look())
                looks.create_task(self._aftercare.look())

    async def _look_at_the_boards(self) -> None:
        self._boards_may_differ.ring()

    async def look_at_the_ledger(self) -> None:
        """Give up what is too late, see to what is in doubt, send what waits."""
        await self._settle_the_ledger()
        await self._look_at_the_lanes()

    async def _settle_the_ledger(self) -> None:
        await self._sweep.look()
        await self._staffroom.look()

    def _ticks(self) -> tuple[tuple[Role, Tick], ...]:
        return (
            (Role.CLOCK, Tick(name="ledger", period=LEDGER, look=self._settle_the_ledger, by_the_clock=True)),
            (Role.CLOCK, Tick(name="forgetting", period=FORGETTING, look=self._housekeeping.look, by_the_clock=True)),
            (Role.WORKER, Tick(name="lanes", period=LEDGER, look=self._look_at_the_lanes)),
            (Role.WORKER, Tick(name="boards", period=BOARDS, look=self._look_at_the_boards)),
            (Role.GATEWAY, Tick(name="cases", period=CASES, look=self._look_at_the_cases)),
        )

    async def _look_at_the_lanes(self) -> None:
        for lookback in self._lookbacks.values():
            lookback.ring()
        self._staffroom.ring()
        self.wake_lanes()  # another process may have planned something

    async def _look_at_the_cases(self) -> None:
        for reception in self.receptions.values():
            if reception.runner is not None:
                await reception.runner.sweep()


def _once_open(reception: Reception, run: Work) -> Work:
    async def work() -> None:
        await reception.opened.wait()
        await run()

    return work


async def _together(*works: Work) -> None:
    async with asyncio.TaskGroup() as group:
        for work in works:
            group.create_task(_once(work))


async def _once(work: Work) -> None:
    await work()


async def _heard(reception: Reception) -> None:
    """Run the lane. One that is placed elsewhere, or ends with this process, leaves nobody with an empty promise."""
    try:
        await reception.listen()
    except (asyncio.CancelledError, Superseded, ExceptionGroup) as end:
        if isinstance(end, asyncio.CancelledError) or is_superseded(end):
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL.total_seconds()):
                    await reception.leave()
        raise


async def _cured(work: Work) -> None:
    with with_cure():
        await work()


def _looking(account: AccountName) -> LaneName:
    return LaneName(f"look:{account}")


def _keeping_order(account: AccountName) -> LaneName:
    return LaneName(f"order:{account}")
