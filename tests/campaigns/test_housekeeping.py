"""What must be forgotten is forgotten, in time and not before."""

from datetime import timedelta

import pytest

from campaigns.housekeeping import Housekeeping
from core.delivery import DeliveryState, completed
from core.identifiers import Address, MessageId
from core.ports.store import Books
from core.privacy import HOLDINGS, KEY_KEPT_AFTER_CLOSE
from tests.campaigns.stage import HOUR, Stage
from tests.core.examples import BRIDGE
from tests.fakes import ACCOUNT, NOON

REPLIES_KEPT = next(holding.kept for holding in HOLDINGS if holding.table == "replies") or timedelta()


def _housekeeping(stage: Stage) -> Housekeeping:
    return Housekeeping(store=stage.store, vault=stage.vault, clock=stage.clock)


async def _closed() -> Stage:
    """A town whose poll closed at four in the afternoon."""
    stage = await Stage().started()
    for hour in range(1, 5):
        await stage.at(hour)
    return stage


@pytest.mark.parametrize(("after", "kept"), [(timedelta(), True), (timedelta(seconds=1), False)])
async def test_the_key_of_a_poll_is_destroyed_when_the_contest_delay_is_over(after: timedelta, *, kept: bool) -> None:
    """From then on nothing links a ballot to an account."""
    stage = await _closed()
    stage.clock.move_to(NOON + 4 * HOUR + KEY_KEPT_AFTER_CLOSE + after)

    await _housekeeping(stage).look()

    assert stage.vault.has_poll_key(BRIDGE) is kept


async def _add_reply(stage: Stage) -> None:
    chat, message = Address("@square"), MessageId("5")
    await stage.store.write(
        lambda books: books.replies.add(
            about=None, account=ACCOUNT, chat=chat, message=message, author=b"a", text="Merci", at=NOON
        )
    )


@pytest.mark.parametrize(("after", "kept"), [(timedelta(), 1), (timedelta(seconds=1), 0)])
async def test_replies_are_forgotten_when_their_time_is_up(after: timedelta, kept: int) -> None:
    """As the privacy notice says, to the day."""
    stage = Stage()
    await _add_reply(stage)
    stage.clock.move_to(NOON + REPLIES_KEPT + after)

    await _housekeeping(stage).look()

    assert len(await stage.read(lambda books: books.replies.all())) == kept


async def test_private_deliveries_are_forgotten_and_public_ones_kept() -> None:
    """What stands in a channel is no secret; who was written to is."""
    stage = await Stage(subscribers=True).started()
    await stage.citizen("asked", subscribed=True)
    await stage.at(1)
    await stage.store.write(_send_all)
    stage.clock.advance(timedelta(days=60))

    await _housekeeping(stage).look()

    assert [delivery.recipient.name for delivery in await stage.planned()] == ["square"]


async def test_housekeeping_is_idle_when_it_is_done() -> None:
    """The clock of a rehearsal jumps when nobody is busy."""
    housekeeping = _housekeeping(Stage())

    await housekeeping.look()

    assert not housekeeping.busy


def _send_all(books: Books) -> None:
    for delivery in books.deliveries.all():
        books.deliveries.save(completed(delivery), expected=DeliveryState.PLANNED)
