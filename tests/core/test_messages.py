"""Everything Parvis says is a frozen value: it can be stored, compared, and rendered again."""

import dataclasses
from typing import get_args

import pytest

from core.messages import Answered, Delivered, Message

MESSAGES = get_args(Message)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_a_message_is_a_frozen_value(message: type) -> None:
    """What waits in the ledger must not change under way."""
    parameters = message.__dataclass_params__  # type: ignore[attr-defined]  # every message is a dataclass

    assert parameters.frozen
    assert dataclasses.is_dataclass(message)


def test_a_message_is_delivered_or_answered_and_not_both() -> None:
    """The first kind is durable, the second is never stored."""
    assert not set(get_args(Delivered)) & set(get_args(Answered))


def test_no_two_messages_share_a_name() -> None:
    """The name finds the template."""
    assert len({message.__name__ for message in MESSAGES}) == len(MESSAGES)
