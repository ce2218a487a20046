"""Misbehaviour: what strikes whom, what was done all the same, and what the journal says of it."""

from datetime import timedelta

import pytest
from aiohttp import ClientConnectionError, ClientPayloadError, ServerDisconnectedError

from sandbox.faults import Fault, Harm
from sandbox.mastodon.world import World
from tests.sandbox_mastodon.conftest import Caller

POST = "POST /api/v1/statuses"


async def test_a_flood_is_told_in_headers(world: World, caller: Caller) -> None:
    """429 until an instant; nothing is done."""
    caller.server.faults.add(Fault(harm=Harm.FLOOD, method=POST, retry_after=90))

    answer = await caller.post("x")

    assert (answer.status, answer.headers["X-RateLimit-Reset"]) == (429, "2026-11-20T12:01:30.000000Z")
    assert (len(world.statuses), world.flooded) == (0, 1)


@pytest.mark.parametrize(
    ("harm", "posted"), [(Harm.CUT_BEFORE, 0), (Harm.CUT_AFTER, 1), (Harm.HALF, 1)], ids=["before", "after", "half"]
)
async def test_a_cut_looks_the_same_before_and_after(world: World, caller: Caller, harm: Harm, posted: int) -> None:
    """Only the journal and the world tell whether it was done; a key finds out."""
    caller.server.faults.add(Fault(harm=harm, method=POST))

    with pytest.raises((ServerDisconnectedError, ClientConnectionError, ClientPayloadError)):
        await caller.post("x", key="K")
    before = len(world.statuses)
    await caller.post("x", key="K")

    assert (before, len(world.statuses)) == (posted, 1)
    assert next(world.journal.of("call"))["outcome"] == harm.value


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Fault(harm=Harm.STATUS, status=503), 503), (Fault(harm=Harm.CAPTIVE), 200)],
    ids=["503", "captive page"],
)
async def test_a_page_is_answered_and_nothing_done(world: World, caller: Caller, fault: Fault, status: int) -> None:
    """What stands between answers in HTML."""
    caller.server.faults.add(fault)

    async with caller.session.post(
        f"{caller.server.url}/api/v1/statuses",
        json={"status": "x"},
        headers={"Authorization": f"Bearer {caller.token}"},
    ) as answer:
        content = (answer.status, answer.content_type)

    assert (content, len(world.statuses)) == ((status, "text/html"), 0)


async def test_a_fault_finds_its_address_and_its_id(world: World, caller: Caller, anne: str) -> None:
    """Reading notifications is spared by a fault that names nothing."""
    said, other = world.mention(anne, "1"), world.mention(anne, "2")
    fault = {"harm": "status", "method": "POST /api/v1/statuses/:id/favourite", "chat": other}
    async with caller.session.post(f"{caller.server.url}/sandbox/faults", json=fault) as taken:
        assert taken.status == 200
    caller.server.faults.add(Fault(harm=Harm.FLOOD, nth=3))

    spared = await caller.call("POST", f"v1/statuses/{said}/favourite")
    read = await caller.call("GET", "v1/notifications")
    async with caller.session.post(
        f"{caller.server.url}/api/v1/statuses/{other}/favourite", headers={"Authorization": f"Bearer {caller.token}"}
    ) as struck:
        assert struck.status == 502

    assert (spared.status, read.status, len(caller.server.faults)) == (200, 200, 1)


async def test_a_slow_call_is_done_late(world: World, caller: Caller) -> None:
    """And the server is not idle meanwhile."""
    caller.server.faults.add(Fault(harm=Harm.SLOW, seconds=timedelta(milliseconds=20).total_seconds()))

    answer = await caller.post("x")

    assert (answer.status, len(world.statuses), caller.server.idle) == (200, 1, True)
