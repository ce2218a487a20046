"""How easily texts are read, by eyes and by a screen reader, and what links stand in them."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.reading import HARDEST, LEAST_WORDS, level, links, run_together

SAMPLE = Path(__file__).parents[2] / "campaigns" / "samples" / "halle" / "halle.toml"
KNOWN = frozenset({"conseil", "municipal", "budget", "con", "seil"})
OFFICIAL = (
    "Dans le cadre de la réhabilitation patrimoniale de l’ancienne halle municipale, la collectivité procédera, "
    "conformément aux délibérations du conseil municipal, à une consultation préalable des habitants concernés par "
    "les aménagements envisagés. Les modalités opérationnelles seront communiquées ultérieurement par affichage."
)


def test_the_measure_is_words_a_sentence_and_the_share_of_long_words() -> None:
    """By hand: forty words in five sentences, eight of them long, make 8 + 20."""
    text = ("Le pont est la et il va bien\n" * 4) + ("Municipalité " * 8)

    found = level(text)

    assert found is not None
    assert (found.score, found.words) == (round(40 / 5 + 100 * 8 / 40), 8)


def test_a_short_text_has_no_measure() -> None:
    """A word more or less would change it wholly."""
    assert level("mot " * (LEAST_WORDS - 1)) is None


def test_the_sample_reads_easily_and_officialese_does_not() -> None:
    """The longest sentence is shown: it is the one to cut."""
    sample = tomllib.loads(SAMPLE.read_text("utf-8"))["announcements"]["annonce"]["body"]["fr"]

    easy, hard = level(sample), level(OFFICIAL)

    assert easy is not None
    assert hard is not None
    assert easy.score < HARDEST < hard.score
    assert (hard.words, hard.longest.startswith("Dans le cadre")) == (32, True)


@given(st.text(max_size=400))
def test_any_text_can_be_measured(text: str) -> None:
    """Whatever people write."""
    found = level(text)

    assert found is None or found.score > 0


@pytest.mark.parametrize(
    ("said", "better"),
    [
        ("#conseilmunicipal", "#ConseilMunicipal"),
        ("#CONSEILMUNICIPAL", "#ConseilMunicipal"),
        ("#Conseilmunicipal", "#ConseilMunicipal"),
        ("#anticonstitutionnel", ""),
    ],
)
def test_a_hashtag_of_words_run_together_is_found(said: str, better: str) -> None:
    """With how to write it where its words are known."""
    assert list(run_together(f"Venez {said}, c’est ouvert.", KNOWN)) == [(said, better)]


@pytest.mark.parametrize(
    "text",
    [
        "#ConseilMunicipal",
        "#budget",
        "#travaux",
        "#travaux_de_la_grande_halle",
        "https://ville.example/page#conseilmunicipal",
        "l’article n#conseilmunicipal",
        "# conseilmunicipal",
        "#2027",
        "#conseilﬁscal",
    ],
)
def test_other_hashtags_are_left_alone(text: str) -> None:
    """One word, words told apart, and what is none."""
    assert list(run_together(text, KNOWN)) == []


@given(st.lists(st.sampled_from(["conseil", "municipal", "budget"]), min_size=2, max_size=4))
def test_what_is_proposed_is_the_same_tag_and_well_written(parts: list[str]) -> None:
    """Following the advice ends it."""
    ((said, better),) = run_together(f"#{''.join(parts)}", KNOWN)

    assert better.lower() == said
    assert list(run_together(better, KNOWN)) == []


def test_links_end_before_the_punctuation_that_follows_them() -> None:
    """As networks make them."""
    text = "Voir https://a.example/b_(c). Ou (www.ville.example), «http://x.example/y?z=1» et ftp://f.example/g !"

    assert list(links(text)) == [
        "https://a.example/b_(c)",
        "https://www.ville.example",
        "http://x.example/y?z=1",
        "ftp://f.example/g",
    ]
