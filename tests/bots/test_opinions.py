"""What a citizen tells the town hall without being asked."""

from dataclasses import replace

import pytest

from core.answers import Say
from core.events import Handle
from core.identifiers import MessageId
from core.messages import OpinionAsked, OpinionKept, PrivateOnly
from core.post import UNSAID
from tests.bots.town import ALIX, BLAISE, Stage, private, public, said, types

PRESSED = private(ALIX, press="77:token")
IN_WORDS = replace(private(ALIX), message=MessageId("5"))


@pytest.mark.parametrize("where", [PRESSED, IN_WORDS, private(ALIX)], ids=["form", "message", "unnumbered"])
async def test_an_opinion_is_kept_among_the_replies(stage: Stage, where: Handle) -> None:
    """About nothing in particular, under a pseudonym, and where it was said names nobody."""
    answers = await stage.hears(types(ALIX, "/avis Le pont me manque", where=where))

    (reply,) = await stage.look(lambda books: books.replies.all())
    assert said(answers) == OpinionKept()
    assert (reply.text, reply.about, reply.chat) == ("Le pont me manque", None, UNSAID)
    assert reply.author == stage.desk.vault.blind(ALIX.ref)


async def test_two_opinions_are_two(stage: Stage) -> None:
    """Of one person, or of two in messages of the same number."""
    for who, number in ((ALIX, "5"), (ALIX, "6"), (BLAISE, "5")):
        await stage.hears(types(who, "/opinion Bravo", where=replace(private(who), message=MessageId(number))))

    assert len(await stage.look(lambda books: books.replies.all())) == 3


async def test_without_words_it_is_told_how_to_give_them(stage: Stage) -> None:
    """And what becomes of them: nothing is stored before."""
    answers = await stage.hears(types(ALIX, "/opinion", where=private(ALIX)))

    assert said(answers) == OpinionAsked()
    assert await stage.look(lambda books: books.replies.all()) == ()


async def test_an_opinion_in_public_is_sent_to_a_private_chat(stage: Stage) -> None:
    """Others would read it."""
    (answer,) = await stage.hears(types(ALIX, "/opinion Bravo", where=public()))

    assert isinstance(answer, Say)
    assert isinstance(answer.message, PrivateOnly)
    assert await stage.look(lambda books: books.replies.all()) == ()
