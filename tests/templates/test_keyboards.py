"""Buttons: labels people understand, the same actions in both languages, each also a typed command."""

from dataclasses import replace

import pytest

from core.events import Choice, Command
from core.identifiers import Locale
from core.messages import (
    LanguageOffered,
    Message,
    OpenPolls,
    PollOpened,
    PollReminder,
    PrivateOnly,
    Welcome,
)
from core.poll import PollState
from core.post import Button, InPrivate, Link, Post
from templates.filters import width
from templates.keyboards import LONGEST_LABEL
from templates.render import JinjaWords
from tests.templates.examples import HOSTILE_POLL, MULTIPLE, ORDINARY, POLL, TELEGRAM, TOWN, WORST, ZONE, both

EVERY = ORDINARY + WORST


def buttons(post: Post) -> list[Button]:
    """All buttons from top to bottom."""
    return [button for row in post.buttons for button in row]


def test_french_and_english_have_the_same_buttons(words: JinjaWords) -> None:
    """Nobody can do more in one language than in the other."""
    french, english = ([words.post(message, locale, TELEGRAM).buttons for message in EVERY] for locale in Locale)

    assert [[[b.action for b in row] for row in rows] for rows in french] == [
        [[b.action for b in row] for row in rows] for rows in english
    ]


@pytest.mark.parametrize("locale", Locale)
def test_labels_are_short_and_differ(words: JinjaWords, locale: Locale) -> None:
    """A screen reader lists buttons out of their context."""
    keyboards = [[button.label for button in buttons(words.post(message, locale, TELEGRAM))] for message in EVERY]

    labels = [label for keyboard in keyboards for label in keyboard]
    assert [label for label in labels if not 0 < width(label) <= LONGEST_LABEL or "\n" in label] == []
    assert [keyboard for keyboard in keyboards if len(set(keyboard)) < len(keyboard)] == []


@pytest.mark.parametrize(
    "message",
    [
        PollOpened(poll=POLL, zone=ZONE),
        PollReminder(poll=POLL, zone=ZONE, voters=3),
        OpenPolls(polls=(POLL,), zone=ZONE),
    ],
    ids=["opened", "reminder", "the only open poll"],
)
def test_an_open_poll_has_a_row_for_each_option(words: JinjaWords, message: Message) -> None:
    """In the order of the options, with their number."""
    post = words.post(message, Locale.FR, TELEGRAM)

    assert post.buttons == (
        (Button("1. Des tilleuls", Choice(POLL.id, 0)),),
        (Button("2. Des cerisiers", Choice(POLL.id, 1)),),
        (Button("3. Rien, gardons les places de parking", Choice(POLL.id, 2)),),
    )


@pytest.mark.parametrize("state", [PollState.PLANNED, PollState.CLOSED])
def test_a_poll_that_is_not_open_has_no_button(words: JinjaWords, state: PollState) -> None:
    """A button that does nothing is a broken promise."""
    poll = replace(POLL, state=state)

    post = words.post(PollOpened(poll=poll, zone=ZONE), Locale.FR, TELEGRAM)

    assert post.buttons == ()


def test_several_open_polls_are_answered_by_typing(words: JinjaWords) -> None:
    """« 1. » would not say of which question."""
    post = words.post(OpenPolls(polls=(POLL, MULTIPLE), zone=ZONE), Locale.FR, TELEGRAM)

    assert post.buttons == ()
    assert f"/vote {POLL.id} 2" in post.text.plain
    assert f"/vote {MULTIPLE.id} 1 2" in post.text.plain


def test_a_long_option_is_cut_on_its_button_and_whole_in_the_text(words: JinjaWords) -> None:
    """What people vote for must be readable in full."""
    option = "Une piste cyclable protégée de la gare jusqu’au collège, avec des arbres et des bancs"
    poll = replace(POLL, options=(both(option), both("Rien")))

    post = words.post(PollOpened(poll=poll, zone=ZONE), Locale.FR, TELEGRAM)

    assert buttons(post)[0].label == "1. Une piste cyclable protégée de la gare jusqu’au collège, …"
    assert f"1. {option}\n" in post.text.plain


def test_hostile_options_still_have_one_button_each(words: JinjaWords) -> None:
    """Line breaks, markup and four thousand emoji included."""
    post = words.post(PollOpened(poll=HOSTILE_POLL, zone=ZONE), Locale.EN, TELEGRAM)

    assert [b.action for b in buttons(post)] == [Choice(HOSTILE_POLL.id, rank) for rank in range(6)]


@pytest.mark.parametrize("subscribed", [False, True])
def test_the_welcome_offers_languages_and_the_news_or_their_end(words: JinjaWords, *, subscribed: bool) -> None:
    """The two things to settle first."""
    post = words.post(Welcome(town=TOWN, subscribed=subscribed), Locale.FR, TELEGRAM)

    assert [b.action for b in buttons(post)] == [
        Command("language", ("fr",)),
        Command("language", ("en",)),
        Command("stop" if subscribed else "subscribe"),
    ]


@pytest.mark.parametrize("locale", Locale)
def test_each_language_is_offered_in_its_own_words(words: JinjaWords, locale: Locale) -> None:
    """Who does not read this language must still find theirs."""
    post = words.post(LanguageOffered(), locale, TELEGRAM)

    assert [b.label for b in buttons(post)] == ["Français", "English"]


def test_a_personal_answer_is_one_press_away(words: JinjaWords) -> None:
    """The button opens the private chat and gives the command there, arguments included."""
    post = words.post(PrivateOnly(command="/withdraw marche_arbres"), Locale.FR, TELEGRAM)

    assert [b.action for b in buttons(post)] == [InPrivate(Command("withdraw", ("marche_arbres",)))]


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("message", ORDINARY, ids=lambda message: type(message).__name__)
def test_every_button_is_also_a_typed_command_in_the_text(words: JinjaWords, message: Message, locale: Locale) -> None:
    """Who cannot press can type."""
    post = words.post(message, locale, TELEGRAM)

    assert all(typed(button) in post.text.plain for button in buttons(post))


def typed(button: Button) -> str:
    """The start of the command that does the same."""
    match button.action:
        case Choice(poll, _):
            return f"/vote {poll}"
        case Command(name="settle", arguments=(number, how, _call)):  # who types has read how it stands now
            return f"/settle {number} {how}"
        case InPrivate(command) | (Command() as command):
            return " ".join([f"/{command.name}", *command.arguments])
        case Link(url):
            return url
