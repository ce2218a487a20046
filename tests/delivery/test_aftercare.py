"""Corrections are carried to every copy, and each copy is accounted for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.changes import Change, Unpin
from core.correction import AmendmentState, CorrectionKind
from core.delivery import DeliveryState
from core.errors import Rejected
from core.identifiers import Address, MessageId
from core.messages import AnnouncementPublished, Erratum, Withdrawn
from core.post import Part, Receipt
from tests.delivery.corrections import CORRECTED, WHY, desk, pinned
from tests.delivery.post_office import PostOffice, to
from tests.fakes import CAPABILITIES, NOON, ScriptedPlatform

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


async def test_an_amendment_is_carried_to_every_copy() -> None:
    """Each in the language of its place; private ones too."""
    at = await desk()
    anne = await at.office.citizen("4711")
    await at.publish(to("square"), to("hamlet"), anne)
    await at.order(AMEND, said=CORRECTED)

    await at.look()

    assert at.made() == [
        "edit 1001: <announcement_published fr> The new footbridge (fr)",
        "edit 1002: <announcement_published en> The new footbridge",
        "edit 1003: <announcement_published fr> The new footbridge (fr)",
    ]
    assert at.office.platform.changed[2].parameters["address"] == "4711"
    assert await at.outcomes() == [(DONE, "amended")] * 3


async def test_what_cannot_be_amended_is_unpinned_and_said_in_a_reply() -> None:
    """The ledger says why."""
    at = await desk()
    (copy,) = await at.publish(message=pinned())
    await at.order(AMEND, said=replace(CORRECTED, pinned=True))
    at.office.platform.fails("edit", Rejected("too old"))

    await at.look()
    await at.office.work()

    assert at.made() == ["unpin 1001"]
    found = await at.amendment(copy)
    assert (found.state, found.note) == (REPLIED, "unpinned, and said in a reply; too old")
    reply = (await at.office.all())[-1]
    assert (reply.id, reply.state, reply.answers) == (found.reply, DeliveryState.SENT, copy)
    assert isinstance(reply.message, Erratum)
    assert at.office.platform.sent[-1].part.parameters["answers"] == "1001"
    assert at.woken == 1


async def test_where_nothing_can_be_changed_a_reply_alone_says_it() -> None:
    """Capabilities are data: nobody asks which network it is."""
    office = PostOffice(ScriptedPlatform(capabilities=replace(CAPABILITIES, edits=False)))
    at = await desk(office)
    await at.publish()
    await at.order(AMEND, said=CORRECTED)

    await at.look()

    assert (at.made(), [state for state, _ in await at.outcomes()]) == ([], [REPLIED])


async def test_an_unpin_that_is_refused_keeps_no_erratum_back() -> None:
    """The words matter more."""
    at = await desk()
    await at.publish(message=pinned())
    await at.order(AMEND, said=replace(CORRECTED, pinned=True))
    at.office.platform.fails("edit", Rejected("too old"))
    at.office.platform.fails("unpin", Rejected("no right"))

    await at.look()

    assert await at.outcomes() == [(REPLIED, "said in a reply; too old; no right")]


class _NoUnpinning(ScriptedPlatform):
    """A network that lets nobody take a message from the top."""

    def plan_change(self, change: Change) -> tuple[Part, ...]:
        if isinstance(change, Unpin):
            raise Rejected("nothing is unpinned here")
        return super().plan_change(change)


async def test_where_nothing_can_be_unpinned_an_erratum_is_said_all_the_same() -> None:
    """Known before any call."""
    at = await desk(PostOffice(_NoUnpinning(capabilities=replace(CAPABILITIES, edits=False))))
    await at.publish(message=pinned())
    await at.order(AMEND, said=replace(CORRECTED, pinned=True))

    await at.look()

    ((state, note),) = await at.outcomes()
    assert (at.made(), state) == ([], REPLIED)
    assert note.endswith("nothing is unpinned here")


async def test_words_that_need_another_number_of_messages_are_said_in_a_reply() -> None:
    """Known before any call."""
    at = await desk()
    (copy,) = await at.publish()
    delivery = await at.office.get(copy)
    more = Receipt(address=Address("@square"), message=MessageId("1002"), call="text")
    await at.office.change(replace(delivery, receipts=(*delivery.receipts, more)), expected=DeliveryState.SENT)
    await at.order(AMEND, said=CORRECTED)

    await at.look()

    ((state, note),) = await at.outcomes()
    assert (at.made(), state) == ([], REPLIED)
    assert "it takes 1 messages, 2" in note


async def test_an_erratum_is_said_once_under_every_copy() -> None:
    """Whatever can be edited: who has read it is not told by an edit."""
    at = await desk()
    await at.publish(to("square"), to("hamlet"))
    await at.order(ERRATUM)

    await at.look()
    await at.look()
    await at.office.work()

    assert at.office.texts()[2:] == ["@square text", "@hamlet text"]
    assert await at.outcomes() == [(DONE, "")] * 2


async def test_an_erratum_with_new_words_is_both() -> None:
    """Who reads it now reads it right; who read it before is told."""
    at = await desk()
    await at.publish()
    await at.order(ERRATUM, said=CORRECTED)

    await at.look()
    await at.office.work()

    assert at.made() == ["edit 1001: <announcement_published fr> The new footbridge (fr)"]
    assert isinstance((await at.office.all())[-1].message, Erratum)


async def test_a_retraction_takes_every_copy_away_with_its_errata() -> None:
    """And says so of the deliveries."""
    at = await desk()
    await at.publish(to("square"), to("hamlet"))
    await at.order(ERRATUM)
    await at.look()
    await at.office.work()
    await at.order(RETRACT)

    await at.look()

    assert sorted(at.made()) == ["delete 1001", "delete 1002", "delete 1003", "delete 1004"]
    assert await at.office.states() == [DeliveryState.RETRACTED] * 4


@pytest.mark.parametrize("age", [timedelta(hours=47), timedelta(hours=48)], ids=["in time", "too old"])
async def test_what_is_too_old_to_be_taken_back_is_marked(age: timedelta) -> None:
    """By what the network says of itself."""
    limited = replace(CAPABILITIES, removable_for=timedelta(hours=48))
    at = await desk(PostOffice(ScriptedPlatform(capabilities=limited)))
    await at.publish()
    at.office.clock.advance(age)
    await at.order(RETRACT)

    await at.look()

    too_old = age >= timedelta(hours=48)
    assert at.made() == (["edit 1001: <withdrawn fr>"] if too_old else ["delete 1001"])
    assert await at.office.states() == [DeliveryState.RETRACTED]


async def test_a_retraction_that_is_refused_everywhere_is_said_in_a_reply() -> None:
    """The message stays, and stays «sent»: nobody is told that it is gone."""
    at = await desk()
    await at.publish()
    await at.order(RETRACT)
    at.office.platform.fails("delete", Rejected("no"))
    at.office.platform.fails("edit", Rejected("no"))

    await at.look()
    await at.office.work()

    assert [state for state, _ in await at.outcomes()] == [REPLIED]
    assert (await at.office.all())[-1].message == Withdrawn(why=WHY, reply=True)
    assert await at.office.states() == [DeliveryState.SENT] * 2


async def test_an_erratum_that_cannot_be_taken_back_gets_no_reply_of_its_own() -> None:
    """One reply says it for both."""
    at = await desk()
    await at.publish()
    await at.order(ERRATUM)
    await at.look()
    await at.office.work()
    at.office.platform.fails("delete", Rejected("no"), times=2)
    at.office.platform.fails("edit", Rejected("no"), times=2)
    await at.order(RETRACT)

    await at.look()

    assert [state for state, _ in await at.outcomes()] == [REPLIED, REFUSED]


async def test_only_what_is_pinned_is_unpinned() -> None:
    """Private chats are the citizens' own: nothing is ever pinned there."""
    at = await desk()
    await at.publish(to("square"), await at.office.citizen("4711"), message=pinned())
    await at.order(UNPIN)

    await at.look()

    assert at.made() == ["unpin 1001"]
    assert [state for state, _ in await at.outcomes()] == [DONE, AmendmentState.NOTHING]


