"""A message of the debates, where it stands."""

from dataclasses import dataclass

from core.events import MessagePosted
from core.identifiers import Address, ChannelName, MessageId


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody wrote, in a discussion group. ``places`` are the channels that are discussed there."""

    event: MessagePosted
    chat: Address
    message: MessageId
    places: frozenset[ChannelName]
