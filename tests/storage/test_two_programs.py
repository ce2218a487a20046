"""A service that sends and a command that stops it, on one database: one is first, and the other sees it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import pytest
import pytest_asyncio

from core.audience import Destination
from core.delivery import Delivery, DeliveryState
from core.errors import StorageError
from core.identifiers import Address, Locale
from core.poll import Outcome, Vote
from core.ports.store import Books, Guard, Store
from delivery.bells import Hands
from delivery.courier import Courier
from delivery.sobriety import freeze
from storage.store import SqlStore
from tests.contracts.doings import BRIDGE_CAMPAIGN, SQUARE, planned, started
from tests.core.examples import NOON
from tests.delivery.post_office import Crossing
from tests.fakes import FakeWords, StoppedClock

T = TypeVar("T")
_SHORT = timedelta(milliseconds=50)


@dataclass
class _Unhurried:
    """A store whose first transaction, once it has done its work, waits before the commit."""

    store: Store
    done: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    async def write(self, work: Callable[[Books], T]) -> T:
        """Write, and wait."""

        def slowly(books: Books) -> T:
            result = work(books)
            self.done.set()
            assert self.go.wait(timeout=30)
            return result

        return await self.store.write(slowly)

    async def read(self, work: Callable[[Books], T]) -> T:
        """Read."""
        return await self.store.read(work)

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Cast."""
        return await self.store.cast(votes, guard=guard)

    async def close(self) -> None:
        """Let go."""
        await self.store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest_asyncio.fixture
async def programs(url: str) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    """The service's store and that of the command, which waits a short time only for its turn."""
    impatient = url if url.startswith("sqlite") else f"{url}&options=-c%20lock_timeout%3D50"
    service, command = await SqlStore.open(url), await SqlStore.open(impatient, patience=_SHORT)
    yield service, command
    await service.close()
    await command.close()


def _freeze(books: Books) -> None:
    freeze(books, "mourning", at=NOON)


def _cancel(books: Books) -> None:
    assert books.campaigns.cancel(BRIDGE_CAMPAIGN)


async def _due(store: Store) -> Delivery:
    occurrence, *_ = await started(store)
    (delivery,) = await planned(store, SQUARE, occurrence=occurrence.id)
    return delivery


async def _carry(store: Store, platform: Crossing, delivery: Delivery) -> None:
    courier = Courier(platform=platform, store=store, words=FakeWords(), clock=StoppedClock(), hands=Hands())
    await courier.carry(
        delivery, Destination(address=Address("@square"), private=False, locale=Locale.FR), delivery.message
    )


async def _state(store: Store, delivery: Delivery) -> DeliveryState:
    found = await store.read(lambda books: books.deliveries.get(delivery.id))
    assert found is not None
    return found.state


@pytest.mark.parametrize(
    ("stop", "stands"),
    [(_freeze, DeliveryState.PLANNED), (_cancel, DeliveryState.CANCELLED)],
    ids=["frozen", "cancelled"],
)
async def test_what_another_program_stopped_is_not_sent_although_it_was_in_hand(
    programs: tuple[SqlStore, SqlStore], stop: Callable[[Books], None], stands: DeliveryState
) -> None:
    """The service had read it and waited for its turn; the claim looks again."""
    service, command = programs
    platform = Crossing()
    platform.meanwhile = lambda: command.write(stop)
    delivery = await _due(service)

    await _carry(service, platform, delivery)

    assert (platform.sent, await _state(command, delivery)) == ([], stands)


@pytest.mark.parametrize("stop", [_freeze, _cancel], ids=["freezing", "cancelling"])
async def test_nobody_stops_a_call_between_its_claim_and_the_commit(
    programs: tuple[SqlStore, SqlStore], stop: Callable[[Books], None]
) -> None:
    """Else the command would say «stopped», and the call would follow."""
    service, command = programs
    delivery, platform, slow = await _due(service), Crossing(), _Unhurried(service)
    carrying = asyncio.get_running_loop().create_task(_carry(slow, platform, delivery))
    await asyncio.to_thread(slow.done.wait)

    with pytest.raises(StorageError):
        await command.write(stop)
    slow.go.set()
    await carrying
    await command.write(stop)

    assert (len(platform.sent), await _state(command, delivery)) == (1, DeliveryState.SENT)
