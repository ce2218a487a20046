"""The acceptance cases of Mastodon about what comes in: 22, 24, 25."""

import json

import pytest

from core.errors import Unreadable
from core.events import Command, CommandGiven, Handle, MessagePosted
from core.ports.platform import Introduction
from sandbox.mastodon.profiles import MASTODON
from tests.adapters.mastodon.conftest import (
    ACCOUNT,
    PUBLIC,
    Town,
    after,
    connected,
    hear,
    publish,
    received,
    text,
    town_on,
    understood,
)


async def test_a_public_reply_is_heard_in_words_and_names_what_it_answers(either: Town) -> None:
    """Case 22: without HTML, and without our own name."""
    (receipt,) = await publish(either, text("Un pont ?"))
    number = either.world.reply(either.chloe, receipt.message, "Oui & non,\n\nvoir https://ville.fr/" + "x" * 40)

    (event,) = await hear(either)

    assert isinstance(event, MessagePosted)
    assert event.text == "Oui & non,\n\nvoir https://ville.fr/" + "x" * 40
    assert event.answers == receipt.message
    assert event.person.account == "@chloe@ailleurs.example"
    assert event.handle == Handle(
        account=ACCOUNT,
        private=False,
        chat=PUBLIC,
        message=event.handle.message,
        press=f"{number} @chloe@ailleurs.example",
    )


@pytest.mark.parametrize("words", ["2", "@ville 2", "2 @ville", "2 @VILLE@mairie.example "])
async def test_our_name_is_no_part_of_what_is_said(town: Town, words: str) -> None:
    """Applications put it first, people last."""
    town.world.message(town.anne, words)

    (event,) = await hear(town)

    assert isinstance(event, MessagePosted)
    assert (event.text, event.handle.private, event.handle.chat) == ("2", True, "@anne")


async def test_a_message_for_followers_is_no_public_debate(town: Town) -> None:
    """Whoever wrote it did not speak to the square."""
    town.world.mention(town.anne, "entre nous", visibility="private")

    (event,) = await hear(town)

    assert isinstance(event, MessagePosted)
    assert event.handle.private


@pytest.mark.parametrize(("private", "said"), [(True, False), (False, True)])
async def test_a_command_is_understood_wherever_it_is_given(town: Town, private: bool, said: bool) -> None:  # noqa: FBT001  a table
    """In public it is a message of the debate as well."""
    (town.world.message if private else town.world.mention)(town.anne, "/vote 2 3")

    (event,) = await hear(town)

    assert isinstance(event, CommandGiven)
    assert (event.command.name, event.command.arguments) == ("vote", ("2", "3"))
    assert (event.said is not None) is said


async def test_a_command_in_answer_to_a_post_comes_with_that_post(either: Town) -> None:
    """Moderators answer what somebody wrote, to us alone; an answer to us is about no post of others."""
    (receipt,) = await publish(either, text("Un pont ?"))
    insult = either.world.reply(either.chloe, receipt.message, "Espèce de nigaud")
    either.world.message(either.anne, "/warn 2 non", reply_to=insult)
    either.world.message(either.anne, "/cases", reply_to=receipt.message)

    _, about, ours = await hear(either)

    assert isinstance(about, CommandGiven)
    assert isinstance(ours, CommandGiven)
    assert about.command == Command("warn", ("2", "non"))
    assert about.target is not None
    assert (about.target.message, about.target.chat, about.target.text) == (insult, PUBLIC, "Espèce de nigaud")
    assert about.target.author.account == "@chloe@ailleurs.example"
    assert ours.target is None


async def test_an_update_has_one_number_however_often_it_is_fetched(either: Town) -> None:
    """Case 24: the inbox knows it by its number, the network by its mark."""
    either.world.message(either.anne, "2")
    first = await either.adapter.fetch(None)
    again = await either.adapter.fetch(None)
    either.world.message(either.anne, "3")

    (next_one,) = await either.adapter.fetch(after(first))

    assert first == again
    assert next_one.number == first[0].number + 1


async def test_many_mentions_come_in_order_and_page_by_page(either: Town) -> None:
    """Case 25 rests on it: the latest counts. Ids of either kind of server are put in order of age."""
    for n in range(100):
        either.world.message(either.anne, str(n))
    first = await either.adapter.fetch(None)
    rest = await either.adapter.fetch(after(first))

    said = [event.text for event in understood(either, [*first, *rest]) if isinstance(event, MessagePosted)]
    assert said == [str(n) for n in range(100)]
    assert [update.number for update in (*first, *rest)] == list(range(1, 101))


async def test_what_is_no_mention_and_what_we_wrote_ourselves_says_nothing(town: Town) -> None:
    """Stars and boosts are not asked for; a post of ours that names us is no citizen."""
    (receipt,) = await publish(town, text("Bonjour"))
    town.world.favourite(town.anne, receipt.message)
    town.world.boost(town.anne, receipt.message)
    town.world.write(town.bot.id, "@ville à nous-mêmes")
    town.world.message(town.anne, "2")

    assert len(await hear(town)) == 1


async def test_an_edited_message_is_marked(town: Town) -> None:
    """It changes no vote."""
    number = town.world.mention(town.anne, "2")
    town.world.rewrite(town.anne, number, "@ville /vote 3")

    (event,) = await hear(town)

    assert isinstance(event, MessagePosted)
    assert event.edited


STRANGE = [b"x", b"[]", b"{}", b'{"type": "mention", "status": {"account": {}}}', b"[" * 100_000]


@pytest.mark.parametrize("body", STRANGE, ids=["text", "list", "nothing", "nobody", "depth"])
async def test_what_no_known_shape_explains_is_set_aside(town: Town, body: bytes) -> None:
    """One strange update takes nothing else with it."""
    with pytest.raises(Unreadable, match="no known shape"):
        town.adapter.understand(body, received())


async def test_html_that_nobody_can_read_is_set_aside(town: Town) -> None:
    """A server that sanitises nothing."""
    town.world.mention(town.anne, "2")
    (update,) = await town.adapter.fetch(None)
    told = json.loads(update.body)
    told["status"]["content"] = "<![x[ a ]]>"

    with pytest.raises(Unreadable):
        town.adapter.understand(json.dumps(told).encode(), received())


async def test_a_page_with_something_without_a_number_is_read_around_it(town: Town) -> None:
    """Nothing can be marked by it."""
    town.world.inject(town.bot, {"type": "mention"})
    town.world.message(town.anne, "2")

    assert len(await hear(town)) == 1


async def test_what_was_written_while_parvis_was_stopped_before_the_first_update_is_heard(town: Town) -> None:
    """What is remembered of the first opening says since when."""
    known = await town.adapter.open(Introduction(), known=None)
    town.world.message(town.anne, "2")
    later = connected(town.server, town.clock)

    assert await later.open(Introduction(), known=known) == known
    assert len(await later.fetch(None)) == 1
    await later.close()


async def test_what_an_older_parvis_remembered_still_says_since_when(town: Town) -> None:
    """It knew no limits, and named the notification alone."""
    known = await town.adapter.open(Introduction(), known="heard:7")

    assert json.loads(known)["since"] == "7"


async def test_what_was_written_before_the_account_was_first_listened_to_is_left_alone(socket_enabled: None) -> None:  # noqa: ARG001  loopback
    """Answering a year of old messages would be spam."""
    async with town_on(MASTODON, opened=False) as town:
        town.world.mention(town.anne, "ancien")
        await town.adapter.open(Introduction(), known=None)
        town.world.mention(town.anne, "nouveau")

        (event,) = await hear(town)

        assert isinstance(event, MessagePosted)
        assert event.text == "nouveau"