async def test_what_is_over_is_marked_and_unpinned_at_its_hour() -> None:
    """And says so also when its words were corrected before."""
    at = await desk()
    await at.publish(message=pinned())
    await at.order(END, due_at=NOON + timedelta(hours=1))
    await at.order(AMEND, said=replace(CORRECTED, pinned=True))
    await at.look()
    before = at.made()

    await at.look(timedelta(hours=1))

    assert before == ["edit 1001: <announcement_published fr> The new footbridge (fr)"]
    assert at.made()[1:] == ["edit 1001: <announcement_published fr> The new footbridge (fr)", "unpin 1001"]
    said = at.office.words.asked[-1][0]
    assert isinstance(said, AnnouncementPublished)


async def test_what_is_over_and_cannot_be_marked_is_unpinned_and_nothing_is_said() -> None:
    """Nobody wants a message about what is over."""
    at = await desk()
    await at.publish(message=pinned())
    await at.order(END)
    at.office.platform.fails("edit", Rejected("no"))

    await at.look()

    assert (at.made(), await at.outcomes()) == (["unpin 1001"], [(REFUSED, "unpinned; its words stay; no")])
    assert len(await at.office.all()) == 1


async def test_what_is_over_without_having_been_pinned_is_only_marked() -> None:
    """There is nothing to unpin."""
    at = await desk()
    await at.publish()
    await at.order(END)

    await at.look()

    assert (len(at.made()), await at.outcomes()) == (1, [(DONE, "marked as over")])
