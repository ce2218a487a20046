"""Too many messages of one person, wherever they write; and a chat in which everybody writes at once."""

from dataclasses import dataclass
from datetime import timedelta

from core.rules.context import Message
from core.rules.hit import Hit, Sign
from core.rules.recent import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Floods:
    """At most so many messages of one person within this time; each that comes after them is one too many."""

    most: int
    within: timedelta

    def look(self, message: Message) -> Hit | None:
        """Count what its author wrote lately, this message included."""
        around = message.around
        number = around.recent.of_people.count(around.author, within=self.within, at=around.at)
        return Hit(sign=Sign.FLOOD, found=counted(number, self.within)) if number > self.most else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowds:
    """At most so many messages in one chat within this time. The one that makes it too many is told, not the next."""

    most: int
    within: timedelta

    def look(self, message: Message) -> Hit | None:
        """Count what was written in its chat lately, this message included."""
        around = message.around
        number = around.recent.in_chats.count(around.chat, within=self.within, at=around.at)
        return Hit(sign=Sign.CROWD, found=counted(number, self.within)) if number == self.most + 1 else None
