"""The rules of pre-flight about one text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import prose
from campaigns.texts import Role, Text
from core.identifiers import Locale
from core.preflight import (
    DateImpossible,
    DatePast,
    DescriptionMissing,
    HardToRead,
    HashtagUnreadable,
    LanguageDoubtful,
    LanguageMissing,
    WeekdayWrong,
)
from core.wording import Wording
from tests.campaigns.test_reading import OFFICIAL

OUT = date(2026, 11, 3)  # a Tuesday
FRENCH = "La mairie va refaire le toit de la halle avec vous et pour tous."
ADDRESS = "École Jules-Ferry, 12 rue de la République, 44000 Nantes"
LINK = "https://mairie.example.org/fr/actualites/2026/11/travaux-du-pont-neuf"
ENGLISH = "The town hall will mend the roof of the hall with you and for all."


def text(fr: str, en: str = "", role: Role = Role.BODY, *, file: str = "") -> Text:
    """A text of the news; its English is empty unless said."""
    return Text(place="announcements.news.x", role=role, wording=Wording(fr=fr, en=en), file=file)


FR, EN = "announcements.news.x.fr", "announcements.news.x.en"
LANGUAGES = [
    ("both", FRENCH, ENGLISH, []),
    ("no French", " \n", ENGLISH, [LanguageMissing(place=FR, locale=Locale.FR)]),
    ("nothing", "", "", [LanguageMissing(place=FR, locale=Locale.FR), LanguageMissing(place=EN, locale=Locale.EN)]),
    ("copied French", FRENCH, FRENCH.upper(), [LanguageMissing(place=EN, locale=Locale.EN)]),
    ("copied English", ENGLISH, ENGLISH, [LanguageMissing(place=FR, locale=Locale.FR)]),
    ("an address", ADDRESS, ADDRESS, [LanguageDoubtful(place=EN, locale=Locale.EN)]),
    ("a link", LINK, LINK, []),
    ("a name", "Place de la République", "Place de la République", []),
    (
        "changed places",
        ENGLISH,
        FRENCH,
        [LanguageDoubtful(place=FR, locale=Locale.FR), LanguageDoubtful(place=EN, locale=Locale.EN)],
    ),
    ("neither", "Un deux trois quatre cinq six sept huit neuf", "One two three four five six seven eight nine", []),
]


@pytest.mark.parametrize(("fr", "en", "found"), [each[1:] for each in LANGUAGES], ids=[each[0] for each in LANGUAGES])
def test_each_text_stands_in_both_languages(fr: str, en: str, found: list[object]) -> None:
    """Names are the same in both."""
    assert list(prose.languages(text(fr, en))) == found


@pytest.mark.parametrize("said", ["pont_1.png", "Pont 1", "PONT_1", "Photo", "Image 2", "…"])
def test_a_description_that_describes_nothing_is_none(said: str) -> None:
    """The name of the file, or the word «picture»."""
    found = prose.descriptions(text(said, "A footbridge over the river", Role.ALT, file="pont_1.png"))

    expected = [] if said == "Pont 1" else [DescriptionMissing(place=FR, said=said)]
    assert list(found) == expected


def test_an_empty_description_is_a_missing_language() -> None:
    """Said once. And only pictures are described."""
    assert list(prose.descriptions(text("", "A bridge", Role.ALT, file="a.png"))) == []
    assert list(prose.descriptions(text("Photo", "Picture", Role.TITLE))) == []


def test_a_weekday_that_is_not_that_of_the_date_is_found_in_both_languages() -> None:
    """12 November 2026 is a Thursday."""
    found = list(prose.days(text("Réunion mardi 12 novembre.", "Meeting on Tuesday 12 November 2026."), OUT))

    day = date(2026, 11, 12)
    assert found == [
        WeekdayWrong(place=FR, said="mardi 12 novembre", day=day, weekday=1),
        WeekdayWrong(place=EN, said="Tuesday 12 November 2026", day=day, weekday=1),
    ]


@pytest.mark.parametrize(
    ("fr", "said"),
    [
        ("Réunion le 2 novembre.", ["2 novembre"]),
        ("Réunion le 12 novembre 2025, à 18 h.", ["12 novembre 2025"]),
        ("Le 2 novembre. Puis le 5 novembre.", ["2 novembre"]),
        ("Le 1er et le 2 novembre.", ["1er", "2 novembre"]),
        ("Réunion aujourd’hui, mardi 3 novembre.", []),
        ("Du 2 octobre au 5 novembre.", []),
        ("La halle date du 12 novembre 1896.", []),
        ("Construite le 3 mai 1998.", []),
        ("Le 31 novembre.", []),
    ],
)
def test_a_day_that_has_passed_when_the_text_goes_out_is_found(fr: str, said: list[str]) -> None:
    """Unless the sentence reaches to a day ahead, or tells history."""
    found = prose.days(text(fr), OUT)

    assert [each.said for each in found if isinstance(each, DatePast)] == said


def test_a_day_that_does_not_exist_is_found() -> None:
    """November has thirty days."""
    assert list(prose.days(text("Le 31 novembre."), OUT)) == [DateImpossible(place=FR, said="31 novembre")]


def test_what_looks_back_may_name_the_days_it_looks_back_to() -> None:
    """Said by the officer for an announcement; a question may always ask about what was."""
    looking = "Merci d’être venus le vendredi 30 octobre."

    assert list(prose.days(text(looking), OUT, retrospective=True)) == []
    assert list(prose.days(text(looking, role=Role.QUESTION), OUT)) == []
    assert list(prose.days(text(looking, role=Role.OPTION), OUT)) != []


@given(st.dates(date(2024, 1, 1), date(2037, 12, 31)), st.integers(0, 200))
def test_a_right_day_ahead_is_never_complained_of(out: date, ahead: int) -> None:
    """With its year or without, in English."""
    day = date.fromordinal(out.toordinal() + ahead)
    said = f"{day:%A} {day.day} {day:%B}"

    assert list(prose.days(text("Oui", f"On {said}. On {said} {day.year}."), out)) == []


def test_hashtags_are_looked_at_in_both_languages() -> None:
    """By the words of the campaign itself."""
    both = text("Le conseil municipal : #conseilmunicipal", "#TownCouncil")

    found = list(prose.hashtags(both, prose.vocabulary([both])))

    assert found == [HashtagUnreadable(place=FR, said="#conseilmunicipal", better="#ConseilMunicipal")]


def test_a_body_that_is_hard_to_read_is_found_in_french() -> None:
    """With the sentence to cut; other texts are too short to be measured."""
    (found,) = prose.reading(text(OFFICIAL, OFFICIAL))

    assert isinstance(found, HardToRead)
    assert (found.place, found.longest, found.begins) == (
        FR,
        32,
        "Dans le cadre de la réhabilitation patrimoniale de",
    )
    assert list(prose.reading(text(OFFICIAL, role=Role.ALT))) == []
    assert list(prose.reading(text(f"{FRENCH}\n" * 9))) == []


def test_a_sentence_without_a_space_is_shown_whole() -> None:
    """A text of one endless word is still shown."""
    (found,) = prose.reading(text("municipalement\n" * 40))

    assert isinstance(found, HardToRead)
    assert found.begins == "municipalement"
