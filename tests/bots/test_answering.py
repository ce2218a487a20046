"""Where an answer goes, and the last guard of privacy."""

import pytest

from bots.answering import answer
from core.answers import Say, Toast
from core.identifiers import Locale
from core.messages import (
    Answered,
    BallotCounted,
    BallotRefused,
    BallotWithdrawn,
    Forgotten,
    HelpShown,
    LanguageChosen,
    MyData,
    MyVotes,
    NotRecorded,
    PrivateOnly,
    Subscribed,
    Unsubscribed,
    Welcome,
)
from core.poll import PollKind
from tests.bots.town import ALIX, both, private, public

COUNTED = BallotCounted(chosen=(both("Oui"),), first=True, kind=PollKind.SINGLE)
PERSONAL = (
    COUNTED,
    BallotRefused(reason="poll_is_closed"),
    BallotWithdrawn(),
    MyVotes(ballots=()),
    Welcome(town=both("Saint-Aubin"), subscribed=True),
    LanguageChosen(),
    Subscribed(),
    Unsubscribed(),
    MyData(kept=(), export="{}"),
    Forgotten(erased=(), stays=()),
)


@pytest.mark.parametrize("message", PERSONAL, ids=lambda message: type(message).__name__)
def test_what_is_personal_is_never_said_in_a_group(message: Answered) -> None:
    """Everyone in the group would read it, whichever handler made the mistake."""
    given = answer(public(), message, Locale.FR)

    assert isinstance(given, Say)
    assert isinstance(given.message, PrivateOnly)


@pytest.mark.parametrize("message", PERSONAL, ids=lambda message: type(message).__name__)
def test_what_is_personal_is_said_in_private(message: Answered) -> None:
    """Nobody else reads there."""
    given = answer(private(ALIX), message, Locale.FR)

    assert given == Say(handle=private(ALIX), message=message, locale=Locale.FR)


def test_a_press_in_a_group_is_answered_to_the_presser_alone() -> None:
    """Only they see the bubble, so it may say what they chose."""
    handle = public(press="p")

    assert answer(handle, COUNTED, Locale.EN) == Toast(handle=handle, message=COUNTED, locale=Locale.EN)


@pytest.mark.parametrize("message", [BallotRefused(reason="poll_is_closed"), NotRecorded()])
def test_bad_news_must_be_closed_by_hand(message: Answered) -> None:
    """A bubble that vanishes could be missed, and the citizen believe that the vote counts."""
    given = answer(public(press="p"), message, Locale.FR)

    assert isinstance(given, Toast)
    assert given.alert


def test_a_press_in_a_group_that_asks_for_something_long_and_personal_is_sent_to_the_private_chat() -> None:
    """It does not fit a bubble, and must not stand in the group."""
    given = answer(public(press="p"), MyVotes(ballots=()), Locale.FR)

    assert given == Toast(handle=public(press="p"), message=PrivateOnly(command="/myvote"), locale=Locale.FR)


def test_a_long_answer_to_a_press_is_said_in_the_chat() -> None:
    """A bubble holds 200 characters."""
    shown = HelpShown(town=both("Saint-Aubin"))

    assert isinstance(answer(private(ALIX, press="p"), shown, Locale.FR), Say)


def test_what_concerns_everyone_is_said_in_a_group() -> None:
    """The help is nobody's secret."""
    shown = HelpShown(town=both("Saint-Aubin"))

    assert answer(public(), shown, Locale.FR) == Say(handle=public(), message=shown, locale=Locale.FR)
