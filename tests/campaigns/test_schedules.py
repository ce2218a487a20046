"""Steps that recur, count from another, or have a condition: as written in a campaign file, and what is wrong there."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from core.campaign import After, Condition, StepKind
from core.identifiers import PollId, StepName
from core.recurrence import Chosen, OnHoliday, Recurrence, Unit
from tests.campaigns.plans import GOOD, line, mistakes, read

MARKET = """
[announcements.market]
title.fr = "Le marché"
title.en = "The market"
body.fr = "Ce mardi, le marché est sur la place."
body.en = "This Tuesday the market is on the square."

[[steps]]
name = "market"
do = "announce"
announcement = "market"

[steps.repeat]
every = "2 weeks"
on = ["tuesday", "last working day"]
time = 18:00:00
from = 2027-03-02
until = 2027-12-31
holidays = "skip"
"""
RULE = MARKET[MARKET.index("[steps.repeat]") :]
LAST = 'do = "thank"\npoll = "route"\nafter = "1 h"\n'


def _flaws(folder: Path, *changes: tuple[str, str]) -> list[tuple[str, str, str | None]]:
    """What is wrong with the good file and a market, once each first part is replaced by its second."""
    text = GOOD + MARKET
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return [(each.key, each.problem, each.nearest) for each in mistakes(folder, (GOOD, text))]


def test_a_rule_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Days, time, bounds and what becomes of public holidays."""
    campaign = read(tmp_path, GOOD + MARKET)

    assert campaign.steps[-1].name == "market"
    assert campaign.steps[-1].when == Recurrence(
        unit=Unit.WEEK,
        every=2,
        on=(Chosen(weekday=1), Chosen(working=True, rank=-1)),
        time=time(18),
        first=date(2027, 3, 2),
        until=date(2027, 12, 31),
        holidays=OnHoliday.SKIP,
    )


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ("Tuesday", Chosen(weekday=1)),
        ("second  tuesday", Chosen(weekday=1, rank=2)),
        ("last sunday", Chosen(weekday=6, rank=-1)),
        ("day 31", Chosen(rank=31)),
        ("last day", Chosen(rank=-1)),
        ("first working day", Chosen(working=True, rank=1)),
        ("working day", Chosen(working=True)),
        ("day", Chosen()),
    ],
)
def test_days_are_written_in_words(tmp_path: Path, words: str, chosen: Chosen) -> None:
    """As people say them."""
    when = (
        read(tmp_path, (GOOD + MARKET).replace('"2 weeks"', '"month"').replace('"tuesday"', f'"{words}"'))
        .steps[-1]
        .when
    )

    assert isinstance(when, Recurrence)
    assert (when.every, when.unit, when.on[0]) == (1, Unit.MONTH, chosen)


@pytest.mark.parametrize(
    ("zone", "place", "expected"),
    [
        ("Europe/Paris", "", "FR"),
        ("Europe/Paris", 'place = "FR-6AE"', "FR-6AE"),
        ("Indian/Reunion", "", "FR-974"),
        ("Pacific/Marquesas", "", "FR-PF"),
        ("Europe/Brussels", 'place = "BE"', "BE"),
        ("Europe/Paris", 'place = ""', ""),
    ],
)
def test_public_holidays_are_those_of_the_place_or_of_the_zone(
    tmp_path: Path, zone: str, place: str, expected: str
) -> None:
    """A town overseas says its zone, and need not say more."""
    text = (GOOD + MARKET).replace('zone = "Europe/Paris"', f'zone = "{zone}"\n{place}')

    assert read(tmp_path, text).place == expected


def test_steps_count_from_others_and_have_conditions(tmp_path: Path) -> None:
    """After, or before, the step of that name; only if few took part, or enough."""
    again = '[[steps]]\ndo = "remind"\npoll = "route"\nbefore = "1 day 2 h"\nof = "close_poll-route"\n'
    again += "only_if = { participation_below = 50 }\n"
    follow = '[[steps]]\nname = "answer"\ndo = "follow_up"\npoll = "route"\nannouncement = "news"\nafter = "30 days"\n'
    follow += 'of = "publish_results-route"\nonly_if = { quorum = 100 }\n'

    remind, answer = read(tmp_path, GOOD.replace('after = "12 h"', 'after = "3 days"') + again + follow).steps[-2:]

    assert (remind.name, remind.when) == (
        "remind-route-2",
        After(timedelta(hours=-2), -1, StepName("close_poll-route")),
    )
    assert remind.only_if == Condition(poll=PollId("bridge_route"), below=50)
    assert (answer.kind, answer.subject, answer.words) == (StepKind.FOLLOW_UP, "bridge_route", "bridge_news")
    assert answer.only_if == Condition(poll=PollId("bridge_route"), quorum=100)


