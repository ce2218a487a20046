"""Commands given where others read them, and commands that come by a link."""

from dataclasses import replace

import pytest

from core.answers import Remove
from core.events import CommandGiven, Incoming, MessagePosted, Received
from core.identifiers import Address
from core.messages import MyData, MyVotes, OpenPolls, Welcome
from core.moderation import CaseState
from core.ports.store import Books
from tests.bots.listening import listening
from tests.bots.test_replies import publish
from tests.bots.town import ALIX, ARBRES, Stage, presses, private, public, types, writes
from tests.fakes import Telling


def aloud(line: str, *, official: bool = False, chat: str | None = None) -> Telling:
    """Alix gives a command in the discussion group, or in another one."""
    place = public(message="70")
    where = place if chat is None else replace(place, chat=Address(chat))

    def telling(received: Received) -> tuple[Incoming, ...]:
        (given,) = types(ALIX, line, where=where)(received)
        (said,) = writes(ALIX, line, where=where, official=official)(received)
        assert isinstance(given, CommandGiven)
        assert isinstance(said, MessagePosted)
        return (replace(given, said=said),)

    return telling


def followed(line: str) -> Telling:
    """Alix follows a link to a command."""

    def telling(received: Received) -> tuple[Incoming, ...]:
        (given,) = types(ALIX, line, where=private(ALIX))(received)
        assert isinstance(given, CommandGiven)
        return (replace(given, followed=True),)

    return telling


@pytest.mark.parametrize("line", ["/x andouille", "/vote andouille", "/help andouille"])
async def test_a_command_does_not_escape_the_charter(stage: Stage, line: str) -> None:
    """A slash before an insult would be a way around every rule."""
    (removal,) = await stage.hears(aloud(line))

    assert isinstance(removal, Remove)
    assert await stage.pending() == 0


@pytest.mark.parametrize(
    "telling",
    [aloud("/rules andouille", official=True), aloud("/rules andouille", chat="-9")],
    ids=["an official", "another group"],
)
async def test_a_command_that_no_rule_touches_is_obeyed(stage: Stage, telling: Telling) -> None:
    """The charter holds in the debates, for those who take part."""
    assert await stage.says(telling) is not None


async def test_a_vote_given_aloud_is_sent_to_the_private_chat(voting: Stage) -> None:
    """It is judged, then answered like any other command that only one person should read the answer of."""
    voting.platform.hears(aloud("/vote 1"))

    async with listening(voting):
        assert await voting.tally() == (0, 0, 0)
        assert [post.text.plain for _, post in voting.platform.said] == ["<private_only fr>"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [("/forgetme", MyData), ("/withdraw", MyVotes), ("/stop", Welcome), ("/subscribe", Welcome), ("/vote", OpenPolls)],
)
async def test_a_link_shows_and_never_acts(voting: Stage, line: str, shown: type) -> None:
    """Anybody can copy a link that the bot wrote, and say that it leads elsewhere."""
    await voting.hears(presses(ALIX, 1))

    assert isinstance(await voting.says(followed(line)), shown)
    assert await voting.tally() == (0, 1, 0)


async def test_a_link_to_a_ballot_fills_in_nothing(voting: Stage) -> None:
    """What is chosen is chosen by who votes."""
    assert await voting.says(followed(f"/vote {ARBRES} 1")) == await voting.says(types(ALIX, f"/vote {ARBRES}"))
    assert await voting.tally() == (0, 0, 0)


def cannot_remove(books: Books) -> None:
    """The bot lacks the right to."""
    (case,) = books.cases.all()
    books.cases.move(case.number, expected=CaseState.TO_REMOVE, state=CaseState.NOT_REMOVED)


async def test_a_message_dealt_with_is_not_collected_when_it_is_rewritten(stage: Stage) -> None:
    """Its case is settled; as a reply it would reach the town hall all the same."""
    await stage.look(publish)
    await stage.hears(writes(ALIX, "andouille", answers="55"))
    await stage.look(cannot_remove)

    await stage.hears(writes(ALIX, "andouille !", answers="55", edited=True))

    assert await stage.look(lambda books: books.replies.all()) == ()
