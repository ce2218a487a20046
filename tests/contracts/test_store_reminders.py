"""Private reminders: what they would tell of who voted is forgotten with the poll."""

from dataclasses import replace
from functools import partial

from core.delivery import Delivery
from core.identifiers import DeliveryId, PollId
from core.messages import PollOpened, PollReminder
from core.ports.store import Books, Store
from tests.contracts.doings import SQUARE, planned, subscribed
from tests.core.examples import BRIDGE, poll


async def test_the_private_reminders_of_a_poll_are_dropped(store: Store) -> None:
    """Who got none had taken part; what all got, and what stands in public, says nothing of anyone."""
    citizen = await subscribed(store, b"a" * 16)
    reminder = PollReminder(poll=poll(), zone="Europe/Paris", voters=1)
    other = replace(reminder, poll=replace(poll(), id=PollId("other_poll")))
    question = PollOpened(poll=poll(), zone="Europe/Paris")
    dropped, public = await planned(store, citizen, SQUARE, message=reminder)
    (elsewhere,) = await planned(store, citizen, message=other)
    (asked,) = await planned(store, citizen, message=question)

    gone = await store.write(lambda books: books.deliveries.drop_reminders(BRIDGE))

    assert gone == 1
    assert [await store.read(partial(_get, each.id)) for each in (dropped, public, elsewhere, asked)] == [
        None,
        public,
        elsewhere,
        asked,
    ]


def _get(delivery: DeliveryId, books: Books) -> Delivery | None:
    return books.deliveries.get(delivery)
