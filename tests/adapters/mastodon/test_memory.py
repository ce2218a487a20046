"""Looking for a post whose answer was lost, once no key is known any more. Acceptance case 3."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.mastodon.client import Client
from adapters.mastodon.memory import own_posts
from core.errors import Rejected, Unavailable, Uncertain
from core.identifiers import Address
from core.post import Picture, Post
from core.richtext import RichText
from sandbox.faults import Harm
from sandbox.mastodon.values import Status
from tests.adapters.mastodon.conftest import NOON, PUBLIC, Town, picture, publish, text

OWN = "GET /api/v1/accounts/:id/statuses"


async def test_what_is_out_is_found_among_our_posts(town: Town, tmp_path: Path) -> None:
    """By its words and its pictures, since the call: a reminder says each week the same."""
    post = Post(text=RichText.of("Le *pont* & vous"), pictures=(Picture(picture(tmp_path), "Le pont"),))
    (before,) = await publish(town, post)
    town.clock.forward(timedelta(days=7))
    since = town.clock.now()
    town.misbehave(Harm.CUT_AFTER)
    with pytest.raises(Uncertain):
        await publish(town, post, key="2")
    await publish(town, text("Le *pont* & vous"), key="3")
    town.clock.forward(timedelta(hours=2))

    (found,) = await town.adapter.find(town.adapter.plan(post, PUBLIC)[0], before=(), since=since)

    assert (found.message, found.address) == (town.posts[1].id, before.address)


async def test_what_is_not_out_is_not_found(either: Town) -> None:
    """Then it may be sent again."""
    part = either.adapter.plan(text("Bonjour"), PUBLIC)[0]

    assert await either.adapter.find(part, before=(), since=either.clock.now()) == ()


async def test_the_part_of_a_thread_is_found_by_what_it_follows(town: Town) -> None:
    """The same words may stand elsewhere."""
    words = text("mot " * 200)
    first, second = await publish(town, words)
    await publish(town, text(town.texts[1]), key="2")

    part = town.adapter.plan(words, PUBLIC)[1]

    assert await town.adapter.find(part, before=(first,), since=NOON) == (second,)


@pytest.mark.parametrize("words", ["@mairie: bonjour", "@ 18 h, bonjour"], ids=["like a name", "a sign"])
async def test_a_post_that_begins_like_a_call_is_found(either: Town, words: str) -> None:
    """It calls nobody: unfound, it would go out a second time."""
    (receipt,) = await publish(either, text(words))

    part = either.adapter.plan(text(words), PUBLIC)[0]

    assert await either.adapter.find(part, before=(), since=NOON) == (receipt,)


@pytest.mark.parametrize("server", ["", "@{}"], ids=["by name", "with our server"])
async def test_a_message_to_one_person_is_found_however_they_are_written(either: Town, server: str) -> None:
    """A server leaves its own name out, and changes capitals."""
    name = Address(f"@Anne{server.format(either.world.domain)}")
    (receipt,) = await publish(either, text("Bonjour"), name)

    part = either.adapter.plan(text("Bonjour"), name)[0]

    assert await either.adapter.find(part, before=(), since=NOON) == (receipt,)


async def test_a_message_to_somebody_else_is_not_taken_for_it(either: Town) -> None:
    """The same words go to many."""
    await publish(either, text("Bonjour"), Address("@anne"))

    part = either.adapter.plan(text("Bonjour"), Address("@chloe@ailleurs.example"))[0]

    assert await either.adapter.find(part, before=(), since=NOON) == ()


async def test_more_posts_than_a_page_are_looked_through(either: Town) -> None:
    """Answers to citizens are posts as well."""
    (receipt,) = await publish(either, text("Bonjour"))
    for number in range(90):
        either.world.publish(Status(account=either.bot.id, text=f"mot {number}"))

    part = either.adapter.plan(text("Bonjour"), PUBLIC)[0]

    assert await either.adapter.find(part, before=(), since=NOON) == (receipt,)


async def test_a_pin_is_not_looked_for(town: Town) -> None:
    """It may be made again."""
    *_, pin = town.adapter.plan(Post(text=RichText.of("a"), pinned=True), PUBLIC)

    with pytest.raises(Rejected):
        await town.adapter.find(pin, before=(), since=NOON)


async def test_posts_of_no_known_shape_are_looked_at_later(town: Town) -> None:
    """Whoever cannot read them has not seen that it is not there."""
    part = town.adapter.plan(text("a"), PUBLIC)[0]
    town.misbehave(Harm.CAPTIVE, OWN)

    with pytest.raises(Unavailable):
        await town.adapter.find(part, before=(), since=NOON)


class _Silent(Client):
    """Says nothing, as some proxies do."""

    async def get(self, path: str, **query: Any) -> Any:  # noqa: ARG002  whatever it is asked
        """An answer without content."""
        return {}


async def test_an_answer_without_content_does_not_say_that_nothing_is_out(town: Town) -> None:
    """What is out would go out again."""
    silent = _Silent(town.server.url, "token", tls=None)

    with pytest.raises(TypeError):
        await own_posts(silent, town.bot.id, NOON)
    silent.close()
