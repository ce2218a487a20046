"""Streams: what is told while one listens, how they break, and what is lost."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from sandbox.faults import Fault, Harm
from sandbox.mastodon.server import STREAM, MastodonServer
from sandbox.mastodon.world import World
from tests.sandbox_mastodon.conftest import TOKEN, Caller, listening, person


class Line:
    """Server-sent events, line by line."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Line"]:
        """Listen."""
        headers = {"Authorization": f"Bearer {self._caller.token}"}
        address = f"{self._caller.server.url}/api/v1/streaming/user"
        async with self._caller.session.get(address, headers=headers) as answer:
            self._answer = answer
            yield self

    async def event(self) -> tuple[str, str]:
        """The next event."""
        name = ""
        async with asyncio.timeout(5):
            while True:
                key, _, value = (await self._answer.content.readline()).decode().strip().partition(": ")
                if key == "event":
                    name = value
                elif key == "data":
                    return name, value

    async def line(self) -> bytes:
        """The next line; empty at the end."""
        return await asyncio.wait_for(self._answer.content.readline(), 5)


@asynccontextmanager
async def socket(caller: Caller, query: str) -> AsyncIterator[ClientWebSocketResponse]:
    """A WebSocket, once the server listens to it."""
    async with listening(caller.server.world):
        opened = await caller.session.ws_connect(f"{caller.server.url}/api/v1/streaming?{query}")
    async with opened:
        yield opened


async def heard(line: ClientWebSocketResponse) -> tuple[str, object]:
    """The next event on a WebSocket."""
    message = await asyncio.wait_for(line.receive_json(), 5)
    return message["event"], message["payload"]


async def test_a_mention_rings_and_a_deletion_is_a_bare_id(world: World, caller: Caller, anne: str) -> None:
    """Not JSON: the id as it is."""
    async with Line(caller).open() as line:
        begun = await line.line()
        said = world.mention(anne, "2")
        rung = await line.event()
        world.delete(anne, said)
        gone = await line.event()

    assert begun == b":)\n"
    assert (rung[0], json.loads(rung[1])["status"]["id"]) == ("notification", said)
    assert gone == ("delete", said)


async def test_a_heart_beats_while_nothing_happens(world: World) -> None:
    """A comment, so that both know."""
    async with MastodonServer(world, heartbeat=0.01) as server, ClientSession() as session:
        async with Line(Caller(session, server)).open() as line:
            assert [await line.line() for _ in range(3)] == [b":)\n", b":thump\n", b":thump\n"]
        server.lines.silent = True
        async with Line(Caller(session, server)).open() as line:
            await line.line()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(line.line(), 0.1)


async def test_what_happens_in_a_gap_is_never_told(world: World, caller: Caller, anne: str) -> None:
    """The list still has it."""
    async with Line(caller).open() as line:
        await line.line()
        caller.server.lines.cut()
    world.mention(anne, "lost")
    async with Line(caller).open() as line:
        await line.line()
        world.mention(anne, "heard")
        _, rung = await line.event()

    assert "heard" in json.loads(rung)["status"]["content"]
    assert len((await caller.call("GET", "v1/notifications")).rows) == 2


async def test_a_websocket_has_several_streams(world: World, caller: Caller, anne: str) -> None:
    """Subscribed to in the address or later; the payload is JSON in JSON."""
    async with socket(caller, f"access_token={TOKEN}") as line:
        await line.send_json({"type": "subscribe", "stream": "fancy"})
        refused = await line.receive_json()
        await line.send_json({"type": "subscribe", "stream": "user"})
        await line.send_json({"type": "subscribe", "stream": "fancy"})
        await line.receive_json()
        said = world.mention(anne, "2")
        rung = await heard(line)
        world.delete(anne, said)
        gone = await heard(line)

    assert refused["error"] == "Unknown stream type"
    assert (rung[0], json.loads(str(rung[1]))["type"]) == ("notification", "mention")
    assert gone == ("delete", said)


