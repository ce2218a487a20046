"""What is done to messages that are out, on Telegram."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.aftercare import calls
from adapters.telegram.identity import Identity
from core.changes import Amend, Mark, TakeBack
from core.errors import Gone, Rejected, Unavailable
from core.identifiers import Address, MessageId
from core.native import NativeBallot
from core.post import Picture, Post, Receipt
from core.richtext import RichText
from sandbox.faults import Harm
from tests.adapters.telegram.conftest import CHANNEL, Town, picture, publish, text
from tests.fakes import NOON

ME = Identity(id=1, username="ville_bot", key=b"k")


def out(*made: str) -> tuple[Receipt, ...]:
    return tuple(
        Receipt(address=Address("-1001"), message=MessageId(str(7 + rank)), call=call) for rank, call in enumerate(made)
    )


def pictured(words: str, *names: str) -> Post:
    return Post(text=RichText.of(words), pictures=tuple(Picture(Path(name), "Vue") for name in names))


def test_of_an_album_the_caption_of_its_first_picture_is_changed() -> None:
    """It holds the words of all."""
    before, after = (pictured(words, "a.jpg", "b.jpg") for words in ("Mardi", "Jeudi"))

    (part,) = calls(Amend(receipts=out("sendMediaGroup", "sendMediaGroup"), before=before, after=after), ME)

    assert (part.call, part.parameters["message_id"]) == ("editMessageCaption", 7)
    assert str(part.parameters["caption"]).startswith("Jeudi")


def test_another_picture_takes_the_place_of_the_one_that_stands() -> None:
    """With its words, for a picture comes with its own; those of an album stand under its first alone."""
    before, after = pictured("Pont", "a.jpg", "b.jpg", "c.jpg"), pictured("Pont", "d.jpg", "b.jpg", "e.jpg")

    parts = calls(Amend(receipts=out(*["sendMediaGroup"] * 3), before=before, after=after), ME)

    assert [(part.call, part.parameters["message_id"]) for part in parts] == [
        ("editMessageMedia", 7),
        ("editMessageMedia", 9),
    ]
    first, last = (cast("dict[str, object]", part.parameters["media"]) for part in parts)
    assert (first["media"], str(first["caption"])[:4], last) == (
        {"path": "d.jpg"},
        "Pont",
        {"type": "photo", "media": {"path": "e.jpg"}},
    )


def test_another_description_of_a_picture_is_other_words() -> None:
    """Telegram has no field for it: it stands in the caption."""
    before, after = pictured("Pont", "a.jpg"), pictured("Pont", "a.jpg")
    after = replace(after, pictures=(Picture(Path("a.jpg"), "Le pont, vu du quai"),))

    (part,) = calls(Amend(receipts=out("sendPhoto"), before=before, after=after), ME)

    assert part.call == "editMessageCaption"
    assert "Le pont, vu du quai" in str(part.parameters["caption"])


def test_more_pictures_than_are_out_are_no_amendment() -> None:
    """Each is a message of its own: a reply says the words."""
    with pytest.raises(Rejected, match="2 messages"):
        calls(
            Amend(
                receipts=out("sendPhoto"), before=pictured("Pont", "a.jpg"), after=pictured("Pont", "b.jpg", "c.jpg")
            ),
            ME,
        )


async def test_people_see_the_other_picture_also_when_the_answer_is_lost(
    town: Town, adapter: TelegramAdapter, tmp_path: Path
) -> None:
    """It is put there again, which changes nothing."""
    before = pictured("Pont", str(picture(tmp_path, "a.png")))
    after = pictured("Pont, mardi", str(picture(tmp_path, "b.png")))
    receipts = tuple(await publish(adapter, before))
    (shown,) = town.messages(CHANNEL)
    (part,) = adapter.plan_change(Amend(receipts=receipts, before=before, after=after))
    town.misbehave(Harm.CUT_AFTER, "editMessageMedia")

    with pytest.raises(Unavailable):
        await adapter.change(part)
    await adapter.change(part)
    await adapter.change(part)

    (stands,) = town.messages(CHANNEL)
    assert stands.text.startswith("Pont, mardi")
    assert stands.photo is not None
    assert stands.photo != shown.photo


async def test_words_that_telegram_cannot_read_come_with_the_picture_without_markup(
    town: Town, adapter: TelegramAdapter, tmp_path: Path
) -> None:
    """As when they were sent."""
    before, after = (pictured("Pont", str(picture(tmp_path, name))) for name in ("a.png", "b.png"))
    receipts = tuple(await publish(adapter, before))
    (part,) = adapter.plan_change(Amend(receipts=receipts, before=before, after=after))
    media = cast("dict[str, object]", part.parameters["media"])
    broken = replace(part, parameters={**part.parameters, "media": {**media, "caption": "<b>Pont"}})

    await adapter.change(broken)

    assert town.texts(CHANNEL) == [part.text]
    town.world.violations.clear()  # on purpose


def test_a_poll_of_telegram_is_neither_amended_nor_marked() -> None:
    """Telegram changes nobody's poll."""
    ballot = NativeBallot(question="Un pont ?", options=("Oui", "Non"), several=False, closes_at=NOON, hides=True)
    asked = Post(text=RichText.of("Répondez"), poll=ballot)

    with pytest.raises(Rejected):
        calls(Amend(receipts=out("sendPoll"), before=asked, after=asked), ME)
    with pytest.raises(Rejected):
        calls(Mark(receipts=out("sendPoll"), post=text("Retiré")), ME)


def test_a_mark_stands_once_under_an_album_and_in_each_text() -> None:
    """Captions of its other pictures have nothing to say."""
    parts = calls(Mark(receipts=out("sendMediaGroup", "sendMediaGroup", "sendMessage"), post=text("Retiré")), ME)

    said = [part.parameters.get("caption", part.parameters.get("text")) for part in parts]
    assert said == ["Retiré", "", "Retiré"]


async def test_after_two_days_nothing_is_taken_back_any_more(town: Town, adapter: TelegramAdapter) -> None:
    """It can still be marked."""
    (receipt,) = await publish(adapter, text("Marché mardi"))
    await town.clock.sleep_until(town.clock.now() + timedelta(hours=48))
    (taking,) = adapter.plan_change(TakeBack(receipts=(receipt,)))
    (marking,) = adapter.plan_change(Mark(receipts=(receipt,), post=text("Retiré")))

    with pytest.raises(Rejected) as refused:
        await adapter.change(taking)
    await adapter.change(marking)

    assert not isinstance(refused.value, Gone)
    assert town.texts(CHANNEL) == ["Retiré"]


async def test_a_change_whose_answer_is_lost_is_made_again_later(town: Town, adapter: TelegramAdapter) -> None:
    """It is no doubt: the second time it changes nothing."""
    (receipt,) = await publish(adapter, text("Marché mardi"))
    (taking,) = adapter.plan_change(TakeBack(receipts=(receipt,)))
    town.misbehave(Harm.CUT_AFTER, "deleteMessage")

    with pytest.raises(Unavailable):
        await adapter.change(taking)
    await adapter.change(taking)

    assert town.texts(CHANNEL) == []
