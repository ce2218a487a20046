"""Updates between arrival and effect: stored once, in order, until done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.identifiers import AccountName
from core.ports.books.inbox import TOLD, Aside, Intake
from core.ports.platform import Cursor, Update
from core.ports.store import Books, Store
from tests.core.examples import NOON

TELEGRAM = AccountName("telegram")
OTHER = AccountName("other")


def _updates(*numbers: int) -> list[Update]:
    return [Update(number, f"update {number}".encode()) for number in numbers]


async def _take(store: Store, *numbers: int, account: AccountName = TELEGRAM) -> tuple[Intake, ...]:
    following = max(numbers) + 1
    return await store.write(
        lambda books: books.inbox.take_in(account, _updates(*numbers), cursor=Cursor(following), at=NOON)
    )


async def test_an_account_that_never_listened_has_no_cursor(store: Store) -> None:
    """The platform is then asked without one."""
    assert await store.read(lambda books: books.inbox.cursor(TELEGRAM)) is None


async def test_updates_and_cursor_are_stored_together(store: Store) -> None:
    """The next question confirms these updates to the platform: they must be safe by then."""
    taken = await _take(store, 10, 11)

    assert [(intake.number, intake.body, intake.at) for intake in taken] == [
        (10, b"update 10", NOON),
        (11, b"update 11", NOON),
    ]
    assert await store.read(lambda books: books.inbox.cursor(TELEGRAM)) == (Cursor(12), NOON)


async def test_updates_are_pending_in_the_order_of_their_numbers(store: Store) -> None:
    """Whatever order they came in within one batch."""
    await _take(store, 12, 10, 11)

    pending = await store.read(lambda books: books.inbox.pending(TELEGRAM, limit=2))

    assert [intake.number for intake in pending] == [10, 11]
    assert pending[0].id < pending[1].id


async def test_a_replayed_batch_changes_nothing(store: Store) -> None:
    """A platform that missed our confirmation says everything again."""
    first = await _take(store, 10, 11)

    again = await _take(store, 10, 11)

    assert again == ()
    assert await store.read(lambda books: books.inbox.pending(TELEGRAM, limit=9)) == first


async def test_an_older_batch_replayed_does_not_move_the_cursor_back(store: Store) -> None:
    """What was confirmed stays confirmed."""
    await _take(store, 10)
    await _take(store, 11)

    await _take(store, 10)

    assert await store.read(lambda books: books.inbox.cursor(TELEGRAM)) == (Cursor(12), NOON)


async def test_only_the_new_part_of_an_overlapping_batch_is_taken(store: Store) -> None:
    """The rest is there already."""
    await _take(store, 10, 11)

    assert [intake.number for intake in await _take(store, 11, 12)] == [12]


async def test_a_number_twice_in_one_batch_is_one_update(store: Store) -> None:
    """Two rows would be two votes."""
    assert len(await _take(store, 10, 10)) == 1


async def test_without_updates_the_cursor_goes_where_it_is_told(store: Store) -> None:
    """After a week of silence a platform may begin again with lower numbers: the listener then says where."""
    await _take(store, 900)

    await store.write(lambda books: books.inbox.take_in(TELEGRAM, [], cursor=Cursor(5), at=NOON + timedelta(days=7)))

    assert len(await _take(store, 5)) == 1
    assert await store.read(lambda books: books.inbox.cursor(OTHER)) is None


async def test_each_account_has_an_inbox_of_its_own(store: Store) -> None:
    """Two accounts count their updates apart."""
    await _take(store, 10)

    taken = await _take(store, 10, account=OTHER)

    assert await store.read(lambda books: books.inbox.pending(OTHER, limit=9)) == taken


async def test_what_is_done_is_forgotten(store: Store) -> None:
    """The row holds an account and a choice: it goes with the transaction that stores the effect."""
    first, second = await _take(store, 10, 11)

    await store.write(lambda books: books.inbox.done([first.id]))

    assert await store.read(lambda books: books.inbox.pending(TELEGRAM, limit=9)) == (second,)


async def test_doing_nothing_is_allowed(store: Store) -> None:
    """A turn may have nothing to forget."""
    await store.write(lambda books: books.inbox.done([]))

    assert await store.read(lambda books: books.inbox.oldest([TELEGRAM])) is None


async def test_an_order_of_arrival_is_never_given_twice(store: Store) -> None:
    """It decides which of two votes is the later one, so it must grow even when the inbox has been emptied."""
    (first,) = await _take(store, 10)
    await store.write(lambda books: books.inbox.done([first.id]))

    (second,) = await _take(store, 11)

    assert second.id > first.id


async def test_the_oldest_update_waiting_is_known(store: Store) -> None:
    """A poll closes only when nothing received before is still pending; accounts that are gone hold nothing up."""
    await _take(store, 10)
    later = NOON + timedelta(minutes=1)
    await store.write(lambda books: books.inbox.take_in(OTHER, _updates(3), cursor=Cursor(4), at=later))

    assert await store.read(lambda books: books.inbox.oldest([OTHER, TELEGRAM])) == NOON
    assert await store.read(lambda books: books.inbox.oldest([OTHER])) == later


async def test_what_an_account_left_behind_is_found(store: Store) -> None:
    """The configuration may lose an account while updates wait."""
    await _take(store, 10)
    first, second = await _take(store, 3, 4, account=OTHER)

    assert await store.read(lambda books: books.inbox.left_behind([TELEGRAM], limit=9)) == (first, second)
    assert await store.read(lambda books: books.inbox.left_behind([TELEGRAM], limit=1)) == (first,)
    assert await store.read(lambda books: books.inbox.left_behind([TELEGRAM, OTHER], limit=9)) == ()


async def test_an_update_set_aside_leaves_the_inbox(store: Store) -> None:
    """One unreadable update must not stop the rest."""
    bad, good = await _take(store, 10, 11)

    def set_aside(books: Books) -> int:
        books.inbox.quarantine(bad, sealed=b"sealed", reason="Unreadable")
        return books.inbox.quarantined()

    assert await store.write(set_aside) == 1
    assert await store.read(lambda books: books.inbox.pending(TELEGRAM, limit=9)) == (good,)


async def test_what_was_set_aside_is_forgotten_in_time(store: Store) -> None:
    """Sealed or not, it is about people. Exclusive of the instant."""
    (bad,) = await _take(store, 10)
    await store.write(lambda books: books.inbox.quarantine(bad, sealed=b"sealed", reason="Unreadable"))

    assert await store.write(lambda books: books.inbox.purge(before=NOON)) == 0
    assert await store.write(lambda books: books.inbox.purge(before=NOON + timedelta(microseconds=1))) == 1
    assert await store.read(lambda books: books.inbox.quarantined()) == 0


async def test_what_is_set_aside_is_listed_with_the_newest_first(store: Store) -> None:
    """Whoever repairs the fault sees what it cost, and whose author was told."""
    first, second = await _take(store, 10, 11)
    await store.write(lambda books: books.inbox.quarantine(first, sealed=b"1", reason="Unreadable"))
    await store.write(lambda books: books.inbox.quarantine(second, sealed=b"2", reason=f"{TOLD}KeyError"))

    newest, oldest = await store.read(lambda books: books.inbox.aside(limit=9))

    assert oldest == Aside(id=first.id, account=TELEGRAM, number=10, sealed=b"1", reason="Unreadable", at=NOON)
    assert (newest.number, newest.was_told, oldest.was_told) == (11, True, False)
    assert await store.read(lambda books: books.inbox.aside(limit=1)) == (newest,)


async def test_an_update_put_back_has_the_place_it_had(store: Store) -> None:
    """It arrived when it arrived: a vote among them is older than what its citizen did since."""
    bad, good = await _take(store, 10, 11)
    await store.write(lambda books: books.inbox.quarantine(bad, sealed=b"sealed", reason="Unreadable"))

    assert await store.write(lambda books: books.inbox.put_back(bad.id, body=b"unsealed"))

    waiting = await store.read(lambda books: books.inbox.pending(TELEGRAM, limit=9))
    assert waiting == (replace(bad, body=b"unsealed"), good)
    assert await store.read(lambda books: books.inbox.quarantined()) == 0


async def test_an_update_is_put_back_once(store: Store) -> None:
    """Whoever asks twice changes nothing."""
    (bad,) = await _take(store, 10)
    await store.write(lambda books: books.inbox.quarantine(bad, sealed=b"sealed", reason="Unreadable"))
    await store.write(lambda books: books.inbox.put_back(bad.id, body=b"unsealed"))

    assert not await store.write(lambda books: books.inbox.put_back(bad.id, body=b"unsealed"))
    assert len(await store.read(lambda books: books.inbox.pending(TELEGRAM, limit=9))) == 1


@pytest.mark.parametrize("number", [2**40, 2**62], ids=["beyond 32 bits", "near 64 bits"])
async def test_numbers_may_be_large(store: Store, number: int) -> None:
    """Platforms count in 64 bits."""
    assert [intake.number for intake in await _take(store, number)] == [number]
