"""What a program sent over HTTP: a JSON body, or a multipart one with ``payload_json`` and files."""

import json
import re
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from sandbox.discord.errors import Refused, violated
from sandbox.discord.values import Json

LARGEST_FILE = 10 << 20  # Reference, uploading files: the default limit
FILE = re.compile(r"files\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came along."""

    filename: str
    content: bytes
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A body, as given, and its files. ``body`` is None when there was none."""

    body: object = None
    uploads: dict[int, Upload] = field(default_factory=dict)

    def journal(self) -> Json:
        """As the journal keeps it: files by their size."""
        body = self.body if isinstance(self.body, dict) else {} if self.body is None else {"": self.body}
        return body | {f"files[{rank}]": len(upload.content) for rank, upload in self.uploads.items()}


async def read(request: web.Request) -> Sent:
    """The body of a request. Raises ``Refused``."""
    match request.content_type if request.can_read_body else "":
        case "":
            return Sent()
        case "application/json":
            return Sent(_parsed(await request.read()))
        case "multipart/form-data":
            return await _multipart(request)
        case kind:
            message = f"Expected \"Content-Type\" header to be one of {{'application/json'}}, got {kind}"
            raise violated(50035, message)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body) if body else None
    except ValueError as error:
        raise violated(50109, "The request body contains invalid JSON.") from error


async def _multipart(request: web.Request) -> Sent:
    sent = Sent({}, {})
    body: object = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise violated(50035, "Invalid Form Body")
        content = bytes(await part.read())
        found = FILE.fullmatch(part.name)
        if part.name == "payload_json":
            body = _parsed(content)
        elif found is not None and part.filename is not None:
            if len(content) > LARGEST_FILE:
                raise Refused(413, 40005, "Request entity too large")
            sent.uploads[int(found[1])] = Upload(part.filename, content, part.headers.get("Content-Type"))
        else:
            raise violated(50035, f"Invalid Form Body: {part.name}")
    return Sent(body, sent.uploads)
