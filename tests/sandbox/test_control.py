"""The sandbox's own addresses, for programs in other processes."""

import asyncio
import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from sandbox.journal import Entry, read
from sandbox.telegram.small import DEFAULT, furnish
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, CHANNEL, GROUP, Caller
from tests.sandbox.pieces import button, rows, sent


async def does(caller: Caller, act: str, **given: object) -> dict[str, object]:
    """Have somebody do something."""
    async with caller.session.post(f"{caller.server.url}/sandbox/people/{act}", json=given) as answer:
        body = await answer.json()
    assert isinstance(body, dict)
    return body


async def test_people_act_over_http(world: World, caller: Caller) -> None:
    """The same acts as in the process."""
    vote = await sent(caller, reply_markup=rows(button()))
    started = await does(caller, "start", user=ANNE, payload="x")
    written = await does(caller, "write", user=ANNE, chat=GROUP, text="bonjour")
    pressed = await does(caller, "press", user=ANNE, chat=CHANNEL, message=vote, data="1")
    edited = await does(caller, "edit", user=ANNE, chat=GROUP, message=written["result"], text="bonsoir")

    assert pressed["result"] in world.presses
    assert started["ok"] is edited["ok"] is True
    assert [message.text for message in world.chat(GROUP).messages.values()] == ["bonsoir"]


async def test_people_come_and_go_over_http(world: World, caller: Caller) -> None:
    """Join, leave, block."""
    for act, given in (("join", {"chat": GROUP}), ("leave", {"chat": GROUP}), ("start", {}), ("block", {})):
        assert (await does(caller, act, user=103, **given))["ok"]

    assert (103, 1000001) in world.blocked
    assert not world.chat(GROUP).member(103).present


@pytest.mark.parametrize(
    ("act", "given", "reason"),
    [
        ("dance", {}, "people can vote, press, write"),
        ("press", {"user": ANNE}, "KeyError: 'chat'"),
        ("press", {"user": "Anne", "chat": 1, "message": 1, "data": ""}, "user must be a whole number"),
        ("press", {"user": ANNE, "chat": GROUP, "message": 9, "data": "1"}, "NobodyThere: no such button"),
    ],
)
async def test_what_people_cannot_do_is_explained(
    caller: Caller, act: str, given: dict[str, object], reason: str
) -> None:
    """In one sentence."""
    body = await does(caller, act, **given)

    assert reason in str(body["error"])


async def test_the_world_can_be_looked_at(caller: Caller) -> None:
    """Messages with their buttons, violations, toasts, what waits."""
    await sent(caller, "On vote ?", reply_markup=rows(button()))
    await caller.call("sendMessage", chat_id=CHANNEL, text="")

    async with caller.session.get(f"{caller.server.url}/sandbox/world", params={"chat": str(CHANNEL)}) as answer:
        world = await answer.json()

    (chat,) = world["chats"]
    assert [(message["text"], message["buttons"][0]["text"]) for message in chat["messages"]] == [("On vote ?", "Oui")]
    assert world["violations"] == [{"method": "sendMessage", "reason": "Bad Request: message text is empty"}]
    assert (world["idle"], world["pending"]) == (True, {"1000001": 0})


@pytest.mark.parametrize("where", ["?bot=999", ""], ids=["unknown bot", "no JSON"])
async def test_an_update_for_nobody_is_refused(caller: Caller, where: str) -> None:
    """There must be a bot and an object."""
    async with caller.session.post(
        f"{caller.server.url}/sandbox/updates{where}", data="{" if not where else "{}"
    ) as got:
        status = got.status

    assert status == 400


@pytest.mark.parametrize(
    ("description", "error"),
    [
        ({"users": "Anne"}, TypeError),
        ({"users": [{"id": "1", "name": "Anne"}]}, TypeError),
        ({"chats": [{"id": -1, "kind": "group", "title": "x", "members": ["Anne"]}]}, TypeError),
        ({"bots": [{}]}, KeyError),
        ({"users": [5]}, TypeError),
    ],
)
def test_a_description_that_makes_no_sense_is_refused(description: dict[str, object], error: type[Exception]) -> None:
    """Before anything listens."""
    with pytest.raises(error):
        furnish(World(), description)


def test_a_forum_can_be_described() -> None:
    """With its topics."""
    world = World()

    furnish(world, {"chats": [{"id": -1001, "kind": "supergroup", "title": "Forum", "topics": {"7": "Écoles"}}]})

    assert (world.chat(-1001).is_forum, world.chat(-1001).topics) == (True, {7: "Écoles"})


@dataclass(frozen=True)
class Lived:
    """What a sandbox in a process of its own showed, answered, said at its end and wrote down."""

    page: str
    status: int
    code: int
    entries: list[Entry]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """One from its first line, through a look and a message, to SIGTERM."""
    journal = tmp_path_factory.mktemp("process") / "journal.jsonl"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--journal", str(journal), "--fsync",
        stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert process.stdout is not None
    try:
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        address = f"{ready['url']}/bot{ready['tokens'][0]}/sendMessage"
        async with ClientSession() as session:
            async with session.get(f"{ready['url']}/") as answer:
                page = await answer.text()
            async with session.post(address, json={"chat_id": "@ville_demo", "text": "Bonjour"}) as answer:
                status = answer.status
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), 10)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Lived(page, status, code, await asyncio.to_thread(read, journal))


def test_a_town_can_be_described() -> None:
    """Channel, linked group, bot that governs both; nothing waits."""
    world = World()

    furnish(world, DEFAULT)

    assert world.chat(CHANNEL).linked == GROUP
    assert world.chat(GROUP).member(1000001).governs
    assert len(world.the_bot().queue) == 0


def test_the_process_shows_the_phones_of_its_citizens(lived: Lived) -> None:
    """Whoever tries Parvis sees what a citizen sees; the time there is the real one, which nobody turns."""
    assert [name in lived.page for name in ("Anne", "Bilal", "Chloé", "Daniel", "Élodie")] == [True] * 5
    assert "Ville de démonstration" in lived.page
    assert 'name="turn"' not in lived.page


def test_the_process_serves_and_stops(lived: Lived) -> None:
    """One line when ready, a journal on the disk, and SIGTERM ends it."""
    assert (lived.status, lived.code) == (200, 0)
    assert [entry["kind"] for entry in lived.entries] == ["mirrored", "call"]
