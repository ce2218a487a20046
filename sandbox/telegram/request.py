"""What a program sent over HTTP: parameters from the address and the body, and files (``HttpReader`` in td)."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from sandbox.telegram.errors import violated


@dataclass(frozen=True, slots=True)
class Sent:
    """Raw parameters: strings from forms, JSON values from JSON bodies; and the files."""

    raw: dict[str, object]
    uploads: dict[str, bytes]

    def journal(self) -> dict[str, object]:
        """As the journal keeps it: files by their size."""
        return self.raw | {f"file:{name}": len(content) for name, content in self.uploads.items()}


async def read(request: web.Request) -> Sent:
    """The parameters of a request. Raises ``Refused``."""
    raw: dict[str, object] = dict(_pairs(request.rel_url.raw_query_string))
    match request.content_type if request.can_read_body else "":
        case "":
            return Sent(raw, {})
        case "application/x-www-form-urlencoded":
            raw.update(_pairs((await request.read()).decode("ascii", "replace")))
            return Sent(raw, {})
        case "application/json":
            return Sent(raw | _object(await request.read()), {})
        case "multipart/form-data":
            return await _multipart(request, raw)
        case _:
            return Sent(raw, {})


def _pairs(query: str) -> list[tuple[str, str]]:
    if not query:
        return []
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise violated("strings must be encoded in UTF-8") from error


def _object(body: bytes) -> dict[str, object]:
    try:
        given = json.loads(body)
    except ValueError as error:
        raise violated("can't parse JSON object") from error
    if not isinstance(given, dict):
        raise violated("can't parse JSON object")
    return given


async def _multipart(request: web.Request, raw: dict[str, object]) -> Sent:
    uploads: dict[str, bytes] = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise violated("can't parse the multipart body")
        content = bytes(await part.read())
        if part.filename is None:
            raw[part.name] = _decoded(content)
        else:
            uploads[part.name] = content
    return Sent(raw, uploads)


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise violated("strings must be encoded in UTF-8") from error
