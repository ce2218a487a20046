"""The networks' own polls: which message carries which, what is known of them, and what changes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.delivery import DeliveryState
from core.identifiers import IntakeId, NativePollId
from core.messages import PollOpened
from core.native import NativeTally, Sighting
from core.ports.books.natives import Hosted, Nameless
from core.ports.store import Store
from tests.contracts.doings import ACCOUNT, MARKET, OTHER, SQUARE, opened, planned, settled
from tests.core.examples import BRIDGE, NOON, poll, receipt

OPENED = PollOpened(poll=poll(), zone="Europe/Paris")
NAME = NativePollId("5000")
CARRIER = replace(receipt(7), call="sendPoll", poll=NAME)


async def _hosted(store: Store) -> Hosted:
    """Open a poll that a network asks by its own."""
    await opened(store, poll())
    (delivery,) = await planned(store, SQUARE, message=OPENED)
    await settled(store, delivery, DeliveryState.SENT, receipt(6), CARRIER)
    return Hosted(delivery=delivery.id, account=ACCOUNT, poll=BRIDGE, receipt=CARRIER)


def _seen(first: int, second: int, *, minutes: int = 0, order: int = 1, final: bool = False) -> Sighting:
    tally = NativeTally(counts=(first, second, 0), voters=first + second, final=final)
    return Sighting(tally=tally, at=NOON + timedelta(minutes=minutes), order=IntakeId(order))


async def _see(store: Store, seen: Sighting, name: NativePollId = NAME) -> None:
    await store.write(lambda books: books.natives.see(ACCOUNT, name, seen))


async def _of(store: Store) -> tuple[Hosted, ...]:
    return await store.read(lambda books: books.natives.of(BRIDGE))


async def _unsettled(store: Store) -> tuple[Hosted, ...]:
    return await store.read(lambda books: books.natives.unsettled())


async def test_a_message_that_carries_a_poll_of_the_network_is_known_by_its_receipt(store: Store) -> None:
    """It is durable with the receipt itself, so that a crash in between loses nothing."""
    hosted = await _hosted(store)

    assert (await _of(store), await _unsettled(store)) == ((hosted,), (hosted,))


@pytest.mark.parametrize(
    ("state", "asks", "doubted", "expected"),
    [
        (DeliveryState.UNCERTAIN, True, False, True),
        (DeliveryState.SENDING, True, False, True),
        (DeliveryState.SENT, True, False, True),
        (DeliveryState.PLANNED, True, True, True),
        (DeliveryState.PLANNED, True, False, False),
        (DeliveryState.FAILED, True, False, False),
        (DeliveryState.UNCERTAIN, False, False, False),
    ],
    ids=["in doubt", "under way", "out, a human says", "to be made again", "not made", "refused", "its words in doubt"],
)
async def test_a_poll_that_may_be_out_and_has_no_name_is_known(
    store: Store, *, state: DeliveryState, asks: bool, doubted: bool, expected: bool
) -> None:
    """Its votes count on the network, and nobody can look at them: that must not be hidden."""
    await opened(store, poll())
    (delivery,) = await planned(store, SQUARE, message=OPENED)
    mine = replace(delivery, state=state, asks=asks, doubted_at=NOON if doubted else None)
    await store.write(lambda books: books.deliveries.save(mine, expected=DeliveryState.PLANNED))

    nameless = await store.read(lambda books: (books.natives.nameless(BRIDGE), books.deliveries.get(mine.id)))

    assert nameless == ((Nameless(delivery=mine.id, account=ACCOUNT),) if expected else (), mine)


async def test_a_poll_with_a_name_is_not_nameless(store: Store) -> None:
    """It can be looked at, however it came out."""
    hosted = await _hosted(store)
    stands = await store.read(lambda books: books.deliveries.get(hosted.delivery))
    assert stands is not None
    await store.write(lambda books: books.deliveries.save(replace(stands, asks=True), expected=stands.state))

    assert await store.read(lambda books: books.natives.nameless(BRIDGE)) == ()


async def test_a_message_with_buttons_is_no_poll_of_the_network(store: Store) -> None:
    """Parvis counts those ballots itself."""
    await opened(store, poll())
    (delivery,) = await planned(store, MARKET, message=OPENED)
    await settled(store, delivery, DeliveryState.SENT, receipt(7))

    assert (await _of(store), await _unsettled(store)) == ((), ())


async def test_the_newest_total_stands(store: Store) -> None:
    """An older one that comes late does not lower it, and the same again changes nothing."""
    hosted = await _hosted(store)

    for seen in (_seen(1, 0), _seen(3, 2, minutes=2), _seen(2, 0, minutes=1), _seen(3, 2, minutes=2)):
        await _see(store, seen)

    assert await _of(store) == (replace(hosted, seen=_seen(3, 2, minutes=2)),)


async def test_of_two_totals_of_one_instant_the_later_arrival_stands(store: Store) -> None:
    """Updates come in heaps."""
    hosted = await _hosted(store)

    for seen in (_seen(2, 2, order=9), _seen(1, 2, order=8)):
        await _see(store, seen)

    assert await _of(store) == (replace(hosted, seen=_seen(2, 2, order=9)),)


async def test_a_final_total_settles(store: Store) -> None:
    """Whatever is said later is ignored."""
    hosted = await _hosted(store)

    for seen in (_seen(4, 1, final=True), _seen(9, 9, minutes=9)):
        await _see(store, seen)

    assert await _of(store) == (replace(hosted, seen=_seen(4, 1, final=True)),)
    assert await _unsettled(store) == ()


async def test_a_total_that_nobody_knows_is_not_zero(store: Store) -> None:
    """Networks hide totals until the end."""
    hosted = await _hosted(store)

    await _see(store, Sighting(tally=NativeTally(counts=None), at=NOON))

    assert await _of(store) == (hosted,)


async def test_what_is_said_of_an_unknown_poll_changes_nothing(store: Store) -> None:
    """It may be another program's."""
    hosted = await _hosted(store)

    await _see(store, _seen(1, 1), NativePollId("4999"))
    await store.write(lambda books: books.natives.see(OTHER, NAME, _seen(1, 1)))
    await store.write(lambda books: books.natives.ask(ACCOUNT, NativePollId("4999")))
    await store.write(lambda books: books.natives.give_up(OTHER, NAME))

    assert await _of(store) == (hosted,)


async def test_a_change_without_totals_is_remembered_until_they_are_seen(store: Store) -> None:
    """Some networks only say that somebody voted."""
    hosted = await _hosted(store)

    for _ in range(2):
        await store.write(lambda books: books.natives.ask(ACCOUNT, NAME))
    asked = await _of(store)
    await _see(store, _seen(1, 0))

    assert asked == (replace(hosted, asked=True),)
    assert await _of(store) == (replace(hosted, seen=_seen(1, 0)),)


async def test_a_poll_given_up_keeps_what_was_last_seen(store: Store) -> None:
    """Somebody deleted the message: the totals known so far are all there will ever be."""
    hosted = await _hosted(store)
    await _see(store, _seen(1, 0))

    await store.write(lambda books: books.natives.give_up(ACCOUNT, NAME))
    await _see(store, _seen(2, 0, minutes=1))

    (known,) = await _of(store)
    assert (known.gone, known.is_settled, known.seen) == (True, True, _seen(2, 0, minutes=1))
    assert (await _unsettled(store), hosted.is_settled) == ((), False)
