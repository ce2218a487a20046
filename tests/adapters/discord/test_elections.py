"""Discord's own polls, by the real discord.py: made, followed in totals, and ended."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.grounds import Ground
from adapters.discord.outbound import parts
from core.errors import Rejected, Unavailable
from core.events import NativeTallied
from core.native import NativeBallot, NativeTally
from core.ports.platform import Cursor, Update
from core.post import Picture, Post
from core.richtext import RichText
from sandbox.faults import Harm
from tests.adapters.discord.conftest import (
    ANNE,
    BILAL,
    CHLOE,
    HERE,
    NOON,
    RECEIVED,
    SQUARE,
    TOWN,
    Town,
    hear,
    publish,
    send,
    text,
)

HOUR = timedelta(hours=1)
BALLOT = NativeBallot(
    question="Quelle couleur ?",
    options=("Bleu", "Vert", "Jaune"),
    several=False,
    closes_at=NOON + 48 * HOUR,
    hides=False,
)
ASKED = Post(text=RichText.of("Un vote public"), poll=BALLOT)
SEVERAL = replace(ASKED, poll=replace(BALLOT, several=True))


async def test_a_poll_of_the_network_lasts_whole_hours(town: Town, adapter: DiscordAdapter) -> None:
    """Case 12: its receipt says which poll it is."""
    (receipt, *_) = await publish(adapter, ASKED)

    (call,) = town.calls("create_message", "done")
    poll = call["parameters"]["poll"]
    assert (poll["duration"], poll["allow_multiselect"], str(receipt.poll)) == (48, False, str(receipt.message))
    assert town.world.violations == []


async def test_ninety_minutes_are_made_of_two_hours(town: Town, adapter: DiscordAdapter) -> None:
    """Case 13: Discord knows whole hours only, and Parvis ends it on the minute."""
    await publish(adapter, replace(ASKED, poll=replace(BALLOT, closes_at=NOON + 1.5 * HOUR)))

    (call,) = town.calls("create_message", "done")
    assert call["parameters"]["poll"]["duration"] == 2


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"options": ("x",) * 11}, "10 options at most, this one 11"),
        ({"options": ("x" * 56, "y")}, "an option .* 55 signs at most"),
        ({"question": "x" * 301}, "the question .* 300 signs at most"),
    ],
)
def test_what_a_poll_of_discord_cannot_hold_is_refused_before_the_wire(wrong: dict[str, object], why: str) -> None:
    """Case 13: the message names the limit."""
    post = replace(ASKED, poll=replace(BALLOT, **wrong))  # type: ignore[arg-type]  # fields by name

    with pytest.raises(Rejected, match=why):
        parts(post, HERE, Ground())


async def test_a_poll_that_lasts_too_long_is_refused_before_the_wire(town: Town, adapter: DiscordAdapter) -> None:
    """Case 13."""
    with pytest.raises(Rejected, match="32 days at most"):
        await publish(adapter, replace(ASKED, poll=replace(BALLOT, closes_at=NOON + 33 * 24 * HOUR)))

    assert town.calls("create_message") == []


def test_pictures_stand_before_the_poll() -> None:
    """In a message of their own."""
    picture = Picture(Path("pont.png"), "Un pont")

    first, second = parts(replace(ASKED, pictures=(picture,)), HERE, Ground())

    assert ("files" in first.parameters, "poll" in first.parameters, first.asks) == (True, False, False)
    assert ("files" in second.parameters, "poll" in second.parameters, second.asks) == (False, True, True)


async def test_votes_are_counted_by_their_voters(town: Town, adapter: DiscordAdapter) -> None:
    """Case 14: a change and a retraction as Discord has them; nobody is named."""
    (receipt, *_) = await publish(adapter, SEVERAL)
    for who, answers in ((ANNE, {1, 2}), (BILAL, {3}), (CHLOE, {2}), (BILAL, {1}), (CHLOE, set())):
        town.world.vote(who, SQUARE, int(receipt.message), answers)

    assert await adapter.tally(receipt) == NativeTally(counts=(2, 1, 0), voters=2, final=False)


async def test_more_voters_than_a_page_are_all_counted(town: Town, adapter: DiscordAdapter) -> None:
    """Case 15: also those who voted while nobody listened."""
    (receipt, *_) = await publish(adapter, ASKED)
    for number in range(1000, 1130):
        town.world.add_user(number, f"Citoyen {number}")
        town.world.add_member(town.world.guilds[TOWN], number)
        town.world.vote(number, SQUARE, int(receipt.message), {1 + number % 2})

    assert await adapter.tally(receipt) == NativeTally(counts=(65, 65, 0), voters=130, final=False)
    assert len(town.calls("get_answer_voters")) == 3

    for number in range(1130, 1165):
        town.world.add_user(number, f"Citoyen {number}")
        town.world.add_member(town.world.guilds[TOWN], number)
        town.world.vote(number, SQUARE, int(receipt.message), {1})
    assert await adapter.tally(receipt) == NativeTally(counts=(100, 65, 0), voters=165, final=False)


async def test_a_vote_only_says_look_again_and_once(town: Town, adapter: DiscordAdapter) -> None:
    """Case 14: who voted, and for what, is never stored, and a hundred votes ask for one look."""
    (receipt, *_) = await publish(adapter, ASKED)
    for who, answer in ((ANNE, 1), (BILAL, 2)):
        town.world.vote(who, SQUARE, int(receipt.message), {answer})
    town.world.write(ANNE, SQUARE, "voté")  # comes after them over the same line
    updates: Sequence[Update] = ()
    while len(updates) < 2:
        updates = await asyncio.wait_for(adapter.fetch(None), 10)
    update = updates[0]

    assert receipt.poll is not None
    assert len(updates) == 2
    assert adapter.understand(update.body, RECEIVED) == (NativeTallied(received=RECEIVED, poll=receipt.poll),)
    assert str(ANNE) not in update.body.decode()


async def test_a_vote_after_a_look_asks_for_another(town: Town, adapter: DiscordAdapter) -> None:
    """What was handed out may have been dealt with already."""
    (receipt, *_) = await publish(adapter, ASKED)
    town.world.vote(ANNE, SQUARE, int(receipt.message), {1})
    (first,) = await adapter.fetch(None)
    town.world.vote(ANNE, SQUARE, int(receipt.message), {2})

    (event,) = await hear(adapter, Cursor(first.number + 1, first.mark))

    assert isinstance(event, NativeTallied)


async def test_a_poll_that_is_ended_is_final_when_discord_has_counted(town: Town, adapter: DiscordAdapter) -> None:
    """Case 16: ending it twice is well, and it is said when it is counted."""
    (receipt, *_) = await publish(adapter, ASKED)
    town.world.vote(ANNE, SQUARE, int(receipt.message), {2})
    ended = [await adapter.end(receipt), await adapter.end(receipt)]
    town.clock.at += timedelta(seconds=30)
    town.world.catch_up()

    assert [each.final for each in ended] == [False, False]
    assert await adapter.tally(receipt) == NativeTally(counts=(0, 1, 0), voters=1, final=True)
    assert [type(event) for event in await hear(adapter)][-1:] == [NativeTallied]


async def test_a_final_count_of_several_answers_knows_its_voters(town: Town, adapter: DiscordAdapter) -> None:
    """Discord's count does not say them."""
    (receipt, *_) = await publish(adapter, SEVERAL)
    town.world.vote(ANNE, SQUARE, int(receipt.message), {1, 2})
    await adapter.end(receipt)
    town.clock.at += timedelta(seconds=30)
    town.world.catch_up()

    assert await adapter.tally(receipt) == NativeTally(counts=(1, 1, 0), voters=1, final=True)


