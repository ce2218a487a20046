"""Which polls are open, and one's own ballots."""

from dataclasses import replace
from datetime import timedelta

from core.messages import BallotStanding, MyVotes, OpenPolls
from core.poll import PollState
from tests.bots.town import ALIX, ARBRES, BLAISE, JOURS, Stage, both, poll, presses, public, types


async def test_open_polls_are_shown_anywhere(voting: Stage) -> None:
    """They are everyone's business."""
    message = await voting.says(types(ALIX, "/sondages", where=public()))

    assert message == OpenPolls(polls=(replace(poll(), state=PollState.OPEN),), zone="Europe/Paris")


async def test_a_poll_past_its_hour_is_not_shown_as_open(voting: Stage) -> None:
    """A vote would be refused."""
    voting.clock.advance(timedelta(hours=1))

    assert await voting.says(types(ALIX, "/polls")) == OpenPolls(polls=(), zone="Europe/Paris")


async def test_ones_own_ballots_are_shown_in_private(voting: Stage) -> None:
    """To be sure of what one chose."""
    await voting.hears(presses(ALIX, 1))

    message = await voting.says(types(ALIX, "/monvote"))

    standing = BallotStanding(
        poll=ARBRES,
        question=both("Que planter ?"),
        chosen=(both("Des cerisiers"),),
        open=True,
        closes_at=poll().closes_at,
        zone="Europe/Paris",
    )
    assert message == MyVotes(ballots=(standing,))


async def test_nobody_sees_the_ballot_of_another(voting: Stage) -> None:
    """That is the secret."""
    await voting.hears(presses(ALIX, 1))

    assert await voting.says(types(BLAISE, "/myvote")) == MyVotes(ballots=())


async def test_a_ballot_whose_key_is_gone_is_nobodys(stage: Stage) -> None:
    """After the contest delay nothing links a ballot to an account."""
    await stage.opens(poll(), poll(JOURS))
    for name in (ARBRES, JOURS):
        await stage.hears(presses(ALIX, 1, name))
    await stage.closes(JOURS)
    stage.vault.destroy_poll_key(JOURS)

    message = await stage.says(types(ALIX, "/myvote"))

    assert isinstance(message, MyVotes)
    assert [ballot.poll for ballot in message.ballots] == [ARBRES]
