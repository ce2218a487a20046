"""What the words may say, and how: lengths, forbidden words, forms that other programs read, typography."""

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.capabilities import Capabilities
from core.errors import Refused
from core.identifiers import Locale, PollId
from core.messages import (
    BallotBeingRecorded,
    BallotCounted,
    BallotRefused,
    BallotWithdrawn,
    Forgotten,
    HelpShown,
    Kept,
    LanguageChosen,
    Message,
    MyData,
    NotRecorded,
    OpenPolls,
    OpinionAsked,
    OpinionKept,
    PollOpened,
    PrivateOnly,
    ReportOfOurs,
    ReportTaken,
    ResultsPublished,
    Subscribed,
    UnknownButton,
    Unsubscribed,
)
from core.poll import Poll, PollKind, PollState, Showing, Tally
from core.privacy import HOLDINGS, KEY_KEPT_AFTER_CLOSE
from core.staff_messages import DeliverySettled, SettlingRefused
from templates.commands import descriptions
from templates.environment import FOLDER
from templates.filters import width
from templates.render import JinjaWords
from tests.templates.examples import CLOSED, MULTIPLE, ORDINARY, POLL, TALLY, TELEGRAM, TOWN, WORST, ZONE, both

PLATFORMS = [replace(TELEGRAM, title=title) for title in ("Telegram", "Discord", "Mastodon")]
BUBBLES = (
    BallotCounted,
    BallotWithdrawn,
    BallotBeingRecorded,
    BallotRefused,
    NotRecorded,
    UnknownButton,
    ReportOfOurs,
    ReportTaken,
    LanguageChosen,
    Subscribed,
    Unsubscribed,
    PrivateOnly,
    DeliverySettled,
    SettlingRefused,
)
SOURCES = sorted(FOLDER.rglob("*.j2"))
LONG_POLL = replace(
    MULTIPLE, question=both("Quel " * 60), options=tuple(both(f"{rank:02} mot".ljust(100, "m")) for rank in range(12))
)

# What a consultation in chat is not, or cannot promise: it advises, networks see the press, nothing is beyond doubt.
FORBIDDEN = re.compile(
    r"anonym|scrutin|r[ée]f[ée]rend|[ée]lection|vote électronique|e-?voting|electronic vot|infalsifiable|tamper|"
    r"blockchain|cnil|\bsecret|représentati|representative|garanti|guarantee",
    re.IGNORECASE,
)


def said(words: JinjaWords, message: Message, locale: Locale) -> str:
    """The characters of the message on Telegram."""
    return words.post(message, locale, TELEGRAM).text.plain


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("locale", Locale)
def test_what_answers_a_press_fits_a_bubble(words: JinjaWords, locale: Locale, platform: Capabilities) -> None:
    """A bubble takes 200 characters: core.telegram.org/bots/api#answercallbackquery."""
    answers = [message for message in ORDINARY + WORST if isinstance(message, BUBBLES)]

    texts = [words.post(message, locale, platform).text.plain for message in answers]

    assert [text for text in texts if width(text) > 200] == []


