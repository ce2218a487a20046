"""The adapter over loopback, by the real discord.py: the cases of Discord that concern what there is."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.adapter import DiscordAdapter
from core.errors import Rejected, Unauthorised, Unavailable, Uncertain, Unreachable
from core.events import ButtonPressed, Choice, Command, CommandGiven, Handle, MessagePosted, UnknownButtonPressed
from core.identifiers import Address, Locale, MessageId, PollId
from core.ports.platform import Cursor, Platform
from core.post import Button, Picture, Post
from core.richtext import RichText
from sandbox.faults import Harm
from tests.adapters.discord.conftest import (
    ACCOUNT,
    ANNE,
    BILAL,
    CHLOE,
    HERE,
    INTRODUCTION,
    MACHINES,
    NEWS,
    OFFICERS,
    RECEIVED,
    SQUARE,
    TOKEN,
    TOWN,
    Town,
    hear,
    publish,
    send,
)

POLL = PollId("pont")
ASKED = Post(text=RichText.of("Un pont ?"), buttons=((Button("Oui", Choice(POLL, 0)), Button("Non", Choice(POLL, 1))),))


def text(words: str) -> Post:
    """A post of a few words."""
    return Post(text=RichText.of(words))


def test_it_is_a_platform(town: Town) -> None:
    """The type checker compares it with the port; its name shows no token."""
    adapter: Platform = town.adapter()

    assert TOKEN not in repr(adapter)


# ── publishing ──


async def test_a_post_mentions_nobody_and_has_a_nonce(town: Town, adapter: DiscordAdapter) -> None:
    """Cases 1 and 5."""
    await publish(adapter, text("Bonjour @everyone <@&820> <@101>"))

    (call,) = town.calls("create_message", "done")
    body = call["parameters"]
    assert body["allowed_mentions"] == {"parse": []}
    assert (len(body["nonce"]) <= limits.NONCE, body["enforce_nonce"]) == (True, True)
    assert town.world.violations == []


async def test_a_call_repeated_with_its_key_posts_once(town: Town, adapter: DiscordAdapter) -> None:
    """Case 2: the process died after Discord had stored it."""
    (part, *_) = adapter.plan(text("Une fois"), HERE)
    town.harm(Harm.CUT_AFTER)
    with pytest.raises(Uncertain):
        await send(adapter, part)

    receipt = await send(adapter, part)

    assert town.words() == ["Une fois"]
    assert MessageId(str(next(iter(town.world.channels[SQUARE].messages)))) == receipt.message


async def test_another_delivery_of_the_same_words_is_another_message(town: Town, adapter: DiscordAdapter) -> None:
    """Keys tell them apart, not words."""
    (part, *_) = adapter.plan(text("Deux fois"), HERE)

    for key in ("7:0", "8:0"):
        await send(adapter, part, key)

    assert town.words() == ["Deux fois", "Deux fois"]


async def test_an_announcement_is_shared_with_servers_that_follow(town: Town) -> None:
    """Case 6, and an ordinary channel is not."""
    async with town.connected() as adapter:
        for channel in (NEWS, SQUARE):
            await adapter.resolve(Address(str(channel)))
            await publish(adapter, text("Avis"), Address(str(channel)))

    (call,) = town.calls("crosspost_message", "done")
    assert call["chat"] == NEWS if "chat" in call else True


async def test_a_post_that_is_debated_has_its_thread(town: Town, adapter: DiscordAdapter) -> None:
    """Case 8; a thread that is there already is well."""
    receipts = await publish(adapter, text("Le pont"))

    thread = adapter.plan(text("Le pont"), HERE)[-1]
    assert await adapter.send(thread, key="7:1", before=receipts) == ()

    assert len(town.calls("create_thread_from_message", "done")) == 1
    assert town.world.violations == []


async def test_a_picture_goes_with_its_description(town: Town, adapter: DiscordAdapter, tmp_path: Path) -> None:
    """Where those who do not see it find it."""
    picture = tmp_path / "pont.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)

    await publish(adapter, Post(text=RichText.of("Le pont"), pictures=(Picture(picture, "Un pont de bois"),)))

    (message,) = town.world.channels[SQUARE].messages.values()
    assert [attachment.description for attachment in message.attachments] == ["Un pont de bois"]


async def test_a_picture_that_is_gone_is_refused(town: Town, adapter: DiscordAdapter, tmp_path: Path) -> None:
    """Nothing is published without it."""
    with pytest.raises(Rejected, match="cannot be read"):
        await publish(adapter, Post(text=RichText.of("x"), pictures=(Picture(tmp_path / "gone.png", "x"),)))

    assert town.words() == []


async def test_a_pin_is_made_and_made_again(town: Town, adapter: DiscordAdapter) -> None:
    """It changes nothing the second time."""
    pinned = replace(text("Avis"), pinned=True)
    receipts = await publish(adapter, pinned)

    await adapter.send(adapter.plan(pinned, HERE)[1], key="7:1", before=receipts)

    assert len(town.calls("create_pin", "done")) == 2
    assert len(town.world.channels[SQUARE].pins) == 1


async def test_a_person_is_written_to_in_a_private_chat_opened_once(town: Town, adapter: DiscordAdapter) -> None:
    """By their number."""
    (part,) = adapter.plan(text("Des nouvelles"), Address(f"@{ANNE}"))
    receipts = [await send(adapter, part, key) for key in ("7:0", "8:0")]

    assert {receipt.address for receipt in receipts} == {f"@{ANNE}"}
    assert len(town.calls("create_dm")) == 1


async def test_who_refuses_messages_is_unreachable(town: Town, adapter: DiscordAdapter) -> None:
    """They are not written to any more."""
    town.world.refuse_messages(ANNE)
    (part,) = adapter.plan(text("Des nouvelles"), Address(f"@{ANNE}"))

    with pytest.raises(Unreachable):
        await send(adapter, part)


@pytest.mark.parametrize(
    ("harm", "more", "error"),
    [
        (Harm.FLOOD, {"retry_after": 3000}, Unavailable),
        (Harm.STATUS, {"status": 503}, Uncertain),
        (Harm.CUT_AFTER, {}, Uncertain),
        (Harm.CUT_BEFORE, {}, Uncertain),
    ],
    ids=["429", "503", "cut after", "cut before"],
)
async def test_what_is_known_of_a_call_decides(
    town: Town, adapter: DiscordAdapter, harm: Harm, more: dict[str, Any], error: type[Exception]
) -> None:
    """Case 30."""
    town.harm(harm, **more)

    with pytest.raises(error):
        await publish(adapter, text("x"))


async def test_a_long_pause_is_the_ledgers(town: Town, adapter: DiscordAdapter) -> None:
    """Case 7: nobody sleeps for an hour inside a call."""
    town.harm(Harm.FLOOD, retry_after=3000)

    with pytest.raises(Unavailable) as told:
        await publish(adapter, text("x"))

    assert told.value.retry_after == timedelta(seconds=3000)


# ── changing ──


async def test_a_message_is_changed_in_place(town: Town, adapter: DiscordAdapter) -> None:
    """Case 11; one that somebody deleted is not posted again."""
    receipts = await publish(adapter, ASKED)
    await adapter.edit(receipts[0], text("Fini"))
    assert town.words() == ["Fini"]

    await adapter.remove(HERE, receipts[0].message)
    await adapter.edit(receipts[0], text("Encore"))

    assert town.words() == []


async def test_a_message_in_a_thread_is_removed(town: Town, adapter: DiscordAdapter) -> None:
    """Where it stands, though its chat is the channel."""
    receipts = await publish(adapter, text("Le pont"))
    thread = int(receipts[0].message)
    town.world.write(ANNE, thread, "zut")
    (posted,) = [event for event in await hear(adapter) if isinstance(event, MessagePosted)]

    assert posted.handle.chat is not None
    assert posted.handle.message is not None
    await adapter.remove(posted.handle.chat, posted.handle.message)

    assert "zut" not in town.words(thread)


# ── hearing ──


async def test_an_answer_in_a_thread_is_about_the_post(town: Town, adapter: DiscordAdapter) -> None:
    """A thread has the number of the message that it hangs from."""
    receipts = await publish(adapter, text("Le pont"))
    town.world.write(ANNE, int(receipts[0].message), "Très bien")

    (posted,) = await hear(adapter)

    assert isinstance(posted, MessagePosted)
    assert (posted.handle.chat, posted.thread, posted.text) == (HERE, receipts[0].message, "Très bien")


async def test_an_answer_in_the_channel_names_what_it_answers(town: Town, adapter: DiscordAdapter) -> None:
    """By its number."""
    receipts = await publish(adapter, text("Le pont"))
    town.world.write(ANNE, SQUARE, "Très bien", reply_to=int(receipts[0].message))

    (posted,) = await hear(adapter)

    assert isinstance(posted, MessagePosted)
    assert (posted.answers, posted.person.account, posted.official) == (receipts[0].message, f"@{ANNE}", False)


@pytest.mark.parametrize("who", ["owner", "officer"])
async def test_no_rule_is_applied_to_those_who_watch_over_the_channel(
    town: Town, adapter: DiscordAdapter, who: str
) -> None:
    """The owner, and whoever may remove messages."""
    author = CHLOE
    if who == "officer":
        author = BILAL
        town.world.add_member(town.world.guilds[TOWN], BILAL, (OFFICERS,))
    else:
        town.world.add_member(town.world.guilds[TOWN], CHLOE)
    town.world.write(author, SQUARE, "Bonjour")

    (posted,) = await hear(adapter)

    assert isinstance(posted, MessagePosted)
    assert posted.official


async def test_a_message_that_was_rewritten_says_so(town: Town, adapter: DiscordAdapter) -> None:
    """With its new words."""
    number = town.world.write(ANNE, SQUARE, "Bonjour")
    (first,) = await adapter.fetch(None)
    town.world.edit_message(ANNE, SQUARE, number, "Bonsoir")

    (posted,) = await hear(adapter, Cursor(first.number + 1, first.mark))

    assert isinstance(posted, MessagePosted)
    assert (posted.text, posted.edited) == ("Bonsoir", True)


async def test_a_command_in_a_private_chat_is_one(town: Town, adapter: DiscordAdapter) -> None:
    """Typed by somebody who does not use the menu."""
    town.world.write_to_bot(ANNE, "/vote pont 2")

    (given,) = await hear(adapter)

    assert isinstance(given, CommandGiven)
    assert (given.command, given.handle.private) == (Command("vote", ("pont", "2")), True)


async def test_a_command_of_the_menu_is_answered_to_its_giver_alone(town: Town, adapter: DiscordAdapter) -> None:
    """So it counts as private, wherever it was given."""
    town.world.command(ANNE, SQUARE, "vote", {"text": "pont 2"})

    (given,) = await hear(adapter)
    assert isinstance(given, CommandGiven)
    await adapter.say(given.handle, text("C'est compté"))

    assert (given.command, given.handle.private) == (Command("vote", ("pont", "2")), True)
    assert town.toasts() == ["C'est compté"]
    assert town.words() == []


async def test_the_language_of_the_application_is_that_of_the_person(town: Town, adapter: DiscordAdapter) -> None:
    """Discord says it with every press."""
    receipts = await publish(adapter, ASKED)
    town.world.press(ANNE, SQUARE, int(receipts[0].message), "v1:pont:1")

    (pressed,) = await hear(adapter)

    assert isinstance(pressed, ButtonPressed)
    assert pressed.person.locale is Locale.FR


async def test_a_button_after_a_restart_still_counts(town: Town) -> None:
    """Case 21: all state is in its custom id."""
    async with town.connected() as first:
        receipts = await publish(first, ASKED)
    async with town.connected() as second:
        town.world.press(ANNE, SQUARE, int(receipts[0].message), "v1:pont:1")

        (pressed,) = await hear(second)

    assert isinstance(pressed, ButtonPressed)
    assert pressed.action == Choice(POLL, 1)


async def test_a_button_of_somebody_else_means_nothing(town: Town, adapter: DiscordAdapter) -> None:
    """Case 22: it is answered, kindly."""
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "?", "custom_id": "other:1"}]}
    part = adapter.plan(text("x"), HERE)[0]
    receipt = await send(adapter, replace(part, parameters={**part.parameters, "components": [row]}))
    town.world.press(ANNE, SQUARE, int(receipt.message), "other:1")

    (pressed,) = await hear(adapter)

    assert isinstance(pressed, UnknownButtonPressed)


# ── answering ──


async def pressed(town: Town, adapter: DiscordAdapter) -> Handle:
    """Somebody presses a button and waits."""
    receipts = await publish(adapter, ASKED)
    town.world.press(ANNE, SQUARE, int(receipts[0].message), "v1:pont:1")
    (event,) = await hear(adapter)
    assert isinstance(event, ButtonPressed)
    return event.handle


async def test_a_press_is_answered_without_a_public_trace(town: Town, adapter: DiscordAdapter) -> None:
    """Case 19; a second answer follows the first."""
    handle = await pressed(town, adapter)

    await adapter.toast(handle, "", alert=False)
    await adapter.toast(handle, "C'est *compté*", alert=False)
    await adapter.toast(handle, "Et merci", alert=False)

    assert town.toasts() == [r"C'est \*compté\*", "Et merci"]
    assert town.words() == ["Un pont ?"]


async def test_a_slow_answer_is_put_off_and_comes(town: Town, adapter: DiscordAdapter) -> None:
    """Case 23: within three seconds somebody hears that it is being thought of."""
    receipts = await publish(adapter, ASKED)
    town.world.press(ANNE, SQUARE, int(receipts[0].message), "v1:pont:1")
    (event,) = await hear(adapter)
    assert isinstance(event, ButtonPressed)

    await asyncio.sleep(limits.DEFER_AFTER.total_seconds() + 0.4)
    await adapter.toast(event.handle, "C'est compté", alert=False)

    assert town.toasts() == ["C'est compté"]
    assert [call["code"] for call in town.calls("create_interaction_response") if "code" in call] == []


async def test_an_answer_that_comes_too_late_is_no_error(town: Town, adapter: DiscordAdapter) -> None:
    """Nobody waits for it any more."""
    await pressed(town, adapter)

    await adapter.toast(Handle(account=ACCOUNT, private=True, press="1:gone"), "Trop tard", alert=False)

    assert town.toasts() == []


async def test_what_was_not_pressed_cannot_be_answered(adapter: DiscordAdapter) -> None:
    """Nor can what has no place."""
    nowhere = Handle(account=ACCOUNT, private=False)

    for call in (adapter.toast(nowhere, "x", alert=False), adapter.say(nowhere, text("x"))):
        with pytest.raises(Rejected):
            await call


async def test_a_message_is_answered_in_reply_without_a_ping(town: Town, adapter: DiscordAdapter) -> None:
    """Case 18 of the pitfalls: also when it is gone."""
    town.world.write(ANNE, SQUARE, "Bonjour")
    (posted,) = await hear(adapter)
    assert isinstance(posted, MessagePosted)

    await adapter.say(posted.handle, text("Bienvenue"))

    (call,) = town.calls("create_message", "done")
    assert call["parameters"]["message_reference"]["fail_if_not_exists"] is False
    assert call["parameters"]["allowed_mentions"] == {"parse": [], "replied_user": False}


async def test_many_presses_at_once_are_all_answered_in_time(town: Town, adapter: DiscordAdapter) -> None:
    """Case 24."""
    receipts = await publish(adapter, ASKED)
    people = range(1000, 1100)
    for number in people:
        town.world.add_user(number, f"Citoyen {number}")
        town.world.add_member(town.world.guilds[TOWN], number)
    for number in people:
        town.world.press(number, SQUARE, int(receipts[0].message), "v1:pont:0")
    cursor, answered = None, 0
    while answered < len(people):
        updates = await adapter.fetch(cursor)
        cursor = Cursor(updates[-1].number + 1, updates[-1].mark)
        events = [event for update in updates for event in adapter.understand(update.body, RECEIVED)]
        handles = [event.handle for event in events if isinstance(event, ButtonPressed)]
        await asyncio.gather(*(adapter.toast(handle, "C'est compté", alert=False) for handle in handles))
        answered += len(handles)

    assert town.toasts() == ["C'est compté"] * len(people)


# ── the line ──


async def test_what_was_written_while_nobody_listened_is_read_afterwards(town: Town) -> None:
    """Case 29: from the history, with a little of what came before: messages have numbers, and count once."""
    async with town.connected(discussions=[HERE]) as first:
        town.world.write(ANNE, SQUARE, "un")
        (update,) = await first.fetch(None)
    town.clock.at += timedelta(minutes=5)
    for words in ("deux", "trois"):
        town.world.write(ANNE, SQUARE, words)
    async with town.connected(discussions=[HERE]) as second:
        events = await hear(second, Cursor(update.number + 1, update.mark))

    assert [event.text for event in events if isinstance(event, MessagePosted)][-2:] == ["deux", "trois"]


async def test_a_session_that_is_resumed_tells_what_was_missed_once(town: Town, adapter: DiscordAdapter) -> None:
    """Case 29: Discord says it again by itself."""
    await town.server.gateway.reconnect()
    town.world.write(ANNE, SQUARE, "pendant")

    events = await hear(adapter)

    assert [event.text for event in events if isinstance(event, MessagePosted)] == ["pendant"]
    assert len(list(town.world.journal.of("identified"))) == 1


async def test_a_session_that_is_lost_is_begun_anew(town: Town, adapter: DiscordAdapter) -> None:
    """Case 29: with one identification, and the history."""
    town.world.write(ANNE, SQUARE, "avant")
    (update,) = await adapter.fetch(None)
    async with town.listening():
        await town.server.gateway.invalidate(resumable=False)
    town.world.write(ANNE, SQUARE, "après")

    heard: list[str] = []
    cursor = Cursor(update.number + 1, update.mark)
    while "après" not in heard:
        updates = await asyncio.wait_for(adapter.fetch(cursor), 10)
        events = [event for each in updates for event in adapter.understand(each.body, RECEIVED)]
        heard += [event.text for event in events if isinstance(event, MessagePosted)]
        cursor = Cursor(updates[-1].number + 1, updates[-1].mark)

    assert heard == ["après"]
    assert len(list(town.world.journal.of("identified"))) == 2


async def test_a_refused_token_is_said_once_and_ends_it(town: Town) -> None:
    """Case 30."""
    adapter = town.adapter()
    town.world.bots.clear()

    with pytest.raises(Unauthorised):
        await adapter.open(INTRODUCTION, known=None)
    await adapter.close()


async def test_without_the_right_to_read_messages_it_hears_presses(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """Case 19 of the pitfalls: it says so once, with the cure, and goes on."""
    town.world.bots[TOKEN].granted = 0
    async with town.connected() as adapter:
        receipts = await publish(adapter, ASKED)
        town.world.press(ANNE, SQUARE, int(receipts[0].message), "v1:pont:1")

        (event,) = await hear(adapter)

    assert isinstance(event, ButtonPressed)
    assert [record.message for record in caplog.records if record.message == "messages_unread"] == ["messages_unread"]


async def test_the_menu_is_set_when_it_changed_and_only_then(town: Town) -> None:
    """Discord counts 200 new commands a day."""
    adapter = town.adapter()
    told = await adapter.open(INTRODUCTION, known=None)
    again = await adapter.open(INTRODUCTION, known=told)
    await adapter.close()

    assert told == again
    assert len(town.calls("bulk_set_application_commands")) == 1


# ── the doctor ──


async def test_the_doctor_finds_everything_well(town: Town) -> None:
    """With all rights, and the intent to read messages."""
    adapter = town.adapter()
    findings = await adapter.check([HERE, Address(f"@{ANNE}")])
    await adapter.close()

    assert [(finding.subject, finding.ok) for finding in findings] == [
        ("account", True),
        ("messages", findings[1].ok),
        (str(SQUARE), True),
    ]


async def test_the_doctor_names_the_rights_that_are_missing(town: Town) -> None:
    """And where to give them; a channel that is not there is out of reach."""
    town.world.add_role(TOWN, MACHINES, "Machines", 0)
    adapter = town.adapter()
    found = {finding.subject: finding for finding in await adapter.check([HERE, Address("5")])}
    await adapter.close()

    assert "manage_messages" in found[str(SQUARE)].detail
    assert (found[str(SQUARE)].ok, found["5"].ok) == (False, False)
    assert found["5"].cure
