"""Looking at programs at rest."""

import sys

import pytest

from benchmarks.footprint.process import at_rest, duration

SLEEPS = "import sys, time; sys.stderr.write('ready\\n'); time.sleep(60)"
FAILS = "raise SystemExit('no such file')"


def test_a_program_at_rest_has_a_memory() -> None:
    """An interpreter alone takes a few megabytes: less means that another process was looked at."""
    measured = at_rest((sys.executable, "-c", SLEEPS), signs=("ready",), seconds=0.1)

    assert 2 < measured["RSS MiB"] < 50


def test_a_program_that_never_works_is_told_with_its_own_words() -> None:
    """Otherwise the benchmark would wait for ever."""
    with pytest.raises(ValueError, match="no such file"):
        at_rest((sys.executable, "-c", FAILS), signs=("ready",), seconds=0.1)


def test_a_command_has_a_duration() -> None:
    """Starting an interpreter takes some milliseconds at least."""
    measured = duration((sys.executable, "-c", "pass"), times=1)

    assert measured["start s"] > 0.001


def test_every_sign_is_waited_for_in_any_order() -> None:
    """Networks open one beside the other; the last one ends the start."""
    both = SLEEPS.replace("ready", "second\\nfirst")

    assert at_rest((sys.executable, "-c", both), signs=("first", "second"), seconds=0.1)["start s"] > 0.001
