"""Messages that show a poll follow it, and cost nothing while nothing changes."""

from dataclasses import replace

import pytest

from core.delivery import DeliveryState, claimed, given_up, progressed
from core.identifiers import Address, Locale, MessageId
from core.messages import PollOpened, PollReminder, Thanks
from core.poll import Poll, PollState, Showing
from core.post import Receipt
from delivery.boards import Boards, shown_now
from tests.core.examples import BRIDGE, poll
from tests.delivery.notice_boards import boards_of, close, send, shown, town, votes
from tests.delivery.post_office import PostOffice, board, text, to
from tests.fakes import NOON


async def test_a_board_that_shows_what_it_should_is_left_alone() -> None:
    """«Message is not modified» would spend the chat's pace for nothing."""
    office = await town()

    await boards_of(office).look()

    assert shown(office) == []


async def test_a_public_board_follows_the_count() -> None:
    """In the language of its place, once for however many votes since the last look."""
    office = await town(to("square"), to("hamlet"))
    await votes(office, "a")
    await votes(office, "b")

    await boards_of(office).look()

    assert shown(office) == ["1: <poll_opened fr> 2", "2: <poll_opened en> 2"]


async def test_a_change_is_shown_once() -> None:
    """What was shown is remembered, also by the next process."""
    office = await town()
    await votes(office)
    await boards_of(office).look()

    await boards_of(office).look()

    assert len(shown(office)) == 1


async def test_a_reminder_is_a_board_too() -> None:
    """It carries the same buttons."""
    office = await town(message=PollReminder(poll=poll(), zone="Europe/Paris", voters=0))
    await votes(office)

    await boards_of(office).look()

    assert shown(office) == ["1: <poll_reminder fr> 1"]


async def test_what_is_out_of_a_message_that_was_cut_short_says_that_voting_is_over() -> None:
    """Its campaign was stopped, or its time passed, before all of it had gone out."""
    office = await town(to("square"))
    (number,) = await office.plan(board(), to("hamlet"))
    mine = claimed(await office.get(number), NOON)
    where = Receipt(address=Address("@hamlet"), message=MessageId("9"), call="text")
    cut = given_up(progressed(mine, where), DeliveryState.CANCELLED)
    await office.change(cut, expected=DeliveryState.PLANNED)
    await votes(office)
    await close(office)

    await boards_of(office).look()

    assert [line.partition(":")[0] for line in shown(office)] == ["1", "9"]


async def test_a_private_board_changes_only_when_the_poll_closes() -> None:
    """Ten thousand private messages must not be edited at every vote."""
    office = PostOffice()
    await town(await office.citizen("4711", locale=Locale.EN), office=office)
    await votes(office)
    await boards_of(office).look()
    during = shown(office)

    await close(office)
    await boards_of(office).look()

    assert (during, shown(office)) == ([], ["1: <poll_opened en> 1"])


async def test_a_private_board_is_found_through_the_address_book() -> None:
    """Its receipt does not say where it stands."""
    office = PostOffice()
    await town(await office.citizen("4711"), office=office)
    await votes(office)
    await close(office)

    await boards_of(office).look()

    assert [receipt.address for receipt, _ in office.platform.edited] == ["4711"]


async def test_a_board_is_final_once_its_poll_is_closed() -> None:
    """Then nothing looks at it any more."""
    office = await town()
    await votes(office)
    await close(office)

    await boards_of(office).look()

    assert len(shown(office)) == 1
    assert await office.memory.read(lambda books: books.deliveries.boards(limit=9)) == ()


async def test_a_board_of_a_stopped_poll_changes_once_more_also_in_private() -> None:
    """Everybody who was asked is told that nobody is asked any more."""
    office = PostOffice()
    await town(await office.citizen("4711"), to("square"), office=office)
    await votes(office)
    await office.memory.write(lambda books: books.polls.stop(BRIDGE, at=NOON))

    await boards_of(office).look()

    assert len(shown(office)) == 2
    assert await office.memory.read(lambda books: books.deliveries.boards(limit=9)) == ()


async def test_a_board_that_reads_the_same_at_closing_is_final_without_an_edit() -> None:
    """The plain words of this test say only the number of voters."""
    office = await town()
    await close(office)

    await boards_of(office).look()

    assert shown(office) == []
    assert await office.memory.read(lambda books: books.deliveries.boards(limit=9)) == ()


async def test_a_held_town_changes_nothing_that_is_out() -> None:
    """A restored town may have lost votes that people saw counted."""
    office = await town()
    await office.hold()
    await votes(office)

    await boards_of(office).look()

    assert shown(office) == []


async def test_a_place_the_town_no_longer_has_is_left_alone() -> None:
    """And is not looked at any more."""
    office = await town(to("market"))
    await votes(office)

    await boards_of(office).look()

    assert shown(office) == []
    assert await office.memory.read(lambda books: books.deliveries.boards(limit=9)) == ()


async def test_an_account_the_town_no_longer_has_is_left_alone() -> None:
    """Its messages stay as they are."""
    office = await town()
    await votes(office)
    boards = Boards(store=office.store, words=office.words, directory=office.directory, platforms={})

    await boards.look()

    assert shown(office) == []


async def test_a_poll_nobody_knows_is_passed_over() -> None:
    """A ledger restored without its polls must not stop the others."""
    office = PostOffice()
    (number,) = await office.plan(board())
    await send(office, number)

    await boards_of(office).look()

    assert shown(office) == []


async def test_boards_are_idle_when_they_are_done() -> None:
    """The clock of a rehearsal jumps when nobody is busy."""
    boards = boards_of(await town())

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
    office = await town()
    tally = await office.memory.read(lambda books: books.polls.tally(BRIDGE))

    shown = shown_now(board(), now, tally)

    assert isinstance(shown, PollOpened)
    assert (shown.tally is not None, shown.poll) == (visible, now)


async def test_other_messages_stay_as_they_were() -> None:
    """Thanks do not follow a poll."""
    office = await town()
    tally = await office.memory.read(lambda books: books.polls.tally(BRIDGE))

    shown = shown_now(text(), poll(), tally)

    assert isinstance(shown, Thanks)
    assert shown == text()
