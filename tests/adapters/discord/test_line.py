"""The line to Discord, however it breaks; the menu; the doctor."""

import asyncio
from datetime import timedelta

import discord
import pytest

from adapters.discord import doctor
from adapters.discord.adapter import DiscordAdapter
from core.errors import Unauthorised, Unreadable
from core.events import ButtonPressed, MessagePosted
from core.identifiers import Address
from core.ports.platform import Cursor
from sandbox.discord import permissions
from sandbox.discord.values import Intent, Overwrite
from sandbox.faults import Harm
from tests.adapters.discord.conftest import (
    ANNE,
    ASKED,
    BILAL,
    CHLOE,
    FORUM,
    HERE,
    INTRODUCTION,
    MACHINES,
    OFFICERS,
    RECEIVED,
    SQUARE,
    TOKEN,
    TOWN,
    Town,
    hear,
    publish,
    text,
)


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


async def test_what_was_written_in_threads_meanwhile_is_read_as_well(town: Town) -> None:
    """Case 29: the history of a channel does not hold it. Who watches over the channel is known also then."""
    town.world.add_member(town.world.guilds[TOWN], BILAL, (OFFICERS,))
    async with town.connected(discussions=[HERE]) as first:
        (receipt, *_) = await publish(first, text("Le pont"))
        town.world.write(ANNE, SQUARE, "avant")
        (update,) = await first.fetch(None)
    town.clock.at += timedelta(minutes=5)
    for who in (ANNE, BILAL, CHLOE):
        town.world.write(who, int(receipt.message), "pendant")
    town.world.leave(ANNE, TOWN)
    async with town.connected(discussions=[HERE]) as second:
        events = await hear(second, Cursor(update.number + 1, update.mark))

    told = [event for event in events if isinstance(event, MessagePosted) and event.text == "pendant"]
    assert [(event.thread, event.handle.chat) for event in told] == [(receipt.message, HERE)] * 3
    assert [event.official for event in told] == [None, True, True]


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


async def test_a_line_that_is_refused_at_first_is_opened_again(town: Town) -> None:
    """Case 29: discord.py raises something of its own then."""
    town.server.gateway.refuse(2)
    async with town.connected() as adapter:
        town.world.write(ANNE, SQUARE, "Bonjour")

        (posted,) = await hear(adapter)

    assert isinstance(posted, MessagePosted)


async def test_a_line_that_breaks_is_opened_again(town: Town, adapter: DiscordAdapter) -> None:
    """Case 29: nothing is lost by it."""
    await town.server.gateway.close(4000)
    town.world.write(ANNE, SQUARE, "pendant")

    events = await hear(adapter)

    assert [event.text for event in events if isinstance(event, MessagePosted)] == ["pendant"]


