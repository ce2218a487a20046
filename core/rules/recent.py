"""What was said lately: how often somebody wrote, how often a chat was written in, what was alike. Never the words.

People, chats and messages are keyed hashes or names of the network, and nothing is older than an hour. It is lost when
the service stops: then a flood begins anew, which is the mild mistake. What is noted twice counts once, for a message
may be dealt with again.
"""

from collections import Counter, OrderedDict
from collections.abc import Collection, Hashable
from datetime import datetime, timedelta
from itertools import chain
from secrets import token_hex

LONGEST = timedelta(hours=1)  # that a rule may look back
MOST = 200  # that a rule may count to
_SKETCHED, _ALIKE = 50_000, 51  # numbers that stand for messages, and messages for each
_KEYS = 20_000  # people and chats that are remembered; who was silent longest is forgotten first


class Tally:
    """When something was noted for each of many keys, the latest only, in the order in which it was noted."""

    def __init__(self, *, keys: int = _KEYS, most: int = MOST + 1) -> None:
        self._noted: OrderedDict[Hashable, dict[Hashable, datetime]] = OrderedDict()
        self._keys = keys
        self._most = most

    def note(self, key: Hashable, what: Hashable, at: datetime) -> None:
        """Note it, once."""
        self.note_for((key,), what, at)

    def note_for(self, keys: Collection[Hashable], what: Hashable, at: datetime) -> None:
        """Note it for each of these keys, once."""
        known, old = self._noted, at - LONGEST
        for key in keys:
            noted = known.get(key)
            if noted is None:
                known[key] = {what: at}
                if len(known) > self._keys:
                    known.popitem(last=False)
                continue
            known.move_to_end(key)
            while noted and next(iter(noted.values())) < old:
                del noted[next(iter(noted))]
            noted.setdefault(what, at)
            if len(noted) > self._most:
                del noted[next(iter(noted))]

    def count(self, key: Hashable, *, within: timedelta, at: datetime) -> int:
        """How many different things were noted for the key in this time."""
        return len(self.noted(key, within=within, at=at))

    def size(self, key: Hashable) -> int:
        """How many different things were noted for the key, whenever."""
        return len(self._noted.get(key, ()))

    def noted(self, key: Hashable, *, within: timedelta, at: datetime) -> Collection[Hashable]:
        """What was noted for the key in this time."""
        noted, since = self._noted.get(key), at - within
        if not noted or next(iter(noted.values())) > since:  # in a storm that is all there is
            return noted or ()
        return [what for what, noted_at in noted.items() if noted_at > since]

    def forget(self, key: Hashable) -> None:
        """Forget all about a key."""
        self._noted.pop(key, None)

    def forget_first(self, part: Hashable) -> None:
        """Forget all about the keys that are pairs and begin with this."""
        for key in [each for each in self._noted if isinstance(each, tuple) and each[0] == part]:
            del self._noted[key]


class Recent:
    """The short memory that rules judge by; belongs to the town, whatever the account that hears."""

    def __init__(self) -> None:
        self.of_people = Tally()
        self.in_chats = Tally()
        self.key = token_hex(16)  # of the numbers that stand for messages: they mean nothing elsewhere
        self._alike = Tally(keys=_SKETCHED, most=_ALIKE)
        self._paced = Tally(most=1)
        self._warned = Tally(most=1)

    def note(self, *, author: bytes, chat: str, message: Hashable, at: datetime) -> None:
        """Note a new message; rewritten ones are none."""
        what = (chat, message)
        self.of_people.note(author, what, at)
        self.in_chats.note(chat, what, at)

    def heard(self, author: bytes, *, chat: str, message: Hashable, at: datetime) -> bool:
        """Whether this message of theirs was noted within the hour."""
        return (chat, message) in self.of_people.noted(author, within=LONGEST, at=at)

    def heard_in(self, chat: str, *, at: datetime, author: bytes | None = None) -> list[str]:
        """The messages of a chat that are noted, of one author or of all, the oldest first."""
        tally, key = (self.in_chats, chat) if author is None else (self.of_people, author)
        noted = tally.noted(key, within=LONGEST, at=at)
        return [str(what[1]) for what in noted if isinstance(what, tuple) and what[0] == chat]

    def is_too_soon(self, author: bytes, *, chat: str, message: Hashable, pause: timedelta, at: datetime) -> bool:
        """Whether the author wrote another message there less than a pause ago; one that stands is noted."""
        before = self._paced.noted((author, chat), within=pause, at=at)
        if before and list(before) != [message]:
            return True
        self._paced.note((author, chat), message, at)
        return False

    def is_news(self, author: bytes, *, chat: str, at: datetime) -> bool:
        """Whether the author was told nothing about a pause there lately; now they are."""
        known = self._warned.noted((author, chat), within=LONGEST, at=at)
        self._warned.note((author, chat), at, at)
        return not known

    def note_words(self, sketch: Collection[int], *, chat: str, message: Hashable, at: datetime) -> None:
        """Note the numbers that stand for a message, new or rewritten."""
        self._alike.note_for(sketch, f"{chat} {message}", at)

    def like(self, sketch: Collection[int], *, within: timedelta, at: datetime, most: int = 0) -> int:
        """How many messages have most of these numbers; 0 when it is plain that they are not more than ``most``."""
        needed = -(-len(sketch) * 3 // 4)
        if sum(map(self._alike.size, sketch)) < needed * (most + 1):
            return 0
        messages = [self._alike.noted(number, within=within, at=at) for number in sketch]
        if all(each == messages[0] for each in messages):  # the very same words again and again, or none at all
            return len(messages[0]) if messages else 0
        return sum(map(needed.__le__, Counter(chain.from_iterable(messages)).values()))

    def forget(self, author: bytes) -> None:
        """Forget a person."""
        self.of_people.forget(author)
        for tally in (self._paced, self._warned):
            tally.forget_first(author)


def counted(number: int, within: timedelta) -> str:
    """A count in a time, in figures."""
    return f"{number} / {within.total_seconds():.0f} s"


NOTHING = Recent()
"""Of a message that is judged by itself."""
