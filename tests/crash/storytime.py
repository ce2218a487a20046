"""Where the story stands, in a file: for the processes of the town, and for the sandbox, which must forget a nonce or a
key when its network would.
"""

import asyncio
import json
import time
from datetime import UTC, datetime
from pathlib import Path

_OFTEN = 0.05  # seconds between two looks at a time that may leap


def hours(folder: Path) -> Path:
    """The file that says it to the sandbox, and to a town that is alone."""
    return folder / "time"


def tell(file: Path, at: datetime, pace: float) -> None:
    """Say where the story stands, and how many seconds of it pass in one of ours."""
    later = file.with_suffix(".new")
    later.write_text(json.dumps([at.timestamp(), time.time(), pace]), encoding="utf-8")
    later.replace(file)


def told(file: Path) -> datetime:
    """Where it stands."""
    return _now(json.loads(file.read_bytes()))


def _now(tale: tuple[float, float, float]) -> datetime:
    at, since, pace = tale
    return datetime.fromtimestamp(at + (time.time() - since) * pace, UTC)


class StoryTime:
    """The clock of a process: where the story stands, as it is told in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._tale = (0.0, 0.0, 1.0)

    def now(self) -> datetime:
        """The story's instant. The file is read again only when it is another one: this is asked often."""
        stands = self._file.stat()
        if self._seen != (stands.st_ino, stands.st_mtime_ns):
            self._seen = (stands.st_ino, stands.st_mtime_ns)
            self._tale = json.loads(self._file.read_bytes())
        return _now(self._tale)

    async def sleep_until(self, at: datetime) -> None:
        """Look now and then: the story leaps."""
        while self.now() < at:  # noqa: ASYNC110  it leaps without telling
            await asyncio.sleep(_OFTEN)