async def test_each_loss_is_one_line_and_so_is_each_return(
    town: Town, adapter: DiscordAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    """However often; what is resumed at once was not lost."""
    cursor = None
    for refused in (2, 0, 2):
        town.server.gateway.refuse(refused)
        await town.server.gateway.close(4000)
        town.world.write(ANNE, SQUARE, "pendant")
        (update,) = await asyncio.wait_for(adapter.fetch(cursor), 20)
        cursor = Cursor(update.number + 1, update.mark)
        await adapter.resolve(HERE)  # what the line heard with it is dealt with

    assert [record.message for record in caplog.records] == ["line_lost", "line_back"] * 2


@pytest.mark.parametrize("code", [4004, 4013])
async def test_an_account_that_is_refused_while_it_listens_ends(town: Town, adapter: DiscordAdapter, code: int) -> None:
    """Case 30: trying again would only disturb."""
    await town.server.gateway.close(code)

    with pytest.raises(Unauthorised):
        await asyncio.wait_for(adapter.fetch(None), 10)


@pytest.mark.parametrize("event", ["GUILD_UPDATE", "CHANNEL_UPDATE", "MESSAGE_CREATE"])
async def test_an_event_that_nobody_can_read_ends_nothing(
    town: Town, adapter: DiscordAdapter, event: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Discord adds and changes fields."""
    town.world.inject(town.world.bots[TOKEN], event, {"id": None, "author": "nobody"})
    town.world.write(ANNE, SQUARE, "Bonjour")

    (posted,) = await hear(adapter)

    assert isinstance(posted, MessagePosted)
    assert "event_unreadable" in caplog.text


async def test_an_update_that_nobody_can_read_is_said_to_be_so(town: Town, adapter: DiscordAdapter) -> None:
    """It is set aside later, alone."""
    town.world.inject(town.world.bots[TOKEN], "INTERACTION_CREATE", {"id": "1", "token": "t", "type": 3})
    (update,) = await asyncio.wait_for(adapter.fetch(None), 10)

    with pytest.raises(Unreadable):
        adapter.understand(update.body, RECEIVED)


async def test_a_history_that_may_not_be_read_stops_nothing(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """It is said, and what comes is heard."""
    town.clock.at += timedelta(minutes=5)
    async with town.connected(discussions=[HERE]) as adapter:
        town.harm(Harm.STATUS, "list_messages", status=403)
        town.world.write(ANNE, SQUARE, "Bonjour")

        events = await hear(adapter, Cursor(1, "175928847299117063"))

    assert [event.text for event in events if isinstance(event, MessagePosted)] == ["Bonjour"]
    assert "history_unread" in caplog.text


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


async def test_a_right_to_know_members_that_was_taken_away_is_done_without(town: Town) -> None:
    """What people write is still read: only who comes back is met later."""
    adapter = town.adapter(discussions=[HERE])
    await adapter.open(INTRODUCTION, known=None)
    town.world.bots[TOKEN].granted = Intent.MESSAGE_CONTENT
    async with asyncio.TaskGroup() as tasks:
        async with town.listening():
            keeping = tasks.create_task(adapter.keep())
        town.world.write(ANNE, SQUARE, "Bonjour")
        (event,) = await hear(adapter)
        keeping.cancel()
        await adapter.close()

    assert isinstance(event, MessagePosted)
    assert event.text == "Bonjour"


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
    town.world.add_role(TOWN, MACHINES, "Machines", permissions.FOR_BOT | permissions.TO_MODERATE)
    adapter = town.adapter(discussions=[HERE])
    findings = await adapter.check([HERE, Address(f"@{ANNE}")])
    await adapter.close()

    assert [(finding.subject, finding.ok) for finding in findings] == [
        ("account", True),
        ("messages", True),
        ("people", True),
        ("presses", True),
        (f"menu of {TOWN}", True),
        (str(SQUARE), True),
        ("moderation of #place", True),
    ]


@pytest.mark.parametrize("right", doctor.TO_MODERATE)
async def test_the_doctor_misses_each_right_to_keep_order(town: Town, right: str) -> None:
    """By its name and what it is for; nothing is kept from being published."""
    flag = discord.Permissions(**{right: True}).value
    held = (permissions.FOR_BOT | permissions.TO_MODERATE) & ~flag
    town.world.add_role(TOWN, MACHINES, "Machines", held)
    adapter = town.adapter(discussions=[HERE])
    (found,) = [each for each in await adapter.check([HERE]) if not each.ok]
    await adapter.close()

    assert (f"{right} ({doctor.TO_MODERATE[right]})" in found.detail, found.stops) == (True, False)


@pytest.mark.parametrize("right", [permissions.MANAGE_GUILD, 0], ids=["held", "missing"])
async def test_the_doctor_knows_the_right_to_keep_words_back(town: Town, right: int) -> None:
    """By its name, and what to do; asked for only where the town wants it."""
    town.world.add_role(TOWN, MACHINES, "Machines", permissions.FOR_BOT | permissions.TO_MODERATE | right)
    adapter = town.adapter(discussions=[HERE], automod=True)
    (found,) = [each for each in await adapter.check([HERE]) if each.subject.startswith("automod")]
    await adapter.close()

    assert (found.subject, found.ok, "MANAGE_GUILD" in found.cure) == ("automod of #place", bool(right), not right)


async def test_the_doctor_names_the_rights_that_are_missing(town: Town) -> None:
    """And where to give them; a channel that is not there is out of reach."""
    town.world.add_role(TOWN, MACHINES, "Machines", 0)
    adapter = town.adapter()
    found = {finding.subject: finding for finding in await adapter.check([HERE, Address("5")])}
    await adapter.close()

    assert "manage_messages" in found[str(SQUARE)].detail
    assert (found[str(SQUARE)].ok, found["5"].ok) == (False, False)
    assert found["5"].cure


async def test_the_doctor_checks_intents_and_scopes(town: Town) -> None:
    """Each with where to change it: nothing else tells a town why its buttons are dead."""
    bot = town.world.bots[TOKEN]
    bot.granted, bot.endpoint = 0, "https://elsewhere.example"
    bot.uninvited.add(TOWN)
    adapter = town.adapter()
    found = {finding.subject: finding for finding in await adapter.check([HERE])}
    await adapter.close()

    wrong = [found[subject] for subject in ("messages", "presses", f"menu of {TOWN}")]
    assert [(finding.ok, bool(finding.cure)) for finding in wrong] == [(False, True)] * 3


@pytest.mark.parametrize("right", doctor.NEEDED)
async def test_the_doctor_misses_each_right(town: Town, right: str) -> None:
    """By its name, when it alone is taken away in the channel."""
    flag = discord.Permissions(**{right: True}).value
    town.world.channels[SQUARE].overwrites[MACHINES] = Overwrite(target=MACHINES, deny=flag)
    adapter = town.adapter()
    found = {finding.subject: finding for finding in await adapter.check([HERE])}
    await adapter.close()

    assert not found[str(SQUARE)].ok
    assert right in found[str(SQUARE)].detail or right == "view_channel"


@pytest.mark.parametrize(
    ("tags", "told"), [(("Ponts",), "no tag Ponts"), ((), "asks for a tag"), (("Travaux",), "all rights")]
)
async def test_the_doctor_knows_the_tags_of_a_forum(town: Town, tags: tuple[str, ...], told: str) -> None:
    """A post without its tag would be refused at night."""
    forum = Address(str(FORUM))
    adapter = town.adapter(channels={forum: tags})
    found = {finding.subject: finding for finding in await adapter.check([forum])}
    await adapter.close()

    assert told in found[forum].detail
