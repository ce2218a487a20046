"""Misbehaviour on demand, and the limits with their headers."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientConnectionError, ClientPayloadError, ClientSession, ServerDisconnectedError

from sandbox.discord.limits import Pace
from sandbox.discord.server import DiscordServer
from sandbox.discord.world import World
from sandbox.faults import Fault, Harm
from tests.sandbox_discord.conftest import NEWS, SQUARE, TOKEN, Caller


def outcomes(world: World) -> list[object]:
    """How the calls ended, in the journal."""
    return [entry["outcome"] for entry in world.journal.of("call")]


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_a_flood_is_told_and_nothing_done(
    world: World, server: DiscordServer, caller: Caller, scope: str
) -> None:
    """Discord's own 429: with ``Via``, JSON, and whose limit it is."""
    server.faults.add(Fault(harm=Harm.FLOOD, method="create_message", retry_after=7, scope=scope))

    answer = await caller.send()

    assert (answer.status, answer.body["retry_after"], answer.body["global"]) == (429, 7, scope == "global")
    assert (answer.headers["Via"], answer.headers["X-RateLimit-Scope"]) == ("1.1 google", scope)
    assert not world.channel(SQUARE).messages


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault(harm=Harm.STATUS, status=502), 502),
        (Fault(harm=Harm.STATUS, status=503), 503),
        (Fault(harm=Harm.STATUS, status=429), 429),
        (Fault(harm=Harm.CAPTIVE), 200),
    ],
    ids=["502", "503", "Cloudflare's 429", "captive portal"],
)
async def test_a_page_is_answered_and_nothing_done(
    world: World, server: DiscordServer, caller: Caller, fault: Fault, status: int
) -> None:
    """What stands between answers in HTML, and without ``Via``."""
    server.faults.add(fault)
    headers = {"Authorization": f"Bot {TOKEN}"}

    address = f"{server.api_url}/channels/{SQUARE}/messages"
    async with caller.session.post(address, json={"content": "x"}, headers=headers) as answer:
        seen = (answer.status, answer.content_type, "Via" in answer.headers)

    assert seen == (status, "text/html", False)
    assert not world.channel(SQUARE).messages


@pytest.mark.parametrize(("harm", "sent"), [(Harm.CUT_BEFORE, 0), (Harm.CUT_AFTER, 1)], ids=["before", "after"])
async def test_a_cut_looks_the_same_before_and_after(
    world: World, server: DiscordServer, caller: Caller, harm: Harm, sent: int
) -> None:
    """Only the journal and the channel tell whether it was done."""
    server.faults.add(Fault(harm=harm))

    with pytest.raises((ServerDisconnectedError, ClientConnectionError)):
        await caller.send()

    assert len(world.channel(SQUARE).messages) == sent
    assert outcomes(world) == [harm.value]


async def test_half_an_answer_comes_after_it_was_done(world: World, server: DiscordServer, caller: Caller) -> None:
    """The length promised is not kept."""
    server.faults.add(Fault(harm=Harm.HALF))

    with pytest.raises(ClientPayloadError):
        await caller.send()

    assert (len(world.channel(SQUARE).messages), outcomes(world)) == (1, ["half"])


async def test_a_slow_call_is_done_late(world: World, server: DiscordServer, caller: Caller) -> None:
    """And the server is not idle meanwhile."""
    server.faults.add(Fault(harm=Harm.SLOW, seconds=0.3))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(caller.send())
        await asyncio.sleep(0.1)
        idle = server.idle

    assert (idle, outcomes(world)) == (False, ["done"])


async def test_a_fault_can_be_about_one_channel(server: DiscordServer, caller: Caller) -> None:
    """Others are spared."""
    server.faults.add(Fault(harm=Harm.FLOOD, chat=NEWS))

    assert [(await caller.send(channel=channel)).status for channel in (SQUARE, NEWS)] == [200, 429]


class Stopwatch:
    """Seconds that pass when told to."""

    seconds = 0.0

    def __call__(self) -> float:
        """How many have passed."""
        return self.seconds


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
async def hasty(world: World, stopwatch: Stopwatch) -> AsyncIterator[Caller]:
    """A program that is counted."""
    async with DiscordServer(world, pace=Pace(), stopwatch=stopwatch) as server, ClientSession() as session:
        yield Caller(session, server)


async def test_messages_have_five_in_five_seconds(world: World, hasty: Caller, stopwatch: Stopwatch) -> None:
    """The headers count down; the sixth is refused and told how long to wait."""
    answers = [await hasty.send(str(n)) for n in range(5)]
    stopwatch.seconds = 2.0

    sixth = await hasty.send()

    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["4", "3", "2", "1", "0"]
    assert (sixth.status, sixth.body["retry_after"], world.flooded) == (429, 3.0, 1)
    assert sixth.headers["X-RateLimit-Reset-After"] == "3.000"


async def test_each_channel_has_its_own_window(hasty: Caller) -> None:
    """Under one name of the bucket."""
    answers = [await hasty.send(str(n)) for n in range(5)]
    other = await hasty.send(channel=NEWS)

    assert other.headers["X-RateLimit-Remaining"] == "4"
    assert other.headers["X-RateLimit-Bucket"] == answers[0].headers["X-RateLimit-Bucket"]


async def test_a_window_passes(hasty: Caller, stopwatch: Stopwatch) -> None:
    """And is full again."""
    for n in range(6):
        await hasty.send(str(n))
    stopwatch.seconds = 5.0

    assert (await hasty.send()).headers["X-RateLimit-Remaining"] == "4"


async def test_fifty_requests_a_second_in_all(hasty: Caller, stopwatch: Stopwatch) -> None:
    """The fifty-first is refused, whatever it asks for."""
    paths = ("/users/@me", "/gateway/bot", "/applications/@me")
    for n in range(50):
        assert (await hasty.call("GET", paths[n % 3])).status == 200

    refused = await hasty.call("GET", "/users/@me")
    stopwatch.seconds = 1.0

    assert (refused.status, refused.body["global"], refused.headers["X-RateLimit-Global"]) == (429, True, "true")
    assert (await hasty.call("GET", "/users/@me")).status == 200
