"""Parvis: the adapter, the runner with its durable inbox, the store on SQLite, the templates. As in ``parvis run``."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.telegram.adapter import TelegramAdapter
from app.clock import SystemClock
from benchmarks import hall
from benchmarks.presses import Load, Until, measured
from benchmarks.rounds import Measures
from benchmarks.votes.town import ACCOUNT
from core.events import ButtonPressed, Received
from core.identifiers import IntakeId
from core.ports.platform import Cursor, Introduction

_TOKEN = "1000001:benchmark"  # noqa: S105  of nobody
_IN_FLIGHT = 32


def whole(url: str, load: Load, folder: str) -> Measures:
    """Votes heard, stored, counted and answered."""

    async def listening(url: str, until: Until) -> None:
        async with _adapter(url) as adapter:
            await hall.serve(adapter, Path(folder), until)

    return measured(url, load, listening)


def without_storage(url: str, load: Load, _folder: str) -> Measures:
    """Presses heard, understood and answered; nothing is stored."""

    async def listening(url: str, until: Until) -> None:
        async with _adapter(url) as adapter:
            listens = asyncio.create_task(_answer_all(adapter))
            await until()
            listens.cancel()
            await asyncio.wait((listens,))

    return measured(url, load, listening)


async def _answer_all(adapter: TelegramAdapter) -> None:
    cursor, in_flight = None, asyncio.Semaphore(_IN_FLIGHT)
    now = SystemClock().now()
    received = Received(account=ACCOUNT, order=IntakeId(1), at=now)

    async def answer(event: ButtonPressed) -> None:
        async with in_flight:
            await adapter.toast(event.handle, "C'est noté : La passerelle.", alert=False)

    async with asyncio.TaskGroup() as group:
        while True:
            for update in await adapter.fetch(cursor):
                cursor = Cursor(update.number + 1)
                for event in adapter.understand(update.body, received):
                    assert isinstance(event, ButtonPressed)
                    group.create_task(answer(event))


@asynccontextmanager
async def _adapter(url: str) -> AsyncIterator[TelegramAdapter]:
    adapter = TelegramAdapter(account=ACCOUNT, token=_TOKEN, base_url=url, clock=SystemClock())
    await adapter.open(Introduction(), known=None)
    try:
        yield adapter
    finally:
        await adapter.close()
