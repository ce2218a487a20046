"""A poll of Discord's own, as it is made. discord.py checks none of its limits, so they are checked here.

docs.discord.com, «Poll Resource», 2026-08-06. It lasts whole hours; Parvis ends it on the minute. Nobody may change one
that is out, its author neither.
"""

from datetime import datetime, timedelta
from typing import Any

from adapters.discord import limits
from core.errors import Rejected
from core.native import NativeBallot

_HOUR = timedelta(hours=1)


def asked(ballot: NativeBallot) -> dict[str, Any]:
    """The poll as Discord takes it, but for its duration, which depends on when it goes out. Raises Rejected."""
    holds = limits.NATIVE_POLL
    if len(ballot.options) > holds.most_options:
        raise Rejected(f"a poll of Discord has {holds.most_options} options at most, this one {len(ballot.options)}")
    _fits("the question", ballot.question, holds.longest_question)
    for option in ballot.options:
        _fits("an option", option, holds.longest_option)
    return {
        "question": {"text": ballot.question},
        "answers": [{"poll_media": {"text": option}} for option in ballot.options],
        "allow_multiselect": ballot.several,
        "layout_type": 1,
    }


def hours(closes_at: datetime, now: datetime) -> int:
    """For how many whole hours it is made: Parvis ends it on the minute. Raises Rejected when it is too long."""
    if closes_at - now > limits.NATIVE_POLL.longest:
        raise Rejected(f"a poll of Discord lasts {limits.NATIVE_POLL.longest.days} days at most")
    return limits.NATIVE_POLL.lasting(closes_at - now) // _HOUR


def _fits(what: str, words: str, longest: int) -> None:
    wide = len(words.encode("utf-16-le", "surrogatepass")) // 2
    if wide > longest:
        raise Rejected(f"{what} of a poll of Discord has {longest} signs at most, «{words[:20]}…» has {wide}")
