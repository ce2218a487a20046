"""Lanes that move between processes: each in one place, taken over when its holder goes, dies or is cut off."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import psycopg
import pytest

from core.audience import Recipient, RecipientKind
from core.delivery import Urgency
from core.errors import Superseded
from core.identifiers import AccountName, LaneName
from core.messages import Thanks
from core.ports.store import Books
from storage.cluster.placement import ClusterPlacement
from storage.store import SqlStore
from tests.core.examples import NOON, poll

LONGEST = 30.0  # seconds: other work may keep the machine busy
SILENCE, LOOK = timedelta(seconds=2), timedelta(milliseconds=100)


class _Host:
    """A process, as far as its placement goes. ``holds`` are the lanes that it runs now."""

    def __init__(self, url: str, *lanes: str, told: Callable[[], None] = lambda: None, most: int | None = None) -> None:
        self.holds: set[LaneName] = set()
        self.changed = asyncio.Event()
        self._lanes = tuple(map(LaneName, lanes))
        self.placement = ClusterPlacement(url, told=told, most=most, silence=SILENCE, look=LOOK)

    async def run(self) -> None:
        """Take part."""
        await self.placement.run(self._lanes, self._keep)

    async def _keep(self, lane: LaneName) -> None:
        self.holds.add(lane)
        self.changed.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.holds.discard(lane)
            self.changed.set()

    async def until(self, what: Callable[[], bool]) -> None:
        """Wait until what it holds is so."""
        async with asyncio.timeout(LONGEST):
            while not what():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def _up(*hosts: _Host) -> AsyncIterator[list["asyncio.Task[None]"]]:
    async with asyncio.TaskGroup() as group:
        work = [group.create_task(host.run()) for host in hosts]
        yield work
        for each in work:
            each.cancel()


def _ask(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as server:
        return server.execute(statement.encode()).fetchall()


def _run(url: str, statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(statements.encode())


async def test_a_lane_runs_in_one_place_and_is_handed_over_at_once(postgres_server: str) -> None:
    """A process that is told to stop leaves its lanes to the others before they would miss it."""
    one, two = (_Host(postgres_server, "move:a", "move:b") for _ in range(2))

    async with _up(one) as first:
        await one.until(lambda: len(one.holds) == 2)
        async with _up(two):
            first[0].cancel()
            await two.until(lambda: len(two.holds) == 2)

            assert not one.holds


async def test_a_process_takes_no_more_lanes_than_it_may(postgres_server: str) -> None:
    """Two hosts share the work."""
    names = ("share:a", "share:b", "share:c", "share:d")
    one, two = (_Host(postgres_server, *names, most=2) for _ in range(2))

    async with _up(one, two):
        await one.until(lambda: len(one.holds) == 2)
        await two.until(lambda: len(two.holds) == 2)

        assert one.holds | two.holds == set(names)


async def test_a_process_that_is_cut_off_lets_go_and_comes_back(
    postgres_server: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It cannot know whether another runs its lanes by now."""
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parvis lanes'"
    host = _Host(postgres_server, "cut:a")

    async with _up(host):
        await host.until(lambda: bool(host.holds))
        await asyncio.to_thread(_ask, postgres_server, cut)
        await host.until(lambda: not host.holds)
        await host.until(lambda: bool(host.holds))

    assert [message for message in caplog.messages if message.startswith("lanes_")][:1] == ["lanes_lost"]


async def test_a_process_that_can_take_no_lanes_lets_go_of_its_own_and_begins_anew(postgres_server: str) -> None:
    """Else it would keep them for ever, and take over nothing when another process dies."""
    host = _Host(postgres_server, "deaf:a", "deaf:b")
    refuse = (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END';"
        "CREATE TRIGGER refuse BEFORE UPDATE ON parvis_lanes.pgqueuer FOR EACH ROW"
        " WHEN (OLD.entrypoint = 'deaf:b') EXECUTE FUNCTION refuse()"
    )
    of_a_dead_process = (
        "UPDATE parvis_lanes.pgqueuer SET queue_manager_id = gen_random_uuid(), heartbeat = NOW() - INTERVAL '1 hour'"
        " WHERE entrypoint = 'deaf:b' RETURNING id"
    )

    async with _up(host):
        await host.until(lambda: len(host.holds) == 2)
        await asyncio.to_thread(_run, postgres_server, f"BEGIN; {of_a_dead_process}; {refuse}; COMMIT")
        await host.until(lambda: not host.holds)
        await asyncio.to_thread(_run, postgres_server, "DROP FUNCTION refuse CASCADE")
        await host.until(lambda: len(host.holds) == 2)


async def test_a_lane_that_is_anothers_by_its_job_is_let_go(postgres_server: str) -> None:
    """It was taken over while this process did not look; what that does at the end touches no job of the other."""
    steal = (
        "UPDATE parvis_lanes.pgqueuer SET queue_manager_id = gen_random_uuid(), heartbeat = NOW()"
        " WHERE entrypoint = 'job:a' RETURNING id"
    )
    host = _Host(postgres_server, "job:a")

    async with _up(host):
        await host.until(lambda: bool(host.holds))
        before = await asyncio.to_thread(_ask, postgres_server, steal)
        await host.until(lambda: not host.holds)
        await host.until(lambda: bool(host.holds))  # the other one is silent, and loses it in turn
        after = await asyncio.to_thread(
            _ask, postgres_server, "SELECT id FROM parvis_lanes.pgqueuer WHERE entrypoint = 'job:a'"
        )

    assert after == before


async def test_a_lane_that_the_store_says_is_anothers_is_left_and_may_come_back(postgres_server: str) -> None:
    """The fence is looked at more often than the jobs."""
    runs, again = [], asyncio.Event()

    async def keep(lane: LaneName) -> None:
        runs.append(lane)
        if len(runs) == 1:
            raise Superseded("lost")
        again.set()
        await asyncio.Event().wait()

    placement = ClusterPlacement(postgres_server, silence=SILENCE, look=LOOK)
    async with asyncio.TaskGroup() as group:
        work = group.create_task(placement.run((LaneName("fence:a"),), keep))
        async with asyncio.timeout(LONGEST):
            await again.wait()
        work.cancel()

    assert len(runs) == 2


async def test_what_is_planned_elsewhere_is_told(postgres_url: str) -> None:
    """A broadcast begins when it is due, not when somebody next looks."""
    told = asyncio.Event()
    host = _Host(postgres_url, "told:a", told=told.set)
    store = await SqlStore.open(postgres_url)

    async with _up(host):
        await host.until(lambda: bool(host.holds))
        await store.write(_plan)
        async with asyncio.timeout(LONGEST):
            await told.wait()
    await store.close()


def _plan(books: Books) -> None:
    books.deliveries.plan(
        occurrence=None,
        message=Thanks(poll=poll(), voters=3),
        recipients=[(AccountName("square"), Recipient(RecipientKind.CHANNEL, "square"))],
        urgency=Urgency.CAMPAIGN,
        due_at=NOON,
        expires_at=NOON + timedelta(hours=1),
    )
