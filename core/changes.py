"""What can still be done to what is out: the adapters turn each wish into calls, by a pure function.

The calls may all be made again without harm, and the same function shows an officer what will be done.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.errors import Rejected
from core.post import Part, Post, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """Let these messages, which say ``before``, say ``after``."""

    receipts: tuple[Receipt, ...]
    before: Post
    after: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Let a short text stand in place of all words and buttons of these messages."""

    receipts: tuple[Receipt, ...]
    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """Take these messages away."""

    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpin:
    """Let the first of these messages no longer be kept on top of its chat."""

    receipts: tuple[Receipt, ...]


Change = Amend | Mark | TakeBack | Unpin


def amended(
    change: Amend, parts: Sequence[Part], messages: Callable[[Part], int]
) -> Iterator[tuple[Part, tuple[Receipt, ...]]]:
    """Each of ``parts``, which say ``after``, with the messages that it now stands in; ``messages``: how many it makes.

    Raises Rejected where they have no room in the messages that are out.
    """
    wanted = [part.call for part in parts for _ in range(messages(part))]
    if wanted != [receipt.call for receipt in change.receipts]:
        raise Rejected(f"it takes {len(wanted)} messages, {len(change.receipts)} of another make are out")
    rank = 0
    for part in parts:
        yield part, change.receipts[rank : rank + messages(part)]
        rank += messages(part)
