"""Rate limits: advice taken at its word."""

from datetime import timedelta

import pytest

from sandbox.telegram.errors import Refused
from sandbox.telegram.limits import Limits, Pace
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.values import Chat
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, CHANNEL, NOON, Caller, HandClock
from tests.sandbox.pieces import sent

PRIVATE = Chat(id=5, kind="private")
CROWDED = Chat(id=-5, kind="supergroup")


def wait(limits: Limits, chat: Chat, after: float = 0, *, method: str = "sendMessage", count: int = 1) -> int:
    """The seconds a call would have to wait; 0 when it is done, and counted."""
    now = NOON + timedelta(seconds=after)
    try:
        limits.check(method, chat, count, now)
    except Refused as refusal:
        seconds = refusal.parameters["retry_after"]
        assert isinstance(seconds, int)
        return seconds
    limits.charge(method, chat, count, now)
    return 0


def test_a_short_burst_is_taken_then_one_a_second() -> None:
    """In one chat."""
    limits = Limits(Pace())

    assert [wait(limits, PRIVATE) for _ in range(4)] == [0, 0, 0, 1]
    assert [wait(limits, PRIVATE, after=1) for _ in range(2)] == [0, 1]


def test_a_group_takes_twenty_a_minute() -> None:
    """However evenly they come."""
    limits = Limits(Pace())

    waits = [wait(limits, CROWDED, after=second) for second in range(21)]

    assert waits == [0] * 20 + [40]


def test_editing_counts_in_groups_only() -> None:
    """Boards that are refreshed too often are found out."""
    limits = Limits(Pace(group_per_minute=2))

    in_group = [wait(limits, CROWDED, method="editMessageText") for _ in range(3)]
    in_private = [wait(limits, PRIVATE, method="editMessageText") for _ in range(3)]

    assert in_group == [0, 0, 60]
    assert in_private == [0, 0, 0]


def test_an_album_counts_each_picture() -> None:
    """Ten pictures fill half of a group's minute."""
    limits = Limits(Pace(burst=10))

    waits = [wait(limits, CROWDED, after=20 * n, method="sendMediaGroup", count=10) for n in range(3)]

    assert waits == [0, 0, 20]


def test_an_album_larger_than_the_burst_still_goes() -> None:
    """Once the chat has been quiet."""
    limits = Limits(Pace(burst=3))

    assert wait(limits, PRIVATE, method="sendMediaGroup", count=10) == 0
    assert wait(limits, PRIVATE, after=1) == 7


def test_thirty_a_second_go_overall() -> None:
    """To whatever chats."""
    limits = Limits(Pace())

    waits = [wait(limits, Chat(id=n, kind="private")) for n in range(1, 32)]

    assert waits == [0] * 30 + [1]


async def test_too_fast_is_told_with_the_time_to_wait(world: World, caller: Caller) -> None:
    """In the body and the header (HttpConnection.cpp send_response)."""
    for _ in range(3):
        await sent(caller)

    answer = await caller.call("sendMessage", chat_id=CHANNEL, text="x")

    assert (answer.status, answer.reason) == (429, "Too Many Requests: retry after 1")
    assert (answer.body["parameters"], answer.headers["Retry-After"]) == ({"retry_after": 1}, "1")
    assert world.flooded == 1


async def test_after_waiting_it_goes(caller: Caller, clock: HandClock) -> None:
    """The sandbox's clock counts, not the real one."""
    for _ in range(3):
        await sent(caller)
    clock.forward(timedelta(seconds=1))

    answer = await caller.call("sendMessage", chat_id=CHANNEL, text="x")

    assert answer.status == 200


async def test_what_is_refused_does_not_count(caller: Caller) -> None:
    """Only what arrives."""
    for _ in range(5):
        await caller.call("sendMessage", chat_id=CHANNEL, text="")

    answer = await caller.call("sendMessage", chat_id=CHANNEL, text="x")

    assert answer.status == 200


@pytest.mark.usefixtures("clock")
async def test_limits_can_be_lifted(world: World, caller: Caller) -> None:
    """For benchmarks."""
    async with TelegramServer(world, pace=None) as server:
        fast = Caller(caller.session, server)

        numbers = [await sent(fast) for _ in range(40)]

    assert len(numbers) == 40


async def test_answers_to_presses_are_free(world: World, caller: Caller) -> None:
    """Any number of citizens may press at once."""
    number = await sent(caller, reply_markup={"inline_keyboard": [[{"text": "Oui", "callback_data": "1"}]]})

    answers = [
        await caller.call("answerCallbackQuery", callback_query_id=world.press(ANNE, CHANNEL, number, "1"))
        for _ in range(50)
    ]

    assert {answer.status for answer in answers} == {200}
