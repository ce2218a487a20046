"""Messages that show a poll follow it, and cost nothing while nothing changes."""

import asyncio
from dataclasses import replace

import pytest

from core.audience import Recipient
from core.citizen import Person
from core.delivery import DeliveryState, claimed, completed, progressed
from core.errors import Rejected, StorageError, Unavailable, Uncertain
from core.identifiers import Address, DeliveryId, Locale, MessageId
from core.messages import Delivered, PollOpened, PollReminder, Thanks
from core.poll import Choose, Poll, PollState, Showing
from core.post import Post, Receipt
from delivery.boards import Boards, shown_now
from tests.core.examples import BRIDGE, poll, vote
from tests.delivery.post_office import FailingStore, PostOffice, board, text, to
from tests.fakes import ACCOUNT, NOON, TELEGRAM, ScriptedPlatform


def _boards(office: PostOffice) -> Boards:
    return Boards(
        store=office.store, words=office.words, directory=office.directory, platforms={ACCOUNT: office.platform}
    )


async def _town(
    *recipients: Recipient, office: PostOffice | None = None, message: Delivered | None = None
) -> PostOffice:
    """A town with an open poll, shown to these recipients, or in the square."""
    office = office or PostOffice()
    await office.memory.write(lambda books: books.polls.add(poll(state=PollState.PLANNED)))
    await office.memory.write(lambda books: books.polls.open(BRIDGE))
    for number in await office.plan(message or board(), *recipients):
        await _send(office, number)
    return office


async def _send(office: PostOffice, number: DeliveryId) -> None:
    mine = claimed(await office.get(number), NOON)
    where = Receipt(address=Address(f"@{mine.recipient.name}"), message=MessageId(str(number)), call="text")
    await office.change(completed(progressed(mine, where)), expected=DeliveryState.PLANNED)


async def _vote(office: PostOffice, name: str = "a") -> None:
    person = Person(platform=TELEGRAM, account=name, locale=Locale.FR)
    office.vault.create_poll_key(BRIDGE)
    voter = office.vault.voter(BRIDGE, person.ref)
    await office.memory.cast([vote(Choose(0), voter=voter)])


async def _close(office: PostOffice) -> None:
    await office.memory.write(lambda books: books.polls.close(BRIDGE, at=NOON))


class _Paused(ScriptedPlatform):
    """An account that was told to pause in the square."""

    def __init__(self) -> None:
        super().__init__()
        self.resumed = asyncio.Event()

    async def edit(self, receipt: Receipt, post: Post) -> None:
        """Wait for the square's turn."""
        if receipt.address == "@square":
            await self.resumed.wait()
        await super().edit(receipt, post)


async def _everybody_waits() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def _shown(office: PostOffice) -> list[str]:
    return [f"{receipt.message}: {post.text.plain}" for receipt, post in office.platform.edited]


async def test_a_board_that_shows_what_it_should_is_left_alone() -> None:
    """«Message is not modified» would spend the chat's pace for nothing."""
    office = await _town()

    await _boards(office).look()

    assert _shown(office) == []


async def test_a_public_board_follows_the_count() -> None:
    """In the language of its place, once for however many votes since the last look."""
    office = await _town(to("square"), to("hamlet"))
    await _vote(office, "a")
    await _vote(office, "b")

    await _boards(office).look()

    assert _shown(office) == ["1: <poll_opened fr> 2", "2: <poll_opened en> 2"]


async def test_a_change_is_shown_once() -> None:
    """What was shown is remembered, also by the next process."""
    office = await _town()
    await _vote(office)
    await _boards(office).look()

    await _boards(office).look()

    assert len(_shown(office)) == 1


async def test_a_reminder_is_a_board_too() -> None:
    """It carries the same buttons."""
    office = await _town(message=PollReminder(poll=poll(), zone="Europe/Paris", voters=0))
    await _vote(office)

    await _boards(office).look()

    assert _shown(office) == ["1: <poll_reminder fr> 1"]


async def test_a_private_board_changes_only_when_the_poll_closes() -> None:
    """Ten thousand private messages must not be edited at every vote."""
    office = PostOffice()
    await _town(await office.citizen("4711", locale=Locale.EN), office=office)
    await _vote(office)
    await _boards(office).look()
    during = _shown(office)

    await _close(office)
    await _boards(office).look()

    assert (during, _shown(office)) == ([], ["1: <poll_opened en> 1"])


async def test_a_private_board_is_found_through_the_address_book() -> None:
    """Its receipt does not say where it stands."""
    office = PostOffice()
    await _town(await office.citizen("4711"), office=office)
    await _vote(office)
    await _close(office)

    await _boards(office).look()

    assert [receipt.address for receipt, _ in office.platform.edited] == ["4711"]


async def test_a_board_is_final_once_its_poll_is_closed() -> None:
    """Then nothing looks at it any more."""
    office = await _town()
    await _vote(office)
    await _close(office)

    await _boards(office).look()

    assert len(_shown(office)) == 1
    assert await office.memory.read(lambda books: books.deliveries.boards(limit=9)) == ()


async def test_a_board_of_a_stopped_poll_changes_once_more_also_in_private() -> None:
    """Everybody who was asked is told that nobody is asked any more."""
    office = PostOffice()
    await _town(await office.citizen("4711"), to("square"), office=office)
    await _vote(office)
    await office.memory.write(lambda books: books.polls.stop(BRIDGE, at=NOON))

    await _boards(office).look()

    assert len(_shown(office)) == 2
    assert await office.memory.read(lambda books: books.deliveries.boards(limit=9)) == ()


