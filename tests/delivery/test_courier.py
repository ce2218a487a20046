"""One delivery on its way: what cannot be sent, what must not be sent any more, and a store that is away."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.campaign import After, StepKind
from core.delivery import LEASE, DeliveryState, claimed, lost
from core.errors import (
    OutcomeUnknown,
    Rejected,
    StorageError,
    Unavailable,
    Uncertain,
    Unreachable,
)
from core.identifiers import CampaignId, DeliveryId, OccurrenceId
from core.timetable import Timetable
from delivery import dispatcher
from delivery.sobriety import freeze
from tests.core.examples import NEWS, campaign, receipt, step
from tests.delivery.post_office import HOUR, Crossing, FailingStore, PostOffice, notice, pinned, quiet, text, to
from tests.fakes import CAPABILITIES, NOON, ScriptedPlatform

PLANNED, SENT = DeliveryState.PLANNED, DeliveryState.SENT
FAILED, UNCERTAIN, CANCELLED = DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.CANCELLED
SECOND = timedelta(seconds=1)


# ── what cannot be sent ────────────────────────────────────────────────────────────────────────────────────


async def test_a_recipient_nobody_knows_fails() -> None:
    """A channel taken out of the configuration."""
    office = PostOffice()
    (number,) = await office.plan(text(), to("market"))

    await office.work()

    delivery = await office.get(number)
    assert (delivery.state, "nobody can be reached" in delivery.note) == (FAILED, True)


class _Mute(ScriptedPlatform):
    """A network that cannot express the post: ``error`` says how."""

    error: Exception

    def plan(self, *_: object, **__: object) -> tuple[()]:
        """Refuse."""
        raise self.error


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (Rejected("too many buttons"), "Rejected: too many buttons"),
        (KeyError("x"), "Rejected: cannot be written: KeyError"),
    ],
)
async def test_a_message_that_cannot_be_written_fails_alone(error: Exception, note: str) -> None:
    """Before any call; the others go on."""
    mute = _Mute()
    mute.error = error
    office = PostOffice(mute)
    (number,) = await office.plan(text())

    await office.work()

    assert (await office.get(number)).note == note
    assert "send" not in office.platform.calls


@pytest.mark.parametrize(
    ("error", "cure"),
    [(Unreachable("bot was kicked"), "parvis doctor"), (Uncertain("timed out"), "parvis deliveries settle")],
    ids=["refused", "lost"],
)
async def test_what_goes_wrong_in_a_channel_is_told_with_its_cure(
    error: Exception, cure: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator reads where, why, and what to type."""
    office = PostOffice()
    office.platform.fails("send", error)
    await office.plan(text())

    await office.work()

    (told,) = [record.__dict__ for record in caplog.records]
    assert (told["levelname"], told["to"], cure in told["cure"]) == ("WARNING", "square", True)


async def test_nobody_is_named_when_a_notice_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    """The author of a removed message never wrote to the bot."""
    office = PostOffice()
    office.platform.fails("send", Unreachable("bot can't initiate conversation with a user"))
    await office.plan(notice(), await office.person("711"))

    await office.work()

    assert [record.__dict__["to"] for record in caplog.records] == ["person"]


async def test_a_citizen_who_left_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    """People block bots every day."""
    office = PostOffice()
    office.platform.fails("send", Unreachable("bot was blocked by the user"))
    await office.plan(text(), await office.citizen("711"))

    await office.work()

    assert caplog.records == []


# ── held, cancelled, expired ───────────────────────────────────────────────────────────────────────────────


async def test_while_the_town_is_held_nothing_is_sent() -> None:
    """And everything once it is released."""
    office = PostOffice()
    await office.hold()
    await office.plan(text())

    async with office.open() as lane:
        held = office.texts()
        await office.hold(None)
        office.bell.ring()
        await quiet(lane)

    assert (held, office.texts()) == ([], ["@square text"])


async def _crossed(happens: Callable[[PostOffice, DeliveryId], Awaitable[object]], *, at: int) -> PostOffice:
    """A pinned message in two parts is sent, and something happens while its ``at``-th turn is waited for."""
    crossing = Crossing(at=at)
    office = PostOffice(crossing)
    (occurrence,) = await _occurrence(office)
    (number,) = await office.plan(pinned(), occurrence=occurrence)
    crossing.meanwhile = lambda: happens(office, number)
    await office.work()
    return office


