"""A message of the debates as the rules hear it: live once, and again when a charter is tried on the journal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.identifiers import AccountName, Address, ChannelName, MessageId, PlatformName
from core.rules.context import LONGEST, Context
from core.rules.copies import sketch
from core.rules.media import Medium
from core.rules.recent import Recent
from core.town import Town


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said, with all that a rule may ask about it. ``author`` is a keyed hash.

    ``places`` are the channels that are discussed there; the rest is as in ``core.rules.context.Context``.
    """

    account: AccountName
    chat: Address
    message: MessageId
    author: bytes
    at: datetime
    network: PlatformName
    text: str
    places: frozenset[ChannelName] = frozenset()
    links: tuple[str, ...] = ()
    media: frozenset[Medium] = frozenset()
    forwarded: bool = False
    edited: bool = False
    as_channel: bool = False
    since: datetime | None = None


def around(said: Said, recent: Recent, town: Town, *, is_trusted: Callable[[], bool], noted: bool = True) -> Context:
    """What is known around it. It is ``noted`` in ``recent`` first: a new one so that too many are counted, a
    rewritten one for its words alone.
    """
    chat, numbers = f"{said.account} {said.chat}", sketch(said.text[:LONGEST], recent.key)
    if noted:
        if not said.edited:
            recent.note(author=said.author, chat=chat, message=said.message, at=said.at)
        recent.note_words(numbers, chat=chat, message=said.message, at=said.at)
    return Context(
        author=said.author,
        chat=chat,
        places=said.places,
        network=said.network,
        town=tuple({town.name.fr, town.name.en}),
        at=said.at,
        links=said.links,
        media=said.media,
        forwarded=said.forwarded,
        sketch=numbers,
        since=said.since,
        is_trusted=is_trusted,
        as_channel=said.as_channel,
        recent=recent,
    )
