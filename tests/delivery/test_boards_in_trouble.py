"""Boards whose chats, accounts or store are in trouble hold up no others."""

import asyncio

import pytest

from core.errors import Rejected, StorageError, Unauthorised, Unavailable, Uncertain
from tests.delivery.notice_boards import Paused, boards_of, everybody_waits, send, shown, town, votes
from tests.delivery.post_office import FailingStore, PostOffice, board, to


@pytest.mark.parametrize(
    "error",
    [Unavailable("flood"), Uncertain("time-out"), KeyError("message_id")],
    ids=lambda error: type(error).__name__,
)
async def test_an_edit_that_fails_is_made_again_and_holds_up_no_other(error: Exception) -> None:
    """Edits may be repeated freely."""
    office = await town(to("square"), to("hamlet"))
    office.platform.fails("edit", error)
    await votes(office)
    boards = boards_of(office)

    await boards.look()
    first = shown(office)
    await boards.look()

    assert (len(first), len(shown(office))) == (1, 2)


async def test_a_chat_whose_edits_fail_is_left_alone_longer_each_time() -> None:
    """A network in trouble is not asked every three seconds."""
    office = await town()
    office.platform.fails("edit", Unavailable("gateway"), times=99)
    await votes(office)
    boards = boards_of(office)

    tried = []
    for _ in range(16):
        before = office.platform.calls.count("edit")
        await boards.look()
        tried.append(office.platform.calls.count("edit") - before)

    assert tried == [1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]


async def test_an_edit_that_succeeds_ends_the_rest() -> None:
    """The next trouble is a new one."""
    office = await town()
    boards = boards_of(office)
    for name, failures in (("a", 2), ("b", 1)):
        office.platform.fails("edit", Unavailable("gateway"), times=failures)
        await votes(office, name)
        for _ in range(4):
            await boards.look()

    assert office.platform.calls.count("edit") == 3 + 2


async def test_an_account_that_is_refused_is_not_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    """Its lanes find it too, and say it once for all; the boards of others are followed."""
    office = await town(to("square"), to("hamlet"))
    office.platform.fails("edit", Unauthorised("token revoked"), times=99)
    await votes(office)
    boards = boards_of(office)

    for _ in range(3):
        await boards.look()

    assert caplog.records == []
    assert office.platform.calls.count("edit") <= 2


async def test_an_account_is_asked_again_after_some_minutes() -> None:
    """The refusal was a mistake of the network's; what was refused is then edited."""
    office = await town()
    office.platform.fails("edit", Unauthorised("token revoked"), times=2)
    await votes(office)
    boards = boards_of(office)

    for _ in range(2 * 64 + 1):
        await boards.look()

    assert len(shown(office)) == 1


async def test_a_refused_account_leaves_the_rest_of_its_chat_alone() -> None:
    """Several messages stand in one chat; the first refusal is enough."""
    office = await town()
    for number in await office.plan(board()):
        await send(office, number)
    office.platform.fails("edit", Unauthorised("token revoked"), times=99)
    await votes(office)

    await boards_of(office).look()

    assert office.platform.calls.count("edit") == 1


async def test_chats_in_hand_hide_no_other() -> None:
    """Even when there are as many as are looked at together."""
    platform = Paused()
    office = await town(to("square"), to("hamlet"), office=PostOffice(platform))
    boards = boards_of(office, most=2)
    await votes(office)
    async with asyncio.TaskGroup() as looks:
        looks.create_task(boards.look())
        await everybody_waits()
        await votes(office, "b")
        await boards.look()
        during = shown(office)
        platform.resumed.set()

    assert during == ["2: <poll_opened en> 1", "2: <poll_opened en> 2"]


async def test_a_look_that_was_interrupted_keeps_no_chat_in_hand() -> None:
    """The lane of the boards is started again after a fault, over the same boards."""
    platform = Paused()
    office = await town(office=PostOffice(platform))
    boards = boards_of(office)
    await votes(office)
    look = asyncio.get_running_loop().create_task(boards.look())
    await everybody_waits()
    look.cancel()
    await asyncio.gather(look, return_exceptions=True)

    platform.resumed.set()
    await boards.look()

    assert len(shown(office)) == 1


async def test_a_chat_that_was_told_to_pause_holds_up_no_other() -> None:
    """Nor is it taken in hand a second time: minutes may pass before its turn comes."""
    platform = Paused()
    office = await town(to("square"), to("hamlet"), office=PostOffice(platform))
    boards = boards_of(office)
    async with asyncio.TaskGroup() as looks:
        for name in ("a", "b"):
            await votes(office, name)
            looks.create_task(boards.look())
            await everybody_waits()

        during = shown(office)
        platform.resumed.set()

    assert during == ["2: <poll_opened en> 1", "2: <poll_opened en> 2"]
    assert shown(office)[2:] == ["1: <poll_opened fr> 1"]


async def test_nothing_is_looked_at_while_the_store_is_away(caplog: pytest.LogCaptureFixture) -> None:
    """One line says so; the lane goes on."""
    office = await town()
    office.store = store = FailingStore(office.memory)
    store.reads = [StorageError("locked"), StorageError("locked")]
    await votes(office)
    boards = boards_of(office)

    for _ in range(3):
        await boards.look()

    assert len(shown(office)) == 1
    assert [record.message for record in caplog.records] == ["boards_lost", "boards_back"]


async def test_a_message_that_somebody_deleted_is_left_in_peace() -> None:
    """It will never be edited again."""
    office = await town()
    office.platform.fails("edit", Rejected("message to edit not found"))
    await votes(office)
    boards = boards_of(office)
    await boards.look()
    await votes(office, "b")

    await boards.look()

    assert office.platform.calls.count("edit") == 1


async def test_an_edit_that_could_not_be_remembered_is_made_again() -> None:
    """It changes nothing the second time."""
    office = await town()
    office.store = store = FailingStore(office.memory)
    store.writes = [StorageError("locked")]
    await votes(office)
    boards = boards_of(office)

    await boards.look()
    await boards.look()

    assert len(shown(office)) == 2
