"""``[[feeds]]``: the feeds that a town follows, as the configuration names them."""

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from campaigns.shape import Length
from campaigns.tables import Table
from core.feed import Feed
from core.identifiers import ChannelName, Locale
from core.internet import NotPublic, is_public, target_of

Place = tuple[str | int, ...]

_PUBLIC = "is no public address: write https://…"


def _public(url: str) -> str:
    try:
        target = target_of(url)
    except NotPublic as error:
        raise PydanticCustomError("feed", _PUBLIC) from error
    if target.literal is not None and not is_public(target.literal):
        raise PydanticCustomError("feed", _PUBLIC)
    return url


class FeedTable(Table):
    """One feed. Its drafts are called after ``name``; ``most`` are made in an hour."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,15}$")
    url: Annotated[str, AfterValidator(_public)]
    channels: tuple[str, ...] = Field(min_length=1)
    language: Locale = Locale.FR
    every: Length = Field(default="15 min", validate_default=True)
    most: int = Field(default=4, ge=1, le=100)

    def value(self) -> Feed:
        """The core's value."""
        return Feed(
            name=self.name,
            url=self.url,
            channels=tuple(map(ChannelName, self.channels)),
            locale=self.language,
            every=self.every,
            most=self.most,
        )


def flaws(feeds: Sequence[FeedTable], channels: Collection[str]) -> Iterator[tuple[Place, str]]:
    """What no single table can see."""
    names = [feed.name for feed in feeds]
    for rank, feed in enumerate(feeds):
        if names.index(feed.name) < rank:
            yield ("feeds", rank, "name"), f"two feeds are named «{feed.name}»"
        if feed.every.total_seconds() < 60:
            yield ("feeds", rank, "every"), "at least 1 min"
        for name in feed.channels:
            if name not in channels:
                yield ("feeds", rank, "channels"), f"no channel is named «{name}»"