@pytest.mark.parametrize("kind", PollKind)
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("locale", Locale)
def test_a_counted_ballot_of_long_options_fits_a_bubble(
    words: JinjaWords, locale: Locale, kind: PollKind, *, first: bool
) -> None:
    """Twelve options of a hundred characters, and the privacy line."""
    text = said(words, BallotCounted(chosen=LONG_POLL.options, first=first, kind=kind), locale)

    assert width(text) <= 200
    assert "…" in text


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize(
    "message",
    [
        *ORDINARY,
        PollOpened(poll=LONG_POLL, zone=ZONE, voters=9_999, tally=Tally(counts=(9_999,) * 12, voters=9_999)),
        ResultsPublished(poll=LONG_POLL, tally=Tally(counts=(9_999,) * 12, voters=9_999)),
        OpenPolls(polls=(LONG_POLL,), zone=ZONE),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_message_with_ordinary_content_is_one_message(words: JinjaWords, message: Message, locale: Locale) -> None:
    """A text of more than 4,096 UTF-16 units is split, which reads worse."""
    assert width(said(words, message, locale)) <= 4096


@pytest.mark.parametrize(
    ("locale", "line"), [(Locale.FR, "Telegram voit votre avis"), (Locale.EN, "Telegram sees your")]
)
@pytest.mark.parametrize("message", [OpinionAsked(), OpinionKept()], ids=lambda message: type(message).__name__)
def test_who_gives_an_opinion_is_told_who_sees_it(
    words: JinjaWords, message: Message, locale: Locale, line: str
) -> None:
    """As at the first vote."""
    assert line in said(words, message, locale)


def test_no_sentence_promises_what_a_chat_cannot_keep() -> None:
    """No « scrutin », no « anonyme »: it is an advisory poll and the network sees the press."""
    assert {file: said for file in SOURCES if (said := FORBIDDEN.findall(file.read_text("utf-8")))} == {}


def test_meaning_is_in_words() -> None:
    """No emoji, arrow, box or fancy letter, and no word in capitals: screen readers spell them out, or skip them."""
    assert {file: found for file in SOURCES if (found := _spelt_out(file.read_text("utf-8")))} == {}


def _spelt_out(source: str) -> list[str]:
    plain = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", source, flags=re.DOTALL)
    signs = [sign for sign in source if unicodedata.category(sign) in {"So", "Sk"} or sign in "→•"]
    return [*signs, *re.findall(r"\b[A-ZÀ-Þ]{2,}\b", plain)]


@pytest.mark.parametrize("file", sorted((FOLDER / "fr").glob("*.j2")), ids=lambda file: file.stem)
def test_french_signs_are_never_parted_from_their_word(file: Path) -> None:
    """A no-break space before « : ; ? ! », except in the lines that programs read; typographic apostrophes."""
    source = re.sub(r"{#.*?#}|.*voix\).*|{%[^«\n]*?%}", "", file.read_text("utf-8"))
    words_only = re.sub(r"{{.*?}}", "x", source)

    assert not re.findall(r"(?<=[\w»)]) [:;?!»%]|« |\w'\w", words_only)


@pytest.mark.parametrize("locale", Locale)
def test_an_open_poll_says_all_that_a_voter_needs(words: JinjaWords, locale: Locale) -> None:
    """Question, options, how to vote by press and by typing, until when, who sees the choice."""
    text = said(words, PollOpened(poll=POLL, zone=ZONE, voters=1_234), locale)

    assert text.startswith(f"{POLL.question[locale]}\n\n1. {POLL.options[0][locale]}\n2. {POLL.options[1][locale]}\n")
    assert "/vote marche_arbres 2" in text
    assert "Telegram" in text
    assert {Locale.FR: "jeudi 4\xa0mars à 18\xa0h\xa000", Locale.EN: "Thursday 4 March at 6:00 pm"}[locale] in text
    assert {Locale.FR: "1\u202f234 participants", Locale.EN: "1,234 participants"}[locale] in text
    assert {Locale.FR: "indicative", Locale.EN: "advisory"}[locale] in text


def test_the_question_stands_out(words: JinjaWords) -> None:
    """In bold."""
    post = words.post(PollOpened(poll=POLL, zone=ZONE), Locale.FR, TELEGRAM)

    assert post.text.spans[0].strong
    assert post.text.spans[0].text == POLL.question.fr


@pytest.mark.parametrize(
    ("state", "showing", "shown"),
    [
        (PollState.OPEN, Showing.LIVE, True),
        (PollState.OPEN, Showing.AT_CLOSE, False),
        (PollState.CLOSED, Showing.AT_CLOSE, True),
    ],
)
def test_counts_show_when_the_poll_says_so(
    words: JinjaWords, state: PollState, showing: Showing, *, shown: bool
) -> None:
    """Nobody follows the crowd in a poll that shows its counts at close, even when they are at hand."""
    poll = replace(POLL, state=state, showing=showing)

    text = said(words, PollOpened(poll=poll, zone=ZONE, voters=200, tally=TALLY), Locale.FR)

    assert ("Des tilleuls : 62 % (124 voix)" in text) is shown


@pytest.mark.parametrize(("locale", "closed"), [(Locale.FR, "terminée"), (Locale.EN, "closed")])
def test_a_closed_poll_says_so_and_asks_nothing(words: JinjaWords, locale: Locale, closed: str) -> None:
    """The message stays in the chat for years."""
    text = said(words, PollOpened(poll=CLOSED, zone=ZONE, voters=200), locale)

    assert closed in text
    assert "/vote" not in text


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        (Locale.FR, ["Oui : 83 % (1234 voix)", "Non: peut-être : 17 % (250 voix)", "Rien : 0 % (1 voix)"]),
        (Locale.EN, ["Oui: 83% (1234 votes)", "Non: peut-être: 17% (250 votes)", "Rien: 0% (1 vote)"]),
    ],
)
def test_results_are_lines_that_a_program_can_read(words: JinjaWords, locale: Locale, lines: list[str]) -> None:
    """Anyone can count again: the option as written, ordinary spaces, bare digits, in the order of the poll."""
    poll = replace(CLOSED, options=(both("Oui"), both("Non: peut-être"), both("Rien")))

    text = said(words, ResultsPublished(poll=poll, tally=Tally(counts=(1234, 250, 1), voters=1485)), locale)

    assert "\n".join(lines) in text


