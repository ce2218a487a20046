"""What stands in the channels of the staff follows its matter, whatever happens to it there."""

import asyncio
from dataclasses import replace

from core.audience import StaffChannel
from core.errors import Rejected, StorageError, Unavailable
from core.identifiers import Address, DeliveryId, Locale
from core.post import UNSAID
from core.settling import out
from delivery.rooms import Rooms
from tests.delivery.post_office import MARIE, FailingStore, to
from tests.delivery.town_hall import NOON, OTHER, ROOMS, SECOND, TICK, TownHall
from tests.fakes import ACCOUNT


async def _settled(hall: TownHall) -> DeliveryId:
    """A doubt that was told, and that somebody has settled since."""
    (number,) = await hall.doubtful()
    await hall.tick()
    await hall.memory.write(lambda books: out(books, number, at=NOON + SECOND, by=MARIE.key))
    return number


async def _a_few_turns() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_what_cannot_be_changed_now_is_changed_later() -> None:
    """The network is away; the other one is changed at once, and once only."""
    hall = TownHall()
    await _settled(hall)
    hall.platform.fails("edit", Unavailable("no route"), times=2)

    await hall.until(NOON + 3 * TICK)

    assert (len(hall.platform.edited), len(hall.other.edited), await hall.standing()) == (1, 1, ())


async def test_what_somebody_removed_is_let_go() -> None:
    """There is nothing left to change."""
    hall = TownHall()
    await _settled(hall)
    hall.platform.fails("edit", Rejected("message to edit not found"))

    await hall.tick()

    assert (hall.platform.edited, await hall.standing()) == ([], ())


async def test_a_message_to_one_person_is_changed_where_they_read_it() -> None:
    """Their address stands in the configuration, not in the ledger."""
    anne = StaffChannel(name="anne", account=ACCOUNT, address=Address("101"), locale=Locale.FR, private=True)
    hall = TownHall(rooms=(anne,))
    await _settled(hall)
    (copy,) = await hall.told()

    await hall.tick()

    assert copy.receipts[0].address == UNSAID
    assert [receipt.address for receipt, _ in hall.platform.edited] == ["101"]


async def test_what_a_network_does_not_let_us_change_stays() -> None:
    """A mail is out for ever."""
    hall = TownHall()
    hall.other.capabilities = replace(hall.other.capabilities, edits=False)
    await _settled(hall)

    await hall.tick()

    assert (len(hall.platform.edited), hall.other.edited, await hall.standing()) == (1, [], ())


async def test_nothing_is_changed_while_the_town_is_held() -> None:
    """What was restored may know less than what people read."""
    hall = TownHall()
    await _settled(hall)
    await hall.alerts.look()
    await hall.hold()

    await hall.rooms.look()

    assert hall.platform.edited == []


async def test_a_change_during_the_edits_is_shown_at_the_next_look() -> None:
    """Who settles while the network is slow is not overwritten."""
    hall = TownHall()
    occurrence = await hall.occurrence()
    first, second = await hall.doubtful(to("square"), to("hamlet"), occurrence=occurrence)
    await hall.tick()
    await hall.memory.write(lambda books: out(books, first, at=NOON, by=MARIE.key))
    await hall.alerts.look()

    async def meanwhile() -> None:
        await hall.memory.write(lambda books: out(books, second, at=NOON, by=MARIE.key))
        await hall.alerts.look()

    async with asyncio.TaskGroup() as group:
        with hall.platform.slow("edit"):
            group.create_task(hall.rooms.look())
            await _a_few_turns()
            await meanwhile()
    before = await hall.standing()
    await hall.rooms.look()

    assert len(before) == 1
    assert (hall.said()[-1].over, await hall.standing()) == (True, ())


async def test_a_store_that_is_away_is_waited_for() -> None:
    """The next look finds it back."""
    hall = TownHall()
    await _settled(hall)
    await hall.alerts.look()
    failing = FailingStore(hall.memory)
    failing.reads = [StorageError("gone")]
    rooms = Rooms(
        store=failing,
        clock=hall.clock,
        words=hall.words,
        directory=hall.directory,
        briefing=hall.briefing,
        platforms={OTHER: hall.other},
        rooms=ROOMS,
    )

    await rooms.look()
    nothing = list(hall.other.edited)
    await rooms.look()

    assert (nothing, len(hall.other.edited), rooms.busy) == ([], 1, False)


async def test_the_lane_looks_when_it_is_rung() -> None:
    """And rests until then."""
    hall = TownHall()
    await _settled(hall)
    await hall.alerts.look()

    async with asyncio.TaskGroup() as group:
        lane = group.create_task(hall.rooms.run())
        await _a_few_turns()
        rested = list(hall.platform.edited)
        hall.rooms.ring()
        await _a_few_turns()
        lane.cancel()

    assert (rested, len(hall.platform.edited)) == ([], 1)


async def test_an_account_that_is_gone_is_no_trouble() -> None:
    """A mail has no editor, and an account may be taken out of the configuration."""
    hall = TownHall()
    await _settled(hall)
    rooms = Rooms(
        store=hall.memory,
        clock=hall.clock,
        words=hall.words,
        directory=hall.directory,
        briefing=hall.briefing,
        platforms={},
        rooms=ROOMS,
    )
    await hall.alerts.look()

    await rooms.look()

    assert await hall.standing() == ()
