"""What is ordered about what is out: planned for every copy, claimed by compare-and-set, settled once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.audience import Recipient, RecipientKind
from core.correction import FAULT, Amendment, AmendmentState, CorrectionKind, Order, claimed, settled
from core.delivery import PATIENCE, DeliveryState, Urgency
from core.identifiers import CorrectionId, DeliveryId, OccurrenceId
from core.messages import AnnouncementPublished, Erratum
from core.ports.store import Store
from tests.contracts.doings import (
    ACCOUNT,
    BRIDGE_CAMPAIGN,
    LATER,
    MARKET,
    NEWS,
    OTHER,
    SQUARE,
    planned,
    started,
    subscribed,
)
from tests.contracts.doings import settled as sent
from tests.core.examples import NOON, announcement, receipt, words

ERRATUM = Erratum(title=words("The footbridge"), said=words("Works begin in June."))


def an_order(occurrence: OccurrenceId, kind: CorrectionKind = CorrectionKind.RETRACT, **more: object) -> Order:
    return replace(Order(kind=kind, occurrence=occurrence, by="anne", at=NOON, due_at=NOON), **more)  # type: ignore[arg-type]  # each field has its own type


async def ordered(store: Store, order: Order) -> CorrectionId:
    return await store.write(lambda books: books.corrections.order(order))


async def claimable(store: Store, least: Urgency = Urgency.REFRESH, *, at: datetime = NOON) -> list[DeliveryId]:
    found = await store.read(lambda books: books.corrections.claimable(ACCOUNT, at=at, limit=9, least=least))
    return [each.delivery for each in found]


async def amendment(store: Store, delivery: DeliveryId) -> Amendment:
    (found,) = await store.read(lambda books: books.corrections.of_delivery(delivery))
    return found


async def save(store: Store, after: Amendment, before: Amendment) -> bool:
    return await store.write(
        lambda books: books.corrections.save(
            after, expected=before.state, claimed_at=before.claimed_at, due_at=before.due_at
        )
    )


async def two_copies(store: Store) -> tuple[OccurrenceId, list[DeliveryId]]:
    occurrence, _ = await started(store)
    found = await planned(store, SQUARE, MARKET, occurrence=occurrence.id)
    for each in found:
        await sent(store, each, DeliveryState.SENT, receipt(each.id))
    return occurrence.id, [each.id for each in found]


async def test_an_order_comes_back_with_its_words(store: Store) -> None:
    """And is listed with those of the same occurrence, the oldest first."""
    occurrence, _ = await two_copies(store)
    order = an_order(occurrence, CorrectionKind.ERRATUM, words=announcement(), said=words("June"))
    first = await ordered(store, order)
    second = await ordered(store, an_order(occurrence))

    found = await store.read(lambda books: books.corrections.of(occurrence))

    assert [each.id for each in found] == [first, second]
    known = await store.read(lambda books: books.corrections.get(first))
    assert known is not None
    assert known.order == order
    assert await store.read(lambda books: books.corrections.get(CorrectionId(0))) is None


async def test_every_copy_gets_its_amendment(store: Store) -> None:
    """In the transaction of the order; each may then be claimed."""
    occurrence, copies = await two_copies(store)

    number = await ordered(store, an_order(occurrence))

    assert await claimable(store) == copies
    counted = await store.read(lambda books: dict(books.corrections.count(number)))
    assert counted == {AmendmentState.PLANNED: 2}


async def test_what_is_taken_back_takes_its_errata_along_and_words_do_not(store: Store) -> None:
    """An erratum to what is no longer there would only puzzle people."""
    occurrence, (square, market) = await two_copies(store)
    reply = await store.write(
        lambda books: books.deliveries.reply(square, ERRATUM, urgency=Urgency.CAMPAIGN, due_at=NOON, expires_at=LATER)
    )

    retracted = await ordered(store, an_order(occurrence))
    amended = await ordered(store, an_order(occurrence, CorrectionKind.AMEND, words=announcement()))

    assert (await amendment(store, reply)).correction == retracted
    both = await store.read(lambda books: books.corrections.of_delivery(market))
    assert [each.correction for each in both] == [retracted, amended]


async def test_what_may_still_go_out_or_is_in_doubt_waits(store: Store) -> None:
    """A copy that nobody knows of is looked for first."""
    occurrence, _ = await started(store)
    waiting, doubtful, failed = await planned(
        store, SQUARE, MARKET, Recipient(RecipientKind.CHANNEL, "hill"), occurrence=occurrence.id
    )
    await sent(store, doubtful, DeliveryState.UNCERTAIN)
    await sent(store, failed, DeliveryState.FAILED)

    await ordered(store, an_order(occurrence.id))

    assert await claimable(store) == [failed.id]
    assert waiting.state is DeliveryState.PLANNED


async def test_only_what_is_due_urgent_enough_and_of_the_account_is_claimed(store: Store) -> None:
    """Words wait in sober mode; an end waits for its hour."""
    occurrence, (square, _) = await two_copies(store)
    await ordered(store, an_order(occurrence, CorrectionKind.AMEND, words=announcement()))
    soon = NOON + timedelta(minutes=5)

    assert await claimable(store, Urgency.NOTICE) == []
    assert len(await claimable(store)) == 2
    assert (
        await store.read(lambda books: books.corrections.claimable(OTHER, at=NOON, limit=9, least=Urgency.REFRESH))
        == ()
    )
    stands = await amendment(store, square)
    assert await save(store, replace(stands, due_at=soon), stands)
    assert (len(await claimable(store)), len(await claimable(store, at=soon))) == (1, 2)
    assert await store.read(lambda books: books.corrections.next_due(NOON)) == soon


async def test_nothing_planned_is_never_due(store: Store) -> None:
    """The planner then waits for its own steps only."""
    assert await store.read(lambda books: books.corrections.next_due(NOON)) is None


async def test_a_network_is_away_when_it_took_no_change_in_some_tries(store: Store) -> None:
    """What was tried less often says nothing of it, nor what one person does not accept."""
    occurrence, _ = await started(store)
    (square,) = await planned(store, SQUARE, occurrence=occurrence.id)
    (anne,) = await planned(store, await subscribed(store, b"anne"), occurrence=occurrence.id)
    await ordered(store, an_order(occurrence.id))
    private, public = [await amendment(store, each.id) for each in (anne, square)]
    await save(store, replace(private, attempts=PATIENCE, note="private"), private)
    await save(store, replace(public, attempts=PATIENCE - 1, note="no route"), public)
    before = await store.read(lambda books: books.corrections.away())

    await save(store, replace(public, attempts=PATIENCE, note="no route"), public)

    after = await store.read(lambda books: books.corrections.away())
    assert (before, after) == ({}, {ACCOUNT: "no route"})


async def test_a_network_is_not_away_where_we_fail_ourselves(store: Store) -> None:
    """The staff would look for the cause where it is not."""
    occurrence, (square, market) = await two_copies(store)
    await ordered(store, an_order(occurrence))
    for number, note in ((square, "no route"), (market, f"{FAULT}: KeyError")):
        planned_once = await amendment(store, number)
        await save(store, replace(planned_once, attempts=PATIENCE, note=note), planned_once)

    assert await store.read(lambda books: books.corrections.away()) == {ACCOUNT: "no route"}


async def test_an_amendment_is_claimed_once_and_again_when_its_lease_has_ended(store: Store) -> None:
    """Its calls may all be repeated."""
    occurrence, (square, _) = await two_copies(store)
    await ordered(store, an_order(occurrence))
    before = await amendment(store, square)
    mine = claimed(before, NOON)

    assert (await save(store, mine, before), await save(store, mine, before)) == (True, False)
    assert square not in await claimable(store)
    assert square in await claimable(store, at=NOON + timedelta(hours=1))


async def test_a_settled_amendment_comes_back_whole(store: Store) -> None:
    """For the ledger: what was done, when, and which reply says the rest."""
    occurrence, (square, market) = await two_copies(store)
    await ordered(store, an_order(occurrence))
    before = await amendment(store, square)
    after = settled(before, AmendmentState.REPLIED, at=LATER, note="too old", reply=market)

    await save(store, after, before)

    assert await amendment(store, square) == after
    assert await claimable(store) == [market]


async def test_what_is_forgotten_of_a_person_takes_its_amendments_along(store: Store) -> None:
    """Nothing is left that counts who was written to."""
    occurrence, _ = await started(store)
    anne = await subscribed(store, b"anne")
    (copy,) = await planned(store, anne, occurrence=occurrence.id)
    await sent(store, copy, DeliveryState.SENT, receipt())
    number = await ordered(store, an_order(occurrence.id))
    reply = await store.write(
        lambda books: books.deliveries.reply(copy.id, ERRATUM, urgency=Urgency.CAMPAIGN, due_at=NOON, expires_at=LATER)
    )

    await store.write(lambda books: books.citizens.forget(b"anne"))

    assert await store.read(lambda books: dict(books.corrections.count(number))) == {}
    assert await store.read(lambda books: books.deliveries.get(reply)) is None


async def test_a_reply_goes_where_the_first_message_went_and_belongs_to_its_campaign(store: Store) -> None:
    """It is listed, counted, hastened and cancelled with it."""
    _, (square, _) = await two_copies(store)
    reply = await store.write(
        lambda books: books.deliveries.reply(square, ERRATUM, urgency=Urgency.CAMPAIGN, due_at=NOON, expires_at=LATER)
    )

    found = await store.read(lambda books: books.deliveries.get(reply))
    listed = await store.read(lambda books: books.deliveries.all(campaign=BRIDGE_CAMPAIGN, limit=1))
    hastened = await store.write(lambda books: books.deliveries.hasten(BRIDGE_CAMPAIGN, Urgency.NOTICE, at=NOON))
    await store.write(lambda books: books.campaigns.cancel(BRIDGE_CAMPAIGN))

    assert found is not None
    assert (found.recipient, found.message, found.answers) == (SQUARE, ERRATUM, square)
    assert ([each.id for each in listed], hastened) == ([reply], 1)
    counted = await store.read(lambda books: books.deliveries.count(campaign=BRIDGE_CAMPAIGN))
    assert counted == {DeliveryState.SENT: 2, DeliveryState.CANCELLED: 1}


async def test_a_reply_outlives_what_it_answers(store: Store) -> None:
    """Private deliveries are forgotten after thirty days, each at its time."""
    occurrence, _ = await started(store)
    anne = await subscribed(store, b"anne")
    (copy,) = await planned(store, anne, occurrence=occurrence.id)
    await sent(store, copy, DeliveryState.SENT, receipt())
    reply = await store.write(
        lambda books: books.deliveries.reply(copy.id, ERRATUM, urgency=Urgency.CAMPAIGN, due_at=NOON, expires_at=LATER)
    )
    await ordered(store, an_order(occurrence.id, CorrectionKind.ERRATUM))

    await store.write(lambda books: books.deliveries.purge(before=NOON + timedelta(days=30)))

    left = await store.read(lambda books: books.deliveries.all())
    assert [(each.id, each.answers) for each in left] == [(reply, copy.id)]


async def test_a_reply_that_is_forgotten_leaves_the_outcome(store: Store) -> None:
    """The ledger still says that it was said."""
    occurrence, _ = await started(store)
    anne = await subscribed(store, b"anne")
    (copy,) = await planned(store, SQUARE, occurrence=occurrence.id)
    await sent(store, copy, DeliveryState.SENT, receipt())
    (private,) = await planned(store, anne)
    await sent(store, private, DeliveryState.SENT)
    await ordered(store, an_order(occurrence.id))
    before = await amendment(store, copy.id)
    await save(store, settled(before, AmendmentState.REPLIED, at=NOON, reply=private.id), before)

    await store.write(lambda books: books.deliveries.purge(before=NOON + timedelta(days=30)))

    after = await amendment(store, copy.id)
    assert (after.state, after.reply) == (AmendmentState.REPLIED, None)


async def test_what_is_not_out_yet_is_reworded_or_called_off(store: Store) -> None:
    """Nobody is sent a mistake that is known; what may be out in part is left to its amendment."""
    occurrence, _ = await started(store)
    _whole, begun = await planned(store, SQUARE, MARKET, occurrence=occurrence.id)
    await saved_as_begun(store, begun.id)
    other = AnnouncementPublished(announcement=replace(announcement(), title=words("Other")))

    reworded = await store.write(lambda books: books.deliveries.reword(occurrence.id, other))
    left = await store.read(lambda books: books.deliveries.all())
    said = [each.message for each in reversed(left)]
    called_off = await store.write(lambda books: books.deliveries.call_off(occurrence.id))

    assert (reworded, said, called_off) == (1, [other, NEWS], 2)


async def saved_as_begun(store: Store, number: DeliveryId) -> None:
    found = await store.read(lambda books: books.deliveries.get(number))
    assert found is not None
    begun = replace(found, done=1, parts=2)
    await store.write(lambda books: books.deliveries.save(begun, expected=DeliveryState.PLANNED))


@pytest.mark.parametrize(
    ("kind", "after"),
    [
        (CorrectionKind.AMEND, AmendmentState.CANCELLED),
        (CorrectionKind.ERRATUM, AmendmentState.CANCELLED),
        (CorrectionKind.RETRACT, AmendmentState.PLANNED),
        (CorrectionKind.END, AmendmentState.PLANNED),
    ],
)
async def test_a_cancelled_campaign_says_nothing_more_and_still_takes_back(
    store: Store, kind: CorrectionKind, after: AmendmentState
) -> None:
    """Nothing is posted once it was cancelled."""
    occurrence, (square, _) = await two_copies(store)
    await ordered(store, an_order(occurrence, kind))

    cancelled = await store.write(lambda books: books.corrections.cancel(BRIDGE_CAMPAIGN, at=LATER))

    assert (await amendment(store, square)).state is after
    assert cancelled == (2 if after is AmendmentState.CANCELLED else 0)


async def test_words_that_wait_are_let_out_with_their_campaign(store: Store) -> None:
    """In sober mode, by an officer."""
    occurrence, copies = await two_copies(store)
    await ordered(store, an_order(occurrence, CorrectionKind.AMEND, words=announcement()))

    hastened = [
        await store.write(lambda books: books.corrections.hasten(BRIDGE_CAMPAIGN, Urgency.MODERATION)) for _ in range(2)
    ]

    assert (hastened, await claimable(store, Urgency.NOTICE)) == ([2, 0], copies)


async def test_where_everybody_can_look_is_remembered(store: Store) -> None:
    """For the officer who asks what is out, and where."""
    (found,) = await planned(store, SQUARE)
    link = "https://t.me/ville/7"
    await sent(store, found, DeliveryState.SENT, replace(receipt(), link=link))

    stands = await store.read(lambda books: books.deliveries.get(found.id))

    assert stands is not None
    assert [each.link for each in stands.receipts] == [link]
