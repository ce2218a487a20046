"""What every network's adapter promises, whatever the network: Publisher, Editor and Listener."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

import pytest

from core.delivery import Urgency
from core.errors import Rejected, Unavailable, Uncertain, Unreadable
from core.events import ButtonPressed, Choice, Incoming, MessagePosted, Received
from core.identifiers import IntakeId, PollId
from core.ports.platform import Cursor
from core.post import Button, Post, Receipt
from core.richtext import RichText
from sandbox.mastodon.profiles import GOTOSOCIAL, MASTODON
from tests.contracts.stages import ACCOUNT, NOON, DiscordStage, MastodonStage, Stage, TelegramStage

YES, NO = Choice(PollId("pont"), 0), Choice(PollId("pont"), 1)
ASKED = Post(text=RichText.of("Un pont ?"), buttons=((Button("Oui", YES), Button("Non", NO)),))
RECEIVED = Received(account=ACCOUNT, order=IntakeId(1), at=NOON)


Built = Callable[[], AbstractAsyncContextManager[Any]]
STAGES: dict[str, Built] = {
    "telegram": TelegramStage.built,
    "discord": DiscordStage.built,
    "mastodon": partial(MastodonStage.built, MASTODON),
    "gotosocial": partial(MastodonStage.built, GOTOSOCIAL),
}


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest, socket_enabled: None) -> AsyncIterator[Stage]:  # noqa: ARG001  loopback
    async with STAGES[request.param]() as built:
        yield built


async def publish(stage: Stage, post: Post, *, key: str = "1") -> list[Receipt]:
    out: list[Receipt] = []
    for rank, part in enumerate(stage.platform.plan(post, stage.place)):
        async with stage.platform.turn(stage.place, Urgency.CAMPAIGN):
            out += await stage.platform.send(part, key=f"{key}:{rank}", before=tuple(out))
    return out


async def hear(stage: Stage, cursor: Cursor | None = None) -> list[Incoming]:
    heard: list[Incoming] = []
    for update in await stage.platform.fetch(cursor):
        heard += stage.platform.understand(update.body, RECEIVED)
    return heard


def text(words: str) -> Post:
    return Post(text=RichText.of(words))


async def test_a_post_is_read_as_it_was_written(stage: Stage) -> None:
    """No network's markup eats a sign that somebody typed."""
    words = "Budget <2027> & *vous* _tous_ @everyone 1.5 (a) `b` #c"

    await publish(stage, text(words))

    assert stage.words() == [words]


async def test_planning_twice_gives_the_same_calls(stage: Stage) -> None:
    """What an officer previews is what is sent; a delivery goes on after a restart where it stopped."""
    assert stage.platform.plan(ASKED, stage.place) == stage.platform.plan(ASKED, stage.place)


async def test_a_receipt_names_the_message_in_its_chat(stage: Stage) -> None:
    """By the address that the network's own updates use."""
    (receipt,) = await publish(stage, ASKED)

    assert receipt.address == await stage.platform.resolve(stage.place)


async def test_a_call_that_did_nothing_may_be_made_again(stage: Stage) -> None:
    """The ledger tries later, and the place holds it once."""
    stage.refuse_for_now()
    with pytest.raises(Unavailable):
        await publish(stage, text("Une fois"))

    await publish(stage, text("Une fois"))

    assert stage.words() == ["Une fois"]


async def test_a_call_whose_answer_is_lost_leaves_a_doubt_or_is_found(stage: Stage) -> None:
    """The message may be out, and here it is: never «nothing was done», and never two."""
    stage.lose_the_answer()

    try:
        receipts = await publish(stage, text("Bonjour"))
    except Uncertain:
        receipts = []

    assert stage.words() == ["Bonjour"]
    assert len(receipts) <= 1


async def test_a_call_that_is_forbidden_is_rejected(stage: Stage) -> None:
    """Trying again is useless."""
    stage.lock_out()

    with pytest.raises(Rejected):
        await publish(stage, text("Bonjour"))


