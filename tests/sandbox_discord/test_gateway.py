"""The gateway, by hand: who hears what, what is sent again, and why connections end."""

import asyncio
import time
from datetime import timedelta

import pytest
from aiohttp import ClientError

from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Intent
from sandbox.discord.world import World
from tests.sandbox_discord.conftest import ANNE, BILAL, BOT, SQUARE, TOKEN, TOWN, Caller, furnish
from tests.sandbox_discord.listener import ALL, listening, settled

PLAIN = ALL & ~Intent.MESSAGE_CONTENT


async def test_a_session_begins_with_ready_and_the_guild(server: DiscordServer) -> None:
    """Of the members the guild has only the bot: others come with a privileged intent and a question."""
    async with listening(server) as listener:
        ready = await listener.identifies()
        guild = await listener.event("GUILD_CREATE")

    assert ready["resume_gateway_url"] == server.gateway_url
    assert (guild["member_count"], len(guild["members"]), len(guild["channels"])) == (4, 1, 3)  # type: ignore[arg-type]  # lists


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"token": "nobody", "intents": 0, "properties": {}}, 4004),
        ({"token": TOKEN, "intents": 1 << 18, "properties": {}}, 4013),
        ({"token": TOKEN, "intents": "all", "properties": {}}, 4013),
        ({"token": TOKEN, "intents": Intent.MESSAGE_CONTENT, "properties": {}}, 4014),
        ({"token": TOKEN, "intents": 0}, 4002),
    ],
)
async def test_a_session_that_may_not_begin(world: World, server: DiscordServer, content: object, code: int) -> None:
    """The close code says why: token, intents, privileged intents."""
    world.bots[TOKEN].granted = 0
    async with listening(server) as listener:
        await listener.says(2, content)

        assert await listener.ended() == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no json", 4002),
        ("[]", 4002),
        ('{"op": 99}', 4001),
        ('{"op": 3}', 4003),
        ('{"op": 1, "d": "' + "x" * 4096 + '"}', 4002),
    ],
)
async def test_what_may_not_be_said(server: DiscordServer, text: str, code: int) -> None:
    """Codes for payloads, opcodes and order."""
    async with listening(server) as listener:
        await listener.socket.send_str(text)

        assert await listener.ended() == code


async def test_too_many_words_end_the_connection(server: DiscordServer) -> None:
    """120 a minute."""
    async with listening(server) as listener:
        for _ in range(121):
            await listener.says(1)

        assert await listener.ended() == 4008


async def test_a_silent_heart_ends_the_connection(world: World) -> None:
    """One and a half intervals without a heartbeat, in real time."""
    async with DiscordServer(world, interval=0.05) as server, listening(server) as listener:
        await listener.identifies()

        assert await listener.ended() == 4009


async def test_a_beating_heart_is_acknowledged(world: World) -> None:
    """And keeps the connection."""
    async with DiscordServer(world, interval=0.3) as server, listening(server) as listener:
        for _ in range(4):
            await listener.says(1)
            assert await listener.next() == {"op": 11}
            await asyncio.sleep(0.15)

        assert listener.code is None


async def test_other_peoples_words_need_a_privileged_intent(world: World, server: DiscordServer) -> None:
    """Without it they are empty, except in mentions, answers with a ping and direct messages."""
    async with listening(server) as listener:
        await listener.identifies(PLAIN)
        world.write(ANNE, SQUARE, "secret")
        named = world.write(ANNE, SQUARE, f"<@{BOT}> bonjour")
        world.write_to_bot(BILAL, "en privé")

        words = [(await listener.event("MESSAGE_CREATE"))["content"] for _ in range(3)]

    assert named in world.channel(SQUARE).messages
    assert words == ["", f"<@{BOT}> bonjour", "en privé"]


async def test_an_answer_to_the_bot_is_heard_when_it_pings(world: World, server: DiscordServer, caller: Caller) -> None:
    """Ping off, and the words stay hidden; what is answered is the bot's own and can be read."""
    asked = (await caller.send("Question")).id
    async with listening(server) as listener:
        await listener.identifies(PLAIN)
        world.write(ANNE, SQUARE, "oui", reply_to=asked)
        world.write(ANNE, SQUARE, "non", reply_to=asked, ping=False)

        answers = [await listener.event("MESSAGE_CREATE") for _ in range(2)]

    assert [answer["content"] for answer in answers] == ["oui", ""]
    assert answers[1]["referenced_message"]["content"] == "Question"  # type: ignore[index]  # an object


async def test_over_http_the_portals_switch_decides(world: World, caller: Caller) -> None:
    """Reading history is no way around it."""
    number = world.write(ANNE, SQUARE, "secret")
    world.bots[TOKEN].granted = 0

    answer = await caller.call("GET", f"/channels/{SQUARE}/messages/{number}")

    assert answer.body["content"] == ""


async def test_intents_choose_what_is_heard(world: World, server: DiscordServer) -> None:
    """Private messages only, here."""
    async with listening(server) as listener:
        await listener.identifies(Intent.DIRECT_MESSAGES)
        world.write(ANNE, SQUARE, "sur la place")
        world.write_to_bot(ANNE, "en privé")

        assert await listener.names(1) == ["MESSAGE_CREATE"]


