"""Sanctions are kept: through restarts, hands, lost rights and moves, and no longer than they last."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

import pytest

from core.errors import Gone, Moved, Rejected, StorageError, Unavailable
from core.identifiers import Address, PersonRef, SanctionId
from core.ports.moderator import Hold, Powers, Restraint
from core.ports.store import Books
from core.sanction import Measure, Order, Sanction, SanctionKind, SanctionState, Subject
from core.sanctioning import impose, lift
from delivery.order import CHECKED_EVERY
from delivery.sanctions import Sanctions
from storage.memory import MemoryStore
from storage.vault import MemoryVault
from tests.core.examples import NOON
from tests.core.test_sanction import DAY, DENIS, GROUP, HOUR, ban, mute, order
from tests.core.test_staff import CHLOE, TELEGRAM, staff
from tests.fakes import StoppedClock
from tests.moderators import ScriptedModerator

T = TypeVar("T")
MUTE, BAN = SanctionKind.MUTE, SanctionKind.BAN
NO_RIGHT = Rejected("not enough rights")


@dataclass(slots=True)
class Hall:
    """A town with one account, and what its network holds."""

    store: MemoryStore = field(default_factory=MemoryStore)
    vault: MemoryVault = field(default_factory=MemoryVault)
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(NOON))
    network: ScriptedModerator = field(default_factory=ScriptedModerator)

    def keeper(self) -> Sanctions:
        """Who keeps them, just started."""
        return Sanctions(
            account=TELEGRAM,
            moderator=self.network,
            store=self.store,
            vault=self.vault,
            clock=self.clock,
            staff=staff(),
        )

    async def decides(self, what: Order) -> SanctionId:
        """A moderator orders it."""
        at = self.clock.now()
        found = await self.store.write(
            lambda books: impose(books, what, at=at, by=CHLOE, staff=staff(), vault=self.vault)
        )
        return found.id

    async def lifts(self, number: SanctionId) -> None:
        """A moderator ends it."""
        at = self.clock.now()
        await self.store.write(lambda books: lift(books, number, at=at, by=CHLOE, staff=staff()))

    async def looks(self, after: timedelta = timedelta()) -> None:
        """Time passes, and somebody looks who was just started."""
        self.clock.advance(after)
        await self.keeper().look()

    async def sanction(self, number: SanctionId) -> Sanction:
        """How it stands."""
        found = await self.store.read(lambda books: books.sanctions.get(number))
        assert found is not None
        return found

    def held(self, kind: SanctionKind = MUTE) -> Hold | None:
        """What the network holds against Denis."""
        return self.network.holds.get((GROUP, DENIS, kind))

    def told(self) -> list[str]:
        """What the network was told."""
        return [call for call, _ in self.network.done]


async def test_a_sanction_is_carried_out_once_and_ends_in_time() -> None:
    """To the second, where somebody looks; the network is told of the end where it does not end it itself."""
    hall = Hall()
    number = await hall.decides(order(mute()))

    await hall.looks()
    held = hall.held()
    await hall.looks(CHECKED_EVERY)
    await hall.looks(HOUR - CHECKED_EVERY - timedelta(seconds=1))
    still = (await hall.sanction(number)).state
    hall.network.holds[GROUP, DENIS, MUTE] = Hold()
    await hall.looks(timedelta(seconds=1))

    after = await hall.sanction(number)
    assert held == Hold(until=NOON + HOUR)
    assert (still, after.state, after.ended_at) == (SanctionState.STANDING, SanctionState.ENDED, NOON + HOUR)
    assert (hall.told(), hall.held()) == (["impose", "lift"], None)
    assert hall.network.done[0][1].reason == f"parvis:{number}"


async def test_whoever_keeps_them_looks_each_time_they_are_asked_to() -> None:
    """And rests in between."""
    hall = Hall()
    keeper = hall.keeper()
    await hall.decides(order(mute()))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(keeper.run())
        await asyncio.sleep(0)
        before = keeper.busy
        keeper.ring()
        for _ in range(20):
            await asyncio.sleep(0)
        running.cancel()

    assert (before, hall.told()) == (False, ["impose"])


async def test_what_a_hand_undid_is_repaired(caplog: pytest.LogCaptureFixture) -> None:
    """Also by somebody who was just started; the log says so once."""
    hall = Hall()
    await hall.decides(order(ban(DAY)))
    await hall.looks()
    hall.network.holds.clear()

    with caplog.at_level(logging.INFO):
        await hall.looks(CHECKED_EVERY)

    assert hall.told() == ["impose", "impose"]
    assert [each.message for each in caplog.records].count("sanction_repaired") == 1


async def test_nothing_is_asked_again_before_its_time() -> None:
    """Networks are asked every quarter of an hour."""
    hall = Hall()
    await hall.decides(order(ban(DAY)))

    for _ in range(3):
        await hall.looks(timedelta(minutes=4))

    assert hall.network.asked == 1


async def test_a_lifted_sanction_is_undone_at_once() -> None:
    """Whatever its end was."""
    hall = Hall()
    number = await hall.decides(order(mute(None)))
    await hall.looks()
    await hall.lifts(number)

    await hall.looks(timedelta(minutes=1))

    assert (hall.told(), hall.held()) == (["impose", "lift"], None)
    assert (await hall.sanction(number)).state is SanctionState.ENDED


async def test_the_end_of_one_ban_is_not_the_end_of_another() -> None:
    """The shorter ends; the longer, decided meanwhile, is told anew and stays."""
    hall = Hall()
    short = await hall.decides(order(ban(HOUR)))
    await hall.looks()
    longer = await hall.decides(order(ban(DAY)))
    await hall.looks(timedelta(minutes=5))

    await hall.looks(HOUR)

    assert hall.told() == ["impose", "impose"]
    assert hall.held(BAN) == Hold(until=NOON + DAY)
    assert (await hall.sanction(short)).state is SanctionState.ENDED
    assert ((await hall.sanction(longer)).state, (await hall.sanction(longer)).ours) == (SanctionState.STANDING, True)


@pytest.mark.parametrize("lifted", [True, False], ids=["lifted", "over"])
async def test_a_mute_is_put_up_as_soon_as_a_ban_is_over(*, lifted: bool) -> None:
    """Some networks let a muted person back in: while somebody is banned their mute waits, and no longer."""
    hall = Hall()
    banned = await hall.decides(order(ban(HOUR)))
    await hall.looks()
    await hall.decides(order(mute(DAY)))
    await hall.looks()
    before = hall.held()
    if lifted:
        await hall.lifts(banned)
    keeper = hall.keeper()
    hall.clock.advance(timedelta(minutes=1) if lifted else HOUR)

    await keeper.look()
    asked_again = keeper.busy
    await keeper.look()

    assert (before, asked_again, hall.held()) == (None, True, Hold(until=NOON + DAY))


async def test_a_crash_after_the_call_does_nothing_twice_and_forgets_nothing() -> None:
    """That we are about to tell is stored first: what stands there afterwards is known to be ours."""
    hall = Hall()
    number = await hall.decides(order(ban(HOUR)))
    hall.network.fails("impose", Unavailable("cut"))
    await hall.looks()
    meant = await hall.sanction(number)
    hall.network.holds[GROUP, DENIS, BAN] = Hold()  # it was carried out all the same

    await hall.looks(HOUR)

    assert (meant.ours, meant.failures) == (True, 1)
    assert (hall.told(), hall.held(BAN)) == (["lift"], None)


async def test_what_fails_is_a_state_and_no_loop(caplog: pytest.LogCaptureFixture) -> None:
    """Tried later and later, said once; when the right is back, all is as if nothing had been."""
    hall = Hall()
    number = await hall.decides(order(mute(DAY)))
    hall.network.fails("impose", NO_RIGHT, times=3)

    for minutes in (0, 1, 1, 1, 1, 1):
        await hall.looks(timedelta(minutes=minutes))

    after = await hall.sanction(number)
    assert [each.message for each in caplog.records].count("sanction_fails") == 1
    assert (hall.told(), after.failures, after.failing_since, after.trouble) == (["impose"], 0, None, "")


async def test_while_it_fails_its_reason_is_known() -> None:
    """For whoever looks."""
    hall = Hall()
    await hall.decides(order(mute(DAY)))
    hall.network.fails("standing", Unavailable("away", retry_after=HOUR))

    await hall.looks()

    (failing,) = await hall.store.read(lambda books: books.sanctions.failing())
    assert (failing.trouble, failing.look_at) == ("away", NOON + HOUR)


async def test_what_a_network_does_not_have_is_said() -> None:
    """Nothing is asked; once it is lifted nothing remains."""
    hall = Hall(network=ScriptedModerator(powers=Powers(kinds=frozenset({BAN}))))
    number = await hall.decides(order(mute(DAY)))
    await hall.looks()
    failing = await hall.sanction(number)
    await hall.lifts(number)

    await hall.looks()

    assert (failing.trouble, hall.network.asked) == ("there is no mute on this network", 0)
    assert (await hall.sanction(number)).state is SanctionState.ENDED


async def test_what_is_kept_by_hand_is_no_matter_of_the_network() -> None:
    """It stands until its end, and nothing is asked."""
    powers = Powers(kinds=frozenset({BAN}), by_hand=frozenset({SanctionKind.SLOW_MODE}))
    hall = Hall(network=ScriptedModerator(powers=powers))
    slow = Measure(kind=SanctionKind.SLOW_MODE, lasts=HOUR)
    number = await hall.decides(Order(measure=slow, account=TELEGRAM, chat=GROUP, pause=timedelta(seconds=30)))
    await hall.looks()
    standing = await hall.sanction(number)

    await hall.looks(HOUR)

    assert (standing.state, standing.trouble, hall.network.asked) == (SanctionState.STANDING, "", 0)
    assert (await hall.sanction(number)).state is SanctionState.ENDED


async def test_who_runs_the_place_is_spared() -> None:
    """On the network's word: the sanction ends, and says why."""
    hall = Hall(network=ScriptedModerator(immune=True))
    number = await hall.decides(order(ban(DAY)))

    await hall.looks()

    after = await hall.sanction(number)
    assert (hall.told(), after.state, after.trouble) == ([], SanctionState.ENDED, "immune")


