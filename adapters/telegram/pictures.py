"""Pictures go up once: Telegram gives each a name by which it can be sent again.

The names live in memory only; after a restart a picture goes up once more.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from telegram import InputFile, Message

from core.errors import Rejected


@dataclass(slots=True)
class Picture:
    """A picture about to be sent: ``known`` is Telegram's name for it, empty when it must go up."""

    digest: str
    known: str
    content: bytes = field(repr=False)
    filename: str

    @property
    def alone(self) -> str | InputFile:
        """What a call with one picture takes."""
        return self.known or InputFile(self.content, filename=self.filename)

    @property
    def together(self) -> str | InputFile:
        """What one item of an album takes."""
        return self.known or InputFile(self.content, filename=self.filename, attach=True)


class Pictures:
    """What one account has sent up."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._digests: dict[tuple[Path, int, int], str] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def sending(self, paths: Sequence[Path]) -> AsyncIterator[list[Picture]]:
        """Hold these pictures while they go up, so that no other call sends one up at the same time.

        Raises Rejected for a file that cannot be read.
        """
        pictures = [await self._read(path) for path in paths]
        async with AsyncExitStack() as held:
            for digest in sorted({picture.digest for picture in pictures if not picture.known}):
                await held.enter_async_context(self._locks[digest])
            for picture in pictures:
                picture.known = self._names.get(picture.digest, "")
            yield pictures

    def learn(self, pictures: Sequence[Picture], messages: Sequence[Message]) -> None:
        """Remember the names that Telegram gave, one message a picture."""
        for picture, message in zip(pictures, messages, strict=False):
            if message.photo:
                self._names[picture.digest] = message.photo[-1].file_id
                self._locks.pop(picture.digest, None)

    def forget(self, paths: Sequence[Path]) -> bool:
        """Forget the names of these pictures, for Telegram no longer knows them; False when none had one."""
        digests = {digest for (path, _, _), digest in self._digests.items() if path in paths}
        forgotten = [digest for digest in digests if self._names.pop(digest, "")]
        return bool(forgotten)

    async def _read(self, path: Path) -> Picture:
        try:
            return await asyncio.to_thread(self._looked_up, path)
        except OSError as error:
            raise Rejected(f"the picture {path.name} cannot be read: {error.strerror}") from error

    def _looked_up(self, path: Path) -> Picture:
        stat = path.stat()
        seen = (path, stat.st_mtime_ns, stat.st_size)
        digest = self._digests.get(seen, "")
        known = self._names.get(digest, "")
        if known:
            return Picture(digest=digest, known=known, content=b"", filename=path.name)
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        self._digests[seen] = digest
        return Picture(digest=digest, known="", content=content, filename=path.name)
