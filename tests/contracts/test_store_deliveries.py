"""The ledger: planned once, claimed by compare-and-set, never lost, never taken twice."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.audience import Recipient, RecipientKind
from core.case_messages import MessageRestored, RemovalNotice
from core.delivery import Delivery, DeliveryState, Urgency, claimed, completed, progressed
from core.identifiers import Address, CaseNumber, DeliveryId
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
    planned_for_subscribers,
    saved,
    settled,
    started,
    subscribed,
)
from tests.core.examples import NOON, receipt, words

PLANNED, SENDING, SENT = DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.SENT
SOON = NOON + timedelta(microseconds=1)
PERSON = Recipient(RecipientKind.PERSON, "c2VhbGVk")


async def _get(store: Store, delivery: Delivery) -> Delivery | None:
    return await store.read(lambda books: books.deliveries.get(delivery.id))


# ── planning ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_planned_delivery_is_complete(store: Store) -> None:
    """All that the dispatcher needs, and nothing done yet."""
    (occurrence, _) = await started(store)

    (delivery,) = await planned(store, SQUARE, occurrence=occurrence.id)

    assert delivery == Delivery(
        id=delivery.id,
        occurrence=occurrence.id,
        account=ACCOUNT,
        recipient=SQUARE,
        message=NEWS,
        urgency=Urgency.CAMPAIGN,
        due_at=NOON,
        expires_at=LATER,
    )


async def test_planning_an_occurrence_twice_changes_nothing(store: Store) -> None:
    """A planner that died after its commit comes back."""
    occurrence, _ = await started(store)
    before = await planned(store, SQUARE, MARKET, occurrence=occurrence.id)

    again = await planned(store, SQUARE, MARKET, occurrence=occurrence.id)

    assert again == ()
    assert await store.read(lambda books: books.deliveries.all()) == tuple(reversed(before))


async def test_planning_again_adds_only_whom_it_had_not(store: Store) -> None:
    """A channel added to the audience meanwhile gets its post."""
    occurrence, _ = await started(store)
    await planned(store, SQUARE, occurrence=occurrence.id)

    (new,) = await planned(store, SQUARE, MARKET, occurrence=occurrence.id)

    assert new.recipient == MARKET


async def test_each_occurrence_plans_for_itself(store: Store) -> None:
    """The reminder goes to the same square as the opening."""
    first, second = await started(store)

    assert len(await planned(store, SQUARE, occurrence=first.id)) == 1
    assert len(await planned(store, SQUARE, occurrence=second.id)) == 1


async def test_without_an_occurrence_each_plan_is_new(store: Store) -> None:
    """A second notice to the same person is a second notice."""
    await planned(store, PERSON)

    assert len(await planned(store, PERSON)) == 1


async def test_a_delivery_may_have_failed_before_it_was_ever_planned(store: Store) -> None:
    """What cannot be sent at all is in the ledger, with the reason."""
    (occurrence, _) = await started(store)
    await store.write(
        lambda books: books.deliveries.plan(
            occurrence=occurrence.id,
            message=NEWS,
            recipients=[(ACCOUNT, SQUARE)],
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=LATER,
            refusal="no such channel",
        )
    )

    (delivery,) = await store.read(lambda books: books.deliveries.all())
    assert (delivery.state, delivery.note) == (DeliveryState.FAILED, "no such channel")
    assert await store.read(lambda books: books.deliveries.claimable(ACCOUNT, at=NOON, limit=9)) == ()


async def test_what_is_planned_may_be_given_more_time(store: Store) -> None:
    """By its urgency; never less than it had."""
    await planned(store, SQUARE, urgency=Urgency.NOTICE, expires_at=NOON + timedelta(minutes=1))
    await planned(store, SQUARE, urgency=Urgency.NOTICE, expires_at=LATER + timedelta(minutes=1))
    await planned(store, SQUARE, urgency=Urgency.CAMPAIGN, expires_at=NOON + timedelta(minutes=1))

    await store.write(lambda books: books.deliveries.prolong(Urgency.NOTICE, until=LATER))

    found = reversed(await store.read(lambda books: books.deliveries.all()))
    assert [each.expires_at - NOON for each in found] == [
        timedelta(hours=1),
        timedelta(minutes=61),
        timedelta(minutes=1),
    ]


async def test_nobody_to_write_to_plans_nothing(store: Store) -> None:
    """An audience may be empty."""
    assert await planned(store) == ()


async def test_subscribers_are_planned_inside_the_database(store: Store) -> None:
    """One delivery each, through the account they wrote to; not for those who only chose a language."""
    occurrence, _ = await started(store)
    alix, _, elsewhere = [
        await subscribed(store, b"a"),
        await subscribed(store, b"b", wants=False),
        await subscribed(store, b"c", account=OTHER),
    ]

    new = await planned_for_subscribers(store, occurrence.id, ACCOUNT, OTHER)

    found = await store.read(lambda books: [(each.account, each.recipient) for each in books.deliveries.all()])
    assert (new, sorted(found, key=str)) == (2, sorted([(ACCOUNT, alix), (OTHER, elsewhere)], key=str))


async def test_subscribers_are_planned_once_and_only_for_the_accounts_named(store: Store) -> None:
    """The same promise as for channels."""
    occurrence, _ = await started(store)
    await subscribed(store, b"a")
    await subscribed(store, b"b", account=OTHER)

    counts = [await planned_for_subscribers(store, occurrence.id, ACCOUNT) for _ in range(2)]

    assert counts == [1, 0]


# ── claiming ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_most_urgent_is_claimed_first(store: Store) -> None:
    """Then the earliest due, then the oldest."""
    early = NOON - timedelta(minutes=1)
    late_campaign = await planned(store, SQUARE)
    notice = await planned(store, SQUARE, urgency=Urgency.NOTICE)
    early_campaign = await planned(store, SQUARE, due_at=early)
    newest = await planned(store, SQUARE)

    found = await store.read(lambda books: books.deliveries.claimable(ACCOUNT, at=NOON, limit=9))

    assert found == (*notice, *early_campaign, *late_campaign, *newest)


@pytest.mark.parametrize(
    ("at", "claimable"),
    [(NOON - timedelta(microseconds=1), 0), (NOON, 1), (LATER - timedelta(microseconds=1), 1), (LATER, 0)],
    ids=["before it is due", "when it is due", "just before it expires", "when it expires"],
)
async def test_a_delivery_can_be_claimed_in_its_time(store: Store, at: datetime, claimable: int) -> None:
    """From the instant it is due, until the instant it expires."""
    await planned(store, SQUARE)

    assert len(await store.read(lambda books: books.deliveries.claimable(ACCOUNT, at=at, limit=9))) == claimable


async def test_each_account_claims_its_own(store: Store) -> None:
    """And no more than it asked for."""
    await planned(store, SQUARE, MARKET)
    await planned(store, SQUARE, account=OTHER)

    assert len(await store.read(lambda books: books.deliveries.claimable(ACCOUNT, at=NOON, limit=1))) == 1
    assert len(await store.read(lambda books: books.deliveries.claimable(OTHER, at=NOON, limit=9))) == 1


async def test_the_next_delivery_due_is_known(store: Store) -> None:
    """By account; what is no longer planned does not count."""
    (first,) = await planned(store, SQUARE)
    await planned(store, SQUARE, due_at=LATER, expires_at=LATER + timedelta(hours=1))

    assert await store.read(lambda books: books.deliveries.next_due(ACCOUNT)) == NOON
    await settled(store, first, SENT)
    assert await store.read(lambda books: books.deliveries.next_due(ACCOUNT)) == LATER
    assert await store.read(lambda books: books.deliveries.next_due(OTHER)) is None


async def test_what_is_saved_comes_back(store: Store) -> None:
    """Every field that changes in a delivery's life."""
    (delivery,) = await planned(store, SQUARE)
    after = replace(
        claimed(delivery, NOON),
        attempts=3,
        receipts=(receipt(1), receipt(2)),
        parts=4,
        done=2,
        note="Unavailable: later",
        due_at=LATER,
    )

    assert await saved(store, after, PLANNED)
    assert await _get(store, delivery) == after


