"""What is out there: whose a message is, its copies, and the messages that follow a poll."""

from dataclasses import replace

import pytest

from core.audience import Recipient
from core.delivery import DeliveryState
from core.identifiers import AccountName, Address, DeliveryId, MessageId, NativePollId, PollId
from core.messages import Delivered, PollOpened, PollReminder, ResultsPublished, Thanks
from core.poll import Tally
from core.ports.books.deliveries import Board
from core.ports.store import Store
from core.post import Receipt
from tests.contracts.doings import ACCOUNT, MARKET, NEWS, OTHER, SQUARE, opened, planned, saved, settled, subscribed
from tests.core.examples import BRIDGE, NOON, poll, receipt

OPENED = PollOpened(poll=poll(), zone="Europe/Paris")
REMINDER = PollReminder(poll=poll(), zone="Europe/Paris", voters=3)
CHANNEL, GROUP = Address("@square"), Address("-100300")
SENT = DeliveryState.SENT


async def _boards(store: Store, limit: int = 9) -> tuple[Board, ...]:
    return await store.read(lambda books: books.deliveries.boards(limit=limit))


async def _of(store: Store, chat: Address, message: str, account: AccountName = ACCOUNT) -> DeliveryId | None:
    return await store.read(lambda books: books.deliveries.of_message(account, chat, MessageId(message)))


async def _mirror(store: Store, message: str, post: str = "7") -> None:
    await store.write(
        lambda books: books.deliveries.mirror(
            channel=CHANNEL, post=MessageId(post), group=GROUP, message=MessageId(message)
        )
    )


async def test_a_message_is_found_by_any_of_its_parts(store: Store) -> None:
    """People answer the picture or the text."""
    (delivery,) = await planned(store, SQUARE)
    await settled(store, delivery, SENT, receipt(7), receipt(8))

    assert [await _of(store, CHANNEL, number) for number in ("7", "8", "9")] == [delivery.id, delivery.id, None]


async def test_a_board_says_whether_the_network_s_own_poll_asks(store: Store) -> None:
    """Its words may follow it, where one message does not hold both: the last part says nothing of it."""
    await opened(store, poll())
    own, ours = await planned(store, SQUARE, MARKET, message=OPENED)
    await settled(store, own, SENT, replace(receipt(7), poll=NativePollId("p7")), receipt(8))
    await settled(store, ours, SENT, receipt(9))

    boards = await _boards(store)

    assert [(board.receipt, board.native) for board in boards] == [(receipt(8), True), (receipt(9), False)]


async def test_messages_of_another_account_or_chat_are_not_ours(store: Store) -> None:
    """Platforms count messages per chat."""
    (delivery,) = await planned(store, SQUARE)
    await settled(store, delivery, SENT, receipt(7))

    assert await _of(store, GROUP, "7") is None
    assert await _of(store, CHANNEL, "7", OTHER) is None


async def test_a_part_already_out_is_found_while_the_rest_is_sent(store: Store) -> None:
    """The quickest citizen answers before the album is complete."""
    (delivery,) = await planned(store, SQUARE)
    await settled(store, delivery, DeliveryState.PLANNED, receipt(7))

    assert await _of(store, CHANNEL, "7") == delivery.id


async def test_an_answer_to_a_copy_is_about_the_post(store: Store) -> None:
    """People write in the discussion group, under the copy that the platform made there."""
    (delivery,) = await planned(store, SQUARE)
    await settled(store, delivery, SENT, receipt(7))

    await _mirror(store, "70")

    assert await _of(store, GROUP, "70") == delivery.id
    assert await _of(store, GROUP, "71") is None


async def test_a_post_may_have_several_copies_told_of_twice(store: Store) -> None:
    """A replayed update tells of the same copy again."""
    (delivery,) = await planned(store, SQUARE)
    await settled(store, delivery, SENT, receipt(7))

    for message in ("70", "70", "71"):
        await _mirror(store, message)

    assert [await _of(store, GROUP, message) for message in ("70", "71")] == [delivery.id] * 2


async def test_boards_of_chats_and_accounts_that_are_left_alone_take_no_place_of_others(store: Store) -> None:
    """Three hundred chats that were told to pause must not hide the rest."""
    square, market, other = [
        await planned(store, to, message=OPENED, account=account)
        for to, account in ((SQUARE, ACCOUNT), (MARKET, ACCOUNT), (SQUARE, OTHER))
    ]
    for (each,) in (square, market, other):
        await settled(store, each, SENT, receipt(each.id))

    async def listed(chats: list[tuple[AccountName, Recipient]], *accounts: AccountName) -> list[DeliveryId]:
        found = await store.read(
            lambda books: books.deliveries.boards(limit=1, except_chats=chats, except_accounts=accounts)
        )
        return [board.delivery for board in found]

    assert await listed([]) == [square[0].id]
    assert await listed([(ACCOUNT, SQUARE)]) == [market[0].id]
    assert await listed([(ACCOUNT, SQUARE), (ACCOUNT, MARKET)]) == [other[0].id]
    assert await listed([], ACCOUNT) == [other[0].id]


