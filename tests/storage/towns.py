"""A town with something in every book, and a way to look at everything it remembers."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from core.audience import Recipient, RecipientKind
from core.campaign import After, OccurrenceState, StepKind
from core.delivery import Delivery, DeliveryState, Urgency, claimed, completed, progressed
from core.identifiers import AccountName, Address, CampaignId, IntakeId, Locale, MessageId, VoterKey
from core.messages import AnnouncementPublished, PollOpened
from core.moderation import CaseState
from core.poll import Ballot, Choose
from core.ports.books.deliveries import Board
from core.ports.platform import Cursor, Update
from core.ports.store import Books, Store
from core.timetable import Timetable
from tests.core.examples import BRIDGE, NOON, announcement, campaign, poll, receipt, step, vote

ACCOUNT = AccountName("telegram")
SQUARE = Recipient(RecipientKind.CHANNEL, "square")
LATER = NOON + timedelta(hours=1)


class Memory(NamedTuple):
    """What a town remembers, in values of the core."""

    polls: object
    ballots: list[Ballot | None]
    campaigns: object
    deliveries: tuple[tuple[Delivery, ...], tuple[Board, ...]]
    replies: object
    cases: object
    citizens: object
    held: str | None
    quarantined: int


async def fill(store: Store) -> None:
    """Live a little: a campaign, a poll with votes, deliveries in several states, people, a case."""
    await store.write(_begin)
    intakes = await store.write(
        lambda books: books.inbox.take_in(ACCOUNT, [Update(n, b"?") for n in range(5)], cursor=Cursor(5), at=NOON)
    )
    await store.cast([vote(Choose(n % 3), order=intakes[n].id, voter=bytes([n]) * 16) for n in range(3)])
    await store.write(lambda books: books.inbox.quarantine(intakes[3], sealed=b"sealed", reason="Unreadable"))
    await store.write(_go_on)


async def memory_of(store: Store) -> Memory:
    """Everything that a backup must bring back."""
    return await store.read(_memory)


def _begin(books: Books) -> None:
    plan = campaign(step(StepKind.OPEN_POLL, After(timedelta())))
    books.campaigns.start(plan, at=NOON, due=Timetable(plan, NOON).all())
    books.polls.add(poll())
    books.polls.open(BRIDGE)
    books.town.moved(ACCOUNT, Address("-1"), Address("-2"))


def _go_on(books: Books) -> None:
    (occurrence,) = books.campaigns.occurrences(CampaignId("bridge"))
    books.campaigns.settle(occurrence.id, OccurrenceState.DONE)
    citizen = books.citizens.remember(
        blind=b"b" * 16, sealed=b"sealed", account=ACCOUNT, locale=Locale.FR, subscribed=True, at=NOON
    )
    for message in (PollOpened(poll=poll(), zone="Europe/Paris"), AnnouncementPublished(announcement=announcement())):
        books.deliveries.plan(
            occurrence=occurrence.id if isinstance(message, PollOpened) else None,
            message=message,
            recipients=[(ACCOUNT, SQUARE), (ACCOUNT, Recipient(RecipientKind.CITIZEN, str(citizen)))],
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=LATER,
        )
    sent, _, sending, _ = reversed(books.deliveries.all())
    books.deliveries.save(completed(progressed(claimed(sent, NOON), receipt())), expected=DeliveryState.PLANNED)
    books.deliveries.save(claimed(sending, NOON), expected=DeliveryState.PLANNED)
    books.deliveries.shown(sent.id, b"digest", final=False)
    _people(books)


def _people(books: Books) -> None:
    square = Address("@square")
    books.deliveries.mirror(channel=square, post=MessageId("7"), group=Address("-3"), message=MessageId("1"))
    about = books.deliveries.of_message(ACCOUNT, square, MessageId("7"))
    message = MessageId("9")
    books.replies.add(
        about=about, account=ACCOUNT, chat=square, message=message, author=b"a" * 16, text="Oui !", at=NOON
    )
    books.cases.open(
        article="2",
        charter="2027-1",
        account=ACCOUNT,
        chat=square,
        message=message,
        author=b"a" * 16,
        sealed=b"sealed",
        state=CaseState.REMOVED,
        at=NOON,
    )


def _memory(books: Books) -> Memory:
    voters = [VoterKey(bytes([n]) * 16) for n in range(4)]
    return Memory(
        polls=books.polls.all(),
        ballots=[books.polls.ballot(BRIDGE, voter) for voter in voters],
        campaigns=(books.campaigns.all(), books.campaigns.occurrences(CampaignId("bridge"))),
        deliveries=(books.deliveries.all(), books.deliveries.boards(limit=10)),
        replies=books.replies.all(),
        cases=books.cases.all(),
        citizens=books.citizens.find(b"b" * 16),
        held=books.town.fact("held"),
        quarantined=books.inbox.quarantined(),
    )


async def next_intake(store: Store) -> IntakeId:
    """The order of arrival that the next update gets."""
    (intake,) = await store.write(
        lambda books: books.inbox.take_in(AccountName("new"), [Update(1, b"?")], cursor=Cursor(2), at=NOON)
    )
    return intake.id


def restored(memory: Memory, name: str) -> Memory:
    """What a town remembers after a restore: held, what was being sent uncertain, nothing that only passed through.

    Ballots have no order of arrival any more.
    """
    deliveries, boards = memory.deliveries
    doubted = tuple(
        replace(each, state=DeliveryState.UNCERTAIN, lease_until=None, note="restored from a backup")
        if each.state is DeliveryState.SENDING
        else each
        for each in deliveries
    )
    ballots = [ballot and ballot._replace(order=IntakeId(0)) for ballot in memory.ballots]
    return memory._replace(ballots=ballots, deliveries=(doubted, boards), held=f"restored from {name}", quarantined=0)
