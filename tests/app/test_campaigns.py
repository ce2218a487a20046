"""What an officer is told about a campaign file."""

import pytest

from app.campaigns import why
from core.native import Misfit, Reason

SAID = {
    Misfit(Reason.NONE): "it has none",
    Misfit(Reason.MANY_OPTIONS, 6, 4): "6 options, 4 fit",
    Misfit(Reason.LONG_QUESTION, 310, 300): "a question of 310 characters, 300 fit",
    Misfit(Reason.LONG_OPTION, 80, 50): "an option of 80 characters, 50 fit",
    Misfit(Reason.SEVERAL, 1, 0): "it takes one answer only",
    Misfit(Reason.SHORT, 120, 300): "open for 2 min, 5 min at least",
    Misfit(Reason.LONG, 45 * 86400, 30 * 86400): "open for 45 days, 30 days at most",
    Misfit(Reason.UNEVEN, 5400, 3600): "open for 90 min, a multiple of 1 h fits",
}


@pytest.mark.parametrize("misfit", SAID, ids=lambda misfit: misfit.reason.value)
def test_why_a_question_does_not_fit_is_said_with_its_measure(misfit: Misfit) -> None:
    """The officer can shorten it, or leave it."""
    assert why(misfit) == SAID[misfit]


def test_every_reason_has_its_words() -> None:
    """A new one without any would end the plan with a traceback."""
    assert {misfit.reason for misfit in SAID} == set(Reason)
