"""Whose turn it is."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.pacing import Pace, Pacer, Window
from core.delivery import Urgency
from core.identifiers import Address

START = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANNE, BILAL, GROUP = Address("101"), Address("102"), Address("-1001")
PACE = Pace(
    overall=Window(calls=5, period=timedelta(milliseconds=200)),
    gap=SECOND,
    crowd=Window(calls=20, period=timedelta(minutes=1)),
)


class LeapingClock:
    """Stands still while anybody is at work, then leaps to the next instant somebody waits for."""

    def __init__(self) -> None:
        self.at = START
        self.sleeps = 0

    def now(self) -> datetime:
        """Where it has come to."""
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        """Let everybody else act first, then leap."""
        self.sleeps += 1
        for _ in range(20):
            await asyncio.sleep(0)
        self.at = max(self.at, at)


def crowded(address: Address) -> bool:
    return address.startswith("-")


@pytest.fixture
def clock() -> LeapingClock:
    return LeapingClock()


@pytest.fixture
def pacer(clock: LeapingClock) -> Pacer:
    return Pacer(clock, PACE, crowded=crowded)


Call = Callable[..., Coroutine[None, None, None]]


@pytest.fixture
def log() -> list[tuple[datetime, str]]:
    return []


@pytest.fixture
def call(pacer: Pacer, clock: LeapingClock, log: list[tuple[datetime, str]]) -> Call:
    """Take a turn and note when."""

    async def take(address: Address, name: str = "", urgency: Urgency = Urgency.CAMPAIGN) -> None:
        async with pacer.turn(address, urgency):
            log.append((clock.now(), name))

    return take


def seconds(log: list[tuple[datetime, str]]) -> list[float]:
    return [(at - START) / SECOND for at, _ in log]


async def everybody_waits() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_chat_gets_one_call_a_second(call: Call, log: list[tuple[datetime, str]]) -> None:
    """Telegram's advice for any one chat."""
    for _ in range(4):
        await call(ANNE)

    assert seconds(log) == [0, 1, 2, 3]


async def test_different_chats_do_not_wait_for_each_other(call: Call, log: list[tuple[datetime, str]]) -> None:
    """A slow conversation is nobody else's."""
    await call(ANNE)
    await call(BILAL)

    assert seconds(log) == [0, 0]


async def test_a_group_gets_twenty_calls_a_minute(call: Call, log: list[tuple[datetime, str]]) -> None:
    """The twenty-first waits until the first is a minute old."""
    for _ in range(21):
        await call(GROUP)

    assert seconds(log)[19:] == [19, 60]


async def test_refreshing_leaves_room_in_the_group_for_people(call: Call, log: list[tuple[datetime, str]]) -> None:
    """A citizen's answer must not wait a minute behind the counts of a poll."""
    for _ in range(16):
        await call(GROUP, urgency=Urgency.REFRESH)
    log.clear()
    await call(GROUP, urgency=Urgency.ANSWER)

    assert seconds(log) == [61]


async def test_the_whole_account_makes_twenty_five_calls_a_second(call: Call, log: list[tuple[datetime, str]]) -> None:
    """In bursts of five, so that no second holds more than thirty even when the network bunches them."""
    for number in range(51):
        await call(Address(str(number)))

    assert seconds(log)[-1] == pytest.approx(2)


async def test_nobody_waits_for_an_hour_to_come_again(
    pacer: Pacer, clock: LeapingClock, call: Call, log: list[tuple[datetime, str]]
) -> None:
    """A clock that is set back takes what is remembered with it: pauses and gaps keep their lengths."""
    for number in range(6):
        await call(Address(str(number)))
    await call(GROUP)
    pacer.pause(ANNE, clock.at + 9 * SECOND)
    log.clear()
    clock.at = START - 3600 * SECOND

    await call(GROUP)
    await call(ANNE)

    assert seconds(log) == pytest.approx([-3599, -3591], abs=0.5)


async def test_the_more_urgent_go_first(pacer: Pacer, call: Call, log: list[tuple[datetime, str]]) -> None:
    """An answer overtakes a campaign in the same chat; among equals the first come is the first served."""
    async with asyncio.TaskGroup() as group, pacer.turn(ANNE, Urgency.CAMPAIGN):
        for name in ("one", "two"):
            group.create_task(call(ANNE, name))
        group.create_task(call(ANNE, "refresh", Urgency.REFRESH))
        group.create_task(call(ANNE, "answer", Urgency.ANSWER))
        await everybody_waits()

    assert [name for _, name in log] == ["answer", "one", "two", "refresh"]


async def test_a_chat_in_a_turn_gives_no_other(pacer: Pacer, call: Call, log: list[tuple[datetime, str]]) -> None:
    """What is sent in order arrives in order only when one waits for the other."""
    async with asyncio.TaskGroup() as group, pacer.turn(ANNE, Urgency.ANSWER):
        group.create_task(call(ANNE))
        await everybody_waits()
        during = list(log)

    assert during == []
    assert len(log) == 1