async def test_a_board_tells_all_that_a_refresh_needs(store: Store) -> None:
    """The last message that is out carries the buttons."""
    (delivery,) = await planned(store, SQUARE, message=OPENED)
    await settled(store, delivery, SENT, receipt(7), receipt(8))

    assert await _boards(store) == (
        Board(
            delivery=delivery.id,
            account=ACCOUNT,
            recipient=SQUARE,
            message=OPENED,
            poll=BRIDGE,
            receipt=receipt(8),
            digest=None,
        ),
    )


@pytest.mark.parametrize(
    ("message", "boards"),
    [
        (OPENED, 1),
        (REMINDER, 1),
        (NEWS, 0),
        (ResultsPublished(poll=poll(), tally=Tally(counts=(1, 0, 0), voters=1)), 0),
        (Thanks(poll=poll(), voters=1), 0),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, int) else "",
)
async def test_messages_with_buttons_are_boards(store: Store, message: Delivered, boards: int) -> None:
    """Results never change again."""
    (delivery,) = await planned(store, SQUARE, message=message)
    await settled(store, delivery, SENT, receipt(7))

    assert len(await _boards(store)) == boards


@pytest.mark.parametrize(
    ("state", "receipts"),
    [(DeliveryState.UNCERTAIN, (receipt(7),)), (DeliveryState.RETRACTED, (receipt(7),)), (SENT, ())],
    ids=["uncertain", "retracted", "without a receipt"],
)
async def test_only_what_is_surely_out_is_a_board(
    store: Store, state: DeliveryState, receipts: tuple[Receipt, ...]
) -> None:
    """Nothing else can be edited."""
    (delivery,) = await planned(store, SQUARE, message=OPENED)
    await settled(store, delivery, state, *receipts)

    assert await _boards(store) == ()


@pytest.mark.parametrize("state", [DeliveryState.CANCELLED, DeliveryState.EXPIRED, DeliveryState.FAILED])
async def test_what_is_out_of_a_message_that_was_cut_short_follows_at_closing(
    store: Store, state: DeliveryState
) -> None:
    """Else it would say for ever that one can vote. What never began shows nothing, private chats were not cut."""
    await opened(store, poll())
    citizen = await subscribed(store, b"a")
    begun, private, never = await planned(store, SQUARE, citizen, MARKET, message=OPENED)
    for delivery, receipts in ((begun, (receipt(7),)), (private, (receipt(8),)), (never, ())):
        await settled(store, delivery, state, *receipts)

    before = await _boards(store)
    await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))
    assert (before, [(each.delivery, each.receipt) for each in await _boards(store)]) == ((), [(begun.id, receipt(7))])

    await store.write(lambda books: books.deliveries.shown(begun.id, b"closed", final=True))
    assert await _boards(store) == ()


async def test_what_is_sent_again_after_it_was_cut_short_follows_its_poll_again(store: Store) -> None:
    """Its last part has buttons, and was not out when the first one was told that voting is over."""
    await opened(store, poll())
    (begun,) = await planned(store, SQUARE, message=OPENED)
    failed = await settled(store, begun, DeliveryState.FAILED, receipt(7))
    await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))
    await store.write(lambda books: books.deliveries.shown(begun.id, b"closed", final=True))

    again = replace(failed, state=DeliveryState.PLANNED)
    assert await saved(store, again, expected=DeliveryState.FAILED)
    await settled(store, again, DeliveryState.SENT, receipt(7), receipt(8))

    assert [(each.receipt, each.digest) for each in await _boards(store)] == [(receipt(8), None)]


async def test_what_a_board_shows_is_remembered(store: Store) -> None:
    """An edit that would change nothing is not made; after the final one none is."""
    (delivery,) = await planned(store, SQUARE, message=OPENED)
    await settled(store, delivery, SENT, receipt(7))

    await store.write(lambda books: books.deliveries.shown(delivery.id, b"three voters", final=False))
    assert [board.digest for board in await _boards(store)] == [b"three voters"]

    await store.write(lambda books: books.deliveries.shown(delivery.id, b"closed", final=True))
    assert await _boards(store) == ()


async def test_private_boards_follow_at_closing_only(store: Store) -> None:
    """Editing thousands of private chats at each vote would stop everything else; public ones come first."""
    await opened(store, poll())
    citizen = await subscribed(store, b"a")
    private, public = await planned(store, citizen, SQUARE, message=OPENED)
    for delivery in (private, public):
        await settled(store, delivery, SENT, receipt(delivery.id))

    assert [board.delivery for board in await _boards(store)] == [public.id]
    await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))
    assert [board.delivery for board in await _boards(store)] == [public.id, private.id]
    assert [board.delivery for board in await _boards(store, limit=1)] == [public.id]


async def test_boards_of_several_polls_are_told_apart(store: Store) -> None:
    """Each follows its own."""
    other = replace(poll(), id=PollId("bridge_colour"))
    for message, place in ((OPENED, SQUARE), (PollOpened(poll=other, zone="Europe/Paris"), MARKET)):
        (delivery,) = await planned(store, place, message=message)
        await settled(store, delivery, SENT, receipt(delivery.id))

    assert [board.poll for board in await _boards(store)] == [BRIDGE, other.id]


async def test_showing_what_was_never_sent_changes_nothing(store: Store) -> None:
    """The delivery was purged while its edit was under way."""
    await store.write(lambda books: books.deliveries.shown(DeliveryId(0), b"?", final=False))

    assert await _boards(store) == ()
