"""Parvis: the adapter, the runner with its durable inbox, the store on SQLite, the templates. As in ``parvis run``."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from adapters.telegram.adapter import TelegramAdapter
from app.clock import SystemClock
from benchmarks.rounds import Measures
from benchmarks.telegram_votes.load import Load, Until, measured
from benchmarks.votes.town import ACCOUNT, POLL, question
from bots.desk import Desk
from bots.runner import Runner
from core.events import ButtonPressed, Received
from core.identifiers import IntakeId, PlatformName
from core.moderation import Charter
from core.ports.platform import Cursor, Introduction
from core.ports.store import Books
from core.town import Town
from core.wording import Wording
from storage.migrations import upgrade
from storage.store import SqlStore
from storage.vault import FileVault
from templates.render import JinjaWords

_TOKEN = "1000001:benchmark"  # noqa: S105  of nobody
_IN_FLIGHT = 32
_TOWN = Town(
    name=Wording(fr="Rives", en="Rives"), zone="Europe/Paris", charter=Charter(version="1", rules=()), channels=()
)


def whole(url: str, load: Load, folder: str) -> Measures:
    """Votes heard, stored, counted and answered."""

    async def listening(url: str, until: Until) -> None:
        async with _adapter(url) as adapter, _desk(Path(folder)) as desk:
            words = await asyncio.to_thread(JinjaWords, town=_TOWN.name)
            runner = Runner(desk=desk, platform=adapter, words=words)
            listens = asyncio.create_task(runner.listen())
            await until()
            listens.cancel()
            await asyncio.wait((listens,))

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


@asynccontextmanager
async def _desk(folder: Path) -> AsyncIterator[Desk]:
    address = f"sqlite:///{folder / 'town.db'}"
    await asyncio.to_thread(upgrade, address)
    vault = await asyncio.to_thread(FileVault, folder / "keys")
    await asyncio.to_thread(vault.create_poll_key, POLL)
    store = await SqlStore.open(address)
    await store.write(_open)
    try:
        yield Desk(
            store=store,
            vault=vault,
            clock=SystemClock(),
            town=_TOWN,
            platform=PlatformName("telegram"),
            account=ACCOUNT,
        )
    finally:
        await store.close()


def _open(books: Books) -> None:
    now = SystemClock().now()
    books.polls.add(replace(question(), opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)))
    books.polls.open(POLL)
