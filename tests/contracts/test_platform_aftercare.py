"""What every network's adapter promises about what is out already: it is changed, answered, taken back, unpinned."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.changes import Amend, Change, Mark, TakeBack, Unpin
from core.errors import Gone, Rejected
from core.post import Post, Receipt
from core.richtext import RichText
from tests.contracts.stages import Stage
from tests.contracts.test_platform import publish, stage

__all__ = ["stage"]


def text(words: str) -> Post:
    return Post(text=RichText.of(words))


async def change(stage: Stage, wish: Change) -> None:
    for part in stage.platform.plan_change(wish):
        await stage.platform.change(part)


def amend(receipts: Sequence[Receipt], before: str, after: str) -> Amend:
    return Amend(receipts=tuple(receipts), before=text(before), after=text(after))


async def test_what_is_out_is_amended_and_amended_to_the_same(stage: Stage) -> None:
    """A correction that was cut short is carried out again from its beginning."""
    receipts = await publish(stage, text("Marché mardi"))

    for _ in range(2):
        await change(stage, amend(receipts, "Marché mardi", "Marché jeudi"))

    assert stage.words() == ["Marché jeudi"]


async def test_words_that_need_more_messages_than_are_out_are_no_amendment(stage: Stage) -> None:
    """Nothing is torn: another way is looked for, before any call."""
    receipts = await publish(stage, text("Marché mardi"))

    with pytest.raises(Rejected):
        stage.platform.plan_change(amend(receipts, "Marché mardi", "Marché jeudi. " * 500))


async def test_a_post_in_several_messages_is_amended_whole(stage: Stage) -> None:
    """Each message says its part of the new words."""
    long = "Le marché change de place. " * (stage.platform.capabilities.longest_text // 20)
    receipts = await publish(stage, text(f"{long}Mardi."))

    await change(stage, amend(receipts, f"{long}Mardi.", f"{long}Jeudi."))

    assert len(stage.words()) > 1
    assert stage.words()[-1].endswith("Jeudi.")


async def test_what_is_out_is_taken_back_and_taken_back_again(stage: Stage) -> None:
    """Every message of it; somebody may have been quicker."""
    receipts = tuple(await publish(stage, text("Marché mardi")))

    for _ in range(2):
        await change(stage, TakeBack(receipts=receipts))

    assert stage.words() == []


async def test_what_is_no_longer_there_is_told_from_what_cannot_be_changed(stage: Stage) -> None:
    """It is reported, and nothing is said in its place."""
    receipts = await publish(stage, text("Marché mardi"))
    await change(stage, TakeBack(receipts=tuple(receipts)))

    with pytest.raises(Gone):
        await change(stage, amend(receipts, "Marché mardi", "Marché jeudi"))


async def test_a_mark_stands_in_place_of_the_words(stage: Stage) -> None:
    """Where nothing can be taken back any more."""
    receipts = tuple(await publish(stage, text("Marché mardi")))

    await change(stage, Mark(receipts=receipts, post=text("Ce message est retiré.")))

    assert stage.words() == ["Ce message est retiré."]


async def test_what_is_kept_on_top_is_let_go_and_let_go_again(stage: Stage) -> None:
    """The message itself stays."""
    receipts = tuple(await publish(stage, replace(text("Marché mardi"), pinned=True)))
    on_top = stage.pinned()

    for _ in range(2):
        await change(stage, Unpin(receipts=receipts))

    assert (on_top, stage.pinned()) == ([receipts[0].message], [])


async def test_a_reply_stands_under_the_message_of_ours_that_it_answers(stage: Stage) -> None:
    """An erratum is read where the mistake was."""
    (receipt,) = await publish(stage, text("Marché mardi"))

    await publish(stage, replace(text("Erratum : jeudi"), answers=receipt.message), key="2")

    assert (stage.words(), stage.answered()) == (["Marché mardi", "Erratum : jeudi"], [receipt.message])


async def test_a_reply_stands_also_when_the_message_it_answers_is_gone(stage: Stage) -> None:
    """Or nobody may ever learn of the mistake; where a network refuses it, that is said."""
    (receipt,) = await publish(stage, text("Marché mardi"))
    await change(stage, TakeBack(receipts=(receipt,)))

    try:
        await publish(stage, replace(text("Erratum : jeudi"), answers=receipt.message), key="2")
    except Rejected:
        assert stage.words() == []
    else:
        assert stage.words() == ["Erratum : jeudi"]


async def test_a_receipt_says_where_everybody_can_look(stage: Stage) -> None:
    """The officer follows the link from the list of copies."""
    (receipt,) = await publish(stage, text("Marché mardi"))

    assert receipt.message.rpartition("/")[2] in receipt.link
    assert receipt.link.startswith("http")
