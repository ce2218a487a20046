"""What the suites of the stores do before they look: polls opened, deliveries planned and brought to a state."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.audience import Recipient, RecipientKind
from core.campaign import After, Campaign, Occurrence, StepKind
from core.delivery import Delivery, DeliveryState, Urgency, claimed
from core.identifiers import AccountName, CampaignId, CitizenId, Locale, OccurrenceId
from core.messages import AnnouncementPublished, Delivered
from core.poll import Poll, PollState
from core.ports.store import Books, Store
from core.post import Receipt
from core.timetable import Timetable
from tests.core.examples import NOON, announcement, campaign, step

ACCOUNT = AccountName("telegram")
OTHER = AccountName("other")
BRIDGE_CAMPAIGN = CampaignId("bridge")
SQUARE = Recipient(RecipientKind.CHANNEL, "square")
MARKET = Recipient(RecipientKind.CHANNEL, "market")
NEWS = AnnouncementPublished(announcement=announcement())
LATER = NOON + timedelta(hours=1)


async def opened(store: Store, asked: Poll) -> None:
    """Add a poll and open it."""

    def work(books: Books) -> None:
        books.polls.add(replace(asked, state=PollState.PLANNED))
        books.polls.open(asked.id)

    await store.write(work)


async def started(store: Store, plan: Campaign | None = None) -> tuple[Occurrence, ...]:
    """Start a campaign of two steps, an hour apart; its occurrences."""
    steps = (step(StepKind.OPEN_POLL, After(timedelta())), step(StepKind.CLOSE_POLL, After(timedelta(hours=1))))
    running = plan or campaign(*steps)
    await store.write(lambda books: books.campaigns.start(running, at=NOON, due=Timetable(running, NOON).all()))
    return await store.read(lambda books: books.campaigns.occurrences(running.id))


async def planned(
    store: Store,
    *recipients: Recipient,
    message: Delivered = NEWS,
    occurrence: OccurrenceId | None = None,
    account: AccountName = ACCOUNT,
    urgency: Urgency = Urgency.CAMPAIGN,
    due_at: datetime = NOON,
    expires_at: datetime = LATER,
) -> tuple[Delivery, ...]:
    """Plan a message to these recipients; the new deliveries, the oldest first."""

    def work(books: Books) -> Sequence[Delivery]:
        new = books.deliveries.plan(
            occurrence=occurrence,
            message=message,
            recipients=[(account, recipient) for recipient in recipients],
            urgency=urgency,
            due_at=due_at,
            expires_at=expires_at,
        )
        return books.deliveries.all(limit=new)

    return tuple(reversed(await store.write(work)))


async def planned_for_subscribers(store: Store, occurrence: OccurrenceId, *accounts: AccountName) -> int:
    """Plan the news for the subscribers of these accounts; how many are new."""
    return await store.write(
        lambda books: books.deliveries.plan_for_subscribers(
            occurrence=occurrence,
            message=NEWS,
            accounts=accounts,
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=LATER,
        )
    )


async def saved(store: Store, delivery: Delivery, expected: DeliveryState, claimed_at: datetime | None = None) -> bool:
    """Save by compare-and-set; whether it was."""
    return await store.write(lambda books: books.deliveries.save(delivery, expected=expected, claimed_at=claimed_at))


async def settled(store: Store, delivery: Delivery, state: DeliveryState, *receipts: Receipt) -> Delivery:
    """Claim a planned delivery at noon and bring it to a state."""
    mine = claimed(delivery, NOON)
    after = replace(mine, state=state, lease_until=None, receipts=receipts, parts=1, done=1)

    def work(books: Books) -> bool:
        return books.deliveries.save(mine, expected=DeliveryState.PLANNED) and books.deliveries.save(
            after, expected=DeliveryState.SENDING, claimed_at=NOON
        )

    assert await store.write(work)
    return after


async def subscribed(
    store: Store, blind: bytes, *, account: AccountName = ACCOUNT, wants: bool | None = True
) -> Recipient:
    """Remember a citizen, subscribed unless told otherwise; how a delivery names them."""
    return citizen_recipient(
        await store.write(
            lambda books: books.citizens.remember(
                blind=blind, sealed=b"sealed", account=account, locale=Locale.FR, subscribed=wants, at=NOON
            )
        )
    )


def citizen_recipient(citizen: CitizenId) -> Recipient:
    """How a delivery names a citizen."""
    return Recipient(RecipientKind.CITIZEN, str(citizen))
