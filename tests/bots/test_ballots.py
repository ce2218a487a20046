"""Voting, as a dialogue."""

from datetime import timedelta

import pytest

from bots.ballots import vote
from bots.desk import Press
from core.answers import Say, Toast
from core.events import Choice
from core.identifiers import Locale, PollId
from core.messages import BallotCounted, BallotRefused, BallotWithdrawn
from core.poll import PollKind, PollState
from tests.bots.town import ALIX, ARBRES, BLAISE, JOURS, OPTIONS, WENDY, Stage, both, poll, presses, public, said, types


def counted(*options: int, first: bool = False, kind: PollKind = PollKind.SINGLE) -> BallotCounted:
    """The answer to a vote for these."""
    return BallotCounted(chosen=tuple(both(OPTIONS[option]) for option in options), first=first, kind=kind)


async def test_a_press_counts_and_is_answered_in_a_bubble(voting: Stage) -> None:
    """Pressing a button is the whole of voting."""
    answers = await voting.hears(presses(ALIX, 1))

    assert answers == (Toast(handle=public(press="press of 711"), message=counted(1, first=True), locale=Locale.FR),)


async def test_another_press_changes_the_vote(voting: Stage) -> None:
    """One citizen, one ballot: the latest."""
    await voting.hears(presses(ALIX, 1))

    message = await voting.says(presses(ALIX, 2))

    assert (message, await voting.tally()) == (counted(2), (0, 0, 1))


async def test_the_same_press_again_changes_nothing(voting: Stage) -> None:
    """People press twice."""
    await voting.hears(presses(ALIX, 1))

    message = await voting.says(presses(ALIX, 1))

    assert (message, await voting.tally()) == (counted(1), (0, 1, 0))


async def test_a_second_press_takes_an_option_of_several_back(stage: Stage) -> None:
    """With several choices a button is a switch; the last one off withdraws the ballot."""
    await stage.opens(poll(kind=PollKind.MULTIPLE))
    await stage.hears(presses(ALIX, 1))

    assert await stage.says(presses(ALIX, 1)) == BallotWithdrawn()


async def test_a_press_after_closing_is_refused_aloud(voting: Stage) -> None:
    """The citizen must know that it does not count."""
    voting.clock.advance(timedelta(hours=1))

    answers = await voting.hears(presses(ALIX, 1))

    assert answers[0] == Toast(
        handle=public(press="press of 711"),
        message=BallotRefused(reason="poll_is_closed"),
        locale=Locale.FR,
        alert=True,
    )


@pytest.mark.parametrize(("option", "name", "why"), [(9, ARBRES, "unknown_option"), (0, JOURS, "unknown_poll")])
async def test_a_press_that_means_nothing_is_refused(voting: Stage, option: int, name: PollId, why: str) -> None:
    """Old buttons stay in old messages."""
    message = await voting.says(presses(ALIX, option, name))

    assert message == BallotRefused(reason=why)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (PollState.PLANNED, "poll_is_not_open_yet"),
        (PollState.OPEN, "unknown_poll"),
        (PollState.CLOSED, "poll_is_closed"),
    ],
)
async def test_without_its_key_no_poll_takes_a_vote(stage: Stage, state: PollState, why: str) -> None:
    """The key comes before the first ballot and goes after the last."""
    await stage.look(lambda books: books.polls.add(poll()))
    if state is not PollState.PLANNED:
        await stage.look(lambda books: books.polls.open(ARBRES))
    if state is PollState.CLOSED:
        await stage.closes()

    message = await stage.says(presses(ALIX, 0))

    assert (message, await stage.pending()) == (BallotRefused(reason=why), 0)


async def test_a_typed_vote_counts_like_a_press(voting: Stage) -> None:
    """Not everyone can press a button."""
    answers = await voting.hears(types(ALIX, "/vote 2"))

    assert (said(answers), await voting.tally()) == (counted(1, first=True), (0, 1, 0))
    assert isinstance(answers[0], Say)


async def test_several_options_can_be_typed_at_once(stage: Stage) -> None:
    """The whole ballot in one line."""
    await stage.opens(poll(kind=PollKind.MULTIPLE))

    message = await stage.says(types(ALIX, "/voter 3, des tilleuls"))

    assert message == counted(0, 2, first=True, kind=PollKind.MULTIPLE)


async def test_two_options_typed_in_a_poll_of_one_are_refused(voting: Stage) -> None:
    """Choosing for the citizen would be worse."""
    message = await voting.says(types(ALIX, "/vote 1 2"))

    assert message == BallotRefused(reason="too_many_options")


async def test_votes_that_came_together_are_cast_together(voting: Stage) -> None:
    """One commit for all is what makes a crowd affordable."""
    asks = [
        Press(received=await voting.receives(), person=person, handle=public(press="p"), choice=Choice(ARBRES, 1))
        for person in (ALIX, BLAISE, WENDY)
    ]
    voting.store.calls.clear()

    answers = await vote(voting.desk, asks)

    assert (len(answers), voting.store.calls) == (3, ["read", "cast"])


async def test_each_voter_is_answered_in_their_language(voting: Stage) -> None:
    """The language chosen goes before the one of the application."""
    await voting.hears(types(ALIX, "/langue anglais"))

    languages = [(await voting.hears(presses(person, 1)))[0] for person in (ALIX, BLAISE, WENDY)]

    assert [each.locale for each in languages if isinstance(each, Toast)] == [Locale.EN, Locale.FR, Locale.EN]


async def test_a_vote_and_its_intake_are_settled_together(voting: Stage) -> None:
    """The intake names the citizen and the choice: it goes with the commit."""
    await voting.hears(presses(ALIX, 1))

    assert await voting.pending() == 0
