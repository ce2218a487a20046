"""What is done to messages that are out, on Telegram."""

from datetime import timedelta
from pathlib import Path

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
from tests.adapters.telegram.conftest import CHANNEL, Town, publish, text
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


def test_other_pictures_are_no_amendment() -> None:
    """What people saw is not replaced behind their backs."""
    with pytest.raises(Rejected, match="pictures"):
        calls(Amend(receipts=out("sendPhoto"), before=pictured("Pont", "a.jpg"), after=pictured("Pont", "b.jpg")), ME)


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
