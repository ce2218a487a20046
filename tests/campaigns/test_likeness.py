"""When two texts are nearly the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.likeness import alike, resemblance

NEWS = "Le marché du samedi ouvre à huit heures, sur la place de la halle, avec vingt étals."


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (NEWS, True),
        (NEWS.upper().replace("É", "E"), True),
        (NEWS.replace("vingt", "trente"), True),
        (NEWS.replace("samedi", "jeudi").replace("huit", "neuf").replace("vingt étals", "un orchestre"), False),
        ("La piscine ferme lundi.", False),
        ("", False),
    ],
)
def test_a_word_here_or_there_makes_no_other_text(other: str, same: bool) -> None:  # noqa: FBT001  a case
    """Accents, capitals and punctuation neither."""
    assert alike(NEWS, other) is same


def test_very_short_texts_are_compared_whole() -> None:
    """There is nothing else to compare; nothing is like nothing."""
    assert (alike("Bonne année", "bonne annee !"), alike("Oui", "Non"), alike("", "…")) == (True, False, False)


@given(st.text(max_size=60), st.text(max_size=60))
def test_resemblance_is_mutual_and_between_none_and_all(one: str, other: str) -> None:
    """Whatever people write."""
    assert 0 <= resemblance(one, other) == resemblance(other, one) <= 1
