"""Looking for a message whose answer was lost: what else stands there is not taken for it, what is gone is noticed."""

from dataclasses import replace

import pytest

from adapters.discord.adapter import DiscordAdapter
from core.errors import Rejected
from core.events import Choice
from core.identifiers import Address, PollId
from core.post import Button, Post
from tests.adapters.discord.conftest import ANNE, ASKED, FORUM, HERE, NOON, SQUARE, Town, publish, send, text
from tests.adapters.discord.test_elections import ASKED as VOTED
from tests.adapters.discord.test_elections import BALLOT

MANY = tuple((Button(f"Option {rank}", Choice(PollId("halle"), rank)),) for rank in range(7))
OTHERS = {
    "buttons of another poll": (ASKED, replace(ASKED, buttons=((Button("Oui", Choice(PollId("b"), 0)),),))),
    "other words on a button": (
        ASKED,
        replace(ASKED, buttons=((ASKED.buttons[0][0], Button("Nan", Choice(PollId("b"), 1))),)),
    ),
    "no buttons": (ASKED, replace(ASKED, buttons=())),
    "another choice in a list": (replace(ASKED, buttons=MANY), replace(ASKED, buttons=MANY[:6])),
    "other answers of a poll": (VOTED, replace(VOTED, poll=replace(BALLOT, options=("Bleu", "Vert", "Rouge")))),
}


@pytest.mark.parametrize(("wanted", "other"), OTHERS.values(), ids=OTHERS)
async def test_the_same_words_that_ask_something_else_are_another_message(
    adapter: DiscordAdapter, wanted: Post, other: Post
) -> None:
    """A town asks the same question twice with other answers."""
    await publish(adapter, other)
    (part, *_) = adapter.plan(wanted, HERE)

    assert await adapter.find(part, before=(), since=NOON) == ()


@pytest.mark.parametrize("post", [ASKED, replace(ASKED, buttons=MANY), VOTED], ids=["buttons", "a list", "a poll"])
async def test_what_asks_the_same_is_found(adapter: DiscordAdapter, post: Post) -> None:
    """However Discord shows it again."""
    (receipt, *_) = await publish(adapter, post)
    (part, *_) = adapter.plan(post, HERE)

    assert await adapter.find(part, before=(), since=NOON) == (receipt,)


async def test_where_the_last_message_was_removed_nobody_can_tell(town: Town, adapter: DiscordAdapter) -> None:
    """A moderator took it out: sent again, it would defy them."""
    part = adapter.plan(text("Le pont"), HERE)[0]
    receipt = await send(adapter, part)
    await adapter.remove(HERE, receipt.message)

    with pytest.raises(Rejected, match="removed"):
        await adapter.find(part, before=(), since=town.clock.at)


async def test_where_the_last_message_stands_what_is_not_there_is_not_out(town: Town, adapter: DiscordAdapter) -> None:
    """Somebody else wrote it; or it is older than the call."""
    part = adapter.plan(text("Le pont"), HERE)[0]
    town.world.write(ANNE, SQUARE, "Bonjour")

    assert await adapter.find(part, before=(), since=town.clock.at) == ()


async def test_in_a_forum_a_conversation_that_was_removed_is_noticed(town: Town) -> None:
    """Its last post is named by the forum, and is gone."""
    forum = Address(str(FORUM))
    async with town.connected(channels={forum: ("Travaux",)}) as adapter:
        (part,) = adapter.plan(text("Le pont"), forum)
        other = await send(adapter, adapter.plan(text("Le marché"), forum)[0])
        stands = await adapter.find(part, before=(), since=NOON)
        del town.world.channels[int(other.message)]

        with pytest.raises(Rejected, match="removed"):
            await adapter.find(part, before=(), since=NOON)

    assert stands == ()
