"""What needs a human, in every store alike."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.alert import Alert, AlertKind, Matter
from core.audience import Recipient, RecipientKind
from core.delivery import DeliveryState
from core.identifiers import AlertId, CitizenId, DeliveryId
from core.ports.store import Store
from tests.contracts.doings import LATER, MARKET, SQUARE, planned, settled
from tests.core.examples import NOON, words

DOUBT = Matter(kind=AlertKind.DOUBT, about="occurrence:1", deliveries=(DeliveryId(7),), private=2)
HALT = Matter(kind=AlertKind.HALT, about="account:telegram", detail=words("refused"), until=LATER)
STAFF = Recipient(RecipientKind.STAFF, "telegram:1")


async def _open(store: Store, matter: Matter = DOUBT, *, at: datetime = NOON) -> Alert:
    return await store.write(lambda books: books.alerts.open(matter, at=at))


async def _standing(store: Store) -> tuple[Alert, ...]:
    return await store.read(lambda books: books.alerts.standing())


async def _save(store: Store, alert: Alert) -> Alert:
    await store.write(lambda books: books.alerts.save(alert))
    return alert


async def test_what_is_opened_stands_and_is_read_as_it_was_written(store: Store) -> None:
    """With all that it is about."""
    first, second = await _open(store), await _open(store, HALT)

    assert await _standing(store) == (first, second)
    assert await store.read(lambda books: books.alerts.get(second.id)) == second
    assert (second.matter, second.since, second.told_at) == (HALT, NOON, None)


async def test_nothing_has_a_number_that_was_not_given(store: Store) -> None:
    """An alert long forgotten."""
    assert await store.read(lambda books: books.alerts.get(AlertId(0))) is None


async def test_one_matter_has_one_alert_while_it_stands(store: Store) -> None:
    """However many find it; the last one says how it stands."""
    first = await _open(store)
    again = await _open(store, replace(DOUBT, private=3), at=LATER)

    assert await _standing(store) == (again,)
    assert (again.id, again.since, again.matter.private) == (first.id, NOON, 3)


async def test_a_matter_that_is_over_may_come_again(store: Store) -> None:
    """It is another alert, also while the end of the first is not yet said everywhere."""
    over = await _save(store, replace(await _open(store), over_at=LATER, said="digest"))
    again = await _open(store)

    assert await _standing(store) == (over, again)
    assert over.id != again.id


async def test_what_is_done_stands_no_more_and_is_forgotten_in_time(store: Store) -> None:
    """What is not done is kept, however old it is."""
    done = await _save(store, replace(await _open(store), over_at=LATER, done=True))
    await _open(store, HALT)

    assert [each.matter for each in await _standing(store)] == [HALT]
    assert await store.write(lambda books: books.alerts.purge(before=NOON)) == 0
    assert await store.write(lambda books: books.alerts.purge(before=LATER)) == 1
    assert await store.read(lambda books: books.alerts.get(done.id)) is None
    assert len(await _standing(store)) == 1


async def test_how_much_was_told_since_an_instant_is_known(store: Store) -> None:
    """That instant included; what was never told does not count."""
    await _save(store, replace(await _open(store), told_at=NOON))
    await _open(store, HALT)

    counts = [
        await store.read(lambda books, at=at: books.alerts.told(since=at))  # type: ignore[misc]  # mypy wants a name
        for at in (NOON, NOON + timedelta(microseconds=1))
    ]

    assert counts == [1, 0]


async def test_what_needs_a_human_is_found(store: Store) -> None:
    """Doubts of all but the staff; what is public and did not go out, for a while; nothing else."""
    citizen = Recipient(RecipientKind.CITIZEN, str(CitizenId(1)))
    deliveries = await planned(store, SQUARE, MARKET, citizen, STAFF, SQUARE, citizen, SQUARE)
    states = [
        DeliveryState.UNCERTAIN,
        DeliveryState.FAILED,
        DeliveryState.UNCERTAIN,
        DeliveryState.UNCERTAIN,
        DeliveryState.EXPIRED,
        DeliveryState.FAILED,
    ]
    for delivery, state in zip(deliveries, states, strict=False):
        await settled(store, delivery, state)

    soon = await store.read(lambda books: books.deliveries.ailing(since=NOON))
    late = await store.read(lambda books: books.deliveries.ailing(since=LATER))

    assert [(each.id, each.state) for each in soon] == [(deliveries[rank].id, states[rank]) for rank in (0, 1, 2, 4)]
    assert [(each.id, each.kind) for each in late] == [
        (deliveries[0].id, RecipientKind.CHANNEL),
        (deliveries[2].id, RecipientKind.CITIZEN),
    ]
    assert {each.account for each in soon} == {"telegram"}


async def test_what_went_to_one_recipient_is_found(store: Store) -> None:
    """The copies of an alert, told twice."""
    first, _, second = await planned(store, STAFF, SQUARE, STAFF)

    assert await store.read(lambda books: books.deliveries.to(STAFF)) == (first, second)


async def test_doubts_about_the_staff_are_not_looked_back_for(store: Store) -> None:
    """They are said again instead."""
    staff, public = await planned(store, STAFF, SQUARE)
    for each in (staff, public):
        await settled(store, each, DeliveryState.UNCERTAIN)

    found = await store.read(lambda books: books.deliveries.in_doubt(public.account))

    assert [each.id for each in found] == [public.id]


async def test_what_was_said_to_the_staff_is_forgotten_in_time(store: Store) -> None:
    """A private chat of an officer is somebody's too."""
    (told,) = await planned(store, STAFF)
    await settled(store, told, DeliveryState.SENT)

    assert await store.write(lambda books: books.deliveries.purge(before=LATER + timedelta(days=1))) == 1
