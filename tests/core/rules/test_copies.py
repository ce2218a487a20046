"""The same message again is known by numbers that say nothing about it; so is what is attached."""

from datetime import timedelta

import pytest

from core.rules.context import Context, Message
from core.rules.copies import Copies, sketch
from core.rules.hit import Hit, Sign
from core.rules.media import Media, Medium
from core.rules.recent import Recent
from tests.core.examples import NOON

HOUR = timedelta(hours=1)
COPIES = Copies(most=1, within=HOUR)
SAID = "Signez tous la pétition contre la fermeture de la halle du centre avant samedi soir, merci à vous tous et à eux"


def after(*texts: str) -> Message:
    """The last of these messages, each in a chat of its own."""
    recent = Recent()
    for rank, text in enumerate(texts):
        recent.note_words(sketch(text, recent.key), chat=str(rank), message=1, at=NOON)
    return Message(texts[-1], Context(at=NOON, recent=recent, sketch=sketch(texts[-1], recent.key)))


@pytest.mark.parametrize("text", [SAID, SAID.upper(), SAID.replace("\u00a0", " ") + " !!!"])
def test_a_copy_is_known_in_every_chat(text: str) -> None:
    """Also when it shouts, or when something is added."""
    assert COPIES.look(after(SAID, text)) == Hit(sign=Sign.COPY, found="2 / 3600 s")


@pytest.mark.parametrize(
    "text", ["Je suis d’accord avec ceux qui veulent garder la halle du centre ouverte le samedi soir", "Oui", ""]
)
def test_another_message_is_none(text: str) -> None:
    """On the same subject, in words of its own; a short one is what everybody says."""
    assert COPIES.look(after(SAID, text)) is None
    assert COPIES.look(after(text, text)) is None or len(text) > 30


def test_what_is_alike_is_counted_exactly_within_its_time() -> None:
    """The very same words, nearly the same ones, and none that are older."""
    recent, text = Recent(), SAID + " !"
    for rank, (said, age) in enumerate(((SAID, 2 * HOUR), (SAID, HOUR / 2), (text, HOUR / 2), ("Non", HOUR / 2))):
        recent.note_words(sketch(said, recent.key), chat="a", message=rank, at=NOON - age)

    numbers = sketch(text, recent.key)
    assert recent.like(numbers, within=HOUR, at=NOON) == 2
    assert recent.like(numbers, within=HOUR, at=NOON, most=9) == 0
    assert recent.like(frozenset(), within=HOUR, at=NOON) == 0


def test_what_has_three_quarters_of_the_numbers_is_alike() -> None:
    """A copy with a few other words is one; a message that shares a word is none."""
    recent = Recent()
    for message, numbers in (("1", {1, 2, 3, 4}), ("2", {1, 2, 3, 5}), ("3", {1, 7, 8, 9})):
        recent.note_words(numbers, chat="chat", message=message, at=NOON)

    assert recent.like({1, 2, 3, 4}, within=HOUR, at=NOON) == 2


def test_the_numbers_of_one_town_mean_nothing_in_another() -> None:
    """They are keyed."""
    assert sketch(SAID, Recent().key).isdisjoint(sketch(SAID, Recent().key))


def test_what_is_attached_or_passed_on_is_told() -> None:
    """Where the charter says so."""
    media = Media(denied=(Medium.CONTACT, Medium.VOICE), forwards=True)

    def seen(around: Context) -> Hit | None:
        return media.look(Message("", around))

    assert seen(Context(media=frozenset({Medium.VOICE}))) == Hit(sign=Sign.MEDIA, found="voice")
    assert seen(Context(forwarded=True)) == Hit(sign=Sign.FORWARD, found="")
    assert seen(Context(media=frozenset({Medium.PHOTO}))) is None
    assert Media().look(Message("", Context(forwarded=True))) is None
