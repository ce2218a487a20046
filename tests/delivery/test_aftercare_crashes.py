"""Whoever corrects what is out may die anywhere: every copy is corrected all the same, and an erratum goes out once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.correction import AmendmentState, CorrectionKind
from core.delivery import LEASE
from core.errors import PlatformError, Rejected, Unavailable, Uncertain
from tests.delivery.corrections import CORRECTED, Desk, desk
from tests.delivery.post_office import PostOffice, to
from tests.delivery.test_crashes import Distant, DistantPlatform

_SQUARE, _HAMLET = "@square", "@hamlet"

ANSWERS = st.sampled_from(
    [
        None,
        None,
        (Uncertain("time-out"), True),
        (Uncertain("time-out"), False),
        (Unavailable("502"), False),
        (Rejected("too old"), False),
    ]
)


async def _corrected(
    kind: CorrectionKind, lives: Sequence[int], answers: Sequence[tuple[PlatformError, bool] | None]
) -> Desk:
    """Two copies, corrected by processes that die after so many turns, and by one that lives."""
    office = PostOffice(DistantPlatform())
    office.store = Distant(office.memory)
    at = await desk(office)
    await at.publish(to("square"), to("hamlet"))
    await at.order(kind, said=CORRECTED)
    for answer in answers:
        if answer is None:
            office.platform.works("edit")
        else:
            office.platform.fails("edit", answer[0], after=answer[1])
    for turns in lives:
        life = asyncio.get_running_loop().create_task(at.worker().look())
        for _ in range(turns):
            await asyncio.sleep(0)
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
        office.clock.advance(2 * LEASE)
    for _ in range(12):
        await at.look(timedelta(minutes=11))
    await office.work()
    return at


@given(lives=st.lists(st.integers(0, 30), max_size=6), answers=st.lists(ANSWERS, max_size=6))
async def test_however_often_it_dies_an_erratum_goes_out_once_to_every_copy(
    lives: list[int], answers: Sequence[tuple[PlatformError, bool] | None]
) -> None:
    """And the words stand corrected wherever the network let them be."""
    at = await _corrected(CorrectionKind.ERRATUM, lives, answers)

    replies = Counter(each.answers for each in await at.office.all() if each.answers is not None)
    sent = Counter(each.receipt.address for each in at.office.platform.sent)
    assert [*replies.values()] == [1, 1]
    assert sent == {_SQUARE: 2, _HAMLET: 2}
    assert {state for state, _ in await at.outcomes()} <= {AmendmentState.DONE, AmendmentState.REPLIED}


@given(lives=st.lists(st.integers(0, 30), max_size=6), answers=st.lists(ANSWERS, max_size=6))
async def test_however_often_it_dies_each_copy_is_amended_or_a_reply_says_it_once(
    lives: list[int], answers: Sequence[tuple[PlatformError, bool] | None]
) -> None:
    """Never both, never neither."""
    at = await _corrected(CorrectionKind.AMEND, lives, answers)

    outcomes = [state for state, _ in await at.outcomes()]
    replies = [each for each in await at.office.all() if each.answers is not None]
    assert {*outcomes} <= {AmendmentState.DONE, AmendmentState.REPLIED}
    assert len(replies) == outcomes.count(AmendmentState.REPLIED)
    assert len(at.office.platform.sent) == 2 + len(replies)
