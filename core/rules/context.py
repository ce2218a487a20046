"""What is known around a message when it is judged; of people and places, keyed hashes and names of ours only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from core.disguise import Reading, readings
from core.lexicon import Lexicon, found
from core.rules.addresses import Link, links_in
from core.rules.recent import NOTHING, Recent
from core.rules.shouting import shouts

LONGEST = (
    4096  # characters that are judged; a longer message is possible on few networks, and is judged by its beginning
)


def _nobody() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Around a message. ``links`` are those behind its words, ``places`` our names for the chat, ``town`` its own.

    ``author`` and ``chat`` are keys of ``recent``, in which the message itself is noted already. ``since`` is when its
    author came, None when nobody knows; ``as_channel``: they speak as a channel of theirs. ``sketch`` are the numbers
    that stand for its words, ``media`` the kinds of what is attached.
    """

    author: bytes = b""
    chat: str = ""
    places: frozenset[str] = frozenset()
    network: str = ""
    town: tuple[str, ...] = ()
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    links: tuple[str, ...] = ()
    as_channel: bool = False
    since: datetime | None = None
    media: frozenset[str] = frozenset()
    forwarded: bool = False
    sketch: frozenset[int] = frozenset()
    is_trusted: Callable[[], bool] = _nobody
    recent: Recent = NOTHING

    def came_within(self, length: timedelta) -> bool:
        """Whether its author is known to have come so short a time ago."""
        return self.since is not None and self.at - self.since < length


class Message:
    """A message being judged; what several rules ask about it is worked out once. ``ways``: how it can be read."""

    def __init__(self, text: str, around: Context) -> None:
        self.text = text[:LONGEST]
        self.around = around
        self.ways = tuple(readings(self.text))
        self._all_words = _words_of(self.ways)

    def uses(self, known: Lexicon) -> tuple[str, Reading] | None:
        """The first of these expressions in it, and how it is read. Most messages hold no telling word."""
        if self._all_words is not None and known.telling.isdisjoint(self._all_words):
            return None
        return found(known, self.ways)

    @cached_property
    def shouts(self) -> bool:
        """Whether it is mostly capitals, or full of emoji: a hint, which alone breaks nothing."""
        return shouts(self.text)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Where it leads, in its words and behind them."""
        return links_in(self.text, self.around.links)


def _words_of(ways: Sequence[tuple[Reading, Sequence[str]]]) -> frozenset[str] | None:
    """The words of all readings; None where words are spelt out, for these stand inside others."""
    if ways[-1][0] is Reading.SPACED:
        return None
    return frozenset().union(*(words for _, words in ways))
