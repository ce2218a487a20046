"""Messages in chats."""

import pytest

from core.answers import Remove, Say
from core.events import ChatMoved, Handle, Incoming, Mirrored, Received
from core.identifiers import Address, DeliveryId, Locale, MessageId
from core.messages import UnknownCommand
from tests.bots.test_replies import publish
from tests.bots.town import ALIX, CHANNEL, DEBATES, Stage, private, public, writes
from tests.fakes import ACCOUNT, Telling

ELSEWHERE = Address("-100999")


async def held(stage: Stage) -> tuple[int, int, int]:
    """How many cases, replies and updates are stored."""
    return await stage.look(
        lambda books: (
            len(books.cases.all()),
            len(books.replies.all()),
            len(books.inbox.pending(ACCOUNT, limit=9)),
        )
    )


OTHERS: dict[str, Telling] = {
    "no answer to anything": writes(ALIX, "Beau temps"),
    "in another group": writes(
        ALIX,
        "andouille",
        where=Handle(account=ACCOUNT, private=False, chat=ELSEWHERE, message=MessageId("70")),
    ),
    "without a place": writes(ALIX, "andouille", where=Handle(account=ACCOUNT, private=False)),
    "without a number": writes(ALIX, "andouille", where=Handle(account=ACCOUNT, private=False, chat=DEBATES)),
    "in private": writes(ALIX, "andouille", where=private(ALIX)),
}


@pytest.mark.parametrize("telling", OTHERS.values(), ids=OTHERS)
async def test_every_other_message_leaves_no_trace(stage: Stage, telling: Telling) -> None:
    """Parvis does not listen at doors."""
    await stage.hears(telling)

    assert await held(stage) == (0, 0, 0)


async def test_words_in_private_are_answered_with_the_way_to_the_help(stage: Stage) -> None:
    """Somebody who writes to the bot expects an answer."""
    answers = await stage.hears(writes(ALIX, "Bonjour ?", where=private(ALIX)))

    assert answers == (Say(handle=private(ALIX), message=UnknownCommand(), locale=Locale.FR),)


async def test_words_rewritten_in_private_are_not_answered_again(stage: Stage) -> None:
    """One answer is enough."""
    assert await stage.hears(writes(ALIX, "Bonjour ?", edited=True, where=private(ALIX))) == ()


async def test_a_debate_is_followed_to_its_new_address(stage: Stage) -> None:
    """Telegram gives a group that grows another number."""

    def moves(received: Received) -> tuple[Incoming, ...]:
        return (ChatMoved(received=received, old=DEBATES, new=ELSEWHERE),)

    await stage.hears(moves)
    there = Handle(account=ACCOUNT, private=False, chat=ELSEWHERE, message=MessageId("70"))
    answers = await stage.hears(writes(ALIX, "andouille", where=there))

    assert answers == (Remove(case=answers[0].case, chat=ELSEWHERE, message=MessageId("70")),)  # type: ignore[union-attr]  # a Remove


async def test_a_copy_of_a_post_is_remembered(stage: Stage) -> None:
    """Answers to the copy are about the post."""
    await stage.look(publish)

    def copies(received: Received) -> tuple[Incoming, ...]:
        return (
            Mirrored(
                received=received,
                channel=CHANNEL,
                post=MessageId("1001"),
                group=DEBATES,
                message=MessageId("56"),
            ),
        )

    answers = await stage.hears(copies)

    found = await stage.look(lambda books: books.deliveries.of_message(ACCOUNT, DEBATES, MessageId("56")))
    assert (answers, found) == ((), DeliveryId(1))


async def test_a_message_that_is_fine_is_not_answered(stage: Stage) -> None:
    """The bot keeps quiet in a debate."""
    assert await stage.hears(writes(ALIX, "Très bien", where=public())) == ()