async def test_a_post_that_says_nothing_is_rejected(stage: Stage) -> None:
    """Before any call."""
    with pytest.raises(Rejected):
        stage.platform.plan(text(""), stage.place)


async def test_what_is_out_can_be_changed_and_changed_to_the_same(stage: Stage) -> None:
    """A board is refreshed by comparison, and comparisons may be wrong."""
    (receipt,) = await publish(stage, ASKED)

    for _ in range(2):
        await stage.platform.edit(receipt, text("Un pont : oui"))

    assert stage.words() == ["Un pont : oui"]


async def test_what_people_wrote_is_removed_or_the_removal_refused(stage: Stage) -> None:
    """A moderator may have been quicker; where it cannot be done, nobody is told that it was."""
    message = stage.write("zut")

    if stage.ours:
        for _ in range(2):
            await stage.platform.remove(stage.place, message)
    else:
        with pytest.raises(Rejected):
            await stage.platform.remove(stage.place, message)

    assert stage.words() == ([] if stage.ours else ["zut"])


async def test_a_message_is_heard_with_its_place_and_words(stage: Stage) -> None:
    """Everything else is the bots' business."""
    number = stage.write("Bonjour")

    (posted,) = await hear(stage)

    assert isinstance(posted, MessagePosted)
    assert (posted.text, posted.handle.chat, posted.handle.message) == ("Bonjour", stage.place, number)


async def test_a_choice_is_heard_and_answered_to_its_author_alone(stage: Stage) -> None:
    """The whole way of a vote on the network's side: by a button, else in words."""
    (receipt,) = await publish(stage, ASKED)
    stage.press(receipt.message, NO)

    (heard,) = await hear(stage)
    assert isinstance(heard, ButtonPressed | MessagePosted)
    await stage.platform.toast(heard.handle, "C'est noté.", alert=False)

    if stage.platform.capabilities.presses:
        assert isinstance(heard, ButtonPressed)
        assert heard.action == NO
    else:
        assert isinstance(heard, MessagePosted)
        assert (heard.text, heard.answers) == ("2", receipt.message)
    assert stage.bubbles() == ["C'est noté."]


async def test_what_is_not_confirmed_comes_again(stage: Stage) -> None:
    """A crash between hearing and storing loses nothing."""
    stage.write("Bonjour")
    first = await stage.platform.fetch(None)

    assert list(await stage.platform.fetch(None)) == list(first)


async def test_what_is_confirmed_comes_no_more(stage: Stage) -> None:
    """Asking from a number on confirms what is before it."""
    stage.write("un")
    first = await stage.platform.fetch(None)
    stage.write("deux")

    (posted,) = await hear(stage, Cursor(first[-1].number + 1, first[-1].mark))

    assert isinstance(posted, MessagePosted)
    assert posted.text == "deux"


async def test_reading_an_update_twice_says_the_same(stage: Stage) -> None:
    """What was stored before a crash is read again after it."""
    stage.write("Bonjour")
    (update,) = await stage.platform.fetch(None)

    assert stage.platform.understand(update.body, RECEIVED) == stage.platform.understand(update.body, RECEIVED)


async def test_what_nothing_explains_is_unreadable(stage: Stage) -> None:
    """It is set aside, and the rest goes on."""
    with pytest.raises(Unreadable):
        stage.platform.understand(b"\xff{", RECEIVED)


async def test_an_answer_is_said_where_the_question_was(stage: Stage) -> None:
    """In the same place."""
    stage.write("Bonjour")
    (posted,) = await hear(stage)
    assert isinstance(posted, MessagePosted)

    await stage.platform.say(posted.handle, text("Bienvenue"))

    assert stage.words() == ["Bonjour", "Bienvenue"]


async def test_a_chat_known_by_its_number_keeps_it(stage: Stage) -> None:
    """Nothing has to be asked for that."""
    assert await stage.platform.resolve(stage.place) == stage.place