async def test_a_board_that_reads_the_same_at_closing_is_final_without_an_edit() -> None:
    """The plain words of this test say only the number of voters."""
    office = await _town()
    await _close(office)

    await _boards(office).look()

    assert _shown(office) == []
    assert await office.memory.read(lambda books: books.deliveries.boards(limit=9)) == ()


@pytest.mark.parametrize("error", [Unavailable("flood"), Uncertain("time-out")], ids=lambda error: type(error).__name__)
async def test_an_edit_that_fails_is_made_again_and_holds_up_no_other(error: Exception) -> None:
    """Edits may be repeated freely."""
    office = await _town(to("square"), to("hamlet"))
    office.platform.fails("edit", error)
    await _vote(office)
    boards = _boards(office)

    await boards.look()
    first = _shown(office)
    await boards.look()

    assert (len(first), len(_shown(office))) == (1, 2)


async def test_a_chat_that_was_told_to_pause_holds_up_no_other() -> None:
    """Nor is it taken in hand a second time: minutes may pass before its turn comes."""
    platform = _Paused()
    office = await _town(to("square"), to("hamlet"), office=PostOffice(platform))
    boards = _boards(office)
    async with asyncio.TaskGroup() as looks:
        for name in ("a", "b"):
            await _vote(office, name)
            looks.create_task(boards.look())
            await _everybody_waits()

        during = _shown(office)
        platform.resumed.set()

    assert during == ["2: <poll_opened en> 1", "2: <poll_opened en> 2"]
    assert _shown(office)[2:] == ["1: <poll_opened fr> 1"]


async def test_a_held_town_changes_nothing_that_is_out() -> None:
    """A restored town may have lost votes that people saw counted."""
    office = await _town()
    await office.hold()
    await _vote(office)

    await _boards(office).look()

    assert _shown(office) == []


async def test_nothing_is_looked_at_while_the_store_is_away(caplog: pytest.LogCaptureFixture) -> None:
    """One line says so; the lane goes on."""
    office = await _town()
    office.store = store = FailingStore(office.memory)
    store.reads = [StorageError("locked"), StorageError("locked")]
    await _vote(office)
    boards = _boards(office)

    for _ in range(3):
        await boards.look()

    assert len(_shown(office)) == 1
    assert [record.message for record in caplog.records] == ["boards_lost", "boards_back"]


async def test_a_message_that_somebody_deleted_is_left_in_peace() -> None:
    """It will never be edited again."""
    office = await _town()
    office.platform.fails("edit", Rejected("message to edit not found"))
    await _vote(office)
    boards = _boards(office)
    await boards.look()
    await _vote(office, "b")

    await boards.look()

    assert office.platform.calls.count("edit") == 1


async def test_an_edit_that_could_not_be_remembered_is_made_again() -> None:
    """It changes nothing the second time."""
    office = await _town()
    office.store = store = FailingStore(office.memory)
    store.writes = [StorageError("locked")]
    await _vote(office)
    boards = _boards(office)

    await boards.look()
    await boards.look()

    assert len(_shown(office)) == 2


async def test_a_place_the_town_no_longer_has_is_left_alone() -> None:
    """And is not looked at any more."""
    office = await _town(to("market"))
    await _vote(office)

    await _boards(office).look()

    assert _shown(office) == []
    assert await office.memory.read(lambda books: books.deliveries.boards(limit=9)) == ()


async def test_an_account_the_town_no_longer_has_is_left_alone() -> None:
    """Its messages stay as they are."""
    office = await _town()
    await _vote(office)
    boards = Boards(store=office.store, words=office.words, directory=office.directory, platforms={})

    await boards.look()

    assert _shown(office) == []


async def test_a_poll_nobody_knows_is_passed_over() -> None:
    """A ledger restored without its polls must not stop the others."""
    office = PostOffice()
    (number,) = await office.plan(board())
    await _send(office, number)

    await _boards(office).look()

    assert _shown(office) == []


async def test_boards_are_idle_when_they_are_done() -> None:
    """The clock of a rehearsal jumps when nobody is busy."""
    boards = _boards(await _town())

    await boards.look()

    assert not boards.busy


def _live(state: PollState = PollState.OPEN) -> Poll:
    return replace(poll(state=state), showing=Showing.LIVE)


@pytest.mark.parametrize(
    ("now", "visible"),
    [
        (poll(), False),
        (_live(), True),
        (poll(state=PollState.CLOSED), True),
        (_live(PollState.CLOSED), True),
        (poll(state=PollState.STOPPED), False),
        (_live(PollState.STOPPED), False),
    ],
    ids=["open", "live", "closed", "live and closed", "stopped", "live and stopped"],
)
async def test_counts_are_shown_when_the_poll_shows_them(now: Poll, *, visible: bool) -> None:
    """Else nobody could follow the crowd, nor check the result."""
    office = await _town()
    tally = await office.memory.read(lambda books: books.polls.tally(BRIDGE))

    shown = shown_now(board(), now, tally)

    assert isinstance(shown, PollOpened)
    assert (shown.tally is not None, shown.poll) == (visible, now)


async def test_other_messages_stay_as_they_were() -> None:
    """Thanks do not follow a poll."""
    office = await _town()
    tally = await office.memory.read(lambda books: books.polls.tally(BRIDGE))

    shown = shown_now(text(), poll(), tally)

    assert isinstance(shown, Thanks)
    assert shown == text()