async def test_what_happened_meanwhile_is_sent_again(world: World, server: DiscordServer) -> None:
    """A session that is resumed misses nothing and hears nothing twice."""
    async with listening(server) as first:
        await first.identifies()
        await first.event("GUILD_CREATE")
        session, seq = first.session, first.seq
        await first.socket.close(code=4000)
    await settled(server)
    world.write(ANNE, SQUARE, "pendant l'absence")

    async with listening(server) as second:
        await second.resumes(session, seq)

        assert await second.names(2) == ["MESSAGE_CREATE", "RESUMED"]
    assert [entry["again"] for entry in world.journal.of("resumed")] == [1]


@pytest.mark.parametrize("goodbye", [1000, 1001])
async def test_a_goodbye_ends_the_session(server: DiscordServer, goodbye: int) -> None:
    """It cannot be resumed then."""
    async with listening(server) as first:
        await first.identifies()
        session = first.session
        await first.socket.close(code=goodbye)
    await settled(server)

    async with listening(server) as second:
        await second.resumes(session, 1)

        assert await second.next() == {"op": 9, "d": False}


async def test_a_session_is_forgotten_after_a_while(server: DiscordServer, world: World) -> None:
    """In real time."""
    world.resumable = 0.01
    async with listening(server) as first:
        await first.identifies()
        session = first.session
        await first.socket.close(code=4000)
    await settled(server)
    await asyncio.sleep(0.03)

    async with listening(server) as second:
        await second.resumes(session, 1)

        assert await second.next() == {"op": 9, "d": False}


async def test_nobody_can_resume_from_the_future(server: DiscordServer) -> None:
    """4007."""
    async with listening(server) as listener, listening(server) as other:
        await other.identifies()
        await listener.resumes(other.session, 99)

        assert await listener.ended() == 4007


async def test_reconnecting_on_demand_keeps_the_session(server: DiscordServer) -> None:
    """Op 7, and op 9 when it is resumable; a session that is not is forgotten."""
    async with listening(server) as listener:
        await listener.identifies()
        await listener.event("GUILD_CREATE")

        await server.gateway.reconnect()
        await server.gateway.invalidate(resumable=True)
        await server.gateway.invalidate(resumable=False)

        assert [await listener.next() for _ in range(3)] == [
            {"op": 7, "d": None},
            {"op": 9, "d": True},
            {"op": 9, "d": False},
        ]
    assert server.world.bots[TOKEN].sessions == {}


async def test_a_frozen_connection_passes_nothing_and_loses_nothing(world: World, server: DiscordServer) -> None:
    """The events wait for the next connection of the session."""
    async with listening(server) as first, listening(server) as second:
        await first.identifies()
        await first.event("GUILD_CREATE")
        server.gateway.freeze()
        world.write(ANNE, SQUARE, "personne n'entend")
        await first.says(1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(first.socket.receive(), 0.05)

        for connection in server.gateway.connections:
            connection.frozen = connection.session is not None
        await second.resumes(first.session, first.seq)

        assert await second.names(2) == ["MESSAGE_CREATE", "RESUMED"]


async def test_connections_can_be_refused(server: DiscordServer) -> None:
    """So many of them, then they succeed; aiohttp tries each one twice."""
    server.gateway.refuse(2)

    with pytest.raises(ClientError):
        async with listening(server):
            pass
    async with listening(server) as listener:
        await listener.identifies()


async def test_events_that_make_no_sense_can_be_sent(world: World, server: DiscordServer) -> None:
    """Exactly as given, under the next number."""
    async with listening(server) as listener:
        await listener.identifies()

        assert world.inject(world.bots[TOKEN], "MESSAGE_CREATE", {"id": None}) == 1
        assert await listener.event("MESSAGE_CREATE") == {"id": None}


async def test_members_come_and_go(world: World, server: DiscordServer) -> None:
    """With the privileged intent."""
    async with listening(server) as listener:
        await listener.identifies()
        await listener.event("GUILD_CREATE")
        world.leave(ANNE, TOWN)
        world.join(ANNE, TOWN)

        assert await listener.names(2) == ["GUILD_MEMBER_REMOVE", "GUILD_MEMBER_ADD"]


async def test_what_was_handed_out_stands_in_the_journal(world: World, server: DiscordServer) -> None:
    """To know what the program can have seen."""
    async with listening(server) as listener:
        await listener.identifies()
        await listener.event("GUILD_CREATE")
        await settled(server, connections=1)

    assert [entry["event"] for entry in world.journal.of("handed_out")] == ["READY", "GUILD_CREATE"]


async def test_a_burst_is_sent_quickly() -> None:
    """Two thousand messages in well under two seconds: benchmarks measure the program, not the sandbox."""
    world = furnish(World())
    async with DiscordServer(world) as server, listening(server) as listener:
        await listener.identifies()
        await listener.event("GUILD_CREATE")
        begun = time.monotonic()
        for _ in range(2000):
            world.write(ANNE, SQUARE, "oui")
        for _ in range(2000):
            await listener.next()

    assert timedelta(seconds=time.monotonic() - begun) < timedelta(seconds=5)
