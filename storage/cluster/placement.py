"""Which lanes run in this process, agreed with the others through jobs of PgQueuer: one job a lane, one holder a job.

Whoever holds a job says every few seconds that it is alive. When it does not for ``SILENCE``, because its host died,
froze or cannot reach the database, another process takes the job. One that lost a lane, or cannot ask whether it has,
lets go of it. Until it knows, the lane's fence keeps out what it writes (``storage.fencing``).

The same connection tells each process when another has planned something.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

import psycopg
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job
from pgqueuer.domain.types import Channel
from psycopg import AsyncConnection
from sqlalchemy import make_url

from core.errors import Superseded
from core.identifiers import LaneName
from core.ports.engine import Keep
from storage.cluster.lines import Jobs, Lines, jobs_over
from storage.dialects.postgres import PLANNED

SILENCE = timedelta(seconds=5)  # after which a lane is taken over
LOOK = timedelta(seconds=1)  # whether lanes are free, and still ours
LAST_WORDS = timedelta(seconds=20)  # for lanes that end
_PAUSE = 1.0  # seconds, while the database is away
_UNLIMITED = 0
_LONGEST_SETUP = timedelta(seconds=30)

log = logging.getLogger("parvis.storage")


class ClusterPlacement:
    """See ``core.ports.engine.Placement``. ``told`` is called when another process may have planned something.

    At most ``most`` lanes run here; any number with None. ``silence`` and ``look`` are for tests in a hurry.
    """

    shared = True

    def __init__(
        self,
        url: str,
        *,
        told: Callable[[], None] = lambda: None,
        most: int | None = None,
        silence: timedelta = SILENCE,
        look: timedelta = LOOK,
    ) -> None:
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._told = told
        self._most = most
        self._silence = silence
        self._look = look
        self._holders: dict[LaneName, asyncio.Task[None]] = {}
        self._lost = False

    async def run(self, lanes: Collection[LaneName], keep: Keep) -> None:
        """Keep the lanes that are ours, through any number of interruptions, until cancelled."""
        logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)  # what it loses is told here, in one line
        while True:
            try:
                async with self._jobs() as jobs:
                    await self._take_part(jobs, lanes, keep)
            except (psycopg.Error, OSError, TimeoutError, ExceptionGroup) as error:
                if not self._lost:
                    log.error("lanes_lost", extra={"problem": _names(error)})  # noqa: TRY400  no fault of ours
                self._lost = True
                await asyncio.sleep(_PAUSE)

    @asynccontextmanager
    async def _jobs(self) -> AsyncIterator[Jobs]:
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(_LONGEST_SETUP.total_seconds()):
                asking, listening = [await self._connected(stack) for _ in range(2)]
                driver = Lines(asking, listening)
                jobs = jobs_over(driver)
                await jobs.install_once()
                await driver.add_listener(PLANNED, lambda _: self._told())
            yield jobs

    async def _connected(self, stack: AsyncExitStack) -> AsyncConnection:
        connection = await AsyncConnection.connect(
            self._address, autocommit=True, connect_timeout=10, tcp_user_timeout=5000, application_name="parvis lanes"
        )
        stack.push_async_callback(connection.close)
        return connection

    async def _take_part(self, jobs: Jobs, lanes: Collection[LaneName], keep: Keep) -> None:
        manager = QueueManager(jobs, Channel(jobs.qbe.settings.channel))
        jobs.me = manager.queue_manager_id
        for lane in lanes:
            manager.entrypoint(lane, concurrency_limit=1, accepts_context=False)(partial(self._hold, lane, keep))
        async with asyncio.TaskGroup() as group:
            work = group.create_task(
                manager.run(
                    batch_size=1,
                    dequeue_timeout=self._look,
                    shutdown_on_listener_failure=True,
                    max_concurrent_tasks=self._most or _UNLIMITED,
                    heartbeat_timeout=self._silence,
                    log_aggregation_interval=timedelta(),
                )
            )
            try:
                await self._watch(jobs, lanes, work)
            finally:
                manager.shutdown.set()
                for holder in self._holders.values():
                    holder.cancel()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LAST_WORDS.total_seconds()):
                        await asyncio.wait({work})

    async def _hold(self, lane: LaneName, keep: Keep, _: Job) -> None:
        """Keep a lane while its job is ours. One that is over stays ours: nobody else should begin it."""
        holder = asyncio.current_task()
        assert holder is not None  # noqa: S101  for the type checker: a coroutine runs in a task
        self._holders[lane] = holder
        log.info("lane_taken", extra={"lane": lane})
        try:
            with suppress(Superseded):
                await keep(lane)
                await asyncio.Event().wait()
        finally:
            del self._holders[lane]

    async def _watch(self, jobs: Jobs, lanes: Collection[LaneName], work: "asyncio.Task[None]") -> None:
        """Let go of lanes that are ours no more; raises when nobody can tell, or takes those that are free.

        After an error, or deaf, PgQueuer takes no more jobs, but waits for the end of those that it has.
        """
        while not work.done():
            if jobs.asked_at is not None and time.monotonic() - jobs.asked_at > self._silence.total_seconds():
                raise TimeoutError
            held = dict(self._holders)
            async with asyncio.timeout(self._silence.total_seconds()):
                ours = await jobs.ours(lanes)
            if self._lost:
                self._lost = False
                log.warning("lanes_back")
            for lane, holder in held.items():
                if lane not in ours and not holder.cancelling():
                    log.warning("lane_let_go", extra={"lane": lane})
                    holder.cancel()
            await asyncio.wait({work}, timeout=self._look.total_seconds())


def _names(error: BaseException) -> str:
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return ", ".join(map(_names, inner)) or type(error).__name__
