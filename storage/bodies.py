"""Campaigns, polls and messages as JSON text, and back, by the types of the core alone.

A message is stored with the name of its class, which says how to read it again.
"""

from functools import cache
from hashlib import blake2b, sha256
from typing import Any, NamedTuple, TypeVar, get_args

from pydantic import TypeAdapter

from core.messages import Delivered

T = TypeVar("T")

_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Delivered)}


class Body(NamedTuple):
    """A message as stored. ``digest`` is equal for equal messages."""

    kind: str
    text: str
    digest: bytes


def written(value: object) -> str:
    """The value as JSON text. Raises ValueError for text that is no Unicode text."""
    kind: Any = type(value)
    return _adapter(kind).dump_json(value).decode()


def read(kind: type[T], text: str) -> T:
    """The value again, equal to what was written."""
    adapter: TypeAdapter[T] = _adapter(kind)  # type: ignore[arg-type]  # mypy takes a class for unhashable
    return adapter.validate_json(text)


def content_of(text: str) -> str:
    """What a text is known by: equal for equal texts only."""
    return sha256(text.encode()).hexdigest()


def message_written(message: Delivered) -> Body:
    """The message as stored."""
    kind, text = type(message).__name__, written(message)
    return Body(kind, text, blake2b(f"{kind}\n{text}".encode(), digest_size=16).digest())


def message_read(kind: str, text: str) -> Delivered:
    """The message again."""
    message: Delivered = read(_KINDS[kind], text)
    return message


@cache  # building an adapter takes milliseconds
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