async def test_gotosocial_listens_by_websocket_only(social: Caller) -> None:
    """And deletes by ULID, which is no JSON; what it says of its address begins with wss."""
    world = social.server.world
    anne = person(world, "anne").id
    async with social.session.get(f"{social.server.url}/api/v1/streaming/user") as answer:
        sse = answer.status
    async with socket(social, f"access_token={TOKEN}&stream=user") as line:
        said = world.mention(anne, "2")
        await heard(line)
        world.delete(anne, said)
        gone = await heard(line)

    instance = await social.call("GET", "v2/instance")

    assert (sse, gone, len(said)) == (404, ("delete", said), 26)
    assert instance.body["configuration"]["urls"]["streaming"].startswith("wss://127")


async def test_home_hears_of_posts_and_corrections(world: World, caller: Caller, anne: str, bilal: str) -> None:
    """One's own and those one follows; strangers' are not at home."""
    world.follow(world.the_bot().id, anne)
    async with Line(caller).open() as line:
        await line.line()
        world.write(bilal, "ailleurs")
        said = world.write(anne, "ici")
        world.rewrite(anne, said, "là")
        post = await caller.post("Avis")
        heard_of = [await line.event() for _ in range(3)]

    assert [(name, json.loads(payload)["id"]) for name, payload in heard_of] == [
        ("update", said),
        ("status.update", said),
        ("update", post.id),
    ]


async def test_what_is_filtered_rings_nowhere(world: World, caller: Caller, anne: str) -> None:
    """The next thing heard is what came after it."""
    async with Line(caller).open() as line:
        await line.line()
        world.message(anne, "private")
        world.mention(anne, "public")
        _, rung = await line.event()

    assert "public" in json.loads(rung)["status"]["content"]


@pytest.mark.parametrize("token", ["", "unknown"])
async def test_strangers_hear_nothing(caller: Caller, token: str) -> None:
    """401 on both ways."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with caller.session.get(f"{caller.server.url}/api/v1/streaming/user", headers=headers) as answer:
        assert answer.status == 401
    with pytest.raises(WSServerHandshakeError) as refused:
        await caller.session.ws_connect(f"{caller.server.url}/api/v1/streaming?stream=user&access_token={token}")
    assert refused.value.status == 401


async def test_a_line_breaks_in_the_middle_of_an_event(world: World, caller: Caller, anne: str) -> None:
    """When a fault names the stream; one for any call spares it."""
    caller.server.faults.add(Fault(harm=Harm.STATUS))
    caller.server.faults.add(Fault(harm=Harm.HALF, method=STREAM))
    async with listening(world):
        line = caller.session.ws_connect(f"{caller.server.url}/api/v1/streaming?stream=user&access_token={TOKEN}")
        opened = await line

    world.mention(anne, "2")
    first, second = await opened.receive(), await opened.receive()

    with pytest.raises(ValueError, match="line 1"):
        json.loads(first.data)
    assert second.type in {WSMsgType.CLOSED, WSMsgType.ERROR, WSMsgType.CLOSE}
    assert len(caller.server.faults) == 1


async def test_the_server_is_idle_when_everything_was_told(world: World, caller: Caller, anne: str) -> None:
    """A line that waits is nothing under way."""
    async with Line(caller).open() as line:
        await line.line()
        before = caller.server.idle
        world.mention(anne, "2")
        during = caller.server.idle
        await line.event()
        await caller.call("GET", "v1/instance")

        assert (before, during, caller.server.idle) == (True, False, True)


async def test_people_in_the_way_cut_and_silence_lines(world: World, caller: Caller) -> None:
    """From another process too."""
    async with Line(caller).open() as line:
        await line.line()
        async with caller.session.post(f"{caller.server.url}/sandbox/streams/cut") as answer:
            cut = await answer.json()
    async with caller.session.post(f"{caller.server.url}/sandbox/streams/silence") as answer:
        silenced = answer.status

    assert (cut["result"], silenced, caller.server.lines.silent) == (1, 200, True)
    assert [entry["count"] for entry in world.journal.of("streams_cut")] == [1]
