"""What the networks tell of their own polls: totals, never who."""

import pytest

from bots.router import respond
from core.audience import Recipient, RecipientKind
from core.delivery import DeliveryState, Urgency, claimed, completed, progressed
from core.events import Incoming, NativeTallied, Received
from core.identifiers import MessageId, NativePollId
from core.messages import PollOpened
from core.native import NativeTally
from core.ports.books.natives import Hosted
from core.ports.store import Books
from core.post import Receipt
from tests.bots.listening import listening
from tests.bots.town import ARBRES, CHANNEL, Stage, poll
from tests.fakes import ACCOUNT, NOON, Telling

NAME = NativePollId("p1")


def tells(*counts: int, final: bool = False, poll: str = NAME) -> Telling:
    """The network tells the totals of a poll; without any, only that they changed."""
    tally = NativeTally(counts=counts, final=final) if counts else None

    def telling(received: Received) -> tuple[Incoming, ...]:
        return (NativeTallied(received=received, poll=NativePollId(poll), tally=tally),)

    return telling


@pytest.fixture
async def hosting(voting: Stage) -> Stage:
    """A town whose poll is also asked by the network's own."""

    def work(books: Books) -> None:
        recipient = Recipient(RecipientKind.CHANNEL, "place")
        books.deliveries.plan(
            occurrence=None,
            message=PollOpened(poll=poll(), zone="Europe/Paris"),
            recipients=[(ACCOUNT, recipient)],
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=NOON,
        )
        (planned,) = books.deliveries.all()
        mine = claimed(planned, NOON)
        where = Receipt(address=CHANNEL, message=MessageId("7"), call="sendPoll", poll=NAME)
        books.deliveries.save(mine, expected=DeliveryState.PLANNED)
        sent = completed(progressed(mine, where))
        books.deliveries.save(sent, expected=DeliveryState.SENDING, claimed_at=mine.claimed_at)

    await voting.look(work)
    return voting


async def _known(stage: Stage) -> Hosted:
    (known,) = await stage.look(lambda books: books.natives.of(ARBRES))
    return known


async def _counts(stage: Stage) -> tuple[int, ...] | None:
    seen = (await _known(stage)).seen
    return None if seen is None else seen.tally.counts


async def test_totals_are_replaced_and_never_added(hosting: Stage) -> None:
    """One voter is counted once, may change, and may withdraw: the totals say so, and nobody is named."""
    seen = []
    for told in (tells(0, 1, 0), tells(0, 0, 1), tells(0, 0, 0)):
        assert await hosting.hears(told) == ()
        seen.append(await _counts(hosting))

    assert seen == [(0, 1, 0), (0, 0, 1), (0, 0, 0)]
    assert await hosting.tally() == (0, 0, 0)


async def test_totals_that_come_late_do_not_lower_newer_ones(hosting: Stage) -> None:
    """By their order of arrival, whoever deals with them first."""
    older, newer = await hosting.receives(), await hosting.receives()
    for received, counts in ((newer, (0, 5, 0)), (older, (0, 4, 0)), (newer, (0, 5, 0))):
        for event in tells(*counts)(received):
            await respond(hosting.desk, event)

    assert await _counts(hosting) == (0, 5, 0)


async def test_final_totals_wake_whoever_waits_for_them(hosting: Stage) -> None:
    """Results may be published now."""
    await hosting.hears(tells(1, 0, 0))
    before = hosting.woken
    await hosting.hears(tells(1, 0, 0, final=True))

    assert (before, hosting.woken) == (0, 1)


async def test_a_change_without_totals_has_somebody_look(hosting: Stage) -> None:
    """Some networks say only who voted; that goes no further than the adapter."""
    await hosting.hears(tells())

    assert ((await _known(hosting)).asked, await _counts(hosting)) == (True, None)


async def test_a_poll_that_is_not_ours_changes_nothing(hosting: Stage) -> None:
    """It may be another program's with the same account."""
    await hosting.hears(tells(9, 9, 9, poll="p2"))

    assert (await _counts(hosting), await hosting.pending()) == (None, 0)


async def test_totals_go_through_the_runner_like_any_update(hosting: Stage) -> None:
    """They belong to no person, so that nobody's other acts wait for them."""
    hosting.platform.hears(tells(1, 2, 0))

    async with listening(hosting):
        pass

    assert (await _counts(hosting), await hosting.pending(), hosting.platform.said) == ((1, 2, 0), 0, [])
