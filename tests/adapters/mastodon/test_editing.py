"""How posts are changed: acceptance cases 6 and 19."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import Rejected, Unavailable
from core.identifiers import Address, Locale
from core.post import UNSAID, Picture, Post, Receipt
from core.richtext import RichText
from sandbox.faults import Harm
from tests.adapters.mastodon.conftest import Town, picture, publish, text


async def test_an_edit_keeps_the_warning_and_counts_it(either: Town, tmp_path: Path) -> None:
    """Cases 6 and 19: what an edit leaves out is erased, with the pictures and their descriptions."""
    image = Picture(picture(tmp_path), "Le pont, vu de la rive")
    post = Post(text=RichText.of("Avant"), pictures=(image,), locale=Locale.FR)
    (receipt,) = await publish(either, post)
    stands = either.posts[0]
    either.world.change(stands, replace(stands, spoiler="Voirie"), None)

    await either.adapter.edit(receipt, Post(text=RichText.of("Après"), pictures=(image,)))

    (after,) = either.posts
    assert (after.text, after.spoiler, after.sensitive, after.language) == ("Après", "Voirie", True, "fr")
    assert [either.world.media[number].description for number in after.media] == ["Le pont, vu de la rive"]


async def test_an_edit_leaves_room_for_the_warning(town: Town) -> None:
    """Case 6: it costs its characters in full; else the server would refuse the post."""
    (receipt,) = await publish(town, text("Avant"))
    stands = town.posts[0]
    town.world.change(stands, replace(stands, spoiler="Voirie"), None)

    await town.adapter.edit(receipt, text("mot " * 124 + "fin"))

    assert len(town.texts[0]) + len("Voirie") <= town.adapter.capabilities.longest_text
    assert town.texts[0].startswith("mot mot")


async def test_an_edit_that_changes_nothing_costs_no_post(town: Town) -> None:
    """Of these, there are 300 in three hours."""
    (receipt,) = await publish(town, text("Bonjour"))

    await town.adapter.edit(receipt, text("Bonjour"))

    assert town.calls("PUT /api/v1/statuses/:id") == []


async def test_an_edit_reaches_every_post_of_a_thread(town: Town) -> None:
    """A board keeps the receipt of the last part only; what changed may stand in the first."""
    words = "mot " * 200
    *_, last = await publish(town, text(f"12 votes. {words}"))

    await town.adapter.edit(last, text(f"13 votes. {words}"))

    assert town.texts[0].startswith("13 votes.")
    assert len(town.calls("PUT /api/v1/statuses/:id", "done")) == 1


async def test_an_edit_with_more_words_than_posts_says_so(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing can be put between two posts; what stands is the beginning."""
    (receipt,) = await publish(town, text("court"))

    await town.adapter.edit(receipt, text("mot " * 200))

    assert town.texts[0].startswith("mot mot")
    assert "edited_in_part" in caplog.text


async def test_an_edited_private_post_stays_with_its_reader(town: Town) -> None:
    """The ledger no longer knows whose it is; without the name, it would be for nobody."""
    (receipt,) = await publish(town, text("Avant"), Address("@anne"))
    unsaid = Receipt(address=UNSAID, message=receipt.message, call=receipt.call)

    await town.adapter.edit(unsaid, text("Après"))

    assert (town.texts, town.posts[0].mentions) == (["@anne Après"], (town.anne,))


async def test_an_edit_to_nothing_is_refused(town: Town) -> None:
    """Before anything is erased."""
    (receipt,) = await publish(town, text("Avant"))

    with pytest.raises(Rejected):
        await town.adapter.edit(receipt, text(" "))


async def test_an_edit_whose_answer_is_lost_is_made_again(town: Town) -> None:
    """It changes nothing the second time."""
    (receipt,) = await publish(town, text("Avant"))
    town.misbehave(Harm.CUT_AFTER, "PUT /api/v1/statuses/:id")

    with pytest.raises(Unavailable):
        await town.adapter.edit(receipt, text("Après"))
