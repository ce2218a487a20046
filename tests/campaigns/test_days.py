"""Days as people write them, in French and in English, with and without their year."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.days import LOOKS_BACK, SpokenDay, on_calendar, sentences, spoken_days
from core.identifiers import Locale
from templates.environment import environment
from templates.officers import OfficersText

OUT = date(2026, 11, 3)
WORDS = {
    locale: vars(environment(locale, OfficersText({})).get_template("_phrases.j2").module) for locale in Locale
}  # the names of days and months, as the town's own messages write them
WRITTEN = [
    (Locale.FR, "Le mardi 12 novembre à 18 h", [(1, 12, 11, None)]),
    (Locale.FR, "MARDI 12 NOVEMBRE 2026", [(1, 12, 11, 2026)]),
    (Locale.FR, "le 1er décembre, ou le 2 de\u0301cembre", [(None, 1, 12, None), (None, 2, 12, None)]),
    (Locale.FR, "du mardi 10 au jeudi 12 novembre", [(1, 10, 11, None), (3, 12, 11, None)]),
    (Locale.FR, "vendredi 3, samedi 4 et dimanche 5 avril 2027", [(4, 3, 4, 2027), (5, 4, 4, 2027), (6, 5, 4, 2027)]),
    (Locale.FR, "le 31 nov. 2026 et le 2 fév. 2027", [(None, 31, 11, 2026), (None, 2, 2, 2027)]),
    (Locale.FR, "lundi 01/02/2027, ou 2027-02-03", [(0, 1, 2, 2027), (None, 3, 2, 2027)]),
    (Locale.FR, "3 mais, 12 marseillais, 18 h, 25 %, 130 mai, 12/11, tél. 01 02 03 04 05", []),
    (Locale.FR, "rue du 4 septembre, place du 8 Mai, l’arrêté municipal n° 2026-12 du 3 novembre 2026", []),
    (Locale.FR, "dans la rue du 4 au 5 juin", [(None, 4, 6, None), (None, 5, 6, None)]),
    (Locale.EN, "the order of 3 November 2026, by-laws no. 12 dated the 4th of May", []),
    (Locale.FR, "de 18 h au 12 juin", [(None, 12, 6, None)]),
    (Locale.FR, "jusqu’au mercredi 2\xa0août", [(2, 2, 8, None)]),
    (Locale.EN, "Tuesday 12 November at 6 pm", [(1, 12, 11, None)]),
    (Locale.EN, "Tuesday, November 12th, 2026", [(1, 12, 11, 2026)]),
    (Locale.EN, "on the 1st of March and the 3rd of April 2027", [(None, 1, 3, None), (None, 3, 4, 2027)]),
    (Locale.EN, "Monday 3 to Tuesday 4 May", [(0, 3, 5, None), (1, 4, 5, None)]),
    (Locale.EN, "12 March 20 people came; the 3 may come back", [(None, 12, 3, None)]),
    (Locale.EN, "Dec 24, 2026 or 2026-12-31", [(None, 24, 12, 2026), (None, 31, 12, 2026)]),
]


@pytest.mark.parametrize(("locale", "text", "days"), WRITTEN, ids=[text for _, text, _ in WRITTEN])
def test_the_days_of_a_text_are_read(
    locale: Locale, text: str, days: list[tuple[int | None, int, int, int | None]]
) -> None:
    """And nothing else is taken for one."""
    assert [(each.weekday, each.day, each.month, each.year) for each in spoken_days(text, locale)] == days


@given(st.dates(date(2020, 1, 1), date(2037, 12, 31)), st.sampled_from(Locale), st.booleans())
def test_every_day_that_our_own_words_write_is_read_again(day: date, locale: Locale, year: bool) -> None:  # noqa: FBT001  hypothesis gives it
    """With its day of the week, in both languages, to 2037."""
    weekday, month = WORDS[locale]["days"][day.weekday()], WORDS[locale]["months"][day.month - 1]
    number = "1er" if locale is Locale.FR and day.day == 1 else str(day.day)
    said = f"{weekday} {number} {month}" + (f" {day.year}" if year else "")

    (read,) = spoken_days(f"Réunion / Meeting {said} (18:00).", locale)

    assert read == SpokenDay(
        said=said, weekday=day.weekday(), day=day.day, month=day.month, year=day.year if year else None
    )


@given(st.dates(date(2024, 1, 1), date(2037, 12, 31)), st.integers(-119, 245))
def test_a_day_without_its_year_is_the_one_that_is_near(out: date, ahead: int) -> None:
    """From four months back to eight months ahead of the day the text goes out."""
    meant = out + timedelta(days=ahead)
    spoken = SpokenDay(said="", weekday=None, day=meant.day, month=meant.month, year=None)

    assert on_calendar(spoken, out) == meant


@given(st.text(), st.sampled_from(Locale))
def test_any_text_can_be_read(text: str, locale: Locale) -> None:
    """Whatever people write, a day is found in it or not."""
    assert all(on_calendar(spoken, OUT) is None or spoken.month <= 12 for spoken in spoken_days(text, locale))


@pytest.mark.parametrize("row", ["1,      ", "1 et      ", "3 - ", "lundi 3, ", "lundi    ", "Monday 3 to  the   "])
def test_a_table_of_numbers_is_read_at_once(row: str) -> None:
    """The service reads while citizens wait; in a list of prices, nobody finds a month."""
    began = time.process_time()
    found = [spoken for locale in Locale for spoken in spoken_days(row * 500, locale)]

    assert found == []
    assert time.process_time() - began < 1


def _spoken(day: int, month: int, year: int | None = None) -> SpokenDay:
    return SpokenDay(said="", weekday=None, day=day, month=month, year=year)


@pytest.mark.parametrize(
    ("spoken", "day"),
    [
        (_spoken(12, 11), date(2026, 11, 12)),
        (_spoken(1, 11), date(2026, 11, 1)),
        (_spoken(5, 1), date(2027, 1, 5)),
        (_spoken(31, 11), None),
        (_spoken(12, 13), None),
        (_spoken(29, 2), None),
        (_spoken(29, 2, 2028), date(2028, 2, 29)),
        (_spoken(29, 2, 2027), None),
    ],
)
def test_a_day_is_found_on_the_calendar_or_not(spoken: SpokenDay, day: date | None) -> None:
    """Of a 29 February nobody knows which is meant, unless one is near."""
    assert on_calendar(spoken, OUT) == day


def test_a_text_that_looks_back_means_the_last_day_of_that_name() -> None:
    """However long ago, and the next one when there was none."""
    assert on_calendar(_spoken(12, 12), OUT, past=True) == date(2025, 12, 12)
    assert on_calendar(_spoken(29, 2), date(2027, 11, 3), past=True) == date(2028, 2, 29)


def test_a_29_february_long_gone_is_still_one() -> None:
    """There is no nearer one."""
    assert on_calendar(_spoken(29, 2), date(2029, 2, 1) - LOOKS_BACK) == date(2028, 2, 29)


def test_sentences_end_at_a_stop_before_a_capital_and_at_the_end_of_a_line() -> None:
    """Not after an abbreviation."""
    text = "Le 12 nov. 2026 à 18 h. Venez ! État civil\n1. la halle ;\n\n2. le pont"

    assert sentences(text) == ("Le 12 nov. 2026 à 18 h.", "Venez !", "État civil", "1. la halle ;", "2. le pont")
