"""The process that is killed: Parvis composed as ``parvis run`` composes it, over ports that pass the named points.

Production code knows nothing of this. What differs from ``app.lifetime``: the clock starts where the story says, the
ports are wrapped, and a second process may be let in where a race is wanted.
"""

import asyncio
import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.telegram import adapter
from app import logs
from app.accounts import platform_of
from app.lifetime import until_told
from app.service import Service
from app.settings import Settings
from app.upkeep import make_ready
from storage.lease import instance_lock
from storage.store import SqlStore
from storage.vault import FileVault
from templates.render import JinjaWords
from tests.crash.story import settings_in
from tests.crash.traps import Effect, Trap, Tripwire
from tests.crash.wrapped import WatchedPlatform, WatchedStore, WatchedVault, watch_the_writer

READ_AHEAD = (adapter,)  # what a town imports when it starts is imported once, before processes are forked


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a victim is told. ``unlocked``: the instance lock is not there, as on two machines with one database."""

    folder: str
    at: str
    traps: tuple[Trap, ...] = ()
    unlocked: bool = False
    gated: bool = False

    def written(self) -> str:
        """For a command line."""
        return json.dumps(asdict(self))


def read(text: str) -> Orders:
    """Orders from a command line."""
    given = json.loads(text)
    given["traps"] = tuple(Trap(**{**trap, "effect": Effect(trap["effect"])}) for trap in given["traps"])
    return Orders(**given)


class TownTime:
    """The clock of a process: begins at an instant of the story and goes on in real time."""

    def __init__(self, at: datetime) -> None:
        self._offset = at - datetime.now(UTC)

    def now(self) -> datetime:
        """The story's instant."""
        return datetime.now(UTC) + self._offset

    async def sleep_until(self, at: datetime) -> None:
        """Sleep for the real time between now and then."""
        while (left := (at - self.now()).total_seconds()) > 0:  # noqa: ASYNC110  as the real clock does
            await asyncio.sleep(min(left, timedelta(minutes=1).total_seconds()))


async def live(orders: Orders) -> None:
    """Run until told to stop, or killed."""
    folder = Path(orders.folder)
    wire = Tripwire(orders.traps, folder)
    settings = settings_in(folder)
    logs.set_up(as_json=True, level=settings.log_level, secrets=())
    watch_the_writer(wire)
    with ExitStack() as held:
        if not orders.unlocked:
            held.enter_context(instance_lock(settings.store_url))
        make_ready(settings)
        store = await SqlStore.open(settings.store_url)
        try:
            await until_told(_service(settings, store, wire, TownTime(datetime.fromisoformat(orders.at))))
        finally:
            await store.close()


def _service(settings: Settings, store: SqlStore, wire: Tripwire, clock: TownTime) -> Service:
    return Service(
        town=settings.town,
        store=WatchedStore(store, wire),
        vault=WatchedVault(FileVault(settings.keys), wire),
        words=JinjaWords(town=settings.town.name),
        clock=clock,
        platforms={
            account.name: WatchedPlatform(platform_of(account, settings, clock), wire) for account in settings.accounts
        },
    )


def main(text: str) -> None:
    """Be the process. Writes what it has to say beside its database."""
    orders = read(text)
    said = os.open(Path(orders.folder) / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    while orders.gated and not (Path(orders.folder) / "begin").exists():
        time.sleep(0.01)
    asyncio.run(live(orders))


if __name__ == "__main__":
    main(sys.argv[1])
