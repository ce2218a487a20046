"""Corrections in trouble: nothing is lost, nothing is said twice, nothing is said that must not be."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.alert import AlertKind
from core.correction import FAULT, AmendmentState, CorrectionKind
from core.delivery import DeliveryState, claimed
from core.errors import Gone, Moved, Rejected, StorageError, Unreachable
from core.identifiers import Address, MessageId, NativePollId
from core.messages import AnnouncementPublished, Illegible, PollOpened
from core.native import NativeTally, Sighting
from core.poll import PollState
from core.post import Receipt
from delivery.errand import A_WHILE
from delivery.sobriety import freeze, let_campaign_out
from tests.core.examples import announcement, poll
from tests.delivery.corrections import BRIDGE, CORRECTED, desk, pinned
from tests.delivery.notice_boards import everybody_waits
from tests.delivery.post_office import Crossing, FailingStore, PostOffice, text, to
from tests.fakes import ACCOUNT, NOON, WITH_POLLS, ScriptedPlatform

PUBLIC = replace(poll(), public=True)

AMEND, ERRATUM, RETRACT, UNPIN, END = (
    CorrectionKind.AMEND,
    CorrectionKind.ERRATUM,
    CorrectionKind.RETRACT,
    CorrectionKind.UNPIN,
    CorrectionKind.END,
)
DONE, REPLIED, REFUSED, PLANNED = (
    AmendmentState.DONE,
    AmendmentState.REPLIED,
    AmendmentState.REFUSED,
    AmendmentState.PLANNED,
)


async def test_what_somebody_took_away_is_written_down_and_not_said_anew() -> None:
    """A moderator of the place had a reason."""
    at = await desk()
    await at.publish()
    await at.order(AMEND, said=CORRECTED)
    at.office.platform.fails("edit", Gone("unknown message"))

    await at.look()

    assert [state for state, _ in await at.outcomes()] == [AmendmentState.GONE]
    assert len(await at.office.all()) == 1


async def test_somebody_who_left_gets_no_erratum() -> None:
    """They no longer accept our messages."""
    at = await desk()
    await at.publish(await at.office.citizen("4711"))
    await at.order(AMEND, said=CORRECTED)
    at.office.platform.fails("edit", Unreachable("blocked"))

    await at.look()

    assert await at.outcomes() == [(REFUSED, "blocked")]


async def test_a_chat_that_moved_is_followed() -> None:
    """At the next look."""
    at = await desk()
    await at.publish()
    await at.order(AMEND, said=CORRECTED)
    at.office.platform.fails("edit", Moved("moved", to=Address("-100")))
    await at.look()

    await at.look()

    assert await at.office.memory.read(lambda books: books.town.address(at.office.platform.account, Address("@square")))
    assert [state for state, _ in await at.outcomes()] == [DONE]


async def test_a_fault_of_ours_holds_up_no_other_copy() -> None:
    """It is tried again, and given up in the end."""
    at = await desk()
    await at.publish(to("square"), to("hamlet"))
    await at.order(RETRACT)
    at.office.platform.fails("delete", RuntimeError("a defect"))

    await at.look()

    assert sorted(state for state, _ in await at.outcomes()) == [DONE, PLANNED]


async def test_nobody_is_alerted_of_what_fails_in_one_private_chat() -> None:
    """The ledger says it; the public copies are what the staff is called for."""
    at = await desk()
    await at.publish(await at.office.citizen("4711"))
    await at.order(RETRACT)
    at.office.platform.fails("delete", RuntimeError("a defect"), times=9)

    for _ in range(9):
        await at.look(timedelta(minutes=10))

    assert [state for state, _ in await at.outcomes()] == [REFUSED]
    assert await at.alerts() == ()


async def test_what_nobody_knows_of_waits_until_it_is_settled() -> None:
    """Looking back, or a human, says first whether it is out."""
    at = await desk()
    (copy,) = await at.office.plan(text(), occurrence=at.occurrence)
    mine = claimed(await at.office.get(copy), NOON)
    await at.office.change(replace(mine, state=DeliveryState.UNCERTAIN), expected=DeliveryState.PLANNED)
    await at.order(RETRACT)
    await at.look()
    waiting = await at.outcomes()
    out = Receipt(address=Address("@square"), message=MessageId("9"), call="text")
    settled = replace(mine, state=DeliveryState.SENT, receipts=(out,), done=1, parts=1)
    await at.office.change(settled, expected=DeliveryState.UNCERTAIN)

    await at.look()

    assert (waiting, at.made()) == ([(PLANNED, "")], ["delete 9"])


async def test_what_never_went_out_needs_no_correction() -> None:
    """It is accounted for all the same; and so is what is out somewhere that nobody knows."""
    at = await desk()
    never, somewhere = await at.office.plan(text(), to("square"), to("hamlet"), occurrence=at.occurrence)
    for number, done in ((never, 0), (somewhere, 1)):
        delivery = replace(await at.office.get(number), state=DeliveryState.CANCELLED, done=done, parts=2)
        await at.office.change(delivery, expected=DeliveryState.PLANNED)
    await at.order(RETRACT)

    await at.look()

    assert await at.outcomes() == [
        (AmendmentState.NOTHING, ""),
        (REFUSED, "nobody knows which message it is"),
    ]


async def test_what_went_out_with_the_corrected_words_needs_no_amendment() -> None:
    """It was planned when the correction came."""
    at = await desk()
    await at.publish(message=AnnouncementPublished(announcement=CORRECTED))
    await at.order(AMEND, said=CORRECTED)

    await at.look()

    assert (at.made(), await at.outcomes()) == ([], [(DONE, "")])


async def test_what_cannot_be_read_or_written_is_given_up_alone() -> None:
    """Another version wrote it; or our own words cannot say it."""
    at = await desk()
    illegible, broken, _ = await at.publish(to("square"), to("hamlet"), to("harbour"))
    delivery = await at.office.get(illegible)
    await at.office.change(replace(delivery, message=Illegible(kind="Other")), expected=DeliveryState.SENT)
    delivery = await at.office.get(broken)
    odd = AnnouncementPublished(announcement=replace(announcement(), title=None))  # type: ignore[arg-type]  # a defect
    await at.office.change(replace(delivery, message=odd), expected=DeliveryState.SENT)
    await at.order(AMEND, said=CORRECTED)

    await at.look()

    unread, unwritten, done = await at.outcomes()
    assert (unread[0], unwritten[0], done[0]) == (REFUSED, REFUSED, DONE)
    assert unwritten[1].startswith(FAULT)
    assert [each.matter.kind for each in await at.alerts()] == [AlertKind.FAULT]


async def test_a_place_the_town_no_longer_has_is_written_down() -> None:
    """Nobody can be reached under its name."""
    at = await desk()
    await at.publish()
    delivery = (await at.office.all())[0]
    await at.office.change(replace(delivery, recipient=to("nowhere")), expected=DeliveryState.SENT)
    await at.order(RETRACT)

    await at.look()

    assert await at.outcomes() == [(REFUSED, "nobody can be reached under this name")]


async def test_in_sober_mode_words_wait_and_what_is_taken_back_does_not() -> None:
    """Silence is what sober mode is for."""
    at = await desk()
    await at.publish(to("square"))
    await at.order(AMEND, said=CORRECTED)
    await at.office.memory.write(lambda books: freeze(books, "mourning", at=NOON))
    await at.look()
    frozen = at.made()
    let_out = await at.office.memory.write(lambda books: let_campaign_out(books, BRIDGE, at=NOON))
    await at.look()

    assert (frozen, let_out, len(at.made())) == ([], 1, 1)
    await at.order(RETRACT)
    await at.look()
    assert at.made()[-1] == "delete 1001"


async def test_a_held_town_changes_nothing() -> None:
    """What was restored may know less than what people read."""
    at = await desk()
    await at.publish()
    await at.order(RETRACT)
    await at.office.hold()

    await at.look()

    assert at.made() == []


async def test_a_cancelled_campaign_says_nothing_new_and_takes_back() -> None:
    """Nothing is posted once it was cancelled."""
    at = await desk()
    await at.publish()
    await at.order(ERRATUM)
    await at.office.memory.write(lambda books: books.campaigns.cancel(BRIDGE))
    await at.look()
    told = await at.outcomes()
    await at.order(RETRACT)
    at.office.platform.fails("delete", Rejected("no"))
    at.office.platform.fails("edit", Rejected("no"))

    await at.look()

    silent = "the campaign was cancelled: nothing new is said in its name"
    assert told == [(REFUSED, silent)]
    assert await at.outcomes() == [(REFUSED, f"{silent}; no; no")]


async def test_an_erratum_that_is_planned_when_the_campaign_is_cancelled_is_not_sent() -> None:
    """Also between two of its parts."""
    at = await desk()
    await at.publish()
    await at.order(ERRATUM)
    await at.look()
    reply = (await at.office.all())[-1]
    await at.office.memory.write(lambda books: books.campaigns.cancel(BRIDGE))
    stands = await at.office.get(reply.id)
    await at.office.change(replace(stands, state=DeliveryState.CANCELLED), expected=DeliveryState.CANCELLED)
    await at.office.change(replace(stands, state=DeliveryState.PLANNED), expected=DeliveryState.CANCELLED)

    await at.office.work()

    assert len(at.office.platform.sent) == 1
    assert (await at.office.get(reply.id)).state is DeliveryState.CANCELLED


async def test_a_network_poll_is_counted_before_its_message_is_taken_back() -> None:
    """No vote is lost unseen; then it is taken away."""
    office = PostOffice(ScriptedPlatform(capabilities=WITH_POLLS))
    at = await desk(office)
    await office.memory.write(lambda books: books.polls.add(replace(PUBLIC, state=PollState.PLANNED)))
    await at.publish(message=PollOpened(poll=PUBLIC, zone="Europe/Paris"))
    await at.order(RETRACT)
    await at.look()
    waiting = await at.outcomes()
    tally = NativeTally(counts=(1, 0, 0), voters=1, final=True)
    seen = Sighting(tally=tally, at=NOON)
    await office.memory.write(lambda books: books.natives.see(ACCOUNT, NativePollId("p1001"), seen))

    await at.look(A_WHILE)

    assert waiting == [(PLANNED, "the network's own poll in it is not counted to its end")]
    assert at.made() == ["delete 1001"]


@pytest.mark.parametrize("what", ["frozen", "held", "cancelled", "taken"])
async def test_nothing_is_changed_that_must_not_be_any_more_when_its_turn_comes(what: str) -> None:
    """It may have waited long."""
    crossing = Crossing(at=1)
    office = PostOffice(crossing)
    at = await desk(office)
    (copy,) = await at.publish()
    await at.order(AMEND, said=CORRECTED)

    async def meanwhile() -> None:
        crossing.meanwhile = None
        if what == "frozen":
            await office.memory.write(lambda books: freeze(books, "mourning", at=NOON))
        if what == "held":
            await office.hold()
        if what == "cancelled":
            await office.memory.write(lambda books: books.campaigns.cancel(BRIDGE))
        if what == "taken":
            await at.worker().look()

    crossing.meanwhile = meanwhile
    await at.look()

    stands = {"cancelled": AmendmentState.CANCELLED, "taken": DONE}.get(what, PLANNED)
    assert ((await at.amendment(copy)).state, len(at.made())) == (stands, 1 if what == "taken" else 0)


async def test_a_fault_changes_nothing_of_what_somebody_else_carried_out_meanwhile() -> None:
    """The other process was quicker, and well."""
    crossing = Crossing(at=1)
    office = PostOffice(crossing)
    at = await desk(office)
    await at.publish()
    await at.order(RETRACT)

    async def meanwhile() -> None:
        crossing.meanwhile = None
        await at.worker().look()
        raise RuntimeError("a defect")

    crossing.meanwhile = meanwhile
    await at.look()

    assert [state for state, _ in await at.outcomes()] == [DONE]


async def test_a_freeze_between_two_calls_of_one_copy_stops_the_second() -> None:
    """The lease ends, and once thawed all of it is done anew: its calls may be repeated."""
    office = PostOffice(Crossing(at=4))
    at = await desk(office)
    await at.publish(message=pinned())
    (copy,) = [each.id for each in await office.all()]
    more = Receipt(address=Address("@square"), message=MessageId("1009"), call="text")
    delivery = await office.get(copy)
    await office.change(replace(delivery, receipts=(*delivery.receipts, more)), expected=DeliveryState.SENT)
    await at.order(RETRACT)
    crossing = office.platform
    assert isinstance(crossing, Crossing)
    crossing.at, crossing.meanwhile = len(crossing.turns) + 1, office.hold

    await at.look()
    half = at.made()
    await office.hold(None)
    crossing.meanwhile = None
    await at.look(timedelta(minutes=2))

    assert (half, at.made()[1:]) == (["delete 1001"], ["delete 1001", "delete 1009"])


async def test_a_store_that_is_away_loses_no_correction() -> None:
    """Not before the look, nor before the claim; after the call it is made again, which changes nothing."""
    office = PostOffice()
    failing = FailingStore(office.memory)
    office.store = failing
    at = await desk(office)
    await at.publish()
    await at.order(RETRACT)
    failing.reads = [StorageError("away")]
    await at.look()
    failing.writes = [StorageError("away")]
    await at.look()
    before = at.made()
    claim: list[StorageError | None] = [None, StorageError("away")]
    failing.writes = claim
    await at.look()
    called = at.made()

    await at.look(timedelta(minutes=2))

    assert (before, called, at.made()) == ([], ["delete 1001"], ["delete 1001"] * 2)
    assert await office.states() == [DeliveryState.RETRACTED]


async def test_an_outcome_that_comes_after_somebody_else_s_changes_nothing() -> None:
    """A process that was frozen for minutes plans no second erratum."""
    at = await desk()
    await at.publish()
    await at.order(ERRATUM, said=CORRECTED)
    async with asyncio.TaskGroup() as group:
        with at.office.platform.slow("edit"):
            group.create_task(at.aftercare.look())
            await everybody_waits()
            at.office.clock.advance(timedelta(minutes=2))
            group.create_task(at.worker().look())
            await everybody_waits()
            assert at.aftercare.busy

    assert len([each for each in await at.office.all() if each.answers is not None]) == 1
