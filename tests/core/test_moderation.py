"""A message is judged by its words: whole ones, whatever their disguise, and by nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.moderation import Rule, Verdict, judge
from tests.core.examples import words

INSULTS = Rule(article="3", wording=words("Attack ideas, not people."), forbidden=("idiot", "bande de nuls"))
ADVERTISING = Rule(article="5", wording=words("No advertising."), forbidden=("code promo",))


@pytest.mark.parametrize(
    "text",
    [
        "Quel idiot !",
        "IDIOT",
        "ïdîot",
        "id\u200biot",
        "i\u0301diot",
        "l'idiot",
        "«idiot»",
        "\U0001d422\U0001d41d\U0001d422\U0001d428\U0001d42d",
        "idiot\nidiot",
    ],
    ids=ascii,
)
def test_a_forbidden_word_is_found_in_any_disguise(text: str) -> None:
    """Accents, capitals, invisible characters and fancy alphabets hide nothing from a reader."""
    assert judge(text, [INSULTS]) == Verdict(rule=INSULTS, found="idiot")


@pytest.mark.parametrize("text", ["idiotie", "idiots", "un idi ot", "", "\U0001f44d", "..."], ids=ascii)
def test_only_whole_words_are_found(text: str) -> None:
    """A word that happens to contain another one is not an insult."""
    assert judge(text, [INSULTS]) is None


def test_a_phrase_is_found_across_spaces_and_punctuation() -> None:
    """And the verdict names it as the charter writes it."""
    verdict = judge("Vous êtes une BANDE   de, nuls", [INSULTS])

    assert verdict == Verdict(rule=INSULTS, found="bande de nuls")


def test_the_words_of_a_phrase_must_stand_together() -> None:
    """Each alone is harmless."""
    assert judge("Une bande de joyeux nuls", [INSULTS]) is None


def test_the_first_article_that_is_broken_is_the_one_named() -> None:
    """Whoever reads the notice must find one reason, the same each time."""
    verdict = judge("Code promo, idiot", [INSULTS, ADVERTISING])

    assert verdict == Verdict(rule=INSULTS, found="idiot")


def test_a_later_article_is_read_too() -> None:
    """Not only the first."""
    verdict = judge("Mon code promo", [INSULTS, ADVERTISING])

    assert verdict == Verdict(rule=ADVERTISING, found="code promo")


@pytest.mark.parametrize("text", ["\U0001f44d", "", "Bonjour"], ids=ascii)
def test_an_expression_without_a_word_forbids_nothing(text: str) -> None:
    """«!!!» in a charter must not remove every message that is only a thumb."""
    nothing = Rule(article="9", wording=words("?"), forbidden=("!!!", ""))

    assert judge(text, [nothing]) is None


@given(st.text(), st.text())
def test_a_forbidden_word_between_spaces_is_always_found(before: str, after: str) -> None:
    """Whatever stands around it."""
    assert judge(f"{before} idiot {after}", [INSULTS]) == Verdict(rule=INSULTS, found="idiot")
