"""How people are answered, and what they get while posts are scarce: 23, 29."""

from datetime import timedelta

import pytest

from adapters.mastodon import limits
from core.errors import Rejected, Unavailable, Uncertain
from core.events import Handle
from core.identifiers import Address
from core.post import Post
from core.richtext import RichText
from sandbox.faults import Harm
from sandbox.mastodon.limits import Pace
from sandbox.mastodon.profiles import MASTODON
from tests.adapters.mastodon.conftest import (
    ACCOUNT,
    NOON,
    POST,
    Town,
    handle,
    publish,
    text,
    town_on,
)


async def test_a_vote_is_answered_to_its_author_alone(either: Town) -> None:
    """Case 23: a direct message in reply, with their name."""
    number = either.world.mention(either.anne, "2")

    await either.adapter.toast(handle(number), "Vote compté : Non", alert=False)

    (post,) = either.posts
    assert (post.visibility, post.text, post.reply_to) == ("direct", "@anne Vote compté : Non", number)
    assert post.mentions == (either.anne,)


async def test_a_long_answer_is_said_as_far_as_it_goes(town: Town) -> None:
    """Options may be as long as a post."""
    number = town.world.message(town.anne, "2")

    await town.adapter.toast(handle(number), "mot " * 200, alert=False)

    assert len(town.posts) == 1


async def test_nothing_is_said_where_nobody_is_or_nothing_is_to_say(town: Town) -> None:
    """Letting go of a button is nothing here."""
    nowhere = Handle(account=ACCOUNT, private=False)
    with pytest.raises(Rejected):
        await town.adapter.toast(nowhere, "Bonjour", alert=False)
    with pytest.raises(Rejected):
        await town.adapter.say(nowhere, text("Bonjour"))
    await town.adapter.toast(handle(town.world.message(town.anne, "2")), "", alert=False)

    assert town.posts == []


async def test_a_public_question_is_answered_in_reply_and_unlisted(town: Town) -> None:
    """Its author is called, who else would not hear of it; the others' timelines stay theirs."""
    number = town.world.mention(town.anne, "/help")

    await town.adapter.say(handle(number, private=False), text("mot " * 124 + "fin"))

    first, second = town.posts
    assert (first.visibility, first.reply_to, second.reply_to) == ("unlisted", number, first.id)
    assert (first.mentions, second.mentions) == ((town.anne,), ())


async def test_a_private_question_is_answered_in_private(either: Town) -> None:
    """Each part with the name: a direct post that names nobody is for nobody."""
    number = either.world.message(either.anne, "/help")

    await either.adapter.say(handle(number), Post(text=RichText.of("mot " * 1400), pinned=True))

    assert len(either.posts) >= 2
    assert {post.visibility for post in either.posts} == {"direct"}
    assert {post.mentions for post in either.posts} == {(either.anne,)}


async def test_an_answer_without_a_question_is_said(town: Town) -> None:
    """A command that was pressed elsewhere."""
    await town.adapter.say(Handle(account=ACCOUNT, private=True, chat=Address("@anne")), text("Bonjour"))

    assert town.texts == ["@anne Bonjour"]


@pytest.mark.parametrize(("nth", "error"), [(1, Unavailable), (2, Uncertain)])
async def test_an_answer_said_in_part_is_not_to_be_repeated(town: Town, nth: int, error: type[Exception]) -> None:
    """Whoever asked would read its beginning twice."""
    number = town.world.message(town.anne, "/help")
    town.misbehave(Harm.FLOOD, POST, nth=nth)

    with pytest.raises(error):
        await town.adapter.say(handle(number), text("mot " * 200))


async def test_a_star_acknowledges_when_posts_are_scarce(socket_enabled: None) -> None:  # noqa: ARG001  opens loopback
    """The last sixty of three hours are kept for what the town publishes; bad news is still said."""
    async with town_on(MASTODON, pace=Pace(posting=limits.SPARED)) as town:
        await publish(town, text("Bonjour"))
        good, bad = (town.world.message(town.anne, "2") for _ in range(2))

        await town.adapter.toast(handle(good), "Vote compté", alert=False)
        await town.adapter.toast(handle(bad), "Vote refusé", alert=True)

        assert town.stars(good) == [town.bot.id]
        assert (town.texts, town.stars(bad)) == (["Bonjour", "@anne Vote refusé"], [])


async def test_posts_are_counted_where_the_server_tells_nothing(socket_enabled: None) -> None:  # noqa: ARG001  opens loopback
    """Without headers."""
    async with town_on(MASTODON, pace=None) as town:
        number = town.world.message(town.anne, "2")
        for n in range(limits.MOST_POSTS.calls - limits.SPARED):
            await town.adapter.toast(handle(number), str(n), alert=False)
        await town.adapter.toast(handle(number), "Vote compté", alert=False)

        assert town.stars(number) == [town.bot.id]


async def test_a_star_acknowledges_while_the_server_says_to_wait(town: Town) -> None:
    """Case 29: no post before that instant, whoever asks; a refusal waits for its words."""
    number = town.world.message(town.anne, "2")
    town.misbehave(Harm.FLOOD, POST, retry_after=90)

    await town.adapter.toast(handle(number), "Vote compté", alert=False)
    asked = len(town.calls(POST))
    with pytest.raises(Unavailable):
        await town.adapter.toast(handle(number), "Vote refusé", alert=True)
    with pytest.raises(Unavailable):
        await publish(town, text("Bonjour"))
    town.clock.forward(timedelta(seconds=90))
    await publish(town, text("Bonjour"))

    assert town.stars(number) == [town.bot.id]
    assert (asked, len(town.calls(POST))) == (1, 2)
    assert town.clock.now() - NOON < timedelta(minutes=5)


async def test_an_answer_that_fails_says_how(town: Town) -> None:
    """The runner tells one lost connection, not each."""
    number = town.world.message(town.anne, "2")
    town.misbehave(Harm.STATUS, POST)

    with pytest.raises(Uncertain):
        await town.adapter.toast(handle(number), "Oui", alert=False)
