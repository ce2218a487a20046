"""What the networks tell of their own polls."""

from core.events import Incoming, NativeTallied, Received
from core.identifiers import NativePollId
from core.native import NativeTally
from tests.bots.listening import listening
from tests.bots.town import Stage


def tallied(received: Received) -> tuple[Incoming, ...]:
    """The network tells the totals of a poll."""
    return (NativeTallied(received=received, poll=NativePollId("p1"), tally=NativeTally(counts=(1, 2, 0))),)


async def test_totals_are_dealt_with_and_answered_to_nobody(stage: Stage) -> None:
    """They name nobody who could be answered."""
    assert (await stage.hears(tallied), await stage.pending()) == ((), 0)


async def test_totals_go_through_the_runner_like_any_update(stage: Stage) -> None:
    """They belong to no person, so that nobody's other acts wait for them."""
    stage.platform.hears(tallied)

    async with listening(stage):
        pass

    assert (await stage.pending(), stage.platform.said) == (0, [])
