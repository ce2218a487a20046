"""Sanctions: deciding them, ending them, and what is to be looked at, in every store alike."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.audit import of_sanction
from core.identifiers import AccountName, Address, CaseNumber, MemberKey, SanctionId
from core.ports.store import Store
from core.sanction import Measure, NotSanctioned, Obstacle, Order, Sanction, SanctionKind, SanctionState, strikes
from core.sanctioning import impose, lift, second, subject_of
from core.staff import SERVICE, Act
from storage.vault import MemoryVault
from tests.core.examples import NOON
from tests.core.test_sanction import DAY, DENIS, GROUP, HOUR, WARN, ban, mute, order, sanction
from tests.core.test_staff import ANNE, BASILE, CHLOE, TELEGRAM, staff

LOCKED = Order(measure=Measure(kind=SanctionKind.LOCK, lasts=HOUR), account=TELEGRAM, chat=GROUP)
VAULT = MemoryVault()
STANDING, ENDING, ENDED = SanctionState.STANDING, SanctionState.ENDING, SanctionState.ENDED


async def _imposed(store: Store, what: Order, *, by: MemberKey = CHLOE) -> Sanction:
    return await store.write(lambda books: impose(books, what, at=NOON, by=by, staff=staff(), vault=VAULT))


async def _seconded(store: Store, number: SanctionId, *, by: MemberKey) -> Sanction:
    return await store.write(lambda books: second(books, number, at=NOON + HOUR, by=by, staff=staff()))


async def _lifted(store: Store, number: SanctionId, *, by: MemberKey = CHLOE, annulled: bool = False) -> Sanction:
    return await store.write(lambda books: lift(books, number, at=NOON + HOUR, by=by, staff=staff(), annulled=annulled))


async def _kept(store: Store, *sanctions: Sanction) -> tuple[Sanction, ...]:
    return await store.write(lambda books: tuple(books.sanctions.add(each) for each in sanctions))


async def test_a_sanction_is_kept_as_decided(store: Store) -> None:
    """Blind for finding, sealed for acting, and in the log of the town."""
    muted = await _imposed(store, replace(order(mute()), case=CaseNumber(7)))

    entries = await store.read(lambda books: books.audit.about(of_sanction(muted.id)))
    assert await store.read(lambda books: books.sanctions.get(muted.id)) == muted
    assert (muted.state, muted.until, muted.case) == (STANDING, NOON + HOUR, 7)
    assert subject_of(VAULT, muted) == DENIS
    assert [(each.deed.who, each.deed.act, each.deed.content) for each in entries] == [(CHLOE, Act.SANCTION, "mute")]


async def test_what_is_refused_leaves_nothing(store: Store) -> None:
    """Neither a sanction nor a line in the log."""
    with pytest.raises(NotSanctioned) as refusal:
        await _imposed(store, order(ban(HOUR)), by=SERVICE)

    assert refusal.value.obstacle is Obstacle.NEEDS_A_HUMAN
    assert await store.read(lambda books: books.sanctions.all()) == ()


async def test_what_was_only_proposed_and_turned_down_counts_for_nothing(store: Store) -> None:
    """Nobody decided it: it is no strike."""
    proposed = await _imposed(store, order(ban()))

    turned_down = await _lifted(store, proposed.id)

    assert turned_down.state is ENDED
    assert strikes([turned_down], NOON + HOUR) == 0


async def test_a_warning_asks_nothing_of_the_network(store: Store) -> None:
    """It counts, and is over."""
    warning = await _imposed(store, order(WARN), by=SERVICE)

    assert (warning.state, warning.ended_at) == (ENDED, NOON)
    assert await store.read(lambda books: books.sanctions.due(TELEGRAM, NOON + DAY, limit=9)) == ()
    assert await store.read(lambda books: books.sanctions.of(warning.subject)) == (warning,)


async def test_what_is_about_a_chat_names_nobody(store: Store) -> None:
    """There is no one to seal."""
    locked = await _imposed(store, LOCKED)

    assert (locked.subject, locked.sealed, subject_of(VAULT, locked)) == (b"", b"", None)
    assert await store.read(lambda books: books.sanctions.about(TELEGRAM, GROUP, b"")) == (locked,)


async def test_the_gravest_waits_for_a_second_person(store: Store) -> None:
    """And lasts from when it was seconded; whoever proposed it is not another."""
    closing = order(Measure(kind=SanctionKind.SUSPEND, lasts=DAY))
    proposed = await _imposed(store, closing)
    due = await store.read(lambda books: books.sanctions.due(TELEGRAM, NOON + DAY, limit=9))
    with pytest.raises(NotSanctioned, match="needs-another"):
        await _seconded(store, proposed.id, by=CHLOE)
    with pytest.raises(NotSanctioned, match="no-right"):
        await _seconded(store, proposed.id, by=MemberKey("gone"))

    decided = await _seconded(store, proposed.id, by=BASILE)

    assert (proposed.state, due) == (SanctionState.PROPOSED, ())
    assert (decided.state, decided.seconded_by, decided.until) == (STANDING, BASILE, NOON + HOUR + DAY)
    assert await store.read(lambda books: books.sanctions.get(proposed.id)) == decided


async def test_what_somebody_proposed_who_left_the_staff_is_not_seconded(store: Store) -> None:
    """Nobody bans for ever alone: one pair of eyes is gone."""
    proposed = await _imposed(store, order(ban()))
    left = replace(staff(), members=tuple(each for each in staff().members if each.key != CHLOE))

    with pytest.raises(NotSanctioned, match="proposer-left"):
        await store.write(lambda books: second(books, proposed.id, at=NOON + HOUR, by=BASILE, staff=left))


async def test_a_ban_for_ever_has_no_end_once_it_is_seconded(store: Store) -> None:
    """And is seconded once."""
    proposed = await _imposed(store, order(ban()))

    decided = await _seconded(store, proposed.id, by=ANNE)

    assert decided.until is None
    for number in (decided.id, SanctionId(0)):
        with pytest.raises(NotSanctioned, match="settled"):
            await _seconded(store, number, by=BASILE)


async def test_what_is_lifted_is_to_be_undone(store: Store) -> None:
    """Until the network agrees; by somebody who may, once."""
    muted = await _imposed(store, order(mute()))
    with pytest.raises(NotSanctioned, match="no-right"):
        await _lifted(store, muted.id, by=MemberKey("gone"))

    lifted = await _lifted(store, muted.id)

    assert (lifted.state, lifted.ended_at, lifted.ended_by, lifted.annulled) == (ENDING, NOON + HOUR, CHLOE, False)
    assert await store.read(lambda books: books.sanctions.due(TELEGRAM, NOON + HOUR, limit=9)) == (lifted,)
    with pytest.raises(NotSanctioned, match="settled"):
        await _lifted(store, muted.id)


async def test_what_was_only_proposed_is_withdrawn(store: Store) -> None:
    """There is nothing to undo."""
    proposed = await _imposed(store, order(ban()))

    assert (await _lifted(store, proposed.id)).state is ENDED


async def test_what_is_over_can_still_be_annulled(store: Store) -> None:
    """A warning that should not have been counts no more; once is enough."""
    warning = await _imposed(store, order(WARN))

    annulled = await _lifted(store, warning.id, annulled=True)

    assert (annulled.annulled, annulled.ended_at) == (True, NOON)
    with pytest.raises(NotSanctioned, match="settled"):
        await _lifted(store, warning.id, annulled=True)


async def test_those_due_come_the_longest_due_first(store: Store) -> None:
    """Of this account alone, and only those that live."""
    elsewhere = replace(sanction(), account=AccountName("other"))
    waiting = (sanction(state=SanctionState.PROPOSED), sanction(state=ENDED), replace(sanction(), look_at=NOON + HOUR))
    later, first = replace(sanction(), look_at=NOON), replace(sanction(state=ENDING), look_at=NOON - HOUR)
    await _kept(store, elsewhere, *waiting, later, first)

    due = await store.read(lambda books: books.sanctions.due(TELEGRAM, NOON, limit=9))

    assert [each.look_at for each in due] == [NOON - HOUR, NOON]
    assert len(await store.read(lambda books: books.sanctions.due(TELEGRAM, NOON, limit=1))) == 1


async def test_those_that_live_of_one_place_are_found_together(store: Store) -> None:
    """What should be is asked of all of them."""
    one, ending, _, _ = await _kept(
        store, sanction(), sanction(state=ENDING), sanction(state=ENDED), replace(sanction(), chat=Address("-1"))
    )

    assert await store.read(lambda books: books.sanctions.about(TELEGRAM, GROUP, one.subject)) == (one, ending)


async def test_what_fails_is_a_state(store: Store) -> None:
    """It is kept with its reason, until it succeeds or is over."""
    (whole,) = await _kept(store, sanction())
    failing = replace(
        whole, ours=True, failures=2, failing_since=NOON, trouble="not enough rights", look_at=NOON + HOUR
    )

    saved = await store.write(lambda books: books.sanctions.save(failing, expected=STANDING))

    assert saved
    assert await store.read(lambda books: books.sanctions.failing()) == (failing,)
    assert not await store.write(lambda books: books.sanctions.save(whole, expected=ENDING))
    assert not await store.write(
        lambda books: books.sanctions.save(replace(whole, id=SanctionId(whole.id + 1)), expected=STANDING)
    )


async def test_sanctions_are_listed_the_newest_first(store: Store) -> None:
    """By state, where one is asked for; a slow mode with its pause."""
    slow = replace(sanction(SanctionKind.SLOW_MODE), pause=timedelta(seconds=30), subject=b"", sealed=b"")
    first, last = await _kept(store, sanction(state=ENDED), slow)

    assert await store.read(lambda books: books.sanctions.all()) == (last, first)
    assert await store.read(lambda books: books.sanctions.all(limit=1)) == (last,)
    assert await store.read(lambda books: books.sanctions.all(state=ENDED)) == (first,)


async def test_sanctions_are_forgotten_after_their_end(store: Store) -> None:
    """Not while they last, however long ago they began; a proposal that nobody seconded is forgotten too."""
    over = replace(sanction(state=ENDED), ended_at=NOON)
    await _kept(store, sanction(), over, replace(over, ended_at=NOON + DAY), sanction(state=SanctionState.PROPOSED))

    gone = await store.write(lambda books: books.sanctions.purge(before=NOON + HOUR))

    left = await store.read(lambda books: books.sanctions.all())
    assert (gone, [each.state for each in left]) == (2, [ENDED, STANDING])
