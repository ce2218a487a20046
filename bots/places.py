"""A moderator closes a discussion, opens it again, or has everybody wait between two messages.

    /lock                      nobody writes, until somebody opens it
    /lock 1h                   for an hour
    /unlock                    over, from now on
    /slowmode 30s              a pause of 30 seconds between two messages of the same person
    /slowmode 30s 1h           for an hour
    /slowmode off              over
    /slock, /sunlock, /sslowmode    people there are not told

Which discussion: that of the channel whose name comes first (``/lock place 1h``), else the one that the command was
given in, else the only one of the account. What a moderator orders takes the place of what stood there of its kind.
"""

from datetime import datetime, timedelta

from bots.desk import Desk
from bots.lengths import length
from bots.orders import Instruction, Verb
from bots.statements import NOTICE_EXPIRES_AFTER
from core.audience import Channel, Recipient, RecipientKind
from core.delivery import Urgency
from core.folding import fold
from core.identifiers import Address
from core.place_messages import PlaceNotice, PlaceOrdered, PlaceRefused
from core.ports.store import Books
from core.sanction import LONGEST_PASSING, Measure, Order, Sanction, SanctionKind, SanctionState
from core.sanctioning import impose, lift

_KINDS = {
    Verb.SLOW_MODE: SanctionKind.SLOW_MODE,
    Verb.LOCK: SanctionKind.LOCK,
    Verb.UNLOCK: SanctionKind.LOCK,
}
_OFF = frozenset({"off", "non", "stop", "fin"})

Words = tuple[str, ...]


def decide(desk: Desk, books: Books, order: Instruction) -> PlaceOrdered | PlaceRefused:
    """Close a discussion, slow it down, or end that."""
    channel, words = placed(desk, books, order)
    if channel is None or channel.discussion is None:
        return PlaceRefused(reason="which_place", places=tuple(each.name for each in discussed(desk)))
    kind = _KINDS[order.spelling.verb]
    if not desk.powers.keeps(kind):
        return PlaceRefused(reason="network")
    if order.spelling.verb is Verb.UNLOCK or (kind is SanctionKind.SLOW_MODE and fold("".join(words[:1])) in _OFF):
        return _ended(desk, books, order, channel)
    wanted = _wanted(desk, channel.discussion, kind, words)
    if isinstance(wanted, PlaceRefused):
        return wanted
    return _imposed(desk, books, order, channel, wanted)


def discussed(desk: Desk) -> tuple[Channel, ...]:
    """The channels of this account that are discussed somewhere."""
    return tuple(each for each in desk.town.channels if each.account == desk.account and each.discussion)


def placed(desk: Desk, books: Books, order: Instruction) -> tuple[Channel | None, Words]:
    """Which channel's discussion a command is about, and the words that are left."""
    known, words = discussed(desk), order.words
    named = [each for each in known if words and fold(each.name) == fold(words[0])]
    if named:
        return named[0], words[1:]
    if order.place is not None:
        here = [each for each in known if order.place in addresses(desk, books, each)]
        return (here[0] if here else None), words
    return (known[0] if len({each.discussion for each in known}) == 1 else None), words


def addresses(desk: Desk, books: Books, channel: Channel) -> frozenset[Address]:
    """Where its discussion is, also when it has moved."""
    place = channel.discussion
    return frozenset() if place is None else frozenset({place, books.town.address(desk.account, place)})


def _wanted(desk: Desk, chat: Address, kind: SanctionKind, words: Words) -> Order | PlaceRefused:
    pause = timedelta()
    if kind is SanctionKind.SLOW_MODE:
        asked = length(words[0]) if words else None
        if asked is None or asked > desk.powers.longest_pause:
            return PlaceRefused(reason="how_slow", longest=desk.powers.longest_pause)
        pause, words = asked, words[1:]
    lasts = length(words[0]) if words else None
    if len(words) > 1 or (words and lasts is None) or (lasts is not None and lasts > LONGEST_PASSING):
        return PlaceRefused(reason="how_long")
    return Order(measure=Measure(kind=kind, lasts=lasts), account=desk.account, chat=chat, pause=pause)


def _imposed(desk: Desk, books: Books, order: Instruction, channel: Channel, wanted: Order) -> PlaceOrdered:
    kind, by, at = wanted.measure.kind, order.member.key, order.at
    for before in _standing(books, desk, wanted.chat, kind):
        lift(books, before.id, at=at, by=by, staff=desk.staff)
    sanction = impose(books, wanted, at=at, by=by, staff=desk.staff, vault=desk.vault)
    notice = PlaceNotice(kind=kind.value, pause=wanted.pause, until=sanction.until, zone=desk.town.zone)
    told = _told(desk, books, order, wanted.chat, notice)
    return PlaceOrdered(
        place=channel.name,
        kind=kind.value,
        pause=wanted.pause,
        until=sanction.until,
        zone=desk.town.zone,
        told=told,
    )


def _ended(desk: Desk, books: Books, order: Instruction, channel: Channel) -> PlaceOrdered | PlaceRefused:
    kind, chat = _KINDS[order.spelling.verb], channel.discussion or Address("")
    standing = _standing(books, desk, chat, kind)
    if not standing:
        return PlaceRefused(reason="not_so")
    for sanction in standing:
        lift(books, sanction.id, at=order.at, by=order.member.key, staff=desk.staff)
    told = _told(desk, books, order, chat, PlaceNotice(kind=kind.value, over=True))
    return PlaceOrdered(place=channel.name, kind=kind.value, over=True, told=told)


def _standing(books: Books, desk: Desk, chat: Address, kind: SanctionKind) -> list[Sanction]:
    live = books.sanctions.about(desk.account, chat, b"")
    return [each for each in live if each.kind is kind and each.state is SanctionState.STANDING]


def _told(desk: Desk, books: Books, order: Instruction, chat: Address, notice: PlaceNotice) -> bool:
    """Plan what everybody there is told, unless it was to be silent; what is over soon is not said late."""
    if order.spelling.silent:
        return False
    at = desk.clock.now()
    books.deliveries.plan(
        occurrence=None,
        message=notice,
        recipients=[(desk.account, Recipient(RecipientKind.CHAT, chat))],
        urgency=Urgency.NOTICE,
        due_at=at,
        expires_at=_last(at, notice.until),
    )
    return True


def _last(at: datetime, until: datetime | None) -> datetime:
    latest = at + NOTICE_EXPIRES_AFTER
    return latest if until is None or until <= at else min(until, latest)