async def test_receipts_are_what_was_saved_last(store: Store) -> None:
    """More of them, then fewer: none is left over."""
    (delivery,) = await planned(store, SQUARE)
    mine = claimed(delivery, NOON)
    await saved(store, mine, PLANNED)
    two = progressed(progressed(mine, receipt(1)), receipt(2))
    await saved(store, two, SENDING, NOON)

    one = completed(progressed(mine, receipt(3)))
    await saved(store, one, SENDING, NOON)

    assert await _get(store, delivery) == one


async def test_only_one_of_many_claims_a_delivery(store: Store) -> None:
    """Two dispatchers on one row would post twice."""
    (delivery,) = await planned(store, SQUARE)
    claims = [claimed(delivery, NOON + timedelta(microseconds=n)) for n in range(8)]

    taken = await asyncio.gather(*(saved(store, mine, PLANNED) for mine in claims))

    assert sum(taken) == 1
    assert await _get(store, delivery) == claims[taken.index(True)]


@pytest.mark.parametrize("claimed_at", [SOON, None], ids=["another claim", "no claim"])
async def test_a_lost_claim_cannot_be_saved(store: Store, claimed_at: datetime | None) -> None:
    """A sender frozen for minutes wakes up: the delivery is another's by now."""
    (delivery,) = await planned(store, SQUARE)
    mine = claimed(delivery, NOON)
    await saved(store, mine, PLANNED)

    kept = await saved(store, completed(mine), SENDING, claimed_at)

    assert not kept
    assert await _get(store, delivery) == mine


