"""A town that debates and votes at once: the adapter, the runner, the charter, the store, as in ``parvis run``."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.telegram.adapter import TelegramAdapter
from app.charter import charter
from app.clock import SystemClock
from benchmarks import hall
from benchmarks.judging.ours import CHARTER
from benchmarks.memory import growth
from benchmarks.presses import Until, asked
from benchmarks.rounds import Measures, percentiles
from benchmarks.votes.town import ACCOUNT, POLL
from core.audience import Channel
from core.identifiers import Address, ChannelName, Locale, PlatformName
from core.ports.platform import Introduction
from core.ports.store import Books
from core.town import Town
from core.wording import Wording
from storage.store import SqlStore

_TOKEN = "1000001:benchmark"  # noqa: S105  of nobody
_DEBATES = Address("-1001000000002")
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_WARMING = 1  # seconds of the same
_GLANCE = 0.05  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """So many messages and presses a second, for so many seconds."""

    messages: int
    presses: int
    seconds: int


def storm(url: str, weather: Weather, folder: str) -> Measures:
    """People vote in it: how long they wait, what it costs, and whether every vote and every message came through."""
    found: dict[str, float] = {}

    async def until() -> None:
        store = await SqlStore.open(f"sqlite:///{Path(folder) / 'town.db'}")
        try:
            await _blows(url, weather, _WARMING)
            await _settled(store)
            with growth() as grown:
                began, cpu = time.perf_counter(), time.process_time()
                waits = await _blows(url, weather, weather.seconds)
                await _settled(store)
                wall, cpu = time.perf_counter() - began, time.process_time() - cpu
            voters, judged = await store.read(_came_through)
        finally:
            await store.close()
        made = weather.seconds + _WARMING
        found.update(percentiles(waits))
        found.update({"CPU %": 100 * cpu / wall, "MiB more": grown.peak, "behind s": wall - weather.seconds})
        found.update({"votes lost": weather.presses * made - voters, "not judged": weather.messages * made - judged})

    asyncio.run(_at_work(url, Path(folder), until))
    return found


async def _at_work(url: str, folder: Path, until: Until) -> None:
    adapter = TelegramAdapter(account=ACCOUNT, token=_TOKEN, base_url=url, clock=SystemClock(), discussions=(_DEBATES,))
    await adapter.open(Introduction(), known=None)
    try:
        await hall.serve(adapter, folder, until, town=await asyncio.to_thread(_town))
    finally:
        await adapter.close()


def _town() -> Town:
    place = Channel(
        name=ChannelName("place"),
        platform=PlatformName("telegram"),
        account=ACCOUNT,
        address=Address("-1001000000001"),
        locale=Locale.FR,
        discussion=_DEBATES,
    )
    return Town(
        name=Wording(fr="Rives", en="Rives"),
        zone="Europe/Paris",
        charter=charter(CHARTER),
        channels=(place,),
        keeps_journal=True,
    )


async def _blows(url: str, weather: Weather, seconds: int) -> list[float]:
    """Let it blow: how long each presser waited, once all are answered and all messages are confirmed."""
    return await asked(f"{url}/storm?seconds={seconds}&messages={weather.messages}&presses={weather.presses}")


async def _settled(store: SqlStore) -> None:
    """Return when everything that was heard is dealt with."""
    while await store.read(lambda books: books.inbox.oldest([ACCOUNT])) is not None:  # noqa: ASYNC110  nobody tells
        await asyncio.sleep(_GLANCE)


def _came_through(books: Books) -> tuple[int, int]:
    """How many voted, and how many messages were judged: each of these is in the journal."""
    return books.polls.tally(POLL).voters, books.journal.count(since=_EVER)