async def test_a_poll_that_is_gone_or_none_is_refused(adapter: DiscordAdapter) -> None:
    """Nobody asks again."""
    (receipt, *_) = await publish(adapter, ASKED)
    plain = await send(adapter, adapter.plan(text("Sans sondage"), HERE)[0], "8:0")

    with pytest.raises(Rejected, match="no poll"):
        await adapter.tally(plain)
    with pytest.raises(Rejected):
        await adapter.end(plain)
    await adapter.remove(HERE, receipt.message)
    with pytest.raises(Rejected):
        await adapter.tally(receipt)


async def test_a_look_without_an_answer_is_made_later(town: Town, adapter: DiscordAdapter) -> None:
    """A look changes nothing: there is no doubt about it."""
    (receipt, *_) = await publish(adapter, ASKED)
    town.harm(Harm.STATUS, "get_message", status=503)

    with pytest.raises(Unavailable):
        await adapter.tally(receipt)


@pytest.mark.parametrize("method", ["get_message", "get_answer_voters"])
async def test_an_answer_that_nobody_can_read_is_asked_for_again(
    town: Town, adapter: DiscordAdapter, method: str
) -> None:
    """It keeps nobody from looking at the polls of other networks."""
    (receipt, *_) = await publish(adapter, ASKED)
    town.harm(Harm.CAPTIVE, method)

    with pytest.raises(Unavailable):
        await adapter.tally(receipt)
    town.harm(Harm.CAPTIVE, method)
    with pytest.raises(Unavailable):
        await adapter.end(receipt)


async def test_a_poll_that_is_out_is_never_changed(town: Town, adapter: DiscordAdapter) -> None:
    """Discord would refuse it; it shows the count by itself."""
    (receipt, *_) = await publish(adapter, ASKED)

    await adapter.edit(receipt, ASKED)

    assert town.calls("update_message") == []