async def test_a_delivery_nobody_planned_is_not_saved(store: Store) -> None:
    """Nor found."""
    (delivery,) = await planned(store, SQUARE)
    stranger = replace(delivery, id=DeliveryId(0))

    assert await saved(store, stranger, PLANNED) is False
    assert await _get(store, stranger) is None


# ── looking back ───────────────────────────────────────────────────────────────────────────────────────────


async def test_leases_that_ended_are_found(store: Store) -> None:
    """Exclusive: at its last instant a lease still holds."""
    first, second = await planned(store, SQUARE, MARKET)
    mine = claimed(first, NOON)
    await saved(store, mine, PLANNED)
    await settled(store, second, SENT)
    assert mine.lease_until is not None
    end = mine.lease_until

    assert await store.read(lambda books: books.deliveries.overdue(end)) == ()
    assert await store.read(lambda books: books.deliveries.overdue(end + timedelta(microseconds=1))) == (mine,)


async def test_what_is_in_doubt_in_public_places_is_listed_whole(store: Store) -> None:
    """Per account, the oldest first; nobody looks into a private chat."""
    made = [(await planned(store, place))[0] for place in (SQUARE, PERSON, SQUARE, SQUARE)]
    for each in made[:3]:
        await saved(store, replace(each, state=DeliveryState.UNCERTAIN), expected=PLANNED)

    listed = await store.read(lambda books: [books.deliveries.in_doubt(account) for account in (ACCOUNT, OTHER)])

    assert [[each.id for each in mine] for mine in listed] == [[made[0].id, made[2].id], []]


async def test_what_is_too_late_expires(store: Store) -> None:
    """Planned ones only, at the instant itself."""
    late, out = await planned(store, SQUARE, MARKET)
    (in_time,) = await planned(store, SQUARE, expires_at=LATER + timedelta(hours=1))
    await settled(store, out, SENT)

    assert await store.write(lambda books: books.deliveries.expire(LATER)) == 1
    states = await store.read(lambda books: {each.id: each.state for each in books.deliveries.all()})
    assert states == {late.id: DeliveryState.EXPIRED, out.id: SENT, in_time.id: PLANNED}


