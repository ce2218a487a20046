"""What moderators order about a whole discussion from the command line: the commands of the chat, by its channel."""

import asyncio
from dataclasses import replace

from app.accounts import discussed, preview_moderator
from app.casework import instruction
from app.identity import acting
from app.office import Office
from bots.desk import Desk
from bots.moderating import OF_PLACES
from bots.orders import ACTS, SPELLINGS
from core.audience import Channel
from core.case_messages import CaseRefused
from core.errors import ParvisError
from core.folding import fold
from core.identifiers import AccountName, PlatformName
from core.place_messages import PlaceOrdered, PlaceRefused, PurgeAsked
from core.ports.store import Books
from core.purging import Purge, purges
from core.sanction import OF_A_CHAT, Sanction, SanctionState

_NOWHERE = PlatformName("console")
_WHY_NOT = {
    "which_place": "no channel that is discussed has this name (see: parvis chats)",
    "network": "its network cannot do that",
    "how_slow": "say first how long everybody waits between two messages, at most {} there: 30s, 5m",
    "how_long": "this length of time was not understood; a year at most: 30m, 2h, 7d",
    "how_many": "say first how many messages, 500 at most, or «author» and a case",
    "which_article": "say which article the messages go against: {}",
    "unknown_case": "there is no such case (see: parvis cases)",
    "staff": "its author is of the staff",
    "not_so": "nothing of the kind stands there",
}


class NotOrdered(ParvisError):
    """What a moderator ordered about a discussion cannot be."""


async def ordered(office: Office, word: str, name: str, words: tuple[str, ...]) -> str:
    """Order it about the discussion of the channel of this name, and say what was done.

    Raises NotAllowed or NotOrdered.
    """
    spelling = SPELLINGS[word]
    who = await acting(office, ACTS[spelling.verb])
    channel = next((each for each in office.settings.town.channels if fold(each.name) == fold(name)), None)
    if channel is None:
        raise NotOrdered(f"{name}: {_WHY_NOT['which_place']}")
    desk = await _desk(office, channel)
    order = instruction(office, who, spelling, desk.account, (channel.name, *words))
    return _said(name, await office.store.write(lambda books: OF_PLACES[spelling.verb](desk, books, order)))


async def standing(office: Office) -> tuple[tuple[Channel, Sanction], ...]:
    """What stands about each discussion."""
    return await office.store.read(lambda books: _standing(office, books))


def _standing(office: Office, books: Books) -> tuple[tuple[Channel, Sanction], ...]:
    live = [each for each in books.sanctions.all(state=SanctionState.STANDING, limit=1000) if each.kind in OF_A_CHAT]
    return tuple(
        (channel, each)
        for channel in office.settings.town.channels
        for each in live
        if (each.account, each.chat) == (channel.account, discussed(books, channel))
    )


async def _desk(office: Office, channel: Channel) -> Desk:
    """The account of a channel, with its discussions as the network calls them."""
    town = office.settings.town
    here = await office.store.read(lambda books: {each: discussed(books, each) for each in town.channels})
    account = next(each for each in office.settings.accounts if each.name == channel.account)
    moderator = await asyncio.to_thread(preview_moderator, account, office.settings, office.clock)
    return Desk(
        store=office.store,
        vault=office.vault,
        clock=office.clock,
        town=replace(town, channels=tuple(replace(each, discussion=here[each]) for each in town.channels)),
        platform=_NOWHERE,
        account=AccountName(channel.account),
        staff=office.settings.staff,
        powers=moderator.powers,
    )


async def taken_out(office: Office) -> tuple[Purge, ...]:
    """What was to be taken out of discussions, and what became of it, the newest first."""
    accounts = [each.name for each in office.settings.accounts]
    found = await office.store.read(lambda books: [each for name in accounts for each in purges(books, name)])
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def _said(name: str, message: PlaceOrdered | PurgeAsked | PlaceRefused | CaseRefused) -> str:
    if isinstance(message, PlaceRefused):
        raise NotOrdered(f"{name}: {_WHY_NOT[message.reason].format(message.longest)}")
    if isinstance(message, CaseRefused):
        raise NotOrdered(f"{name}: {_WHY_NOT[message.reason].format(', '.join(message.articles))}")
    if isinstance(message, PurgeAsked):
        return f"{message.place}: the messages will be taken out within seconds (see: parvis chats purged)."
    end = "" if message.until is None else f" until {message.until:%Y-%m-%d %H:%M} UTC"
    pause = f", {message.pause.total_seconds():.0f} s between two messages" if message.pause else ""
    stands = "is over" if message.over else f"stands{end}{pause}"
    told = "people there are told" if message.told else "nobody is told"
    return f"{message.place}: the {message.kind} {stands}, as soon as the network takes it; {told}."