async def _occurrence(office: PostOffice) -> list[OccurrenceId]:
    started = campaign(step(StepKind.ANNOUNCE, After(HOUR), NEWS))
    await office.memory.write(
        lambda books: books.campaigns.start(started, at=NOON, due=Timetable(started, NOON - HOUR).all())
    )
    due = await office.memory.read(lambda books: books.campaigns.due(NOON))
    return [occurrence.id for occurrence in due]


async def _cancel(office: PostOffice, _: DeliveryId) -> None:
    await office.memory.write(lambda books: books.campaigns.cancel(CampaignId("bridge")))


async def _hold(office: PostOffice, _: DeliveryId) -> None:
    await office.hold()


async def _freeze(office: PostOffice, _: DeliveryId) -> None:
    await office.memory.write(lambda books: freeze(books, "mourning", at=NOON))


async def _expire(office: PostOffice, _: DeliveryId) -> None:
    office.clock.advance(24 * HOUR)


async def _take(office: PostOffice, number: DeliveryId) -> None:
    await office.change(claimed(await office.get(number), NOON), expected=PLANNED)


@pytest.mark.parametrize("at", [0, 1], ids=["before the first part", "between two parts"])
@pytest.mark.parametrize(
    "happens", [_cancel, _hold, _freeze, _expire, _take], ids=["cancelled", "held", "sober", "expired", "taken"]
)
async def test_the_last_look_is_just_before_each_call(
    happens: Callable[[PostOffice, DeliveryId], Awaitable[object]], at: int
) -> None:
    """A delivery may have waited long for its turn: nothing goes out after a cancel, an expiry or a freeze."""
    office = await _crossed(happens, at=at)

    assert len(office.platform.sent) == at


async def test_a_part_that_another_process_sent_meanwhile_is_not_sent_again() -> None:
    """The row is planned again, but it is no longer the one that was read: only what remains is sent."""

    async def send_the_first_part(office: PostOffice, number: DeliveryId) -> None:
        before = await office.get(number)
        await office.change(replace(before, receipts=(receipt(),), parts=2, done=1), expected=PLANNED)

    office = await _crossed(send_the_first_part, at=0)

    assert (office.texts(), await office.states()) == (["@square pin"], [SENT])


async def test_a_delivery_planned_again_after_its_campaign_was_cancelled_is_cancelled() -> None:
    """The cancel came while a call was under way, and the platform then said «later»."""
    office = PostOffice()
    (occurrence,) = await _occurrence(office)
    office.platform.fails("send", Unavailable("flood", retry_after=SECOND))

    async with office.open() as lane:
        with office.platform.slow("send"):
            await office.plan(text(), occurrence=occurrence)
        await quiet(lane)
        await _cancel(office, DeliveryId(1))
        (number,) = await office.memory.read(lambda books: [each.id for each in books.deliveries.all()])
        await office.change(replace(await office.get(number), state=PLANNED), expected=CANCELLED)
        office.clock.advance(SECOND)
        await quiet(lane)

    assert (office.texts(), await office.states()) == ([], [CANCELLED])


async def test_a_call_that_is_not_recognised_any_more_is_not_made_again() -> None:
    """The service stood still meanwhile: a second message would stand beside the first."""
    office = PostOffice(ScriptedPlatform(capabilities=replace(CAPABILITIES, dedupes_for=HOUR)))
    (number,) = await office.plan(text())
    await office.change(replace(await office.get(number), doubted_at=NOON - HOUR), expected=PLANNED)

    await office.work()

    assert (office.texts(), await office.states()) == ([], [UNCERTAIN])


async def test_what_changes_nothing_the_second_time_is_always_recognised() -> None:
    """A pin may be made again whenever."""
    office = PostOffice()
    (number,) = await office.plan(pinned())
    out = replace(await office.get(number), doubted_at=NOON - HOUR, parts=2, done=1, receipts=(receipt(),))
    await office.change(out, expected=PLANNED)

    await office.work()

    assert await office.states() == [SENT]


async def test_what_was_perhaps_sent_is_in_doubt_when_its_campaign_is_cancelled() -> None:
    """Cancelled would say that nobody has seen it."""
    office = PostOffice()
    (occurrence,) = await _occurrence(office)
    (number,) = await office.plan(text(), occurrence=occurrence)
    await _cancel(office, number)
    await office.change(replace(await office.get(number), state=PLANNED, doubted_at=NOON), expected=CANCELLED)

    await office.work()

    assert (office.texts(), await office.states()) == ([], [UNCERTAIN])


