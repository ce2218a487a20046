"""Reading a ballot that was typed."""

from dataclasses import replace

import pytest

from bots.typed import looks_like_a_name, named, options
from core.identifiers import PollId
from core.poll import PollState
from tests.bots.town import poll

PARK = poll(PollId("budget_parc"), options=("Un parc", "Une piscine, couverte", "2", "Oui", "Non"))
CASES = {
    "a number": (("2",), (1,)),
    "two numbers": (("1", "3"), (0, 2)),
    "numbers with commas": (("1,3",), (0, 2)),
    "numbers in other digits": (("٢",), (1,)),
    "a number beyond the list": (("9",), (8,)),
    "a number of absurd length": (("9" * 5000,), None),
    "the words of an option": (("un", "parc"), (0,)),
    "other case and accents": (("UN", "Pàrc"), (0,)),
    "an option whose words hold a comma": (("une", "piscine,", "couverte"), (1,)),
    "two options by their words": (("oui,", "un", "parc"), (3, 0)),
    "words and a number": (("oui,2",), (3, 1)),
    "words of no option": (("la", "lune"), None),
    "one that exists and one that does not": (("oui,", "la", "lune"), None),
    "nothing but a comma": ((",",), None),
    "more numbers than options": (("1",) * 6, None),
    "more words than options": ((",".join(["oui"] * 6),), None),
    "more than anybody types": (("oui" + " " * 2000,), None),
}


@pytest.mark.parametrize(("typed", "meant"), CASES.values(), ids=CASES)
def test_options_are_read_from_what_was_typed(typed: tuple[str, ...], meant: tuple[int, ...] | None) -> None:
    """A citizen types what they see: a number, or the words."""
    assert options(PARK, typed) == meant


def test_words_shared_by_two_options_mean_neither() -> None:
    """Guessing would cast somebody's vote for them."""
    twice = poll(options=("Oui", "OUI", "Non"))

    assert options(twice, ("oui",)) is None


POLLS = (PARK, poll(PollId("budget_piste-velo")), poll(PollId("marche_parc")), poll(PollId("marche_2")))
NAMES = {
    "whole": ("budget_parc", PARK),
    "in capitals": ("BUDGET_PARC", PARK),
    "a unique end": ("piste-velo", POLLS[1]),
    "the end after a hyphen": ("velo", POLLS[1]),
    "an end of two": ("parc", None),
    "an end inside a word": ("elo", None),
    "a number": ("2", None),
    "nothing visible": ("\u200b", None),
}


@pytest.mark.parametrize(("argument", "meant"), NAMES.values(), ids=NAMES)
def test_a_poll_is_found_by_its_name_or_its_unique_end(argument: str, meant: object) -> None:
    """Names are long; their ends are enough, as long as no other poll could be meant."""
    assert named(argument, POLLS) == meant


def test_an_open_poll_goes_before_closed_ones_of_the_same_end() -> None:
    """Old polls never disappear, and must not stand in the way."""
    opened = replace(poll(PollId("b_parc")), state=PollState.OPEN)

    found = named("parc", (PARK, poll(PollId("a_parc")), opened))

    assert found == opened


def test_only_a_full_name_has_an_underscore() -> None:
    """That is how the name of a forgotten poll is told from the words of an option."""
    assert (looks_like_a_name("a_b"), looks_like_a_name("parc")) == (True, False)