WRONG = {
    "a day that is none": (
        ('"tuesday"', '"teusday"'),
        ("steps.6.repeat.on.0", "«teusday» is no day such as «tuesday», «last working day» or «day 15»", "tuesday"),
    ),
    "a rank that is none": (
        ('"tuesday"', '"secnd tuesday"'),
        (
            "steps.6.repeat.on.0",
            "«secnd tuesday» is no day such as «tuesday», «last working day» or «day 15»",
            "second tuesday",
        ),
    ),
    "a period that is none": (
        ('"2 weeks"', '"weekly"'),
        ("steps.6.repeat.every", "«weekly» is neither «week», «2 weeks», «month» nor «3 months»", "week"),
    ),
    "a number for words": (
        ('"2 weeks"', "2"),
        ("steps.6.repeat.every", "is not a text in quotes, such as «2 h», «2 weeks» or «tuesday»", None),
    ),
    "a time that is none": (
        ("18:00:00\nfrom", '"18:00"\nfrom'),
        ("steps.6.repeat.time", "is not a time of day: write for instance 18:00:00", None),
    ),
    "a date with a time": (
        ("until = 2027-12-31", "until = 2027-12-31T12:00:00"),
        ("steps.6.repeat.until", "is not a date: write for instance 2027-03-01", None),
    ),
    "a policy misspelt": (
        ('"skip"', '"skp"'),
        (
            "steps.6.repeat.holidays",
            "is none of 'keep', 'skip', 'next_working_day' or 'previous_working_day'",
            "skip",
        ),
    ),
    "a key misspelt": (("from = 2027", "form = 2027"), ("steps.6.repeat.form", "unknown key", "from")),
    "no end": (
        ("until = 2027-12-31\n", ""),
        ("steps.6.repeat", "has no end: say «until» a date, or «count»", None),
    ),
    "the end before the beginning": (
        ("until = 2027-12-31", "until = 2027-03-01"),
        ("steps.6.repeat.until", "is before «from»", None),
    ),
    "never": (
        ('"tuesday", "last working day"', '"day 31"'),
        ("steps.6.repeat", "no day is ever chosen: look at «on», «from» and «until»", None),
    ),
    "when said twice": (
        ('announcement = "market"\n', 'announcement = "market"\nat = 2027-03-02T18:00:00\n'),
        ("steps.6.do", "say when: one of «at», «after», «before» or «repeat»", None),
    ),
    "an answer that would come again and again": (
        ('do = "announce"\nannouncement = "market"', 'do = "follow_up"\nannouncement = "market"\npoll = "route"'),
        ("steps.6.do", "a step that does «follow_up» takes place once", None),
    ),
    "a name used twice": (
        ('do = "thank"', 'name = "market"\ndo = "thank"'),
        ("steps.6.name", "there is a step «market» already", None),
    ),
    "a name that is none": (
        ('name = "market"', 'name = "The market"'),
        ("steps.6.name", "«The market» is no short name: 1 to 24 of a-z, 0-9 and -", None),
    ),
    "an unknown step": (
        (LAST, LAST + 'of = "markt"\n'),
        ("steps.5.of", "there is no step «markt» in this file", "market"),
    ),
    "a step named for a fixed time": (
        ("at = 2027-03-02T18:00:00", 'at = 2027-03-02T18:00:00\nof = "market"'),
        ("steps.1.of", "goes with «after» or «before»", None),
    ),
    "before nothing": (
        (LAST, LAST.replace("after", "before")),
        ("steps.5.before", 'say before which step: of = "…"', None),
    ),
    "thanks after each market": (
        (LAST, LAST + 'of = "market"\n'),
        ("steps.5.do", "a step that does «thank» takes place once", None),
    ),
    "a step from itself": (
        (LAST, LAST + 'of = "thank-route"\n'),
        ("steps.5.of", "counts from itself, through the steps it names", None),
    ),
    "a place without holidays": (
        ('zone = "Europe/Paris"', 'place = "FR-67"'),
        ("campaign.place", "no public holidays are known of «FR-67»", "FR-57"),
    ),
    "nobody's holidays": (
        ('zone = "Europe/Paris"', 'zone = "Europe/Brussels"'),
        (
            "steps.6.repeat",
            'whose public holidays? Write place = "…" under [campaign]: «Europe/Brussels» does not say',
            None,
        ),
    ),
    "a condition that says nothing": (
        (LAST, LAST + "only_if = {}\n"),
        ("steps.5.only_if", "says nothing: write «closed», «participation_below» or «quorum»", None),
    ),
    "a condition of no poll": (
        ('announcement = "market"\n', 'announcement = "market"\nonly_if = { closed = true }\n'),
        ("steps.6.only_if", 'say of which poll: poll = "…"', None),
    ),
    "a condition of an unknown poll": (
        (LAST, LAST + 'only_if = { poll = "rout", closed = true }\n'),
        ("steps.5.only_if.poll", "there is no poll «rout» in this file", "route"),
    ),
    "an opening on a condition": (
        ('grace = "2 h"', 'grace = "2 h"\nonly_if = { participation_below = 5 }'),
        ("steps.1.only_if", "a step that does «open_poll» always takes place", None),
    ),
    "a follow-up without words": (
        ('do = "thank"', 'do = "follow_up"'),
        ("steps.5.do", 'say which announcement: announcement = "…"', None),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_named_with_its_place_and_the_nearest_right_name(tmp_path: Path, case: str) -> None:
    """One by one."""
    change, flaw = WRONG[case]

    assert _flaws(tmp_path, change) == [flaw]


def test_the_step_after_a_rule_says_what_it_counts_from(tmp_path: Path) -> None:
    """After each of them, or after another."""
    after = '\n[[steps]]\ndo = "announce"\nannouncement = "news"\nafter = "1 day"\n'

    found = _flaws(tmp_path, ('holidays = "skip"\n', f'holidays = "skip"\n{after}'))
    named = _flaws(tmp_path, ('holidays = "skip"\n', f'holidays = "skip"\n{after}of = "market"\n'))

    assert found == [("steps.7.after", 'the step above recurs: say after which step: of = "…"', None)]
    assert named == []


def test_steps_that_count_from_one_another_in_a_circle_are_refused(tmp_path: Path) -> None:
    """Each is named."""
    first = ('after = "10 min"', 'after = "10 min"\nof = "thank-route"')

    found = _flaws(tmp_path, first, (LAST, LAST + 'of = "announce-news"\n'))

    assert [key for key, problem, _ in found if "counts from itself" in problem] == ["steps.0.of", "steps.5.of"]


def test_a_public_poll_has_no_count_to_decide_by(tmp_path: Path) -> None:
    """Its votes are in the networks' hands, and one person may have several."""
    public = ("[polls.route]", "[polls.route]\npublic = true")

    counted = _flaws(tmp_path, public, (LAST, LAST + "only_if = { quorum = 10 }\n"))
    closed = _flaws(tmp_path, public, (LAST, LAST + "only_if = { closed = true }\n"))

    assert [key for key, _, _ in counted] == ["steps.5.only_if"]
    assert closed == []


@pytest.mark.parametrize(("before", "flawed"), [("1 h", False), ("40 h", True)])
def test_a_reminder_that_counts_backwards_is_within_the_poll(tmp_path: Path, before: str, *, flawed: bool) -> None:
    """Wherever it is written."""
    extra = f'[[steps]]\ndo = "remind"\npoll = "route"\nbefore = "{before}"\nof = "close_poll-route"\n'

    found = _flaws(tmp_path, (MARKET, MARKET + extra))

    assert found == ([("steps.7.do", "a reminder stands between opening and closing", None)] if flawed else [])


@pytest.mark.parametrize(("of", "flawed"), [("close_poll-route", False), ("open_poll-route", True)])
def test_thanks_that_count_from_a_named_step_come_after_the_closing(tmp_path: Path, of: str, *, flawed: bool) -> None:
    """Wherever they are written."""
    found = _flaws(tmp_path, (LAST, f'{LAST}of = "{of}"\n'))

    assert found == ([("steps.5.do", "«thank» comes after the poll is closed", None)] if flawed else [])


def test_a_rule_at_a_time_that_some_night_does_not_have_is_refused_where_the_file_says_so(tmp_path: Path) -> None:
    """Every Sunday at half past two, until after the last one of March."""
    night = (("time = 18:00:00", "time = 02:30:00"), ('"tuesday"', '"sunday"'), ('"2 weeks"', '"week"'))

    refused = _flaws(tmp_path, ("[campaign]", '[campaign]\ngap = "refuse"'), *night)

    assert refused == [("steps.6.repeat", "2027-03-28 02:30 does not exist in Europe/Paris", None)]
    assert _flaws(tmp_path, *night) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('"tuesday"', '"teusday"'), 'on = ["teusday"'),
        (('holidays = "skip"', 'holidays = "skp"'), 'holidays = "skp"'),
        (("until = 2027-12-31\n", ""), "[steps.repeat]"),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_its_line(tmp_path: Path, change: tuple[str, str], place: str) -> None:
    """In a table below the step, in which the same words may stand several times."""
    text = (GOOD + MARKET + MARKET[MARKET.index("[[steps]]") :].replace('"market"', '"again"', 1)).replace(*change, 1)

    (finding,) = mistakes(tmp_path, (GOOD, text))

    assert finding.line == line(place, of=text)