async def test_who_became_one_of_the_staff_is_let_go_of() -> None:
    """What was put up before is undone."""
    hall = Hall()
    anne = Subject(person=PersonRef("telegram:101"), number="101")
    sealed = hall.vault.seal('{"person": "telegram:101", "number": "101"}')
    number = await hall.decides(order(mute(DAY)))

    def renamed(books: Books) -> None:
        before = books.sanctions.get(number)
        assert before is not None
        books.sanctions.save(replace(before, sealed=sealed, ours=True), expected=before.state)

    await hall.store.write(renamed)
    hall.network.holds[GROUP, anne, MUTE] = Hold(until=NOON + DAY)

    await hall.looks()

    assert (hall.told(), hall.network.holds) == (["lift"], {})


async def test_who_is_not_there_is_met_when_they_come_back() -> None:
    """Some networks hold nothing against strangers: that is no trouble."""
    hall = Hall()
    number = await hall.decides(order(mute(DAY)))
    hall.network.fails("impose", Gone("unknown member"))
    await hall.looks()
    waits = await hall.sanction(number)

    await hall.looks(CHECKED_EVERY)

    assert (waits.failures, hall.told()) == (0, ["impose"])


async def test_a_chat_that_moved_is_followed() -> None:
    """The network says where it is now."""
    hall = Hall()
    number = await hall.decides(order(mute(DAY)))
    hall.network.fails("standing", Moved("upgraded", to=Address("-1001")))
    await hall.looks()

    await hall.looks()

    assert list(hall.network.holds) == [(Address("-1001"), DENIS, MUTE)]
    assert (await hall.sanction(number)).failures == 0


