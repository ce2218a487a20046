"""The commands, as people type them."""

import pytest

from bots.catalogue import COMMANDS, Name, find

FRENCH = {
    "aide": Name.HELP,
    "voter": Name.VOTE,
    "monvote": Name.MYVOTE,
    "retirer": Name.WITHDRAW,
    "langue": Name.LANGUAGE,
    "abonner": Name.SUBSCRIBE,
    "stop": Name.STOP,
    "règles": Name.RULES,
    "MesDonnées": Name.MYDATA,
    "oubliemoi": Name.FORGETME,
}


@pytest.mark.parametrize(("word", "name"), FRENCH.items(), ids=FRENCH)
def test_a_command_is_understood_in_french(word: str, name: Name) -> None:
    """French comes first, with or without accents and capitals."""
    entry = find(word)

    assert entry is not None
    assert entry.name is name


def test_no_word_names_two_commands() -> None:
    """A word must do one thing."""
    words = [word for entry in COMMANDS for word in (entry.name.value, *entry.aliases)]

    assert len(words) == len(set(words))


def test_every_name_is_a_command() -> None:
    """A name without an entry could never be given."""
    assert {entry.name for entry in COMMANDS} == set(Name)


def test_another_word_is_no_command() -> None:
    """The bots of others have commands too."""
    assert find("ban") is None
