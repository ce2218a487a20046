"""What is known of a channel: what kind it is, and so what a post in it takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.identifiers import Address

_ANNOUNCEMENTS = 5
_FORUMS = frozenset({15, 16})  # a forum, and one for pictures
_NEEDS_TAG = 1 << 4  # flag of a channel: REQUIRE_TAG


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """``followed`` channels are crossposted, ``debated`` ones get a thread for each post, a ``forum`` is nothing else.

    ``wanted`` are the tags that the configuration names, ``tags`` those that the forum has, by name: None as long as
    nobody has looked.
    """

    followed: bool = False
    debated: bool = False
    forum: bool = False
    wanted: tuple[str, ...] = ()
    tags: dict[str, str] | None = field(default=None)
    needs_tag: bool = False
    guild: str = ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """The tags that are wanted and that the forum does not have."""
        return () if self.tags is None else tuple(tag for tag in self.wanted if tag not in self.tags)


def unseen(address: Address, discussions: frozenset[Address], wanted: Sequence[str]) -> Ground:
    """A channel as the configuration alone describes it: only a forum has tags."""
    return Ground(debated=address in discussions, forum=bool(wanted), wanted=tuple(wanted))


def seen(channel: dict[str, Any], *, debated: bool, wanted: Sequence[str]) -> Ground:
    """A channel as Discord shows it."""
    return Ground(
        followed=channel.get("type") == _ANNOUNCEMENTS,
        debated=debated,
        forum=channel.get("type") in _FORUMS,
        wanted=tuple(wanted),
        tags={str(tag["name"]): str(tag["id"]) for tag in channel.get("available_tags") or ()},
        needs_tag=bool(int(channel.get("flags") or 0) & _NEEDS_TAG),
        guild=str(channel.get("guild_id") or ""),
    )
