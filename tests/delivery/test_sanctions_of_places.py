"""What is kept about a whole place ends by giving back what was there before."""

from datetime import timedelta

from core.errors import Unavailable
from core.ports.moderator import Hold
from core.sanction import Measure, Order, SanctionKind
from tests.core.test_sanction import DAY, GROUP, HOUR
from tests.core.test_staff import TELEGRAM
from tests.delivery.test_sanctions import Hall


async def test_a_lock_gives_back_what_was_there_before_the_first_one() -> None:
    """Also when a second one was decided while the first stood, and after a crash in between."""
    hall = Hall()
    hall.network.before = "pictures withheld"

    def lock(lasts: timedelta) -> Order:
        return Order(measure=Measure(kind=SanctionKind.LOCK, lasts=lasts), account=TELEGRAM, chat=GROUP)

    await hall.decides(lock(HOUR))
    hall.network.fails("impose", Unavailable("cut"))
    await hall.looks()
    hall.network.before = "all is locked"
    await hall.looks(timedelta(minutes=1))
    await hall.decides(lock(DAY))
    await hall.looks(timedelta(minutes=1))

    hall.network.holds[GROUP, None, SanctionKind.LOCK] = Hold()
    await hall.looks(DAY)

    assert hall.told()[-1] == "lift"
    assert hall.network.done[-1][1].before == "pictures withheld"
