"""A row that this version cannot read concerns itself alone: the others are planned, sent and shown."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta

import pysqlite3.dbapi2 as sqlite
import pytest

from core.campaign import After, Campaign, OccurrenceState, StepKind
from core.delivery import DeliveryState
from core.errors import StorageError
from core.identifiers import CampaignId
from core.messages import Illegible, PollOpened, Thanks
from storage.store import SqlStore
from tests.campaigns.stage import Stage
from tests.contracts.doings import MARKET, NEWS, SQUARE, planned, settled
from tests.contracts.test_outbox import Town
from tests.core.examples import NEWS as NEWS_ITEM
from tests.core.examples import campaign, poll, receipt, step

OPENED = PollOpened(poll=poll(), zone="Europe/Paris")
THANKS = Thanks(poll=poll(), voters=1)


def _damage(url: str, statement: str) -> None:
    with closing(sqlite.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute(statement)
        connection.commit()


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[SqlStore]:
    store = await SqlStore.open(url)
    try:
        yield store
    finally:
        await store.close()


def _named(name: str) -> Campaign:
    plain = campaign(step(StepKind.ANNOUNCE, After(timedelta()), NEWS_ITEM))
    return Campaign(
        **{each: getattr(plain, each) for each in plain.__slots__} | {"id": CampaignId(name), "questions": ()}
    )


async def test_a_campaign_that_cannot_be_read_holds_up_no_other(sqlite_url: str) -> None:
    """Its zone was renamed, or a newer version wrote it; its step stays planned, and the others are done."""
    stage = Stage()
    async with _opened(sqlite_url) as store:
        planner = stage.new_planner(store)
        for name in ("bad", "good"):
            await planner.start(_named(name))
        _damage(sqlite_url, "UPDATE campaigns SET body = replace(body, 'Europe/Paris', 'Lutece') WHERE id = 'bad'")

        settled_steps = await planner.look()

        steps = await store.read(lambda books: [*map(books.campaigns.occurrences, map(CampaignId, ("bad", "good")))])
    assert settled_steps == 1
    assert [one.state for (one,) in steps] == [OccurrenceState.PLANNED, OccurrenceState.DONE]


async def test_a_campaign_that_cannot_be_read_is_named(sqlite_url: str) -> None:
    """And it can still be cancelled."""
    async with _opened(sqlite_url) as store:
        planner = Stage().new_planner(store)
        await planner.start(_named("bad"))
        _damage(sqlite_url, "UPDATE campaigns SET body = '{}'")

        with pytest.raises(StorageError, match="campaign «bad» cannot be read"):
            await store.read(lambda books: books.campaigns.all())

        assert await planner.cancel(CampaignId("bad"))


@pytest.mark.parametrize("damage", ["kind = 'FromTheFuture'", "body = '{'"], ids=["unknown", "torn"])
async def test_a_message_that_cannot_be_read_fails_and_the_others_go_out(sqlite_url: str, damage: str) -> None:
    """It is shown among the deliveries, with the reason."""
    async with _opened(sqlite_url) as store:
        town = Town(store)
        for message in (NEWS, THANKS):
            await planned(store, SQUARE, message=message)
        _damage(sqlite_url, f"UPDATE messages SET {damage} WHERE kind = 'AnnouncementPublished'")  # noqa: S608  our own

        await town.live(0)

        bad, good = reversed(await store.read(lambda books: books.deliveries.all()))
    assert (bad.state, "cannot read" in bad.note, type(bad.message)) == (DeliveryState.FAILED, True, Illegible)
    assert (good.state, len(town.platform.sent)) == (DeliveryState.SENT, 1)


async def test_a_board_that_cannot_be_read_hides_no_other(sqlite_url: str) -> None:
    """The others follow their poll."""
    async with _opened(sqlite_url) as store:
        (bad,) = await planned(store, SQUARE, message=PollOpened(poll=poll(), zone="Pacific/Noumea"))
        (good,) = await planned(store, MARKET, message=OPENED)
        for each in (bad, good):
            await settled(store, each, DeliveryState.SENT, receipt(each.id))
        _damage(sqlite_url, "UPDATE messages SET body = '{' WHERE body LIKE '%Noumea%'")

        boards = await store.read(lambda books: books.deliveries.boards(limit=9))

    assert [board.delivery for board in boards] == [good.id]
