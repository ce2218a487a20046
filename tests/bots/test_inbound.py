"""The inbound guard."""

import asyncio

import pytest

from bots.inbound import guarded, reason

SECRET = "Alix Martin said andouille"


def test_an_error_is_kept_and_the_rest_goes_on() -> None:
    """One update must not stop the others."""
    with guarded() as guard:
        raise ValueError(SECRET)

    assert isinstance(guard.failure, ValueError)


def test_being_cancelled_is_no_error() -> None:
    """A process that is asked to stop must stop."""
    with pytest.raises(asyncio.CancelledError), guarded():
        raise asyncio.CancelledError


def test_a_reason_names_the_place_and_no_words() -> None:
    """The words of an error may be the words of a citizen."""
    with guarded() as guard:
        raise ValueError(SECRET)

    assert guard.failure is not None
    assert reason(guard.failure).startswith("ValueError at test_inbound.py:")


def test_an_error_that_was_never_raised_comes_from_nowhere() -> None:
    """It has no place."""
    assert reason(KeyError(SECRET)) == "KeyError at nowhere"
