"""Buttons: who can press them, what the bot hears, what the person sees."""

import json
from datetime import timedelta

import pytest

from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.values import Change
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, CHANNEL, CHLOE, GROUP, Caller, HandClock
from tests.sandbox.pieces import button, rows, sent


@pytest.fixture
async def vote(caller: Caller) -> int:
    """A message with one button in the channel."""
    return await sent(caller, "On vote ?", reply_markup=rows(button()))


@pytest.mark.usefixtures("vote")
async def test_a_press_reaches_the_bot_with_its_message(world: World, caller: Caller, vote: int) -> None:
    """With the presser's language and the message as it stands."""
    press = world.press(ANNE, CHANNEL, vote, "1")

    (update,) = await caller.updates()

    query = update["callback_query"]
    assert isinstance(query, dict)
    assert (query["id"], query["data"], query["from"]["language_code"]) == (press, "1", "fr")
    assert query["message"]["text"] == "On vote ?"
    assert query["chat_instance"]


async def test_the_message_in_a_press_is_as_it_stands(world: World, caller: Caller, vote: int) -> None:
    """Not as it stood at an earlier press."""
    world.press(ANNE, CHANNEL, vote, "1")
    await caller.call("editMessageText", chat_id=CHANNEL, message_id=vote, text="Fini ?", reply_markup=rows(button()))
    world.press(ANNE, CHANNEL, vote, "1")

    _, second = await caller.updates()

    assert isinstance(second["callback_query"], dict)
    assert second["callback_query"]["message"]["text"] == "Fini ?"


async def test_the_answer_is_what_the_person_sees(world: World, caller: Caller, vote: int) -> None:
    """Text and alert; listeners hear of it."""
    seen: list[Change] = []
    world.subscribe(seen.append)
    press = world.press(ANNE, CHANNEL, vote, "1")

    await caller.call("answerCallbackQuery", callback_query_id=press, text="Reçu", show_alert=True)

    toast = world.toasts[press]
    assert (toast.user, toast.text, toast.alert) == (ANNE, "Reçu", True)
    assert [change.kind for change in seen] == ["press", "toast"]
    assert seen[-1].toast == toast


@pytest.mark.parametrize("seconds", [15, 16], ids=["15 s", "16 s"])
async def test_an_answer_after_15_seconds_is_too_late(
    world: World, caller: Caller, clock: HandClock, vote: int, seconds: int
) -> None:
    """Nothing is documented; this is the most patient of what was seen."""
    press = world.press(ANNE, CHANNEL, vote, "1")
    clock.forward(timedelta(seconds=seconds))

    answer = await caller.call("answerCallbackQuery", callback_query_id=press)

    too_late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert answer.reason == (None if seconds == 15 else too_late)


async def test_a_press_is_answered_once(world: World, caller: Caller, vote: int) -> None:
    """And only one that happened."""
    press = world.press(ANNE, CHANNEL, vote, "1")
    await caller.call("answerCallbackQuery", callback_query_id=press)

    again = await caller.call("answerCallbackQuery", callback_query_id=press)
    never = await caller.call("answerCallbackQuery", callback_query_id="12")

    assert (again.status, never.status) == (400, 400)


async def test_a_press_nobody_fetches_is_forgotten(world: World, caller: Caller, clock: HandClock, vote: int) -> None:
    """Client.cpp: 150 seconds."""
    world.press(ANNE, CHANNEL, vote, "1")
    clock.forward(timedelta(seconds=151))

    assert await caller.updates() == []


async def test_a_long_answer_is_refused(world: World, caller: Caller, vote: int) -> None:
    """Two hundred characters."""
    press = world.press(ANNE, CHANNEL, vote, "1")

    answer = await caller.call("answerCallbackQuery", callback_query_id=press, text="a" * 201)

    assert answer.status == 400
    assert len(world.violations) == 1


async def test_a_button_that_is_gone_cannot_be_pressed(world: World, caller: Caller, vote: int) -> None:
    """People's applications show what stands there now."""
    await caller.call("editMessageReplyMarkup", chat_id=CHANNEL, message_id=vote)

    with pytest.raises(NobodyThere, match="no such button"):
        world.press(ANNE, CHANNEL, vote, "1")


async def test_outsiders_do_not_see_the_buttons_of_a_private_group(world: World, caller: Caller) -> None:
    """A public channel is open to everybody."""
    number = await sent(caller, "On vote ?", chat=GROUP, reply_markup=rows(button()))

    with pytest.raises(NobodyThere, match="does not see"):
        world.press(CHLOE, GROUP, number, "1")


async def test_a_press_is_in_the_journal_with_its_label(world: World, vote: int) -> None:
    """The journal alone tells who chose what last."""
    press = world.press(ANNE, CHANNEL, vote, "1")

    (entry,) = world.journal.of("press")
    assert entry == {
        "n": entry["n"], "at": "2026-11-20T12:00:00+00:00", "kind": "press", "user": ANNE, "chat": CHANNEL,
        "message": vote, "data": "1", "label": "Oui", "callback": press,
    }  # fmt: skip


async def test_every_answer_is_in_the_journal(world: World, caller: Caller, vote: int) -> None:
    """With what the person read."""
    press = world.press(ANNE, CHANNEL, vote, "1")
    await caller.call("answerCallbackQuery", callback_query_id=press, text="Reçu")

    (toast,) = world.journal.of("toast")
    assert (toast["callback"], toast["user"], toast["text"], toast["alert"]) == (press, ANNE, "Reçu", False)


async def test_buttons_are_listed_in_order(world: World, caller: Caller) -> None:
    """For crowds and pages."""
    keyboard = {"inline_keyboard": [[button("A"), button("B")], [button("C")]]}
    number = await sent(caller, "?", reply_markup=keyboard)

    labels = [found["text"] for found in world.buttons(world.chat(CHANNEL), number)]

    assert json.dumps(labels) == '["A", "B", "C"]'
