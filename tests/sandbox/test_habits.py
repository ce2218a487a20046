"""Habits: the crowd behaves as the people of real consultations did."""

import csv
import random
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sandbox.crowd import CrowdPlan
from sandbox.habits import TABLE, Habits, measured
from tests.sandbox.towns import NINE, LittleTown, playing

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SCRIPT = Path(__file__).parents[2] / "scripts" / "measure_habits.py"
AT_ONCE = Habits(arrivals={"a": (0.0, 0.1, 1.0)}, staying={2: 0.5, 4: 0.25}, returning=0, again=0, conversations=1)


def plan(habits: Habits, *, changing: float = 0) -> CrowdPlan:
    """Everybody takes part in the first poll, once; nobody is reminded."""
    return CrowdPlan(
        habits=habits,
        lengths={"a": 10 * DAY, "b": 10 * DAY},
        changing=changing,
        turnout=1,
        several=0,
        doubling=0,
        reminded=0,
        late=0,
        subscribers=0,
        typists=(),
    )


def who(town: LittleTown, poll: str) -> Counter[object]:
    """Who pressed a button of a poll, and how often."""
    return Counter(e["user"] for e in town.world.journal.of("press") if str(e["data"]).startswith(f"v1:{poll}:"))


def test_people_come_as_quickly_as_the_table_says() -> None:
    """Half of them in the first tenth."""
    dice = random.Random(1)

    early = sum(AT_ONCE.arrival(dice) <= 0.1 for _ in range(2000))

    assert 900 < early < 1100


@pytest.mark.parametrize(("question", "share"), [(2, 0.5), (3, 0.75), (4, 2 / 3), (5, 1.0)])
def test_some_leave_at_every_question(question: int, share: float) -> None:
    """Between two counted numbers along a line; after the last, whoever is still there stays."""
    assert AT_ONCE.stays(question) == pytest.approx(share)


async def test_the_crowd_arrives_over_the_length_of_the_poll() -> None:
    """Of a poll of ten days, half of the answers on the first."""
    async with playing(plan(AT_ONCE)) as town:
        town.asks("a")

        await town.plays(20 * DAY)

        at = [datetime.fromisoformat(str(entry["at"])) - NINE for entry in town.world.journal.of("press")]
        assert (len(at), 12 < sum(each <= DAY for each in at) < 28, max(at) <= 10 * DAY + HOUR) == (40, True, True)


async def test_a_second_question_of_the_same_sitting_loses_some() -> None:
    """People tire."""
    async with playing(plan(AT_ONCE)) as town:
        town.asks("a")
        await town.plays(HOUR)
        town.asks("b")
        await town.plays(20 * DAY)

        assert 10 < len(who(town, "b")) < 30


async def test_a_question_of_another_day_finds_those_who_come_back() -> None:
    """Here nobody: that is what reminders are for."""
    async with playing(plan(AT_ONCE)) as town:
        town.asks("a")
        await town.plays(DAY)
        town.asks("b")
        await town.plays(20 * DAY)

        assert (len(who(town, "a")), len(who(town, "b"))) == (40, 0)


async def test_who_votes_again_does_so_before_the_end() -> None:
    """A vote after the end would be none."""
    async with playing(plan(AT_ONCE, changing=1)) as town:
        town.asks("a")
        await town.plays(30 * DAY)

        last = max(datetime.fromisoformat(str(entry["at"])) for entry in town.world.journal.of("press"))
        assert (set(who(town, "a").values()), last <= NINE + 10 * DAY + HOUR) == ({2}, True)


def test_the_table_holds_shares_and_rising_curves() -> None:
    """It is read as it is kept."""
    habits = measured()

    assert all(list(parts) == sorted(parts) and 0 <= parts[0] <= parts[-1] <= 1 for parts in habits.arrivals.values())
    assert (len(habits.arrivals), 0 < habits.returning < 0.2, 0 < habits.again < 0.2) == (2, True, True)
    assert habits.conversations == 8


def write(path: Path, *rows: tuple[object, ...]) -> None:
    """A table."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_the_table_is_computed_from_dated_votes(tmp_path: Path) -> None:
    """Two people on the first day, one of whom is back on the tenth and answers the same question again."""
    day = 86_400_000
    events = [(0, "1", "7"), (3_600_000, "2", "7"), (9 * day, "1", "7"), (10 * day, "3", "7")]
    head = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
    write(tmp_path / "pont" / "votes.csv", head, *((at, "", comment, who, 1) for at, who, comment in events))
    answers = ((1, 2), (2, 1), (3, 0))
    write(tmp_path / "pont" / "participants-votes.csv", ("participant", "n-votes"), *answers)

    made = subprocess.run([sys.executable, SCRIPT, tmp_path], capture_output=True, text=True, check=True)

    found = tomllib.loads(made.stdout)
    assert (found["returning"], found["again"], found["staying"]["2"]) == (0.333, 0.333, 0.5)
    assert (found["arrivals"]["pont"][0], found["arrivals"]["pont"][-1]) == (0.0, 1.0)


def test_the_table_names_its_source_and_licence() -> None:
    """Others measured this; it is theirs to be credited."""
    head = TABLE.read_text(encoding="utf-8")

    assert all(words in head for words in ("compdemocracy/openData", "CC BY 4.0", "scripts/measure_habits.py"))
