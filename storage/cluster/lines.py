"""The connections of the placement, and PgQueuer's queries with what they lack: they never ask whose a job is.

A process that was frozen would, thawed, keep alive or delete a job that another has taken over meanwhile. Here it
touches only what is still its own.
"""

import time
from collections.abc import Collection
from datetime import timedelta
from typing import Self
from uuid import UUID

from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.models import Job, TracebackRecord
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import JOB_STATUS, JobId, QueueEntrypoint, QueueManagerId
from pgqueuer.ports.driver import NotifyCallback
from pgqueuer.ports.repository import EntrypointExecutionParameter
from psycopg import AsyncConnection

from core.identifiers import LaneName

_SCHEMA = "parvis_lanes"
_MAKING = 0x50_41_52_56_49_55  # beside the other advisory locks of a town


class Lines(PsycopgDriver):
    """One connection asks, another listens: psycopg's would make each question wait while it listens."""

    def __init__(self, asking: AsyncConnection, listening: AsyncConnection) -> None:
        super().__init__(asking)
        self._ear = PsycopgDriver(listening)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Listen."""
        await self._ear.add_listener(channel, callback)

    async def remove_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Listen no more."""
        await self._ear.remove_listener(channel, callback)

    async def __aenter__(self) -> Self:
        """Both."""
        await self._ear.__aenter__()
        return await super().__aenter__()

    async def __aexit__(self, *error: object) -> None:
        """Both."""
        await self._ear.__aexit__(*error)
        await super().__aexit__(*error)


class Jobs(Queries):
    """The jobs of lanes. ``me`` is the process as PgQueuer names it, ``asked_at`` when it last asked for lanes."""

    me: UUID
    asked_at: float | None = None  # of time.monotonic

    async def dequeue(
        self,
        batch_size: int,
        entrypoints: dict[QueueEntrypoint, EntrypointExecutionParameter],
        queue_manager_id: QueueManagerId,
        global_concurrency_limit: int | None,
        heartbeat_timeout: timedelta,
    ) -> list[Job]:
        """Take what is free."""
        self.asked_at = time.monotonic()
        return await super().dequeue(
            batch_size, entrypoints, queue_manager_id, global_concurrency_limit, heartbeat_timeout
        )

    async def install_once(self) -> None:
        """Make PgQueuer's tables, or bring them to its version; several processes may begin together."""
        await self.driver.execute("SELECT pg_advisory_lock($1)", _MAKING)
        try:
            if await self.schema_is_installed():
                await self.upgrade()
            else:
                await self.install()
        finally:
            await self.driver.execute("SELECT pg_advisory_unlock($1)", _MAKING)

    async def ours(self, lanes: Collection[LaneName]) -> set[LaneName]:
        """Those of these lanes that are this process's. A lane without a job gets one, for whoever comes first."""
        statement = f"SELECT entrypoint, queue_manager_id FROM {self._table} WHERE entrypoint = ANY($1::text[])"  # noqa: S608  our own table
        rows = await self.driver.fetch(statement, list(lanes))
        missing: list[str] = sorted(set(lanes) - {LaneName(str(row["entrypoint"])) for row in rows})
        if missing:
            nothing = [None] * len(missing)
            await self.enqueue(missing, list(nothing), [0] * len(missing), dedupe_key=list(missing), on_conflict="skip")
        return {LaneName(str(row["entrypoint"])) for row in rows if row["queue_manager_id"] == self.me}

    async def update_heartbeat(self, job_ids: list[JobId]) -> None:
        """Keep alive what is still ours."""
        statement = f"UPDATE {self._table} SET heartbeat = NOW() WHERE id = ANY($1::bigint[]) AND queue_manager_id = $2"  # noqa: S608  our own table
        await self.driver.execute(statement, job_ids, self.me)

    async def log_jobs(self, job_status: list[tuple[Job, JOB_STATUS, TracebackRecord | None]]) -> None:
        """Let go of what is still ours."""
        statement = f"SELECT id FROM {self._table} WHERE id = ANY($1::bigint[]) AND queue_manager_id = $2"  # noqa: S608  our own table
        ours = {row["id"] for row in await self.driver.fetch(statement, [job.id for job, _, _ in job_status], self.me)}
        await super().log_jobs([each for each in job_status if each[0].id in ours])

    @property
    def _table(self) -> str:
        return self.qbe.settings.qualified.queue_table


def jobs_over(driver: Lines) -> Jobs:
    """The jobs of lanes, in a schema of their own: a town's tables and backups know nothing of them."""
    settings = DBSettings(db_schema=_SCHEMA)
    return Jobs(driver, QueryBuilderEnvironment(settings), QueryQueueBuilder(settings), QuerySchedulerBuilder(settings))
