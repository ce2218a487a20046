"""A rule of an article beside its words: what it forbids, whether it acts, to whom it applies, how it is tried."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from core.rules.context import Context, Message
from core.rules.copies import sketch
from core.rules.family import Family
from core.rules.hit import Hit
from core.rules.recent import Recent


class Enforcement(StrEnum):
    """A rule sleeps, watches, or acts."""

    OFF = "off"
    OBSERVE = "observe"
    ENFORCE = "enforce"


class Action(StrEnum):
    """What a rule that acts does; each but the first has the message out of sight."""

    NOTICE = "notice"  # the message stands, and its author is told of the article
    HIDE = "hide"  # until a moderator has looked at it
    REMOVE = "remove"  # and its author is told why
    MEASURE = "measure"  # the same, and for its author follows what the ladder says


class Who(StrEnum):
    """Who speaks: a person, or a channel of somebody's."""

    ANYBODY = "anybody"
    PEOPLE = "people"
    CHANNELS = "channels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Where a rule holds, and for whom. Empty: everywhere, for everybody whom the charter binds.

    ``places`` are the town's channels, ``newcomers`` those who came less than so long ago; ``spares_trusted``: not for
    citizens whom the town knows well; ``shouting``: only of messages in capitals or full of emoji.
    """

    places: frozenset[str] = frozenset()
    networks: frozenset[str] = frozenset()
    who: Who = Who.ANYBODY
    newcomers: timedelta | None = None
    spares_trusted: bool = False
    shouting: bool = False

    def hold(self, message: Message) -> bool:
        """Whether the rule holds for a message."""
        return self._hold_around(message.around) and (not self.shouting or message.shouts)

    def _hold_around(self, around: Context) -> bool:
        """What costs most is asked last."""
        if self.places and self.places.isdisjoint(around.places):
            return False
        if self.networks and around.network not in self.networks:
            return False
        if self.who is not Who.ANYBODY and (self.who is Who.CHANNELS) is not around.as_channel:
            return False
        if self.newcomers is not None and not around.came_within(self.newcomers):
            return False
        return not (self.spares_trusted and around.is_trusted())


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A message to try a rule on, written for the ``times``-th time, by somebody who came so long ago (``age``)."""

    text: str
    around: Context = Context()  # noqa: RUF009  a frozen value
    times: int = 1
    age: timedelta | None = None
    trusted: bool = False

    def message(self) -> Message:
        """The message as it is judged, after those before it."""
        recent, around = Recent(), self.around
        since = None if self.age is None else around.at - self.age
        numbers = sketch(self.text, recent.key)
        for rank in range(self.times):
            recent.note(author=around.author, chat=around.chat, message=rank, at=around.at)
            recent.note_words(numbers, chat=around.chat, message=rank, at=around.at)
        tried = replace(around, recent=recent, since=since, sketch=numbers, is_trusted=lambda: self.trusted)
        return Message(self.text, tried)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule. ``hits`` and ``misses`` are examples: messages that break it, and messages that look as if they did.

    ``action`` is what it does when it acts.
    """

    name: str
    family: Family
    enforcement: Enforcement
    action: Action = Action.REMOVE
    only: Conditions = Conditions()
    hits: tuple[Example, ...] = ()
    misses: tuple[Example, ...] = ()

    def look(self, message: Message) -> Hit | None:
        """What the rule sees, where it holds."""
        hit = self.family.look(message)
        return hit if hit is not None and self.only.hold(message) else None

    def failures(self) -> Iterator[tuple[str, int]]:
        """The examples that are not judged as the rule says: «hits» or «misses», and the place in it."""
        for name, examples, expected in (("hits", self.hits, True), ("misses", self.misses, False)):
            for rank, example in enumerate(examples):
                if (self.look(example.message()) is not None) is not expected:
                    yield name, rank
