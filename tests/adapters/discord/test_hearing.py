"""What people do on Discord, and how they are answered."""

import asyncio
import re
from dataclasses import replace

import pytest

from adapters.discord import limits
from adapters.discord.adapter import DiscordAdapter
from core.errors import Rejected
from core.events import (
    ButtonPressed,
    Choice,
    Command,
    CommandGiven,
    Handle,
    MessagePosted,
    MessageReported,
    UnknownButtonPressed,
)
from core.identifiers import Locale
from core.ports.platform import Cursor
from sandbox.faults import Harm
from tests.adapters.discord.conftest import (
    ACCOUNT,
    ANNE,
    ASKED,
    BILAL,
    CHLOE,
    HERE,
    OFFICERS,
    POLL,
    RECEIVED,
    SQUARE,
    TOKEN,
    TOWN,
    Town,
    hear,
    publish,
    send,
    text,
)


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


async def test_a_command_without_its_words_is_asked_for_them_by_a_form(town: Town, adapter: DiscordAdapter) -> None:
    """Case 25: in the person's language; what is filled in is the command, as it was written."""
    await town.until("modal", lambda: town.world.command(ANNE, SQUARE, "opinion"))
    titles = [re.findall(r"Votre avis", str(entry["form"])) for entry in town.world.journal.of("form")]
    town.world.submit(ANNE, {"words": "Le pont\n\nme manque"})

    (given,) = await hear(adapter)
    assert isinstance(given, CommandGiven)
    await adapter.say(given.handle, text("Merci"))

    assert (titles, given.command) == ([["Votre avis"]], Command("opinion", ("Le pont\n\nme manque",)))
    assert (given.handle.private, town.toasts()) == (True, ["Merci"])
    assert town.world.violations == []


async def test_a_form_that_is_sent_after_a_restart_counts(town: Town) -> None:
    """Case 25: nothing of it is remembered."""
    async with town.connected():
        await town.until("modal", lambda: town.world.command(ANNE, SQUARE, "opinion"))
    async with town.connected() as second:
        town.world.submit(ANNE, {"words": "Le pont"})

        (given,) = await hear(second)

    assert isinstance(given, CommandGiven)
    assert given.command == Command("opinion", ("Le pont",))


async def test_a_command_with_its_words_needs_no_form(town: Town, adapter: DiscordAdapter) -> None:
    """They were typed in the menu."""
    town.world.command(ANNE, SQUARE, "opinion", {"text": "Le pont"})

    (given,) = await hear(adapter)

    assert isinstance(given, CommandGiven)
    assert given.command == Command("opinion", ("Le", "pont"))


async def test_a_form_that_cannot_be_shown_stops_nothing(
    town: Town, adapter: DiscordAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    """The command can be given again; others are heard."""
    town.harm(Harm.STATUS, "create_interaction_response", status=500)
    town.world.command(ANNE, SQUARE, "opinion")
    await town.until("modal", lambda: town.world.command(BILAL, SQUARE, "opinion"))

    assert "form_not_shown" in caplog.text
    assert adapter.busy is False


async def the_report(town: Town, adapter: DiscordAdapter, place: int, message: int) -> MessageReported:
    """Bilal reports a message; what is heard of it."""
    town.world.report(BILAL, place, message, "Report")
    heard: list[MessageReported] = []
    while not heard:
        reports = [event for event in await hear(adapter) if isinstance(event, MessageReported)]
        heard = [event for event in reports if event.message.endswith(str(message))]
    return heard[0]


async def test_a_report_knows_our_own_messages(town: Town, adapter: DiscordAdapter) -> None:
    """The town hall is not reported to itself."""
    (receipt, *_) = await publish(adapter, text("Le pont"))
    theirs = town.world.write(ANNE, SQUARE, "Tous des voleurs")

    heard = [await the_report(town, adapter, SQUARE, number) for number in (int(receipt.message), theirs)]

    assert [report.ours for report in heard] == [True, False]


@pytest.mark.parametrize("where", ["channel", "thread"])
async def test_a_message_is_reported_from_its_menu(town: Town, where: str) -> None:
    """Case 27: whole, also without the intent to read messages; whoever reported it is thanked alone."""
    town.world.bots[TOKEN].granted = 0
    async with town.connected(discussions=[HERE]) as adapter:
        (receipt, *_) = await publish(adapter, text("Le pont"))
        place = SQUARE if where == "channel" else int(receipt.message)
        number = town.world.write(ANNE, place, "Tous des voleurs")
        reported = await the_report(town, adapter, place, number)
        await adapter.toast(reported.handle, "Merci", alert=False)

    assert (reported.person.account, reported.author.account) == (f"@{BILAL}", f"@{ANNE}")
    assert (reported.text, reported.chat) == ("Tous des voleurs", HERE)
    assert reported.message == (f"{place}/{number}" if where == "thread" else str(number))
    assert reported.link == f"https://discord.com/channels/{TOWN}/{place}/{number}"
    assert town.toasts() == ["Merci"]


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


async def test_an_answer_does_not_overtake_the_word_that_it_is_put_off(town: Town, adapter: DiscordAdapter) -> None:
    """Both are under way at once; whoever pressed reads the answer."""
    town.harm(Harm.SLOW, "create_interaction_response", seconds=0.5)
    handle = await pressed(town, adapter)

    await asyncio.sleep(limits.DEFER_AFTER.total_seconds() + 0.2)
    await adapter.toast(handle, "C'est compté", alert=False)

    assert town.toasts() == ["C'est compté"]


@pytest.mark.parametrize("restarted", [False, True], ids=["its answer lost", "by a process that died"])
async def test_what_was_put_off_unknown_to_us_is_answered(town: Town, *, restarted: bool) -> None:
    """Whoever pressed would read «thinking …» for ever."""
    async with town.connected(discussions=(HERE,)) as adapter:
        if not restarted:
            town.harm(Harm.CUT_AFTER, "create_interaction_response")
        handle = await pressed(town, adapter)
        await asyncio.sleep(limits.DEFER_AFTER.total_seconds() + 0.2)
        if not restarted:
            await adapter.toast(handle, "C'est compté", alert=False)
    if restarted:
        async with town.connected(discussions=(HERE,)) as adapter:
            await adapter.toast(handle, "C'est compté", alert=False)

    assert town.toasts() == ["C'est compté"]


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
