"""A post as an import brings it: what its source says of it, in the words of a campaign file."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType

from campaigns.rules import SLUG
from core.errors import Finding
from core.folding import fold

MOST_POSTS = 2000  # of one file
LARGEST = 5_000_000  # bytes of one file

_KEPT = 17  # characters of an id that is no short name; a hyphen and six of its digest follow
_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One announcement and its time. ``origin`` is its id at the source, for ever.

    ``says`` are keys of its announcement with what the source says (``title.fr``): what the source is silent about is
    not there. ``when`` are keys of its step. ``line`` is where it stands in the source, from 1.
    """

    origin: str
    line: int
    says: Mapping[str, object]
    when: Mapping[str, object] = field(default_factory=lambda: _NOTHING)

    @property
    def slug(self) -> str:
        """A short name, the same for ever: the id itself where it is one."""
        if SLUG.fullmatch(self.origin):
            return self.origin
        bare = re.sub(r"[^a-z0-9]+", "-", fold(self.origin)).strip("-")[:_KEPT]
        return f"{bare}-{blake2b(self.origin.encode(), digest_size=3).hexdigest()}".lstrip("-")

    @property
    def at(self) -> datetime | None:
        """The wall-clock time of a post that goes out once, at a time of its own."""
        found = self.when.get("at")
        return found if isinstance(found, datetime) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap:
    """The posts of one campaign. ``channels`` is empty where the source does not say where they go."""

    campaign: str
    channels: tuple[str, ...]
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file holds, without what is left out; ``notes`` are what somebody should look at."""

    heaps: tuple[Heap, ...]
    notes: tuple[Finding, ...] = ()


def sum_of(*values: Mapping[str, object]) -> str:
    """A short digest: equal for equal values, whatever wrote them down."""
    text = json.dumps([_plain(each) for each in values], sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=6).hexdigest()


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case datetime() | date() | time():
            return value.isoformat()
        case bool() | int():
            return value
        case _:
            return str(value)


def flaw(path: Path, line: int, key: str, problem: str, nearest: str | None = None) -> Finding:
    """One thing wrong in a file of posts, with its cure."""
    return Finding(file=path, line=line, key=key, problem=problem, nearest=nearest)
