"""What a typed /vote or /withdraw means."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.identifiers import PollId
from core.messages import BallotRefused, BallotWithdrawn, MyVotes, OpenPolls, PrivateOnly, Welcome
from core.poll import PollState
from tests.bots.town import (
    ALIX,
    ARBRES,
    JOURS,
    Stage,
    poll,
    presses,
    presses_command,
    private,
    public,
    types,
)


@pytest.fixture
async def two(stage: Stage) -> Stage:
    """The town with two polls open."""
    await stage.opens(poll(), poll(JOURS))
    return stage


def shown(*names: PollId) -> OpenPolls:
    """The answer that shows these open polls."""
    return OpenPolls(polls=tuple(replace(poll(name), state=PollState.OPEN) for name in names), zone="Europe/Paris")


async def test_a_vote_that_says_nothing_shows_the_polls(two: Stage) -> None:
    """With what to type."""
    assert await two.says(types(ALIX, "/vote")) == shown(ARBRES, JOURS)


@pytest.mark.parametrize("line", ["/vote 2", "/vote la lune"])
async def test_a_choice_that_names_none_of_two_polls_is_said_not_to_count(two: Stage, line: str) -> None:
    """A number alone could be meant for either, and a bare list could be taken for a receipt."""
    message = await two.says(types(ALIX, line))

    assert (message, await two.tally()) == (replace(shown(ARBRES, JOURS), uncounted=True), (0, 0, 0))


async def test_a_vote_names_its_poll_by_the_end(two: Stage) -> None:
    """Short enough to type on a telephone."""
    await two.hears(types(ALIX, "/vote jours 2"))

    assert await two.tally(JOURS) == (0, 1, 0)


async def test_a_link_to_a_poll_shows_its_ballot(two: Stage) -> None:
    """It comes in as a vote that names the poll and no option."""
    assert await two.says(types(ALIX, f"/vote {ARBRES}")) == shown(ARBRES)


async def test_a_link_to_a_closed_poll_says_so(voting: Stage) -> None:
    """An empty list would leave the citizen guessing."""
    await voting.closes()

    assert await voting.says(types(ALIX, f"/vote {ARBRES}")) == BallotRefused(reason="poll_is_closed")


async def test_a_link_to_a_poll_whose_hour_has_come_says_so(voting: Stage) -> None:
    """The closing instant decides, not the moment somebody gets round to it."""
    voting.clock.advance(timedelta(hours=1))

    assert await voting.says(types(ALIX, f"/vote {ARBRES}")) == BallotRefused(reason="poll_is_closed")


async def test_a_link_to_a_poll_that_has_not_opened_says_so(stage: Stage) -> None:
    """It may be shared before."""
    await stage.look(lambda books: books.polls.add(poll()))

    assert await stage.says(types(ALIX, f"/vote {ARBRES}")) == BallotRefused(reason="poll_is_not_open_yet")


async def test_a_link_to_a_poll_nobody_remembers_welcomes(voting: Stage) -> None:
    """Whoever follows an old link has just arrived."""
    message = await voting.says(types(ALIX, "/vote vieille_question"))

    assert isinstance(message, Welcome)


async def test_a_vote_in_a_poll_nobody_remembers_is_refused(voting: Stage) -> None:
    """It must not fall into the only open poll."""
    assert await voting.says(types(ALIX, "/vote vieille_question 1")) == BallotRefused(reason="unknown_poll")


async def test_words_that_are_no_option_are_refused(voting: Stage) -> None:
    """With one poll open they can only have been meant as an option."""
    assert await voting.says(types(ALIX, "/vote la lune")) == BallotRefused(reason="unknown_option")


async def test_the_words_of_an_option_go_before_the_end_of_a_name(stage: Stage) -> None:
    """An option may be called like its poll."""
    await stage.opens(poll(options=("Arbres", "Fleurs")))

    await stage.hears(types(ALIX, "/vote arbres"))

    assert await stage.tally() == (1, 0)


async def test_the_only_ballot_is_withdrawn_without_naming_it(two: Stage) -> None:
    """Nobody should have to look for a name to take a vote back."""
    await two.hears(presses(ALIX, 1, JOURS))

    message = await two.says(types(ALIX, "/retirer"))

    assert (message, await two.tally(JOURS)) == (BallotWithdrawn(), (0, 0, 0))


async def test_with_two_ballots_the_one_to_withdraw_must_be_named(two: Stage) -> None:
    """The answer shows both, with what to type."""
    for name in (ARBRES, JOURS):
        await two.hears(presses(ALIX, 1, name))

    message = await two.says(types(ALIX, "/withdraw"))

    assert isinstance(message, MyVotes)
    assert [ballot.poll for ballot in message.ballots] == [ARBRES, JOURS]


async def test_a_named_ballot_is_withdrawn(two: Stage) -> None:
    """As the list of one's ballots says how to."""
    for name in (ARBRES, JOURS):
        await two.hears(presses(ALIX, 1, name))

    await two.hears(types(ALIX, f"/withdraw {ARBRES}"))

    assert (await two.tally(ARBRES), await two.tally(JOURS)) == ((0, 0, 0), (0, 1, 0))


async def test_withdrawing_from_an_unknown_poll_is_refused(two: Stage) -> None:
    """Silence would look like success."""
    assert await two.says(types(ALIX, "/withdraw lune")) == BallotRefused(reason="unknown_poll")


@pytest.mark.parametrize("name", ["vote", "withdraw"])
async def test_typing_a_vote_in_a_group_is_asked_for_in_private(voting: Stage, name: str) -> None:
    """Everyone would see it, and it is not counted: the citizen is told where to send it."""
    message = await voting.says(types(ALIX, f"/{name} 1", where=public()))

    assert (message, await voting.tally()) == (PrivateOnly(command=f"/{name} {ARBRES}"), (0, 0, 0))


@pytest.mark.parametrize(("line", "poll"), [("/vote jours 1", f" {JOURS}"), ("/vote 1", ""), ("/vote", "")])
async def test_the_way_to_the_private_chat_leads_to_the_ballot(two: Stage, line: str, poll: str) -> None:
    """To the one that was named; what was chosen is not repeated before others."""
    assert await two.says(types(ALIX, line, where=public())) == PrivateOnly(command=f"/vote{poll}")


async def test_a_button_may_withdraw_in_a_group(voting: Stage) -> None:
    """Its answer is seen by the presser alone."""
    await voting.hears(presses(ALIX, 1))

    message = await voting.says(presses_command(ALIX, f"withdraw {ARBRES}", where=public(press="p")))

    assert message == BallotWithdrawn()


async def test_a_button_may_show_a_ballot_in_private(voting: Stage) -> None:
    """The ballot stands in the chat, with its buttons."""
    assert await voting.says(presses_command(ALIX, f"vote {ARBRES}", where=private(ALIX, press="p"))) == shown(ARBRES)
