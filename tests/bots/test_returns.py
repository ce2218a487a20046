"""Somebody comes back, or a hand let go of them."""

from dataclasses import replace
from datetime import timedelta

from core.events import Incoming, Received, RightsChanged, StandingChanged
from core.identifiers import AccountName, PersonRef
from core.sanction import SanctionKind, SanctionState
from delivery.order import failed
from tests.bots.moderators import AUTHOR, said_by, staffed, told
from tests.bots.town import BLAISE, Stage
from tests.core.test_sanction import sanction
from tests.fakes import ACCOUNT, NOON, Telling


def comes_back(number: str = AUTHOR.number) -> Telling:
    """The network tells of somebody."""

    def telling(received: Received) -> tuple[Incoming, ...]:
        return (StandingChanged(received=received, person=replace(AUTHOR, account=number)),)

    return telling


async def test_what_stands_about_whoever_comes_back_is_looked_at_now() -> None:
    """Not at the next look, a quarter of an hour later: they could write until then."""
    stage = staffed()
    await told(stage, "/mute 2h 2 non", answering=said_by())
    await _settled(stage)
    stage.clock.advance(timedelta(minutes=1))

    answers = await stage.hears(comes_back(AUTHOR.account))

    (mute,) = await stage.look(lambda books: books.sanctions.all())
    assert (answers, mute.look_at) == ((), NOON + timedelta(minutes=1))


async def test_of_everybody_else_nothing_is_looked_at() -> None:
    """Nor of what is over."""
    stage = Stage()
    over = replace(sanction(SanctionKind.BAN, state=SanctionState.ENDED), account=ACCOUNT, subject=b"x")
    blind = stage.vault.blind(PersonRef(BLAISE.ref))
    await stage.look(lambda books: books.sanctions.add(replace(over, subject=blind)))

    assert await stage.hears(comes_back(BLAISE.account)) == ()
    (after,) = await stage.look(lambda books: books.sanctions.all())
    assert (after.state, after.look_at) == (SanctionState.ENDED, NOON)


async def test_what_failed_is_tried_again_when_a_right_returns() -> None:
    """Not an hour later; what fails for other accounts waits for theirs."""
    stage = staffed()
    await told(stage, "/mute 2h 2 non", answering=said_by())
    nothing = await stage.hears(_rights)
    (mute,) = await stage.look(lambda books: books.sanctions.all())
    failing = failed(failed(mute, NOON, "no right"), NOON, "no right")
    elsewhere = replace(failing, account=AccountName("elsewhere"))
    await stage.look(lambda books: books.sanctions.save(failing, expected=mute.state))
    other = await stage.look(lambda books: books.sanctions.add(elsewhere))
    stage.clock.advance(timedelta(seconds=5))

    answers = await stage.hears(_rights)

    due = {each.id: each.look_at for each in await stage.look(lambda books: books.sanctions.all())}
    assert (nothing, answers) == ((), ())
    assert due == {mute.id: NOON + timedelta(seconds=5), other.id: failing.look_at}


def _rights(received: Received) -> tuple[Incoming, ...]:
    return (RightsChanged(received=received),)


async def _settled(stage: Stage) -> None:
    """The network agrees, until the next look."""
    (mute,) = await stage.look(lambda books: books.sanctions.all())
    later = replace(mute, look_at=NOON + timedelta(minutes=15))
    await stage.look(lambda books: books.sanctions.save(later, expected=mute.state))
