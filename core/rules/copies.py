"""The same message again and again, whoever writes it and wherever, also when a few words are changed.

Of a message with enough words, the smallest of the keyed numbers of its triplets of words stand for it: those who share
most of their words share most of these. A short message says what everybody says, and is no copy.
"""

from dataclasses import dataclass
from datetime import timedelta

from core.rules.context import Message
from core.rules.hit import Hit, Sign
from core.rules.recent import counted

SHORTEST = 8  # words
_KEPT = 8  # numbers that stand for a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """At most so many messages that are nearly the same, within this time."""

    most: int
    within: timedelta

    def look(self, message: Message) -> Hit | None:
        """Count the messages like this one, itself included."""
        around = message.around
        number = around.recent.like(around.sketch, within=self.within, at=around.at, most=self.most)
        return Hit(sign=Sign.COPY, found=counted(number, self.within)) if number > self.most else None


def sketch(text: str, key: str) -> frozenset[int]:
    """The numbers that stand for a text under this key; none for a short one."""
    words = text.lower().split()
    if len(words) < SHORTEST:
        return frozenset()
    triplets = {hash((key, *triplet)) for triplet in zip(words, words[1:], words[2:], strict=False)}
    return frozenset(sorted(triplets)[:_KEPT])
