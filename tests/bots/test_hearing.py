"""From a stored update to what it says."""

import pytest

from bots.hearing import Ballot, Heard, Unheard, hear
from core.errors import Unreadable
from core.events import Incoming, Received
from core.identifiers import IntakeId, Locale
from core.ports.books.inbox import Intake
from tests.bots.town import ALIX, Stage, presses, presses_command, public, types, writes
from tests.fakes import ACCOUNT, NOON, Telling


def heard(stage: Stage, telling: Telling) -> Ballot | Heard | Unheard:
    """What is heard of an update that says this."""
    update = stage.platform.update(telling)
    return hear(stage.platform, Intake(id=IntakeId(9), account=ACCOUNT, number=1, body=update.body, at=NOON))


VOTES = {
    "a press": presses(ALIX, 1),
    "a typed vote": types(ALIX, "/voter 2"),
    "a typed withdrawal": types(ALIX, "/withdraw"),
    "a pressed withdrawal": presses_command(ALIX, "withdraw"),
}


@pytest.mark.parametrize("telling", VOTES.values(), ids=VOTES)
async def test_an_act_of_voting_goes_to_the_booth(stage: Stage, telling: Telling) -> None:
    """All of them in one queue, so that one citizen's acts keep their order."""
    assert isinstance(heard(stage, telling), Ballot)


def says_nothing(_received: Received) -> tuple[Incoming, ...]:
    """An update about something that does not concern us."""
    return ()


def says_two_things(received: Received) -> tuple[Incoming, ...]:
    """An update with two events."""
    return presses(ALIX, 1)(received) * 2


OTHERS = {
    "a command": types(ALIX, "/help"),
    "an unknown command": types(ALIX, "/ban", where=public()),
    "a message": writes(ALIX, "Bonjour"),
    "nothing": says_nothing,
    "two things": says_two_things,
}


@pytest.mark.parametrize("telling", OTHERS.values(), ids=OTHERS)
async def test_everything_else_goes_to_the_attendant(stage: Stage, telling: Telling) -> None:
    """Whatever it is."""
    assert isinstance(heard(stage, telling), Heard)


@pytest.mark.parametrize("error", [Unreadable("what is this"), KeyError("from")])
async def test_what_cannot_be_read_is_told_apart(stage: Stage, error: Exception) -> None:
    """Also when the reading itself is at fault."""

    def cannot_be_read(_received: Received) -> tuple[Incoming, ...]:
        raise error

    found = heard(stage, cannot_be_read)

    assert isinstance(found, Unheard)
    assert found.why.startswith(type(error).__name__)


async def test_an_act_is_read_with_its_place_in_the_arrivals(stage: Stage) -> None:
    """Which of two votes is the latest is decided by it."""
    found = heard(stage, presses(ALIX, 1))

    assert isinstance(found, Ballot)
    assert found.ask.received == Received(account=ACCOUNT, order=IntakeId(9), at=NOON)
    assert found.ask.person.locale is Locale.FR
