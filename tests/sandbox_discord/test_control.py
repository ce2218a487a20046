"""The sandbox's own addresses, by which other processes let people act and things go wrong."""

import pytest

from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Json
from sandbox.discord.world import World
from tests.sandbox_discord.conftest import ANNE, BILAL, SQUARE, TOWN, Answer, Caller
from tests.sandbox_discord.listener import listening
from tests.sandbox_discord.test_interactions import COMMANDS, FORM, asks, command


async def does(caller: Caller, act: str, **given: object) -> Answer:
    """Somebody does something."""
    return await _posted(caller, f"/sandbox/people/{act}", given)


async def _posted(caller: Caller, path: str, given: object) -> Answer:
    async with caller.session.post(f"{caller.server.url}{path}", json=given) as answer:
        return Answer(answer.status, await answer.json(), dict(answer.headers))


async def shown(caller: Caller) -> Json:
    """How things stand."""
    async with caller.session.get(f"{caller.server.url}/sandbox/world") as answer:
        body: Json = await answer.json()
        return body


async def test_people_act_from_elsewhere(world: World, caller: Caller) -> None:
    """Ids may be digits: a page's script cannot hold them as numbers."""
    asked = (await caller.send("Un pont ?", components=asks("Oui", "Non"))).id
    await does(caller, "press", user=str(ANNE), chat=str(SQUARE), message=str(asked), data="v:0")
    written = await does(caller, "write", user=ANNE, chat=SQUARE, text="bonjour", reply_to=asked)
    await does(caller, "edit", user=ANNE, chat=SQUARE, message=written.body["result"], text="bonsoir")
    await does(caller, "delete", user=ANNE, chat=SQUARE, message=written.body["result"])
    await does(caller, "write", user=ANNE, text="en privé")
    await does(caller, "block", user=ANNE)
    await does(caller, "leave", user=BILAL, guild=TOWN)
    await does(caller, "join", user=BILAL, guild=TOWN)

    kinds = [entry["kind"] for entry in world.journal.entries if entry["kind"] != "call"]

    assert kinds == ["press", "written", "rewritten", "taken_back", "written", "blocked", "left", "joined"]


async def test_forms_commands_and_votes_from_elsewhere(world: World, caller: Caller) -> None:
    """The rest of what people can do."""
    await caller.call("PUT", COMMANDS, [command(), {"name": "Signaler", "type": 3}])
    asked = (await caller.send("?", components=asks("Oui"))).id
    poll = {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "a"}}]}
    ballot = (await caller.call("POST", f"/channels/{SQUARE}/messages", {"poll": poll})).id
    number = world.press(ANNE, SQUARE, asked, "v:0")
    world.show_form(world.interactions[number], FORM)

    answers = [
        await does(caller, "submit", user=ANNE, values={"texte": "Un banc"}),
        await does(caller, "command", user=ANNE, chat=SQUARE, name="vote"),
        await does(caller, "report", user=ANNE, chat=SQUARE, message=asked, name="Signaler"),
        await does(caller, "vote", user=ANNE, chat=SQUARE, message=ballot, answers=[1]),
    ]

    assert [answer.status for answer in answers] == [200] * 4
    assert world.channel(SQUARE).messages[ballot].poll.voters(1) == [ANNE]  # type: ignore[union-attr]  # it is a poll


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("people/press", {"user": ANNE, "chat": SQUARE, "message": 5, "data": "x"}),
        ("people/press", {"user": ANNE}),
        ("people/press", {"user": "Anne", "chat": 1, "message": 1, "data": "x"}),
        ("people/fly", {}),
        ("people/vote", {"user": ANNE, "chat": SQUARE, "message": 5, "answers": 1}),
        ("people/submit", {"user": ANNE, "values": []}),
        ("faults", {"harm": "earthquake"}),
        ("gateway/sing", {}),
        ("gateway/close", {}),
        ("updates", {"t": "X"}),
    ],
)
async def test_what_cannot_be_done_is_said(caller: Caller, path: str, given: object) -> None:
    """400 with a sentence."""
    answer = await _posted(caller, f"/sandbox/{path}", given)

    assert (answer.status, answer.body["ok"]) == (400, False)


async def test_the_world_can_be_looked_at(caller: Caller) -> None:
    """Channels, words, buttons, mistakes, and whether anything is under way."""
    await caller.send("Un pont ?", components=asks("Oui", "Non"))
    await caller.send("")

    seen = await shown(caller)

    square = next(chat for chat in seen["chats"] if chat["id"] == SQUARE)  # type: ignore[attr-defined]  # a list
    assert (seen["idle"], len(seen["violations"])) == (True, 1)  # type: ignore[arg-type]  # a list
    assert [(message["text"], len(message["buttons"])) for message in square["messages"]] == [("Un pont ?", 2)]


async def test_faults_can_be_set_and_lifted(server: DiscordServer, caller: Caller) -> None:
    """One or several."""
    await _posted(caller, "/sandbox/faults", [{"harm": "flood", "scope": "global", "chat": str(SQUARE)}])
    await _posted(caller, "/sandbox/faults", {"harm": "captive"})
    struck = await caller.send()
    await caller.session.delete(f"{server.url}/sandbox/faults")

    assert (struck.body["global"], len(server.faults)) == (True, 0)


async def test_the_gateway_can_be_disturbed(server: DiscordServer, caller: Caller) -> None:
    """And events of any sort sent through it."""
    async with listening(server) as listener:
        await listener.identifies()
        await listener.event("GUILD_CREATE")
        heard = await _posted(caller, "/sandbox/updates", {"t": "STRANGE", "d": [1]})
        for trouble in ("reconnect", "invalidate", "deafen"):
            await _posted(caller, f"/sandbox/gateway/{trouble}", {"resumable": True})
        await _posted(caller, "/sandbox/gateway/close", {"code": 4000})

        assert await listener.names(1) == ["STRANGE"]
        assert [await listener.next() for _ in range(2)] == [{"op": 7, "d": None}, {"op": 9, "d": True}]
        assert await listener.ended() == 4000
    assert heard.body["heard"] == 1


async def test_connections_are_refused_and_frozen_from_elsewhere(server: DiscordServer, caller: Caller) -> None:
    """Lifting the faults lets them in again."""
    async with listening(server) as listener:
        await listener.identifies()
        await _posted(caller, "/sandbox/gateway/freeze", {})
        await _posted(caller, "/sandbox/gateway/refuse", {"count": 9})
        frozen = [connection.frozen for connection in server.gateway.connections]

    await caller.session.delete(f"{server.url}/sandbox/faults")

    assert (frozen, server.gateway.trouble.refusals) == ([True], 0)
