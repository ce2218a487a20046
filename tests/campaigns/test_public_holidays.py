"""Public holidays of France, mainland and overseas: day by day to 2037, against the law read a second time."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from campaigns.public_holidays import PLACE_OF_ZONE, UnknownPlace, days_off

YEARS = range(2026, 2038)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "public-holidays.md"
DAY = timedelta(days=1)

# Code du travail, L3133-1: (month, day), then days after Easter.
FRANCE = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
AFTER_EASTER = {1, 39, 50}
GOOD_FRIDAY, MID_LENT = -2, -24
# What each part adds: dates, and days counted from Easter.
PARTS: dict[str, tuple[set[tuple[int, int]], set[int]]] = {
    "FR": (set(), set()),
    "FR-57": ({(12, 26)}, {GOOD_FRIDAY}),
    "FR-6AE": ({(12, 26)}, {GOOD_FRIDAY}),
    "FR-971": ({(5, 27), (7, 21)}, {GOOD_FRIDAY, MID_LENT}),
    "FR-972": ({(5, 22), (7, 21)}, set()),
    "FR-973": ({(6, 10)}, set()),
    "FR-974": ({(12, 20)}, set()),
    "FR-976": ({(4, 27)}, set()),
    "FR-BL": ({(10, 9)}, set()),
    "FR-MF": ({(5, 28), (7, 21)}, set()),
    "FR-NC": ({(9, 24)}, set()),
    "FR-PF": ({(3, 5), (11, 20)}, {GOOD_FRIDAY}),
    "FR-PM": (set(), set()),
    "FR-WF": ({(4, 28), (6, 29), (7, 29)}, set()),
}


@pytest.mark.parametrize("place", PARTS)
def test_the_public_holidays_of_each_part_of_france_to_2037(place: str) -> None:
    """No day too many, none missing."""
    is_holiday, expected = days_off(place), {day for year in YEARS for day in _lawful(place, year)}
    first = date(YEARS[0], 1, 1)

    days = (first + number * DAY for number in range((date(YEARS[-1] + 1, 1, 1) - first).days))
    found = {day for day in days if is_holiday(day)}

    assert found == expected


def _lawful(place: str, year: int) -> Iterator[date]:
    dates, moving = PARTS[place]
    yield from (date(year, month, day) for month, day in FRANCE | dates)
    yield from (_easter(year) + days * DAY for days in AFTER_EASTER | moving)


def _easter(year: int) -> date:
    """By the computus of Meeus, Jones and Butcher."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def test_each_zone_of_a_french_commune_has_its_place() -> None:
    """So that a town overseas need not say it twice."""
    assert set(PLACE_OF_ZONE.values()) == set(PARTS) - {"FR-57", "FR-6AE"}


def test_the_page_of_public_holidays_names_every_part() -> None:
    """What the tests above compare is what a town hall reads."""
    assert set(re.findall(r"^\| `(FR[^`]*)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == set(PARTS)


def test_without_a_place_no_day_is_a_holiday() -> None:
    """Of a campaign that looks at none."""
    assert not days_off("")(date(2027, 12, 25))


@pytest.mark.parametrize(("place", "known"), [("FR-67", "FR-6AE"), ("XX", "FR"), ("XX-1", ""), ("FR-Zone A", "FR-971")])
def test_a_place_of_which_no_holidays_are_known_is_refused(place: str, known: str) -> None:
    """With those that may have been meant: school holidays are no public ones."""
    with pytest.raises(UnknownPlace, match=f"«{place}»") as refused:
        days_off(place)

    assert known in (*refused.value.known, "")
