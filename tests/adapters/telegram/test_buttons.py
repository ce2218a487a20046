"""What buttons and links carry."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.buttons import action_of, command_of, data_of, payload_of
from core.errors import Rejected
from core.events import Choice, Command
from core.identifiers import PollId

KEY = b"k" * 32
NAMES = st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True)
WORDS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=6)
COMMANDS = st.builds(Command, NAMES, st.tuples(WORDS))


@given(NAMES, st.integers(0, 99))
def test_a_pressed_option_is_the_one_the_button_showed(poll: str, option: int) -> None:
    """Whatever the poll's name."""
    assert action_of(data_of(Choice(PollId(poll), option))) == Choice(PollId(poll), option)


@given(COMMANDS)
def test_a_pressed_command_is_the_one_the_button_held(command: Command) -> None:
    """Arguments in any alphabet come back as they were, or are refused before they are sent."""
    try:
        data = data_of(command)
    except Rejected:
        return

    assert action_of(data) == command


@given(COMMANDS)
def test_a_followed_link_gives_the_command_it_was_written_for(command: Command) -> None:
    """Within Telegram's alphabet and length, or it is refused before it is sent."""
    try:
        payload = payload_of(command, KEY)
    except Rejected:
        return

    assert re.fullmatch("[A-Za-z0-9_-]{1,64}", payload)
    assert command_of(payload, KEY) == command


def test_the_longest_name_of_a_poll_fits() -> None:
    """A campaign's and a poll's name of 24 characters each, and the longest command about a poll."""
    poll = PollId(f"{'c' * 24}_{'p' * 24}")

    assert len(data_of(Choice(poll, 99))) <= 64
    assert len(data_of(Command("withdraw", (poll,)))) <= 64
    assert len(payload_of(Command("withdraw", (poll,)), KEY)) <= 64


def test_data_that_does_not_fit_is_refused() -> None:
    """Telegram would refuse the whole message."""
    with pytest.raises(Rejected):
        data_of(Command("vote", ("x" * 64,)))


def test_a_payload_that_does_not_fit_is_refused() -> None:
    """Telegram would open the chat without it."""
    with pytest.raises(Rejected):
        payload_of(Command("vote", ("x" * 64,)), KEY)


def test_a_link_written_with_another_key_gives_nothing() -> None:
    """Nobody but the bot writes links that act."""
    payload = payload_of(Command("forgetme"), b"another key")

    assert command_of(payload, KEY) is None


@given(st.text(max_size=80))
def test_any_payload_is_read_without_an_error(payload: str) -> None:
    """It is whatever somebody typed after /start."""
    assert command_of(payload, KEY) is None


@given(st.text(max_size=80))
def test_any_data_is_read_without_an_error(data: str) -> None:
    """Old versions and other programs wrote other things."""
    action_of(data)
