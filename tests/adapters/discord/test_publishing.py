"""Publishing and changing on Discord over loopback, by the real discord.py."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.calls import Calls
from core.errors import Rejected, Unavailable, Uncertain, Unreachable
from core.events import MessagePosted
from core.identifiers import Address, MessageId
from core.ports.platform import Platform
from core.post import Picture, Post
from core.richtext import RichText
from sandbox.discord import permissions
from sandbox.faults import Harm
from tests.adapters.discord.conftest import (
    ACCOUNT,
    ANNE,
    ASKED,
    FORUM,
    HERE,
    MACHINES,
    NEWS,
    NOON,
    SQUARE,
    TOKEN,
    TOWN,
    Town,
    hear,
    publish,
    send,
    text,
)


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
    async with town.connected(channels={Address(str(NEWS)): (), HERE: ()}) as adapter:
        for channel in (NEWS, SQUARE):
            await publish(adapter, text("Avis"), Address(str(channel)))

    shared = [
        (channel, message.flags & 1 << 0)
        for channel in (NEWS, SQUARE)
        for message in town.world.channels[channel].messages.values()
    ]
    assert shared == [(NEWS, 1), (SQUARE, 0)]
    assert len(town.calls("crosspost_message", "done")) == 1


async def test_the_eleventh_announcement_of_an_hour_is_shared_later(town: Town) -> None:
    """Case 7: the words are out at once, the sharing alone is put off, and nobody sleeps meanwhile."""
    town.world.budgets.most["publish"] = 1
    news = Address(str(NEWS))
    async with town.connected(channels={news: ()}) as adapter:
        await publish(adapter, text("un"), news)
        message, sharing = adapter.plan(text("deux"), news)
        receipts = await adapter.send(message, key="8:0", before=())

        with pytest.raises(Unavailable) as told:
            await adapter.send(sharing, key="8:1", before=receipts)

    assert town.words(NEWS) == ["un", "deux"]
    assert (told.value.retry_after or timedelta()) > timedelta(minutes=50)


async def test_a_post_that_is_debated_has_its_thread(town: Town, adapter: DiscordAdapter) -> None:
    """Case 8; a thread that is there already is well."""
    receipts = await publish(adapter, text("Le pont"))

    thread = adapter.plan(text("Le pont"), HERE)[-1]
    assert await adapter.send(thread, key="7:1", before=receipts) == ()

    assert len(town.calls("create_thread_from_message", "done")) == 1
    assert town.world.violations == []


async def test_a_post_of_a_forum_is_one_conversation(town: Town) -> None:
    """Case 9: with its tags; what is longer than a message follows in it, and its first message can be changed."""
    forum = Address(str(FORUM))
    async with town.connected(channels={forum: ("Travaux",)}) as adapter:
        long = Post(text=RichText.of(f"Le pont\n\n{'mot ' * 600}"), buttons=ASKED.buttons)
        first, second = await publish(adapter, long, forum)
        await adapter.edit(first, text("Le pont, corrigé"))
        await adapter.edit(second, text("La suite, corrigée"))

    assert town.world.channels[int(first.message)].applied_tags == (71,)
    assert [words for words in town.words(int(first.message)) if words] == ["Le pont, corrigé", "La suite, corrigée"]
    assert (len(town.calls("create_thread", "done")), len(town.calls("create_message", "done"))) == (1, 1)
    assert town.world.violations == []


async def test_a_picture_in_a_forum_goes_with_its_description(town: Town, tmp_path: Path) -> None:
    """Uploaded in the same call."""
    picture = tmp_path / "pont.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    forum = Address(str(FORUM))
    async with town.connected(channels={forum: ("Travaux",)}) as adapter:
        post = Post(text=RichText.of("Le pont"), pictures=(Picture(picture, "Un pont de bois"),))
        (receipt,) = await publish(adapter, post, forum)

    shown = [
        each for message in town.world.channels[int(receipt.message)].messages.values() for each in message.attachments
    ]
    assert [attachment.description for attachment in shown] == ["Un pont de bois"]


async def test_an_answer_in_a_forum_is_about_its_post(town: Town) -> None:
    """A conversation has the number of the message that began it."""
    forum = Address(str(FORUM))
    async with town.connected(channels={forum: ("Travaux",)}, discussions=[forum]) as adapter:
        (receipt,) = await publish(adapter, text("Le pont"), forum)
        town.world.write(ANNE, int(receipt.message), "Très bien")

        (posted,) = [event for event in await hear(adapter) if isinstance(event, MessagePosted)]

    assert (posted.handle.chat, posted.thread) == (forum, receipt.message)


async def test_a_channel_that_is_not_there_stops_nothing(town: Town) -> None:
    """The doctor says it; the others are served."""
    async with town.connected(channels={Address("5"): (), HERE: ()}) as adapter:
        await publish(adapter, text("Avis"))

    assert town.words() == ["Avis"]


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
        (Harm.CAPTIVE, {}, Uncertain),
        (Harm.CUT_AFTER, {}, Uncertain),
        (Harm.CUT_BEFORE, {}, Uncertain),
    ],
    ids=["429", "503", "a page", "cut after", "cut before"],
)
async def test_what_is_known_of_a_call_decides(
    town: Town, adapter: DiscordAdapter, harm: Harm, more: dict[str, Any], error: type[Exception]
) -> None:
    """Case 30."""
    town.harm(harm, **more)

    with pytest.raises(error):
        await publish(adapter, text("x"))


class _Silent(Calls):
    """Says nothing, as some proxies do."""

    async def asked(
        self,
        verb: str,  # noqa: ARG002  whatever it is asked
        path: str,  # noqa: ARG002  the same
        body: Any = None,  # noqa: ARG002  the same
        *,
        query: Any = None,  # noqa: ARG002  the same
        reason: str = "",  # noqa: ARG002  the same
        **where: Any,  # noqa: ARG002  the same
    ) -> Any:
        """What discord.py gives for an answer without content."""
        return ""


async def test_an_answer_without_content_does_not_say_that_nothing_stands_there(town: Town) -> None:
    """What is out would go out again."""
    silent = _Silent(account=ACCOUNT, token=TOKEN, tls=None, clock=town.clock)

    with pytest.raises(Unavailable):
        await silent.looked_up("/channels/{channel_id}/messages", channel_id="1")


async def test_a_long_pause_is_the_ledgers(town: Town, adapter: DiscordAdapter) -> None:
    """Case 7: nobody sleeps for an hour inside a call."""
    town.harm(Harm.FLOOD, retry_after=3000)

    with pytest.raises(Unavailable) as told:
        await publish(adapter, text("x"))

    assert told.value.retry_after == timedelta(seconds=3000)


# ── looking back ──


async def test_what_is_out_is_found_when_no_nonce_is_known_any_more(town: Town, adapter: DiscordAdapter) -> None:
    """Case 2, an hour later: by its words, among those of others and among ours."""
    part = adapter.plan(text("Le *pont*"), HERE)[0]
    town.harm(Harm.CUT_AFTER)
    since = town.clock.at
    with pytest.raises(Uncertain):
        await send(adapter, part)
    town.world.write(ANNE, SQUARE, r"Le \*pont\*")
    await send(adapter, adapter.plan(text("Autre chose"), HERE)[0], "8:0")
    town.clock.at += timedelta(hours=1)

    found = await adapter.find(part, before=(), since=since)

    assert [receipt.message for receipt in found] == [MessageId(str(min(town.world.channels[SQUARE].messages)))]
    assert await adapter.find(part, before=(), since=town.clock.at) == ()


async def test_more_messages_than_a_page_are_looked_through(town: Town, adapter: DiscordAdapter) -> None:
    """The last of them may be ours."""
    since = town.clock.at
    for number in range(100):
        town.world.write(ANNE, SQUARE, f"mot {number}")
    part = adapter.plan(text("Le pont"), HERE)[0]
    receipt = await send(adapter, part)

    assert await adapter.find(part, before=(), since=since) == (receipt,)


async def test_without_the_right_to_read_nothing_counts_as_absent(town: Town, adapter: DiscordAdapter) -> None:
    """Discord shows an empty history then, and refuses nothing."""
    part = adapter.plan(text("Le pont"), HERE)[0]
    town.world.add_role(TOWN, TOWN, "@everyone", permissions.VIEW_CHANNEL)
    town.world.add_role(TOWN, MACHINES, "Machines", permissions.VIEW_CHANNEL | permissions.SEND_MESSAGES)

    with pytest.raises(Rejected, match="may not read"):
        await adapter.find(part, before=(), since=town.clock.at)


async def test_what_was_done_to_a_message_is_not_looked_for(adapter: DiscordAdapter) -> None:
    """A thread or a pin may be made again."""
    with pytest.raises(Rejected):
        await adapter.find(adapter.plan(text("x"), HERE)[-1], before=(), since=NOON)


async def test_a_conversation_is_begun_once_though_no_nonce_guards_it(town: Town) -> None:
    """Case 2 in a forum: the one of a lost answer is looked for before another is begun."""
    forum = Address(str(FORUM))
    async with town.connected(channels={forum: ("Travaux",)}) as adapter:
        (part,) = adapter.plan(text("Le pont"), forum)
        town.harm(Harm.CUT_AFTER, "create_thread")
        with pytest.raises(Uncertain):
            await send(adapter, part)

        receipt = await send(adapter, part)
        follows = replace(part, call="message", parameters={"channel": forum, "content": "La suite"})
        (second,) = await adapter.send(follows, key="7:1", before=[receipt])
        found = await adapter.find(follows, before=[receipt], since=NOON)

    assert len(town.world.threads(TOWN)) == 1
    assert found == (second,)


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
    await adapter.remove(posted.handle.chat, posted.handle.message, reason="Charte, dossier 12 " + "é" * 600)

    assert "zut" not in town.words(thread)
    (call,) = town.calls("delete_message", "done")
    assert call["reason"] == ("Charte, dossier 12 " + "é" * 600)[:512]  # case 28: in the audit log