async def test_a_person_whom_nobody_can_read_is_a_trouble() -> None:
    """The keys of another town open nothing; everybody else is seen to."""
    hall = Hall()
    await hall.decides(order(mute(DAY)))
    hall.vault = MemoryVault()
    lock = Order(measure=Measure(kind=SanctionKind.LOCK, lasts=HOUR), account=TELEGRAM, chat=GROUP)
    await hall.decides(lock)

    await hall.looks()

    (failing,) = await hall.store.read(lambda books: books.sanctions.failing())
    assert "key" in failing.trouble
    assert [(call, each.kind) for call, each in hall.network.done] == [("impose", SanctionKind.LOCK)]


async def test_what_somebody_decides_meanwhile_is_not_overwritten() -> None:
    """The look that was under way stores nothing over it."""
    hall = Hall()
    number = await hall.decides(order(mute(DAY)))

    class Slow(ScriptedModerator):
        async def impose(self, restraint: Restraint) -> None:
            await super().impose(restraint)
            await hall.lifts(number)

    keeper = Sanctions(
        account=TELEGRAM, moderator=Slow(), store=hall.store, vault=hall.vault, clock=hall.clock, staff=staff()
    )
    await keeper.look()

    assert (await hall.sanction(number)).state is SanctionState.ENDING


async def test_nothing_is_done_while_the_town_is_held() -> None:
    """As after a backup was put back: somebody looks first."""
    hall = Hall()
    await hall.decides(order(mute(DAY)))
    await hall.store.write(lambda books: books.town.set_fact("held", "yes"))

    await hall.looks()

    assert hall.network.asked == 0


async def test_a_store_that_is_away_stops_nothing_for_good(caplog: pytest.LogCaptureFixture) -> None:
    """Said once when it goes and once when it is back."""
    hall = Hall()

    class Away(MemoryStore):
        gone = True

        async def read(self, work: Callable[[Books], T]) -> T:
            if self.gone:
                raise StorageError("away")
            return await super().read(work)

    store = Away()
    keeper = Sanctions(
        account=TELEGRAM, moderator=hall.network, store=store, vault=hall.vault, clock=hall.clock, staff=staff()
    )
    await keeper.look()
    await keeper.look()
    store.gone = False
    await keeper.look()

    assert [each.message for each in caplog.records] == ["sanctions_lost", "sanctions_back"]