async def test_a_head_that_was_cancelled_lets_the_next_go() -> None:
    """It would otherwise hold its chat until it was due again."""
    office = PostOffice()
    office.platform.fails("send", Unavailable("flood", retry_after=HOUR))
    (number,) = await office.plan(text())
    await office.plan(text())

    async with office.open() as lane:
        await office.change(replace(await office.get(number), state=CANCELLED), expected=PLANNED)
        office.bell.ring()
        await quiet(lane)

    assert await office.states() == [CANCELLED, SENT]


# ── the store ──────────────────────────────────────────────────────────────────────────────────────────────


def _with_store(office: PostOffice) -> FailingStore:
    office.store = store = FailingStore(office.memory)
    return store


async def test_while_the_store_cannot_be_read_the_lane_waits(caplog: pytest.LogCaptureFixture) -> None:
    """One line when it is lost, one when it is back."""
    office = PostOffice()
    _with_store(office).reads = [StorageError("locked"), StorageError("locked")]
    await office.plan(text())

    async with office.open() as lane:
        for _ in range(2):
            office.clock.advance(dispatcher.PAUSE)
            await quiet(lane)

    assert office.texts() == ["@square text"]
    assert [record.message for record in caplog.records] == ["ledger_lost", "ledger_back"]


async def test_what_cannot_be_claimed_is_not_sent_and_waits() -> None:
    """Disk full: the claim cannot be committed, so the call must not be made."""
    office = PostOffice()
    _with_store(office).writes = [StorageError("disk full")]
    await office.plan(text())

    async with office.open() as lane:
        before = office.texts()
        office.clock.advance(dispatcher.PAUSE)
        await quiet(lane)

    assert (before, office.texts()) == ([], ["@square text"])


@pytest.mark.parametrize("after", [False, True], ids=["refused", "stored, but the answer was lost"])
async def test_a_receipt_is_kept_until_the_store_takes_it(*, after: bool) -> None:
    """It is the only proof that the message is out."""
    office = PostOffice()
    store = _with_store(office)
    store.after = after

    async with office.open() as lane:
        with office.platform.slow("send"):
            await office.plan(text())
            await quiet(lane)
            store.writes = [OutcomeUnknown("broken") if after else StorageError("disk full")] * 8
        for _ in range(8):
            await quiet(lane)
            office.clock.advance(30 * SECOND)

    assert (office.texts(), await office.states()) == (["@square text"], [SENT])


async def test_while_a_receipt_waits_for_the_store_the_lane_is_not_busy() -> None:
    """It waits for an instant that it knows."""
    office = PostOffice()
    store = _with_store(office)

    async with office.open() as lane:
        with office.platform.slow("send"):
            await office.plan(text())
            await quiet(lane)
            store.writes = [StorageError("disk full")]
        await quiet(lane)
        seen = (lane.busy, list(office.clock.waiting))
        office.clock.advance(SECOND)

    assert seen == (False, [NOON + SECOND])


async def test_an_answer_after_the_lease_settles_what_was_in_doubt() -> None:
    """The sweep called it uncertain; the platform has now said that it is out."""
    office = PostOffice()

    async with office.open() as lane:
        with office.platform.slow("send"):
            (number,) = await office.plan(text())
            await quiet(lane)
            doubtful = lost(await office.get(number), at=NOON + 2 * LEASE, dedupes_for=timedelta())
            await office.change_sending(doubtful)
        await quiet(lane)

    assert (await office.get(number)).state is SENT


async def test_a_refusal_after_the_lease_leaves_the_doubt_to_the_human_who_may_be_looking() -> None:
    """Only what is out can settle a doubt by itself."""
    office = PostOffice()
    office.platform.fails("send", Rejected("too long"), after=True)

    async with office.open() as lane:
        with office.platform.slow("send"):
            (number,) = await office.plan(text())
            await quiet(lane)
            doubtful = lost(await office.get(number), at=NOON + 2 * LEASE, dedupes_for=timedelta())
            await office.change_sending(doubtful)
        await quiet(lane)

    assert (await office.get(number)).state is UNCERTAIN


async def test_a_sender_that_slept_longer_than_its_lease_asks_again_before_it_sends() -> None:
    """A suspended machine wakes up between claim and call: others may have taken over."""
    office = PostOffice()
    naps = [2 * LEASE]
    _with_store(office).once_written = lambda: office.clock.advance(naps.pop()) if naps else None
    await office.plan(text())

    await office.work()

    assert (len(office.platform.turns), office.texts(), await office.states()) == (2, ["@square text"], [SENT])
