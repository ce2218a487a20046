"""Every answer of a platform has its consequence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.case_messages import RemovalNoticeInGroup, StatementInGroup
from core.delivery import MOST_ATTEMPTS, DeliveryState, Urgency
from core.errors import (
    Moved,
    Rejected,
    Unauthorised,
    Unavailable,
    Uncertain,
    Unreachable,
)
from core.identifiers import Address, CitizenId
from core.post import Part, Post, Receipt
from delivery.sweep import Sweep
from tests.delivery.post_office import HOUR, PostOffice, notice, pinned, quiet, statement, text, to
from tests.fakes import CAPABILITIES, ScriptedPlatform

PLANNED, SENT = DeliveryState.PLANNED, DeliveryState.SENT
FAILED, UNCERTAIN, CANCELLED = DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.CANCELLED
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def test_an_unavailable_platform_is_asked_again() -> None:
    """Nothing was done: the same message goes out once."""
    office = PostOffice()
    office.platform.fails("send", Unavailable("502"))
    await office.plan(text())

    async with office.open() as lane:
        office.clock.advance(5 * SECOND)
        await quiet(lane)

    assert office.texts() == ["@square text"]
    assert await office.states() == [SENT]


class Away(ScriptedPlatform):
    """A network that can be away."""

    away = True

    async def send(self, part: Part, *, key: str, before: Sequence[Receipt] = ()) -> tuple[Receipt, ...]:
        """Nothing is done while it is away."""
        if self.away:
            raise Unavailable("503")
        return await super().send(part, key=key, before=before)


async def after_an_outage(lasting: timedelta) -> PostOffice:
    """A message that may come two hours late, once the network is back. Time alone expires what is late."""
    network = Away()
    office = PostOffice(network)
    sweep = Sweep(store=office.memory, clock=office.clock, capabilities=dict, wake=office.bell.ring)
    await office.plan(text(), expires_at=office.clock.now() + 2 * HOUR)
    back_at = office.clock.now() + lasting
    async with office.open() as lane:
        while office.clock.now() < back_at + 2 * MINUTE:
            network.away = office.clock.now() < back_at
            office.clock.advance(MINUTE)
            await quiet(lane)
            await sweep.look()
    return office


async def test_after_a_long_outage_a_message_still_in_time_goes_out_once() -> None:
    """Three quarters of an hour are not the end of a poll that may open two hours late."""
    office = await after_an_outage(45 * MINUTE)

    assert office.texts() == ["@square text"]
    assert await office.states() == [SENT]


async def test_after_an_outage_longer_than_its_time_a_message_has_expired() -> None:
    """It is late, not refused; nothing goes out any more."""
    office = await after_an_outage(5 * HOUR)

    assert office.texts() == []
    assert await office.states() == [DeliveryState.EXPIRED]


async def test_a_refused_message_fails_with_the_platforms_words() -> None:
    """It is not tried again."""
    office = PostOffice()
    office.platform.fails("send", Rejected("message is too long"))
    (number,) = await office.plan(text())

    await office.work()

    delivery = await office.get(number)
    assert (delivery.state, delivery.note) == (FAILED, "Rejected: message is too long")


async def test_a_refused_pin_does_not_make_the_message_a_failure() -> None:
    """What people should read is there; the note says what is missing."""
    office = PostOffice()
    office.platform.works("send")
    office.platform.fails("send", Rejected("not enough rights"))
    (number,) = await office.plan(pinned())

    await office.work()

    delivery = await office.get(number)
    assert (delivery.state, delivery.note) == (SENT, "pin Rejected: not enough rights")


async def test_a_lost_answer_is_left_to_a_human() -> None:
    """Telegram case 25: the chat holds it exactly once, or not at all, and the operator sees «uncertain»."""
    office = PostOffice()
    office.platform.fails("send", Uncertain("time-out"), after=True)
    await office.plan(text())

    async with office.open() as lane:
        office.clock.advance(HOUR)
        await quiet(lane)

    assert (office.texts(), await office.states()) == (["@square text"], [UNCERTAIN])


async def test_a_lost_answer_is_repeated_with_the_same_key_where_that_is_recognised() -> None:
    """The platform answers with the message it already has."""
    office = PostOffice(ScriptedPlatform(capabilities=replace(CAPABILITIES, dedupes_for=HOUR)))
    office.platform.fails("send", Uncertain("time-out"), after=True)
    await office.plan(text())

    async with office.open() as lane:
        office.clock.advance(5 * SECOND)
        await quiet(lane)

    assert len({sent.key for sent in office.platform.sent}) == 1
    assert await office.states() == [SENT]


async def test_a_pin_whose_answer_was_lost_is_made_again() -> None:
    """The second time it changes nothing."""
    office = PostOffice()
    office.platform.works("send")
    office.platform.fails("send", Uncertain("time-out"), after=True)
    await office.plan(pinned())

    async with office.open() as lane:
        office.clock.advance(5 * SECOND)
        await quiet(lane)

    assert office.texts() == ["@square text", "@square pin", "@square pin"]
    assert await office.states() == [SENT]


async def test_a_citizen_who_blocked_the_bot_is_not_written_to_again() -> None:
    """Telegram case 28: unsubscribed, and what was planned for them is cancelled."""
    office = PostOffice()
    citizen = await office.citizen("4711")
    office.platform.fails("send", Unreachable("bot was blocked by the user"))
    await office.plan(text(), citizen)
    await office.plan(text(), citizen)

    await office.work()

    known = await office.memory.read(lambda books: books.citizens.sealed_person(CitizenId(int(citizen.name))))
    assert await office.states() == [FAILED, CANCELLED]
    assert known is not None
    assert not known[2]


async def test_who_cannot_be_told_in_private_is_told_in_the_group_without_their_name() -> None:
    """A removal is always explained somewhere."""
    office = PostOffice()
    office.platform.fails("send", Unreachable("bot can't initiate conversation with a user"))
    await office.plan(notice(), await office.person("4711"), urgency=Urgency.NOTICE)

    await office.work()

    (private, group) = await office.all()
    assert (private.state, group.state, str(group.recipient)) == (FAILED, SENT, "chat:@debate")
    assert group.message == RemovalNoticeInGroup(case=notice().case, article="2", rule=notice().rule)


async def test_a_decision_is_explained_in_the_group_to_whom_nobody_can_write() -> None:
    """Without their name, and without the reasons."""
    office = PostOffice()
    office.platform.fails("send", Unreachable("bot can't initiate conversation with a user"))
    await office.plan(statement(), await office.person("4711"), urgency=Urgency.NOTICE)

    await office.work()

    said = StatementInGroup(case=statement().case, decisions=("warn",), article="2", rule=statement().rule)
    assert [each.message for each in await office.all()] == [statement(), said]


@pytest.mark.parametrize("name", ["square", "person"])
async def test_an_unreachable_place_fails_and_nothing_more(name: str) -> None:
    """The bot was removed from a channel, or a stranger left: the note says so."""
    office = PostOffice()
    office.platform.fails("send", Unreachable("bot was kicked"))
    await office.plan(text(), await office.person("4711") if name == "person" else to(name))

    await office.work()

    assert await office.states() == [FAILED]


async def test_a_chat_that_moved_is_followed() -> None:
    """Telegram case 28: the message goes to the new address, and so does all that follows."""
    office = PostOffice()
    office.platform.fails("send", Moved("migrated", to=Address("-100200")))
    await office.plan(text())
    await office.plan(text())

    await office.work()

    assert office.texts() == ["-100200 text", "-100200 text"]
    assert await office.states() == [SENT, SENT]


async def test_a_chat_that_keeps_moving_is_given_up() -> None:
    """Two addresses that point at each other must not keep the lane busy for ever."""
    office = PostOffice()
    for number in range(MOST_ATTEMPTS):
        office.platform.fails("send", Moved("migrated", to=Address(f"@{number}")))
    await office.plan(text())

    await office.work()

    assert (office.texts(), await office.states()) == ([], [FAILED])


async def test_a_refused_account_ends_the_lane_and_loses_nothing() -> None:
    """Once the token is cured, everything goes out."""
    office = PostOffice()
    office.platform.fails("send", Unauthorised("token revoked"), times=2)
    await office.plan(text(), to("square"), to("hamlet"), to("harbour"))
    lane = office.dispatcher(at_once=2)

    with pytest.raises(Unauthorised):
        await lane.run()
    refused = await office.states()
    await office.work()

    assert (refused, await office.states()) == ([PLANNED] * 3, [SENT] * 3)


class Following(ScriptedPlatform):
    """A network where the last call stands apart from the message itself."""

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:
        """The pin stands apart."""
        return tuple(replace(part, apart=part.repeatable) for part in super().plan(post, address, topic=topic))


async def test_what_waits_for_a_call_apart_holds_up_no_other_message() -> None:
    """An hour's pause for passing a post on is no pause for the next post."""
    office = PostOffice(Following())
    office.platform.works("send")
    office.platform.fails("send", Unavailable("told to wait", retry_after=HOUR))
    await office.plan(pinned())
    await office.plan(text())

    async with office.open() as lane:
        assert office.texts() == ["@square text", "@square text"]
        office.clock.advance(HOUR)
        await quiet(lane)

    assert office.texts() == ["@square text", "@square text", "@square pin"]
    assert await office.states() == [SENT, SENT]


async def test_a_call_apart_that_must_wait_too_long_is_left_out() -> None:
    """The message is out: it never counts as expired."""
    office = PostOffice(Following())
    office.platform.works("send")
    office.platform.fails("send", Unavailable("told to wait", retry_after=13 * HOUR))
    (number,) = await office.plan(pinned())

    await office.work()

    delivery = await office.get(number)
    assert (delivery.state, delivery.note) == (SENT, "pin not in time: told to wait")
