"""Misbehaviour: what strikes whom, what was done all the same, and what the journal says of it."""

import asyncio
import contextlib
import time

import pytest
import telegram
import telegram.error
from aiohttp import ClientConnectionError, ClientPayloadError, ServerDisconnectedError

from sandbox.faults import Fault, Faults, Harm
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, CHANNEL, GROUP, Caller


def outcomes(world: World) -> list[object]:
    """How the calls ended, in the journal."""
    return [entry["outcome"] for entry in world.journal.of("call")]


async def test_a_flood_is_told_and_nothing_done(world: World, server: TelegramServer, caller: Caller) -> None:
    """429 with the seconds asked for."""
    server.faults.add(Fault(harm=Harm.FLOOD, method="sendMessage", retry_after=7))

    answer = await caller.call("sendMessage", chat_id=CHANNEL, text="x")

    assert (answer.status, answer.body["parameters"]) == (429, {"retry_after": 7})
    assert not world.chat(CHANNEL).messages
    assert outcomes(world) == ["refused"]


async def test_a_call_is_refused_in_the_words_of_the_bot_api(
    world: World, server: TelegramServer, caller: Caller
) -> None:
    """A token revoked, a second program: what no proxy says."""
    server.faults.add(Fault(harm=Harm.REFUSED, status=409))

    answer = await caller.call("sendMessage", chat_id=CHANNEL, text="x")

    assert (answer.status, answer.body["description"]) == (409, "Conflict")
    assert not world.chat(CHANNEL).messages


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault(harm=Harm.STATUS, status=502), 502),
        (Fault(harm=Harm.STATUS, status=500), 500),
        (Fault(harm=Harm.CAPTIVE), 200),
    ],
    ids=["502", "500", "captive portal"],
)
async def test_a_page_is_answered_and_nothing_done(
    world: World, server: TelegramServer, caller: Caller, fault: Fault, status: int
) -> None:
    """What stands between the program and Telegram answers in HTML."""
    server.faults.add(fault)

    address = f"{server.url}/bot1000001:sandbox-token/sendMessage"
    async with caller.session.post(address, json={"chat_id": CHANNEL, "text": "x"}) as answer:
        content = (answer.status, answer.content_type)

    assert content == (status, "text/html")
    assert not world.chat(CHANNEL).messages


@pytest.mark.parametrize(("harm", "sent"), [(Harm.CUT_BEFORE, 0), (Harm.CUT_AFTER, 1)], ids=["before", "after"])
async def test_a_cut_looks_the_same_before_and_after(
    world: World, server: TelegramServer, caller: Caller, harm: Harm, sent: int
) -> None:
    """Only the journal and the chat tell whether it was done."""
    server.faults.add(Fault(harm=harm))

    with pytest.raises((ServerDisconnectedError, ClientConnectionError)):
        await caller.call("sendMessage", chat_id=CHANNEL, text="x")

    assert len(world.chat(CHANNEL).messages) == sent
    assert outcomes(world) == [harm.value]


async def test_half_an_answer_comes_after_it_was_done(world: World, server: TelegramServer, caller: Caller) -> None:
    """The length promised is not kept."""
    server.faults.add(Fault(harm=Harm.HALF))

    with pytest.raises(ClientPayloadError):
        await caller.call("sendMessage", chat_id=CHANNEL, text="x")

    assert len(world.chat(CHANNEL).messages) == 1
    assert outcomes(world) == ["half"]


async def test_a_slow_call_is_done_late(world: World, server: TelegramServer, caller: Caller) -> None:
    """In real seconds, and others are not held up."""
    server.faults.add(Fault(harm=Harm.SLOW, method="sendMessage", seconds=0.3))
    begun = time.monotonic()

    slow = asyncio.create_task(caller.call("sendMessage", chat_id=CHANNEL, text="x"))
    await caller.call("getMe")
    quick = time.monotonic() - begun
    answer = await slow

    assert answer.status == 200
    assert quick < 0.3 <= time.monotonic() - begun
    assert outcomes(world) == ["done", "done"]


