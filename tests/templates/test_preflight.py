"""What officers read of each finding: the place, what is wrong, and the cure, in both languages."""

import re
from dataclasses import fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.identifiers import AccountName, CampaignId, ChannelName, Locale, StepName
from core.preflight import (
    BLOCKING,
    WARNING,
    ChannelUnknown,
    Concern,
    DateImpossible,
    DatePast,
    DescriptionMissing,
    DescriptionTooLong,
    Divided,
    HardToRead,
    HashtagUnreadable,
    LanguageDoubtful,
    LanguageMissing,
    LinkDead,
    NearDuplicate,
    NotAsked,
    NotReady,
    PictureGone,
    PictureTooHeavy,
    StepPast,
    TokenRefused,
    TooLong,
    Trouble,
    Unsendable,
    WeekdayWrong,
    blocks,
)
from templates.preflight import line, sentence

AT = datetime(2026, 11, 12, 18, 5, tzinfo=ZoneInfo("Europe/Paris"))
PLACE = "announcements.news.body.fr"
TOWN = AccountName("ville")
EXAMPLES: tuple[Concern, ...] = (
    LanguageMissing(place=PLACE, locale=Locale.EN),
    LanguageDoubtful(place=PLACE, locale=Locale.FR),
    DescriptionMissing(place=PLACE, said="Photo"),
    DescriptionTooLong(place=PLACE, network="Mastodon", needs=1612, allows=1500),
    PictureGone(place=PLACE, file="halle.png"),
    PictureTooHeavy(place=PLACE, network="Mastodon", needs=9 << 20, allows=8 << 20),
    TooLong(place=PLACE, network="Mastodon", locale=Locale.FR, messages=9, most=5, allows=500),
    Divided(place=PLACE, network="Mastodon", locale=Locale.EN, messages=3, allows=500),
    Unsendable(place=PLACE, network="Discord", where="place", detail="this forum asks for a tag"),
    ChannelUnknown(place="campaign.channels", channel=ChannelName("place")),
    StepPast(place="steps.0", at=AT),
    DatePast(place=PLACE, said="12 novembre", day=date(2026, 11, 12), out=date(2026, 12, 1)),
    WeekdayWrong(place=PLACE, said="mardi 12 novembre", day=date(2026, 11, 12), weekday=1),
    DateImpossible(place=PLACE, said="31 novembre"),
    HashtagUnreadable(place=PLACE, said="#conseilmunicipal", better="#ConseilMunicipal"),
    HashtagUnreadable(place=PLACE, said="#anticonstitutionnel", better=""),
    HardToRead(place=PLACE, score=62, limit=50, longest=41, begins="Dans le cadre de"),
    NearDuplicate(place=PLACE, campaign=CampaignId("halle"), step=StepName("announce-annonce"), at=AT),
    *(LinkDead(place=PLACE, url="https://ville.example/a?b=1&c=2", trouble=trouble) for trouble in Trouble),
    LinkDead(place=PLACE, url="https://ville.example", trouble=Trouble.GONE, detail="404"),
    TokenRefused(place="accounts.ville", account=TOWN, detail="Unauthorized"),
    NotReady(place="accounts.ville", account=TOWN, detail="@square: not an administrator", cure="make it one"),
    NotAsked(place="accounts.ville", account=TOWN, detail="no answer"),
)


def test_every_finding_blocks_or_warns_and_has_an_example() -> None:
    """And never both."""
    kinds = {*BLOCKING, *WARNING}

    assert len(kinds) == len(BLOCKING) + len(WARNING)
    assert {type(example) for example in EXAMPLES} == kinds
    assert {kind.__name__ for kind in Concern.__subclasses__()} == {kind.__name__ for kind in kinds}


@pytest.mark.parametrize("locale", Locale)
def test_every_finding_is_said_with_its_cure(locale: Locale) -> None:
    """At least two sentences, or one and its cure after a colon, on one line; nothing is left out of them."""
    said = {example: sentence(example, locale) for example in EXAMPLES}

    assert [text for text in said.values() if "\n" in text or not text.endswith((".", "”.", "»."))] == []
    assert [text for text in said.values() if len(re.findall(r"[.:?!](?:\s|$)", text)) < 2] == []
    assert [example for example, text in said.items() if _unsaid(example, text)] == []


def _unsaid(example: Concern, text: str) -> list[str]:
    """What an officer wrote, or must know, that is not in the sentence."""
    words = {field.name: str(getattr(example, field.name)) for field in fields(example)}
    told = (
        "said",
        "better",
        "network",
        "where",
        "detail",
        "file",
        "url",
        "account",
        "cure",
        "begins",
        "campaign",
        "channel",
    )
    return [name for name in told if words.get(name, "") not in text]


@pytest.mark.parametrize(
    ("example", "fr", "en"),
    [
        (
            EXAMPLES[12],
            "«\xa0mardi 12 novembre\xa0»\xa0: le 12 novembre 2026 est un jeudi, pas un mardi.",
            "“mardi 12 novembre”: 12 November 2026 is a Thursday, not a Tuesday.",
        ),
        (
            EXAMPLES[10],
            "Cette étape était prévue jeudi 12 novembre 2026 à 18\xa0h\xa005, et ce moment est passé.",
            "This step was due on Thursday 12 November 2026 at 18:05, and that time has passed.",
        ),
    ],
)
def test_dates_are_said_as_people_say_them(example: Concern, fr: str, en: str) -> None:
    """With the day of the week."""
    assert sentence(example, Locale.FR).startswith(f"{fr} ")
    assert sentence(example, Locale.EN).startswith(f"{en} ")


def test_a_page_that_is_shown_to_no_program_asks_for_a_look_and_no_correction() -> None:
    """Many good sites refuse programs."""
    link = LinkDead(place=PLACE, url="https://a.example/x", trouble=Trouble.REFUSED, detail="403")

    assert sentence(link, Locale.FR).endswith("Ouvrez-la vous-même\xa0: si elle s’ouvre, il n’y a rien à corriger.")
    assert sentence(link, Locale.EN).endswith("Open it yourself: if it opens, there is nothing to correct.")


def test_a_line_begins_with_what_it_means_for_the_campaign() -> None:
    """Then the place, in the keys of the file."""
    blocking, warning = EXAMPLES[0], EXAMPLES[1]

    assert (blocks(blocking), blocks(warning)) == (True, False)
    assert line(blocking, Locale.FR).startswith(f"bloque  {PLACE}: Le texte en anglais manque")
    assert line(warning, Locale.EN).startswith(f"look at  {PLACE}: This text does not seem to be in French")
