"""Sober mode: a mourning town keeps silent, and still answers."""

from datetime import timedelta

from core.delivery import DeliveryState, Urgency
from core.identifiers import DeliveryId
from core.ports.store import Books
from delivery.sobriety import freeze, frozen, let_out, sober, thaw
from delivery.sweep import Sweep
from tests.delivery.post_office import HOUR, PostOffice, notice, quiet, text, to
from tests.fakes import NOON


async def _sober() -> PostOffice:
    office = PostOffice()
    await office.memory.write(lambda books: freeze(books, "mourning", at=NOON))
    return office


async def _let_out(office: PostOffice, number: DeliveryId) -> bool:
    return await office.memory.write(lambda books: let_out(books, number, at=office.clock.now()))


async def test_in_sober_mode_nothing_planned_goes_out_and_people_are_told_what_concerns_them() -> None:
    """The author of a removed message has a right to the reason, also on a day of mourning."""
    office = await _sober()
    await office.plan(text())
    await office.plan(notice(), await office.person(), urgency=Urgency.NOTICE)

    await office.work()

    assert await office.states() == [DeliveryState.PLANNED, DeliveryState.SENT]


async def test_once_thawed_everything_in_time_goes_out() -> None:
    """Whoever thaws is told why the town was silent."""
    office = await _sober()
    await office.plan(text())

    async with office.open() as lane:
        before = office.texts()
        why = await office.memory.write(thaw)
        office.bell.ring()
        await quiet(lane)

    assert (before, why, office.texts()) == ([], "mourning", ["@square text"])


async def test_what_is_late_after_the_silence_is_never_sent() -> None:
    """Unlike a hold, which is a matter of minutes: yesterday's closed road is no news."""
    office = await _sober()
    await office.plan(text(), expires_at=NOON + HOUR)
    office.clock.move_to(NOON + HOUR)

    await Sweep(store=office.memory, clock=office.clock, capabilities=dict, wake=office.bell.ring).look()
    await office.memory.write(thaw)
    await office.work()

    assert (office.texts(), await office.states()) == ([], [DeliveryState.EXPIRED])


async def test_one_delivery_is_let_out_and_the_others_wait() -> None:
    """The town is silent, and still says where the ceremony is."""
    office = await _sober()
    await office.plan(text(), to("hamlet"))
    (ceremony,) = await office.plan(text())

    done = await _let_out(office, ceremony)
    await office.work()

    assert (done, office.texts()) == (True, ["@square text"])


async def test_what_is_out_late_or_unknown_is_not_let_out() -> None:
    """It is said, and nothing changes."""
    office = PostOffice()
    (gone,) = await office.plan(text())
    await office.work()
    (late,) = await office.plan(text(), due_at=NOON + HOUR, expires_at=NOON + 2 * HOUR)
    office.clock.move_to(NOON + 2 * HOUR)

    assert [await _let_out(office, number) for number in (gone, late, DeliveryId(99))] == [False, False, False]


async def test_what_waits_is_listed_while_the_town_is_sober() -> None:
    """Not what people are told in spite of it, nor anything in a town that speaks."""
    office = await _sober()
    (waiting,) = await office.plan(text(), due_at=NOON + timedelta(days=1))
    await office.plan(notice(), await office.person(), urgency=Urgency.NOTICE)

    def look(books: Books) -> tuple[object, list[DeliveryId]]:
        return sober(books), [each.id for each in frozen(books, limit=9)]

    silent = await office.memory.read(look)
    await office.memory.write(thaw)

    assert (silent, await office.memory.read(look)) == ((("mourning", NOON), [waiting]), (None, []))


async def test_a_short_list_of_what_waits_holds_nothing_else() -> None:
    """People are told many things in spite of the silence: they take no place in it."""
    office = await _sober()
    (waiting,) = await office.plan(text())
    await office.plan(notice(), await office.person(), urgency=Urgency.NOTICE)

    found = await office.memory.read(lambda books: frozen(books, limit=1))

    assert [each.id for each in found] == [waiting]
