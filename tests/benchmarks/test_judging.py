"""What judging costs: no message is dear, whatever is in it."""

from collections.abc import Callable

import pytest

from benchmarks.judging.ours import Hall, cost, ordinary, rate, storm
from benchmarks.judging.texts import HOSTILE
from core.rules.context import LONGEST

BUDGET = 10  # milliseconds of processor time
PROBED = 3  # times slower, with the probes of the coverage on a busy machine; benchmarks.judging measures without
AFTER = 15  # messages like it


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
def test_no_message_of_the_longest_length_costs_more_than_ten_milliseconds(made: Callable[[int], str]) -> None:
    """However hostile, with noting it among what was said lately."""
    assert len(made(100)) == LONGEST
    assert cost(Hall(), made, range(100, 103), after=AFTER) < BUDGET * PROBED


def test_every_way_of_judging_is_measured_on_messages_that_are_judged() -> None:
    """A benchmark that skipped the work would be quick."""
    hall = Hall()

    assert all(rate(work, ordinary(5)) > 0 for work in (hall.alone, hall.noted, hall.kept))
    assert hall.recent.in_chats.size("telegram -1000") == 2
    assert len({said.text for said in storm(5)}) == 1


def test_a_longer_message_is_judged_by_its_beginning() -> None:
    """A post of a megabyte, which a server of Mastodon may send, costs no more than the longest of the others."""
    whole = HOSTILE["stretched pieces"](0) * 50

    assert cost(Hall(), lambda _: whole, range(3), after=1) < BUDGET * PROBED