async def test_what_was_perhaps_sent_does_not_expire(store: Store) -> None:
    """Nobody must read that it was never sent: a human looks."""
    (late,) = await planned(store, SQUARE)
    assert await saved(store, replace(late, doubted_at=NOON), PLANNED)

    await store.write(lambda books: books.deliveries.expire(LATER))

    stands = await _get(store, late)
    assert stands == replace(late, state=DeliveryState.UNCERTAIN, doubted_at=NOON)


async def test_deliveries_are_listed_by_state_and_campaign(store: Store) -> None:
    """The newest first, so many and no more."""
    occurrence, _ = await started(store)
    first, second = await planned(store, SQUARE, MARKET, occurrence=occurrence.id)
    (third,) = await planned(store, PERSON)
    sent = await settled(store, first, SENT)

    assert await store.read(lambda books: books.deliveries.all(limit=2)) == (third, second)
    assert await store.read(lambda books: books.deliveries.all(state=SENT)) == (sent,)
    assert await store.read(lambda books: books.deliveries.all(campaign=BRIDGE_CAMPAIGN)) == (second, sent)
    assert await store.read(lambda books: books.deliveries.all(campaign=BRIDGE_CAMPAIGN, state=PLANNED)) == (second,)
    assert await store.read(lambda books: books.deliveries.all(kind=PERSON.kind)) == (third,)


async def test_deliveries_are_counted_by_state(store: Store) -> None:
    """What the officer watches while a campaign goes out."""
    occurrence, _ = await started(store)
    first, _ = await planned(store, SQUARE, MARKET, occurrence=occurrence.id)
    await planned(store, PERSON)
    await settled(store, first, SENT)

    assert await store.read(lambda books: books.deliveries.count()) == {SENT: 1, PLANNED: 2}
    assert await store.read(lambda books: books.deliveries.count(campaign=BRIDGE_CAMPAIGN)) == {SENT: 1, PLANNED: 1}


# ── forgetting ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_settled_private_deliveries_are_forgotten_in_time(store: Store) -> None:
    """The public record stays; so does what is not settled, whoever it is for."""
    citizen = await subscribed(store, b"a")
    private, public, doubted, waiting = await planned(store, citizen, SQUARE, PERSON, PERSON)
    await settled(store, private, SENT)
    await settled(store, public, SENT)
    await settled(store, doubted, DeliveryState.UNCERTAIN)

    assert await store.write(lambda books: books.deliveries.purge(before=NOON)) == 0
    assert await store.write(lambda books: books.deliveries.purge(before=SOON)) == 1
    left = await store.read(lambda books: {each.id for each in books.deliveries.all()})
    assert left == {public.id, doubted.id, waiting.id}


async def test_what_a_group_was_told_about_its_members_is_forgotten_in_time(store: Store) -> None:
    """A message given back to the debate is about somebody, by the number of a case."""
    restored = MessageRestored(case=CaseNumber(1))
    (delivery,) = await planned(store, Recipient(RecipientKind.CHAT, "-1"), message=restored)
    await settled(store, delivery, SENT)

    await store.write(lambda books: books.deliveries.purge(before=SOON))

    assert await _get(store, delivery) is None


@pytest.mark.parametrize("state", [DeliveryState.FAILED, SENT], ids=str)
async def test_a_notice_is_forgotten_whether_it_arrived_or_not(store: Store, state: DeliveryState) -> None:
    """Nobody need know for longer who was told what."""
    notice = RemovalNotice(
        case=CaseNumber(1),
        article="2",
        charter="1",
        rule=words("Be kind."),
        account=ACCOUNT,
        chat=Address("-1"),
    )
    (delivery,) = await planned(store, PERSON, message=notice)
    await settled(store, delivery, state)

    await store.write(lambda books: books.deliveries.purge(before=SOON))

    assert await _get(store, delivery) is None
