"""How much may be asked, what the headers say, and when it is forgotten."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from sandbox.mastodon.limits import Pace
from sandbox.mastodon.server import MastodonServer
from tests.sandbox_mastodon.conftest import Caller, HandClock, person, town


@asynccontextmanager
async def paced(clock: HandClock, pace: Pace | None, *, gotosocial: bool = False) -> AsyncIterator[Caller]:
    """A server with other limits than Mastodon's."""
    world = town(clock, gotosocial=gotosocial)
    async with MastodonServer(world, pace=pace) as server, ClientSession() as session:
        yield Caller(session, server)


async def test_posts_are_counted_when_they_are_done(clock: HandClock) -> None:
    """What is refused, or repeated, counts for nothing; the window ends at a round hour."""
    clock.forward(timedelta(minutes=10))
    async with paced(clock, Pace(posting=2)) as caller:
        answers = [
            await caller.post(""),
            await caller.post("a", key="a"),
            await caller.post("a", key="a"),
            await caller.post("b"),
            await caller.post("c"),
        ]
        clock.forward(timedelta(hours=3))
        later = await caller.post("c")

    assert [answer.status for answer in answers] == [422, 200, 200, 200, 429]
    assert answers[4].error == "Too many requests"
    assert answers[4].headers["X-RateLimit-Reset"] == "2026-11-20T15:00:00.000000Z"
    assert "Retry-After" not in answers[4].headers
    assert (later.status, caller.server.world.flooded) == (200, 1)


async def test_reading_by_pages_is_counted_apart(clock: HandClock) -> None:
    """The header tells the window nearest to its end."""
    async with paced(clock, Pace(paging=2)) as caller:
        free = await caller.call("GET", "v1/notifications")
        first, second, third = [await caller.call("GET", "v1/notifications?min_id=1") for _ in range(3)]
        other = await caller.call("GET", "v1/accounts/verify_credentials")

    assert free.headers["X-RateLimit-Limit"] == "300"
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("2", "1")
    assert [answer.status for answer in (second, third, other)] == [200, 429, 200]


@pytest.mark.parametrize(
    ("pace", "verb", "path"),
    [
        (Pace(token=1), "GET", "v1/instance"),
        (Pace(deleting=1), "DELETE", "v1/statuses/1"),
        (Pace(media=1), "POST", "v2/media"),
    ],
    ids=["all calls", "deleting", "files"],
)
async def test_each_family_has_its_limit(clock: HandClock, pace: Pace, verb: str, path: str) -> None:
    """Counted when it is asked for."""
    async with paced(clock, pace) as caller:
        first, second = await caller.call(verb, path), await caller.call(verb, path)

    assert (first.status != 429, second.status) == (True, 429)


async def test_follows_have_their_limit(clock: HandClock) -> None:
    """By day."""
    async with paced(clock, Pace(following=1)) as caller:
        numbers = [person(caller.server.world, name).id for name in ("anne", "bilal")]
        answers = [await caller.call("POST", f"v1/accounts/{number}/follow") for number in numbers]

    assert [answer.status for answer in answers] == [200, 429]


async def test_gotosocial_counts_by_address(clock: HandClock) -> None:
    """With or without a token."""
    async with paced(clock, Pace(address=2), gotosocial=True) as caller:
        await caller.call("GET", "v1/instance")
        caller.token = ""
        await caller.call("GET", "v1/instance")
        third = await caller.call("GET", "v1/instance")

    assert (third.status, third.error) == (429, "rate limit reached")


async def test_limits_can_be_lifted(clock: HandClock) -> None:
    """For those who test something else."""
    async with paced(clock, None) as caller:
        answer = await caller.call("GET", "v1/instance")

    assert "X-RateLimit-Limit" not in answer.headers


async def test_the_servers_clock_is_the_sandboxs(clock: HandClock) -> None:
    """Whoever compares clocks finds no skew."""
    async with paced(clock, None) as caller:
        answer = await caller.call("GET", "v1/instance")

    assert answer.headers["Date"] == "Fri, 20 Nov 2026 12:00:00 GMT"
