"""What Discord says that a route still allows is used; a short window is waited for, a long one is the ledger's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import pytest

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.calls import Calls
from core.errors import Unavailable, Uncertain
from sandbox.discord.limits import Allowance, Pace
from sandbox.discord.server import DiscordServer
from sandbox.faults import Harm
from tests.adapters.discord.conftest import ACCOUNT, HERE, INTRODUCTION, TOKEN, Town, send, text

Counted = Callable[[Allowance], AbstractAsyncContextManager[DiscordAdapter]]


@pytest.fixture
def counted(town: Town) -> Counted:
    """An adapter on a server that counts, with this bucket in place of its own."""

    @asynccontextmanager
    async def connected(bucket: Allowance) -> AsyncIterator[DiscordAdapter]:
        async with DiscordServer(town.world, pace=Pace(buckets=(bucket,))) as town.server:
            adapter = town.adapter(discussions=[HERE])
            await adapter.open(INTRODUCTION, known=None)
            try:
                yield adapter
            finally:
                await adapter.close()

    return connected


async def test_what_is_left_of_a_long_window_is_used(town: Town, counted: Counted) -> None:
    """Two threads in five minutes: the second goes out at once, the third is put off and not even asked for."""
    async with counted(Allowance("open", 2, 300.0)) as adapter:
        message, thread = adapter.plan(text("mot"), HERE)
        posts = [await adapter.send(message, key=f"{number}:0", before=()) for number in range(3)]
        for post in posts[:2]:
            await adapter.send(thread, key="", before=post)

        with pytest.raises(Unavailable) as told:
            await adapter.send(thread, key="", before=posts[2])

    assert len(town.calls("create_thread_from_message")) == 2
    assert timedelta(seconds=290) < (told.value.retry_after or timedelta()) <= timedelta(seconds=300)


async def test_a_short_window_is_waited_for(town: Town, counted: Counted) -> None:
    """Also by those who come while nobody knows yet how much there is; Discord has to refuse nothing."""
    async with counted(Allowance("write", 2, 0.3)) as adapter, asyncio.TaskGroup() as tasks:
        (part, *_) = adapter.plan(text("mot"), HERE)
        for number in range(5):
            tasks.create_task(send(adapter, part, f"{number}:0"))

    assert (town.words(), town.world.flooded) == (["mot"] * 5, 0)


async def test_the_answer_to_the_last_call_of_a_window_is_not_held_back(town: Town, counted: Counted) -> None:
    """A process that died meanwhile would not know what is out."""
    async with counted(Allowance("write", 1, 9.0)) as adapter, asyncio.timeout(5):
        (part, *_) = adapter.plan(text("mot"), HERE)

        await send(adapter, part)

    assert town.words() == ["mot"]


async def test_a_call_without_an_answer_takes_nothing_from_the_others(town: Town, counted: Counted) -> None:
    """Nobody told how much there is."""
    async with counted(Allowance("write", 5, 300.0)) as adapter:
        (part, *_) = adapter.plan(text("mot"), HERE)
        town.harm(Harm.CUT_BEFORE)
        with pytest.raises(Uncertain):
            await send(adapter, part)

        await send(adapter, part)

    assert town.words() == ["mot"]


async def test_a_call_that_lasts_longer_than_its_claim_is_ended(town: Town) -> None:
    """Before another may make it: nobody knows whether it was made."""
    calls = Calls(account=ACCOUNT, token=TOKEN, tls=None, clock=town.clock, longest=timedelta(seconds=0.3))
    town.adapter()  # says where Discord is
    await calls.log_in()
    town.harm(Harm.SLOW, seconds=3600)
    (part, *_) = town.adapter().plan(text("mot"), HERE)

    with pytest.raises(Uncertain):
        await calls.message(part, HERE, "7:0")
    await calls.close()


async def test_a_pause_of_all_calls_ends_with_the_call_that_was_told_of_it(town: Town) -> None:
    """discord.py ends it only after the pause: were that call ended before, all others would wait for ever."""
    calls = Calls(account=ACCOUNT, token=TOKEN, tls=None, clock=town.clock, longest=timedelta(seconds=0.5))
    town.adapter()  # says where Discord is
    await calls.log_in()
    town.harm(Harm.FLOOD, scope="global", retry_after=5)
    (part, *_) = town.adapter().plan(text("mot"), HERE)
    with pytest.raises(Uncertain):
        await calls.message(part, HERE, "7:0")

    await calls.message(part, HERE, "7:0")

    await calls.close()
    assert town.words() == ["mot"]
