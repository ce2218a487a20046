"""The journal of the debates: what was said there lately, sealed, so that a charter can be tried before it binds.

A town keeps none unless it wants to; then people read so in /rules. Who wrote is a keyed hash, by which /mydata and
/forgetme find what is theirs; what was written opens with the town's key alone.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.identifiers import AccountName, Address, ChannelName, MessageId, PlatformName
from core.rules.media import Medium
from core.said import Said

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A message in its place. ``number`` is the order in which they were judged; ``sealed`` holds the rest."""

    number: int
    account: AccountName
    chat: Address
    message: MessageId
    author: bytes
    sealed: bytes
    at: datetime


def written(said: Said) -> str:
    """What is sealed of it: all but where it stands, whose it is, and when it came."""
    return json.dumps(
        {
            "network": said.network,
            "text": said.text,
            "places": sorted(said.places),
            "links": said.links,
            "media": sorted(said.media),
            "forwarded": said.forwarded,
            "edited": said.edited,
            "as_channel": said.as_channel,
            "since": None if said.since is None else said.since.isoformat(),
        },
        ensure_ascii=False,
    )


def read(entry: Entry, opened: str) -> Said:
    """The message again, of what was sealed of it."""
    rest = json.loads(opened)
    return Said(
        account=entry.account,
        chat=entry.chat,
        message=entry.message,
        author=entry.author,
        at=entry.at,
        network=PlatformName(rest["network"]),
        text=rest["text"],
        places=frozenset(map(ChannelName, rest["places"])),
        links=tuple(rest["links"]),
        media=frozenset(map(Medium, rest["media"])),
        forwarded=rest["forwarded"],
        edited=rest["edited"],
        as_channel=rest["as_channel"],
        since=None if rest["since"] is None else datetime.fromisoformat(rest["since"]),
    )
