"""What was really accepted, one JSON object a line, written before the answer leaves.

A separate program recomputes from this file alone who pressed what last and what was published, so nothing that
changed the world may be missing from it and nothing that did not may stand in it as done.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from sandbox.real_clock import Clock

Entry: TypeAlias = dict[str, object]


class Journal:
    """An append-only list of what happened, in memory and, when a file is given, on disk.

    Each line reaches the operating system before ``write`` returns; with ``fsync`` it reaches the disk before
    ``settle`` does, which the server awaits before every answer.
    """

    def __init__(self, clock: Clock, path: Path | None = None, *, fsync: bool = False) -> None:
        self._clock = clock
        self._fsync = fsync
        self._file: int | None = None
        self._settled = 0
        self._settling = asyncio.Lock()
        self.entries: list[Entry] = []
        if path is not None:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)

    def write(self, kind: str, **fields: object) -> Entry:
        """Append one entry with its number and the sandbox's time."""
        entry: Entry = {"n": len(self.entries), "at": self._clock.now().isoformat(), "kind": kind, **fields}
        self.entries.append(entry)
        if self._file is not None:
            os.write(self._file, (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass"))
        return entry

    async def settle(self) -> None:
        """Return when everything written before is on the disk, if that was asked for. Who waits together shares."""
        if not self._fsync or self._file is None:
            return
        wanted = len(self.entries)
        async with self._settling:
            if self._settled < wanted and self._file is not None:
                written = len(self.entries)
                await asyncio.to_thread(os.fsync, self._file)
                self._settled = written

    def of(self, kind: str) -> Iterator[Entry]:
        """The entries of one kind, oldest first."""
        return (entry for entry in self.entries if entry["kind"] == kind)

    def calls(self, method: str, outcome: str | None = None) -> list[Entry]:
        """The calls of one method, oldest first; only those that ended so when an outcome is given."""
        return [
            entry
            for entry in self.of("call")
            if entry["method"] == method and (outcome is None or entry["outcome"] == outcome)
        ]

    def close(self) -> None:
        """Close the file. What was written stays."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def read(path: Path) -> list[Entry]:
    """The entries of a journal file; a last line that a crash cut short is left out."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]
