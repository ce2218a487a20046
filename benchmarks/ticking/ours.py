"""What the metronome looks at: the planner's tick each second, the ledger's every five, over the town's own store."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from app.service import Service
from benchmarks.rounds import Measures
from benchmarks.ticking.town import SQUARE, StillClock, minutes
from campaigns.outlook import AT_ONCE
from core.audience import Channel
from core.identifiers import AccountName, Address, Locale, PlatformName
from core.moderation import Charter
from core.town import Town
from core.wording import Wording
from storage.store import SqlStore
from storage.vault import FileVault
from templates.render import JinjaWords

_ACCOUNT = AccountName("telegram")
_TOWN = Town(
    name=Wording(fr="Rives", en="Rives"),
    zone="Europe/Paris",
    charter=Charter(version="1", rules=()),
    channels=(
        Channel(
            name=SQUARE,
            platform=PlatformName("telegram"),
            account=_ACCOUNT,
            address=Address("@rives"),
            locale=Locale.FR,
        ),
    ),
)


def ours(url: str, campaigns: int, looks: int, soon: int) -> Measures:
    """Time the first ticks of a day, ticks at which nothing is due, ticks at which one step is."""
    return asyncio.run(_measured(url, campaigns, looks, soon))


async def _measured(url: str, campaigns: int, looks: int, soon: int) -> Measures:
    clock = StillClock()
    store = await SqlStore.open(url)
    with tempfile.TemporaryDirectory(prefix="parvis-benchmark-") as folder:
        vault = await asyncio.to_thread(FileVault, Path(folder) / "keys")
        words = await asyncio.to_thread(JinjaWords, town=_TOWN.name)
        service = Service(town=_TOWN, store=store, vault=vault, words=words, clock=clock, platforms={})

        async def plan() -> None:
            await service.planner.look()
            await service.planner.next_due()

        try:
            day = [await _took(plan) for _ in range(campaigns // AT_ONCE + 1)]
            idle = median([await _took(plan) for _ in range(looks)])
            ledger = median([await _took(service.look_at_the_ledger) for _ in range(looks)])
            steps: list[float] = []
            for at in minutes(soon):
                clock.at = at
                began = time.perf_counter()
                if await service.planner.look() != 1:
                    raise ValueError(f"not one step is settled at {at}")
                steps.append(time.perf_counter() - began)
        finally:
            await store.close()
    return {
        "tick ms": idle * 1000,
        "tick of the ledger ms": ledger * 1000,
        "a step ms": median(steps) * 1000,
        "of the first, the longest ms": max(day) * 1000,
        "the first, together s": sum(day),
    }


async def _took(look: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await look()
    return time.perf_counter() - began
