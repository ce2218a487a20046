"""What a network's journal says of a broadcast: when each message came, which came twice, which never."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.journal import read

Key = tuple[str, int]  # a place (on Mastodon, who sees it), and the number of a message
_SENDS = {"sendMessage", "create_message", "POST /api/v1/statuses"}
_OUT = {"done", "cut_after"}
_NUMBER = re.compile(r"nouvelle (\d+)")
_TOO_FAST = 429
_SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Outcome:
    """``out`` holds the messages of each key by the network's own names; ``at`` when each was accepted, in order."""

    out: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    at: list[datetime] = field(default_factory=list)
    first_at: dict[Key, datetime] = field(default_factory=dict)
    refused: int = 0

    @property
    def rate(self) -> float:
        """Messages a second, in the whole seconds between the first one, in which some burst, and the end."""
        seconds = int((self.at[-1] - self.at[0]).total_seconds()) - 1
        since = self.at[0] + _SECOND
        until = since + seconds * _SECOND
        return sum(since <= at < until for at in self.at) / seconds

    @property
    def doubled(self) -> int:
        """How many stand there once more than they should."""
        return sum(len(messages) - 1 for messages in self.out.values())

    def lost(self, wanted: Collection[Key], shown: Collection[Key]) -> int:
        """How many of those wanted are not there, and not shown to anybody either."""
        return len({*wanted} - {*self.out} - {*shown})


def outcome(journal: Path) -> Outcome:
    """Read it."""
    found = Outcome()
    for entry in read(journal):
        if entry.get("method") not in _SENDS:
            continue
        result = entry.get("result")
        found.refused += entry.get("code", entry.get("status")) == _TOO_FAST
        if entry["outcome"] not in _OUT or not isinstance(result, dict):
            continue
        number = _NUMBER.search(str(result["text"]))
        key = (str(result.get("visibility", result["chat"])), int(number[1]) if number else -1)
        at = datetime.fromisoformat(str(entry["at"]))
        if str(result["message"]) not in found.out[key]:
            found.out[key].add(str(result["message"]))
            found.first_at.setdefault(key, at)
            found.at.append(at)
    return found
