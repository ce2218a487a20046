"""What a program sent over HTTP: parameters from the address and the body, nested as Rack nests them, and files."""

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from sandbox.mastodon.errors import Cause, Refused
from sandbox.mastodon.values import Json

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sent:
    """Raw parameters: strings from addresses and forms, JSON values from JSON bodies; and the files."""

    raw: Json
    uploads: dict[str, tuple[str, bytes]]
    is_json: bool = False

    def journal(self) -> Json:
        """As the journal keeps it: files by their size."""
        return self.raw | {f"file:{name}": len(content) for name, (_, content) in self.uploads.items()}


async def read(request: web.Request) -> Sent:
    """The parameters of a request. Raises ``Refused``."""
    raw = nested(_pairs(request.rel_url.raw_query_string))
    match request.content_type if request.can_read_body else "":
        case "application/x-www-form-urlencoded":
            return Sent(raw | nested(_pairs((await request.read()).decode("ascii", "replace"))), {})
        case "application/json":
            return Sent(raw | _object(await request.read()), {}, is_json=True)
        case "multipart/form-data":
            return await _multipart(request, raw)
        case _:
            return Sent(raw, {})


def nested(pairs: Pairs) -> Json:
    """``a[b][]=x`` as ``{"a": {"b": ["x"]}}``. Raises ``Refused`` when a name is used in two ways."""
    raw: Json = {}
    for name, value in pairs:
        head, *rest = _steps(name)
        _put(raw, head, rest, value)
    return raw


def _steps(name: str) -> list[str]:
    head, bracket, rest = name.partition("[")
    return [head, *re.findall(r"([^\[\]]*)\]", bracket + rest)] if bracket else [head]


def _put(place: Json, name: str, rest: list[str], value: str) -> None:
    if not rest:
        place[name] = value
        return
    if rest[0]:
        inner = place.setdefault(name, {})
        if not isinstance(inner, dict):
            raise _bad(f"{name} is used in two ways")
        _put(inner, rest[0], rest[1:], value)
        return
    items = place.setdefault(name, [])
    if not isinstance(items, list):
        raise _bad(f"{name} is used in two ways")
    if len(rest) == 1:
        items.append(value)
    elif items and isinstance(items[-1], dict) and rest[1] not in items[-1]:
        _put(items[-1], rest[1], rest[2:], value)
    else:
        items.append({})
        _put(items[-1], rest[1], rest[2:], value)


def _pairs(query: str) -> Pairs:
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict") if query else []
    except ValueError as error:
        raise _bad("invalid %-encoding") from error


def _object(body: bytes) -> Json:
    try:
        given = json.loads(body or b"{}")
    except ValueError as error:
        raise _bad("Error occurred while parsing request parameters") from error
    if not isinstance(given, dict):
        raise _bad("Error occurred while parsing request parameters")
    return given


async def _multipart(request: web.Request, raw: Json) -> Sent:
    uploads: dict[str, tuple[str, bytes]] = {}
    pairs: Pairs = []
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise _bad("bad multipart body")
        content = bytes(await part.read())
        if part.filename is None:
            pairs.append((part.name, content.decode("utf-8", "replace")))
        else:
            uploads[part.name] = (part.headers.get("Content-Type", "application/octet-stream"), content)
    return Sent(raw | nested(pairs), uploads)


def _bad(reason: str) -> Refused:
    return Refused(400, reason, cause=Cause.VIOLATION)