async def test_a_paused_chat_waits_and_others_do_not(pacer: Pacer, call: Call, log: list[tuple[datetime, str]]) -> None:
    """A 429 is about one chat."""
    pacer.pause(ANNE, START + 30 * SECOND)

    await call(BILAL)
    await call(ANNE)

    assert seconds(log) == [0, 30]


async def test_several_paused_chats_pause_the_account(
    pacer: Pacer, call: Call, log: list[tuple[datetime, str]]
) -> None:
    """Then it is the account that is too fast."""
    for number in range(3):
        pacer.pause(Address(str(number)), START + 30 * SECOND)

    await call(BILAL)

    assert seconds(log) == [30]


async def test_pauses_far_apart_are_each_their_own(
    pacer: Pacer, clock: LeapingClock, call: Call, log: list[tuple[datetime, str]]
) -> None:
    """Three crowded groups in an hour say nothing about the account."""
    for number in range(3):
        pacer.pause(Address(str(number)), clock.at + 600 * SECOND)
        clock.at += 10 * SECOND

    await call(BILAL)

    assert seconds(log) == [30]


async def test_an_uncounted_call_waits_for_no_window(pacer: Pacer, clock: LeapingClock, call: Call) -> None:
    """A message that breaks the charter is removed at once, however busy the group."""
    for _ in range(20):
        await call(GROUP)
    before = clock.at

    async with pacer.turn(GROUP, Urgency.MODERATION, counted=False):
        waited = clock.at - before

    assert waited == timedelta()


async def test_an_album_spends_the_turns_of_its_pictures(
    pacer: Pacer, call: Call, log: list[tuple[datetime, str]]
) -> None:
    """Telegram counts each picture as a message."""
    async with pacer.turn(ANNE, Urgency.CAMPAIGN):
        pacer.spend(ANNE, 9)

    await call(ANNE)

    assert seconds(log) == [10]


async def test_whoever_gives_up_waiting_is_forgotten(pacer: Pacer, call: Call, log: list[tuple[datetime, str]]) -> None:
    """A cancelled send must not hold up the next, even when it was the one that watched the clock."""
    pacer.pause(ANNE, START + 30 * SECOND)
    impatient = asyncio.ensure_future(call(ANNE, "impatient"))
    patient = asyncio.ensure_future(call(ANNE, "patient"))
    await asyncio.sleep(0)
    impatient.cancel()
    await patient

    assert [name for _, name in log] == ["patient"]
    assert pacer.waiting == 0


async def test_waiting_never_polls_the_clock(pacer: Pacer, clock: LeapingClock, call: Call) -> None:
    """The demonstration's clock only leaps when nobody moves."""
    pacer.pause(ANNE, START + 3600 * SECOND)

    await call(ANNE)

    assert clock.sleeps == 1


async def test_a_turn_is_work_and_waiting_is_none(pacer: Pacer, call: Call) -> None:
    """The demonstration's clock may leap while somebody waits for a turn, not while a call is made."""
    pacer.pause(ANNE, START + SECOND)
    waiter = asyncio.ensure_future(call(ANNE))
    await asyncio.sleep(0)
    waiting = pacer.busy
    await waiter

    async with pacer.turn(BILAL, Urgency.ANSWER):
        assert pacer.busy
    assert not waiting
    assert not pacer.busy


async def test_addresses_at_rest_are_forgotten(pacer: Pacer, clock: LeapingClock, call: Call) -> None:
    """A campaign to a hundred thousand subscribers must not stay in memory."""
    for number in range(1500):
        await call(Address(str(number)))
    clock.at += timedelta(minutes=5)
    await call(ANNE)

    assert pacer.remembered <= 2


class LateClock(LeapingClock):
    """A machine so busy that every sleeper wakes up 15 milliseconds late."""

    async def sleep_until(self, at: datetime) -> None:
        """Leap too far."""
        await super().sleep_until(at + timedelta(milliseconds=15))


async def test_waking_late_each_time_does_not_add_up() -> None:
    """A campaign to a hundred thousand people keeps at least 0.97 of the pace, also on a busy machine."""
    clock = LateClock()
    pacer = Pacer(clock, PACE, crowded=crowded)

    for number in range(1000):
        async with pacer.turn(Address(str(number)), Urgency.CAMPAIGN):
            pass

    assert 995 / ((clock.at - START) / SECOND) >= 0.97 * 25


async def test_waking_late_each_time_does_not_add_up_in_one_chat() -> None:
    """All posts of a Mastodon account go to one place, a fifth of a second apart."""
    clock = LateClock()
    pacer = Pacer(clock, replace(PACE, gap=timedelta(milliseconds=200)), crowded=lambda _: False)

    for _ in range(101):
        async with pacer.turn(ANNE, Urgency.CAMPAIGN):
            pass

    assert 100 / ((clock.at - START) / SECOND) >= 0.97 * 5