async def test_a_poll_whose_caller_is_gone_is_nobodys_rival(server: TelegramServer, caller: Caller) -> None:
    """A program that was killed while its request was under way does not send its successor away."""
    server.faults.add(Fault(harm=Harm.SLOW, method="getUpdates", seconds=0.2))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.1):
            await caller.call("getUpdates", timeout=1)

    answer = await caller.call("getUpdates", timeout=1)

    assert answer.status == 200


def strikes(fault: Fault, *calls: tuple[str, int | None]) -> list[bool]:
    """Which of the calls the fault happens to."""
    faults = Faults()
    faults.add(fault)
    return [faults.strike(*call) is not None for call in calls]


def test_a_fault_waits_for_its_call() -> None:
    """By method, chat, and how many came before."""
    fault = Fault(harm=Harm.FLOOD, method="sendMessage", chat=GROUP, nth=2, count=2)

    struck = strikes(
        fault, ("sendPhoto", GROUP), ("sendMessage", CHANNEL), *[("sendMessage", GROUP)] * 4
    )  # fmt: skip

    assert struck == [False, False, False, True, True, False]


def test_waiting_for_updates_is_harmed_only_by_name() -> None:
    """A fault for any method is about doing something."""
    assert strikes(Fault(harm=Harm.STATUS), ("getUpdates", None), ("sendMessage", 1)) == [False, True]
    assert strikes(Fault(harm=Harm.STATUS, method="getUpdates"), ("getUpdates", None)) == [True]


def test_faults_can_be_forgotten() -> None:
    """Before they happen."""
    faults = Faults()
    faults.add(Fault(harm=Harm.FLOOD))
    faults.clear()

    assert (len(faults), faults.strike("sendMessage", None)) == (0, None)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"harm": "flood", "when": 1}, "unknown field 'when'"),
        ({"harm": "explode"}, "is not a valid Harm"),
        ({"harm": "flood", "nth": "2"}, "nth must be a whole number"),
        ({"harm": "slow", "seconds": "long"}, "could not convert"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(given: dict[str, object], reason: str) -> None:
    """With what is wrong in it."""
    with pytest.raises(ValueError, match=reason):
        Fault.from_json(given)


async def test_faults_come_over_http(world: World, server: TelegramServer, caller: Caller) -> None:
    """For programs in other processes; a channel may be named as in the call."""
    fault = {"harm": "flood", "method": "sendmessage", "chat": CHANNEL, "retry_after": 2}
    async with caller.session.post(f"{server.url}/sandbox/faults", json=[fault, fault]) as answer:
        taken = answer.status

    struck = await caller.call("sendMessage", chat_id="@ville_demo", text="x")
    async with caller.session.delete(f"{server.url}/sandbox/faults"):
        spared = await caller.call("sendMessage", chat_id="@ville_demo", text="x")

    assert (taken, struck.status, spared.status) == (200, 429, 200)
    assert not world.violations


async def test_a_wrong_fault_is_refused_over_http(server: TelegramServer, caller: Caller) -> None:
    """With what is wrong in it."""
    async with caller.session.post(f"{server.url}/sandbox/faults", json={"harm": "explode"}) as answer:
        body = await answer.json()

    assert answer.status == 400
    assert "explode" in body["error"]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_the_library_sees_what_it_would_see(server: TelegramServer, ptb: telegram.Bot) -> None:
    """python-telegram-bot maps the harms to its errors."""
    server.faults.add(Fault(harm=Harm.FLOOD, method="getMe", retry_after=3))
    server.faults.add(Fault(harm=Harm.CUT_AFTER, method="sendMessage"))

    with pytest.raises(telegram.error.RetryAfter):
        await ptb.get_me()
    with pytest.raises(telegram.error.NetworkError):
        await ptb.send_message(CHANNEL, "x")


async def test_a_malformed_update_is_handed_out_as_it_is(server: TelegramServer, caller: Caller, world: World) -> None:
    """Between two good ones."""
    world.start(ANNE)
    async with caller.session.post(f"{server.url}/sandbox/updates", json={"poll_answer": {"x": 1}}) as answer:
        injected = await answer.json()
    world.start(ANNE)

    updates = await caller.updates()

    assert [update["update_id"] for update in updates][1] == injected["update_id"]
    assert updates[1]["poll_answer"] == {"x": 1}
    assert len(updates) == 3
