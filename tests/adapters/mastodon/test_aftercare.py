"""What is done to posts that are out, on Mastodon."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.mastodon.aftercare import calls
from adapters.mastodon.limits import Limits
from core.changes import Amend, TakeBack
from core.errors import Rejected, Unavailable
from core.identifiers import Address, Locale, MessageId
from core.native import NativeBallot
from core.post import Picture, Post, Receipt
from core.richtext import RichText
from sandbox.faults import Harm
from tests.adapters.mastodon.conftest import PUBLIC, Town, picture, publish, text
from tests.fakes import NOON

ANNE = Address("@anne")


async def change(town: Town, wish: Amend | TakeBack) -> None:
    for part in town.adapter.plan_change(wish):
        await town.adapter.change(part)


async def test_an_amended_post_keeps_its_picture_and_its_language(either: Town, tmp_path: Path) -> None:
    """An edit erases what it leaves out."""
    shown = (Picture(picture(tmp_path), "Un pont"),)
    before, after = (Post(text=RichText.of(words), pictures=shown, locale=Locale.FR) for words in ("Mardi", "Jeudi"))
    receipts = tuple(await publish(either, before))

    await change(either, Amend(receipts=receipts, before=before, after=after))

    (post,) = either.posts
    assert (either.texts, len(post.media), post.language) == (["Jeudi"], 1, "fr")


async def test_a_private_post_is_amended_for_the_same_person_and_links_nowhere(town: Town) -> None:
    """Without the name it would be for nobody."""
    receipts = tuple(await publish(town, text("Marché mardi"), ANNE))

    await change(town, Amend(receipts=receipts, before=text("Marché mardi"), after=text("Marché jeudi")))

    (post,) = town.posts
    assert (post.text, post.visibility, receipts[0].link) == ("@anne Marché jeudi", "direct", "")


def test_a_post_that_asks_is_no_amendment() -> None:
    """Other options would take the votes away."""
    ballot = NativeBallot(question="Un pont ?", options=("Oui", "Non"), several=False, closes_at=NOON, hides=True)
    asked = Post(text=RichText.of("Répondez"), poll=ballot)
    receipts = (Receipt(address=PUBLIC, message=MessageId("7"), call="post"),)

    with pytest.raises(Rejected):
        calls(Amend(receipts=receipts, before=asked, after=asked), Limits())


async def test_a_thread_is_taken_back_from_its_end_and_waits_when_told(town: Town) -> None:
    """The server allows thirty in half an hour."""
    receipts = tuple(await publish(town, text("Le pont ouvre mardi. " * 40)))
    town.misbehave(Harm.FLOOD, "DELETE /api/v1/statuses/:id", retry_after=60)

    with pytest.raises(Unavailable) as told:
        await change(town, TakeBack(receipts=receipts))
    await change(town, TakeBack(receipts=receipts))

    assert told.value.retry_after is not None
    assert (len(receipts) > 1, town.posts) == (True, [])


async def test_another_picture_or_description_is_sent_and_the_others_stay(either: Town, tmp_path: Path) -> None:
    """Also when the answer to the first edit was lost."""
    a, b, c = (picture(tmp_path, name) for name in ("a.png", "b.png", "c.png"))
    before = Post(text=RichText.of("Pont"), pictures=(Picture(a, "Un pont"), Picture(b, "Un quai")))
    after = replace(before, pictures=(Picture(a, "Le pont vu du quai"), Picture(b, "Un quai"), Picture(c, "Une rue")))
    receipts = tuple(await publish(either, before))
    (first,) = either.posts

    await change(either, Amend(receipts=receipts, before=before, after=after))
    await change(either, Amend(receipts=receipts, before=before, after=after))
    (amended,) = either.posts
    await change(either, Amend(receipts=receipts, before=after, after=replace(before, pictures=())))

    assert [either.world.media[number].description for number in amended.media] == [
        "Le pont vu du quai",
        "Un quai",
        "Une rue",
    ]
    assert amended.media[1] == first.media[1]
    assert either.posts[0].media == ()
