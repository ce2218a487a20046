"""What the staff is told of corrections that are not carried out."""

from datetime import timedelta

from core.alert import AlertKind
from core.correction import CorrectionKind, Order
from core.errors import Unavailable
from tests.delivery.post_office import text
from tests.delivery.town_hall import NOON, TownHall
from tests.fakes import ACCOUNT

MINUTE = timedelta(minutes=1)


async def _retracting(error: Exception) -> TownHall:
    """A town hall that takes back what is out, where every try comes to this."""
    hall = TownHall()
    occurrence = await hall.occurrence()
    await hall.plan(text(), occurrence=occurrence)
    await hall.work()
    order = Order(kind=CorrectionKind.RETRACT, occurrence=occurrence, by="anne", at=NOON, due_at=NOON)
    await hall.memory.write(lambda books: books.corrections.order(order))
    hall.platform.fails("delete", error, times=99)
    return hall


async def test_a_fault_of_ours_in_a_correction_is_told_as_what_it_is() -> None:
    """The network is well: the staff would look for the cause in the wrong place."""
    hall = await _retracting(RuntimeError("a defect"))

    await hall.until(NOON + 8 * MINUTE)

    (alert,) = await hall.standing()
    assert (alert.matter.kind, alert.matter.about) == (AlertKind.FAULT, "occurrence:1")
    assert alert.matter.detail is not None
    assert alert.matter.detail.fr == "RuntimeError"
    assert len(hall.arrived()) == 2


async def test_a_network_that_takes_no_correction_is_told_once() -> None:
    """It is waited for; meanwhile what is out says the wrong thing there."""
    hall = await _retracting(Unavailable("no route"))

    await hall.until(NOON + 20 * MINUTE)

    (alert,) = await hall.standing()
    assert (alert.matter.kind, alert.matter.about) == (AlertKind.HALT, f"account:{ACCOUNT}")
    assert len(hall.arrived()) == 2