@pytest.mark.parametrize("reason", [kind.reason for kind in Refused.__subclasses__()])
@pytest.mark.parametrize("locale", Locale)
def test_every_refusal_has_its_sentence(words: JinjaWords, reason: str, locale: Locale) -> None:
    """A rule that refuses must say why."""
    assert said(words, BallotRefused(reason=reason), locale)


@pytest.mark.parametrize(("locale", "acknowledged"), [(Locale.FR, "compté"), (Locale.EN, "counted")])
def test_a_ballot_on_its_way_is_not_acknowledged(words: JinjaWords, locale: Locale, acknowledged: str) -> None:
    """Nothing is promised before it is stored."""
    text = said(words, BallotBeingRecorded(), locale)

    assert acknowledged not in text.lower()
    assert "/myvote" in text


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("purpose", [held.purpose for held in HOLDINGS])
def test_everything_held_is_explained(words: JinjaWords, purpose: str, locale: Locale) -> None:
    """One line of the privacy map, one sentence."""
    line = Kept(purpose=purpose, entries=3)

    assert said(words, MyData(kept=(line,), export="{}"), locale) != said(words, MyData(kept=(), export="{}"), locale)


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("purpose", ["open_ballots", *(h.purpose for h in HOLDINGS if not h.erased_on_request)])
def test_what_stays_has_a_reason(words: JinjaWords, purpose: str, locale: Locale) -> None:
    """« Because » is owed to whoever asked for erasure."""
    stays = said(words, Forgotten(erased=(), stays=(Kept(purpose=purpose, entries=0),)), locale)
    erased = said(words, Forgotten(erased=(Kept(purpose=purpose, entries=2),), stays=()), locale)

    assert len(stays) > len(erased) + 40


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize(
    ("purpose", "kept", "number"),
    [
        ("replies", timedelta(days=395), "13"),
        ("cases", timedelta(days=90), "90"),
        ("case_words", timedelta(days=90), "90"),
        ("sanctions", timedelta(days=90), "90"),
        ("journal", timedelta(days=30), "30"),
        ("inbox", timedelta(minutes=10), "10"),
        ("quarantine", timedelta(days=30), "30"),
        ("private_deliveries", timedelta(days=30), "30"),
    ],
)
def test_durations_are_those_of_the_privacy_map(
    words: JinjaWords, locale: Locale, purpose: str, kept: timedelta, number: str
) -> None:
    """A promise changes together with what is done."""
    text = said(words, MyData(kept=(Kept(purpose=purpose, entries=2),), export="{}"), locale)

    assert [held.kept for held in HOLDINGS if held.purpose == purpose] == [kept]
    assert re.search(rf"\b{number}\b", text)


@pytest.mark.parametrize(("locale", "delay"), [(Locale.FR, "détruite 7\xa0jours"), (Locale.EN, "destroyed 7 days")])
def test_the_life_of_the_key_is_the_real_one(words: JinjaWords, locale: Locale, delay: str) -> None:
    """The poll says when its key is destroyed."""
    assert timedelta(days=7) == KEY_KEPT_AFTER_CLOSE
    assert delay in said(words, PollOpened(poll=POLL, zone=ZONE), locale)


@pytest.mark.parametrize("locale", Locale)
def test_help_lists_every_command(words: JinjaWords, locale: Locale) -> None:
    """With the same words as the menu."""
    text = said(words, HelpShown(town=TOWN), locale)

    assert all(f"/{name}" in text and said_so in text for name, said_so in descriptions(locale).items())


def poll_closing(at: datetime) -> Poll:
    """A poll that closes at this instant."""
    return replace(POLL, id=PollId("a_b"), closes_at=at)


@pytest.mark.parametrize(
    ("at", "french", "english"),
    [
        (
            datetime(2027, 1, 1, 11, 5, tzinfo=UTC),
            "vendredi 1er\xa0janvier à 12\xa0h\xa005",
            "Friday 1 January at 12:05 pm",
        ),
        (
            datetime(2027, 7, 31, 22, 0, tzinfo=UTC),
            "dimanche 1er\xa0août à 0\xa0h\xa000",
            "Sunday 1 August at 12:00 am",
        ),
        (
            datetime(2027, 12, 25, 8, 30, tzinfo=UTC),
            "samedi 25\xa0décembre à 9\xa0h\xa030",
            "Saturday 25 December at 9:30 am",
        ),
    ],
    ids=["first of the month, noon", "midnight, summer time", "morning"],
)
def test_instants_are_said_in_plain_words(words: JinjaWords, at: datetime, french: str, english: str) -> None:
    """On the clocks of the town."""
    message = PollOpened(poll=poll_closing(at), zone=ZONE)

    assert f"{french}." in said(words, message, Locale.FR)
    assert f"{english}." in said(words, message, Locale.EN)
