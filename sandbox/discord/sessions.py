"""What one connection of a program to the gateway is owed: numbered events, kept so that they can be sent again."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it will be sent."""

    seq: int
    name: str
    body: str


class Session:
    """A session of a bot. It outlives its connection until ``left_at``, in real time, is too long ago.

    ``waiting`` are the events that the present connection has not been sent; ``on_push`` is called after each one.
    ``left_at`` is None while somebody is connected.
    """

    def __init__(self, number: str, intents: int) -> None:
        self.id = number
        self.intents = intents
        self.seq = 0
        self.left_at: float | None = None
        self.waiting: deque[Event] = deque()
        self.on_push: Callable[[], None] = nothing
        self._events: deque[Event] = deque(maxlen=MOST_KEPT)

    def push(self, name: str, content: object) -> None:
        """An event happens."""
        self.seq += 1
        event = Event(self.seq, name, json.dumps({"op": 0, "s": self.seq, "t": name, "d": content}))
        self._events.append(event)
        if self.left_at is None:
            self.waiting.append(event)
            self.on_push()

    def resume(self, seq: int) -> bool:
        """Somebody is connected again and has seen events up to this number; whether the others are still known."""
        if self._events and self._events[0].seq > seq + 1:
            return False
        self.left_at = None
        self.waiting = deque(event for event in self._events if event.seq > seq)
        return True

    def leave(self, now: float) -> None:
        """Nobody is connected any more."""
        self.left_at = now
        self.on_push = nothing
        self.waiting.clear()


def nothing() -> None:
    """Nobody is connected."""
