"""Events on their way to those who listen. Nothing is kept for those who do not."""

import asyncio
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: its name and its payload, which is JSON, or a bare id when something was deleted."""

    name: str
    payload: str


class Stream:
    """One listener's line. ``channels`` are the streams it asked for; None in the queue ends it."""

    def __init__(self, account: str, channels: set[str]) -> None:
        self.account = account
        self.channels = channels
        self._queue: asyncio.Queue[tuple[str, Event] | None] = asyncio.Queue()
        self._under_way = 0

    @property
    def quiet(self) -> bool:
        """Whether everything was written."""
        return self._queue.empty() and not self._under_way

    def push(self, channel: str, event: Event) -> None:
        """Send an event, if it is listened to."""
        if channel in self.channels:
            self._queue.put_nowait((channel, event))

    def close(self) -> None:
        """Hang up."""
        self._queue.put_nowait(None)

    async def next(self, heartbeat: float) -> tuple[str, Event] | None:
        """The next event with its channel; None at the end. ``TimeoutError`` after ``heartbeat`` real seconds."""
        self._under_way = 0
        async with asyncio.timeout(heartbeat):
            coming = await self._queue.get()
        self._under_way = 1
        return coming


class Streams:
    """Everybody who listens."""

    def __init__(self) -> None:
        self.open: set[Stream] = set()

    @property
    def quiet(self) -> bool:
        """Whether all lines are."""
        return all(stream.quiet for stream in self.open)

    def send(self, account: str, channels: tuple[str, ...], name: str, payload: object) -> None:
        """Tell an account's listeners; a string is sent as it is, anything else as JSON."""
        event: Event | None = None
        for stream in self.open:
            if stream.account != account:
                continue
            event = event or Event(name, payload if isinstance(payload, str) else json.dumps(payload))
            for channel in channels:
                stream.push(channel, event)

    def listens(self, account: str) -> bool:
        """Whether anybody listens for this account."""
        return any(stream.account == account for stream in self.open)
