"""When the adapter looks for what came in, and how often: 26, 27, 29."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from adapters.mastodon import limits
from core.errors import Unavailable
from core.events import MessagePosted
from core.ports.platform import Cursor
from sandbox.faults import Harm
from tests.adapters.mastodon.conftest import (
    PAGE,
    STREAM,
    Town,
    after,
    listening,
    understood,
)


async def test_the_bell_rings_at_once(either: Town) -> None:
    """A vote is recorded within ten seconds; here within one, of real time."""
    waiting = asyncio.ensure_future(either.adapter.fetch(None))
    await listening(either)
    either.world.message(either.anne, "2")

    assert len(await asyncio.wait_for(waiting, 5)) == 1


async def test_a_burst_is_asked_for_once_in_three_seconds(town: Town) -> None:
    """Servers allow 300 pages in 15 minutes; the wait stays well below the ten seconds that a vote may take."""
    town.clock.forward(timedelta(minutes=1))
    cursor: Cursor | None = None
    heard, asked_at = 0, []
    for _ in range(20):
        for _ in range(7):
            town.world.message(town.anne, "2")
        updates = await town.adapter.fetch(cursor)
        asked_at.append(town.clock.now())
        heard, cursor = heard + len(updates), after(updates)

    gaps = [late - early for early, late in pairwise(asked_at)]
    assert heard == 140
    assert len(town.calls(PAGE, "done")) <= 22
    assert all(timedelta(seconds=3) < gap < timedelta(seconds=10) for gap in gaps)
    assert timedelta(minutes=15) / limits.SETTLES < 300


async def test_what_was_rung_for_is_not_asked_for_again(town: Town) -> None:
    """Fifty votes ring fifty times and are one page."""
    waiting = asyncio.ensure_future(town.adapter.fetch(None))
    await listening(town)
    for _ in range(50):
        town.world.message(town.anne, "2")
    updates = await asyncio.wait_for(waiting, 5)
    while len(updates) < 50:
        updates = [*updates, *await town.adapter.fetch(after(updates))]
    pages = len(town.calls(PAGE, "done"))

    quiet = asyncio.ensure_future(town.adapter.fetch(after(updates)))
    await asyncio.wait([quiet], timeout=0.3)

    assert not quiet.done()
    assert len(town.calls(PAGE, "done")) == pages + 1
    quiet.cancel()


async def test_nothing_is_lost_while_the_stream_is_cut(either: Town) -> None:
    """Case 26: four mentions meanwhile, in order, by their mark; and the stream comes back."""
    waiting = asyncio.ensure_future(either.adapter.fetch(None))
    await listening(either)
    either.server.lines.cut()
    for n in range(4):
        either.world.message(either.anne, str(n))

    updates = await asyncio.wait_for(waiting, 5)
    while len(updates) < 4:
        updates = [*updates, *await either.adapter.fetch(after(updates))]
    texts = [event.text for event in understood(either, updates) if isinstance(event, MessagePosted)]
    assert texts == ["0", "1", "2", "3"]
    async with asyncio.timeout(10):
        while not either.world.streams.listens(either.bot.id):
            assert list(await either.adapter.fetch(after(updates))) == []


async def test_a_deleted_post_of_somebody_followed_breaks_nothing(social: Town) -> None:
    """Case 27: a bare ULID on the stream, which is no JSON, ends the connection of the library's own listener."""
    social.world.follows.add((social.bot.id, social.anne))
    waiting = asyncio.ensure_future(social.adapter.fetch(None))
    await listening(social)
    social.world.delete(social.anne, social.world.write(social.anne, "@ville zut"))
    social.world.message(social.anne, "2")

    updates = await asyncio.wait_for(waiting, 5)

    assert len(updates) >= 1
    assert [each["over"] for each in social.world.journal.of("listening")] == ["websocket"]


async def _asked_for(town: Town, seconds: float) -> None:
    """Listen so long, then hear somebody all the same."""
    fetching = asyncio.ensure_future(town.adapter.fetch(None))
    await asyncio.wait([fetching], timeout=seconds)
    town.world.message(town.anne, "2")
    updates = await asyncio.wait_for(fetching, 5) or await asyncio.wait_for(town.adapter.fetch(None), 5)

    assert len(updates) == 1


async def test_a_server_that_refuses_every_stream_is_asked_less_and_less_often(town: Town) -> None:
    """The library's own listener comes back at once, for ever."""
    town.misbehave(Harm.CUT_BEFORE, STREAM, count=100)

    await _asked_for(town, 2.5)

    assert 1 <= len(town.calls(STREAM)) <= 3


async def test_a_server_that_closes_every_stream_is_asked_less_and_less_often(town: Town) -> None:
    """Opening one is no success: somebody must have said something."""
    town.world.subscribe(lambda change: town.server.lines.close() if change.kind == "listening" else None)

    for _ in range(4):
        fetching = asyncio.ensure_future(town.adapter.fetch(None))
        await asyncio.wait([fetching], timeout=1)
        fetching.cancel()

    assert 1 <= len(list(town.world.journal.of("listening"))) <= 4


async def test_a_page_that_is_refused_for_now_is_asked_for_when_the_server_says(town: Town) -> None:
    """Case 29."""
    town.misbehave(Harm.FLOOD, PAGE, retry_after=90)

    with pytest.raises(Unavailable) as told:
        await town.adapter.fetch(None)

    assert told.value.retry_after is not None
    assert told.value.retry_after.total_seconds() == pytest.approx(90, abs=3)


@pytest.mark.parametrize("harm", [Harm.CAPTIVE, Harm.HALF, Harm.CUT_AFTER, Harm.STATUS])
async def test_a_page_whose_answer_is_lost_is_asked_for_again(town: Town, harm: Harm) -> None:
    """Asking changed nothing, so there is no doubt to keep."""
    town.misbehave(harm, PAGE)

    with pytest.raises(Unavailable):
        await town.adapter.fetch(None)
