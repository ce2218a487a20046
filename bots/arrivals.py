"""Somebody comes into a discussion: since when they are there is kept, and a wave of arrivals is seen.

Where the charter says so, a wave alerts the staff, once for as long as it lasts; and where it acts, everybody waits
between two messages for a time, which everybody there is told. What a moderator ordered there stands as it is, and what
one ended is not ordered again.
"""

from datetime import datetime, timedelta

from bots.desk import Desk
from bots.places import addresses, discussed
from core.alert import AlertKind, Matter, of_place
from core.audience import Recipient, RecipientKind
from core.citizen import Person
from core.delivery import Urgency
from core.identifiers import Address
from core.place_messages import PlaceNotice
from core.ports.store import Books
from core.rules.clause import Enforcement
from core.rules.recent import counted
from core.sanction import Measure, Order, SanctionKind
from core.sanctioning import impose
from core.staff import SERVICE
from core.wording import Wording

_SAID_IN_TIME = timedelta(minutes=10)


def note(desk: Desk, books: Books, person: Person, chat: Address, *, at: datetime) -> bool:
    """Keep it, where the charter holds; whether there is something to send or to carry out."""
    channel = next((each for each in discussed(desk) if chat in addresses(desk, books, each)), None)
    if channel is None or channel.discussion is None:
        return False
    books.arrivals.note(desk.account, chat, desk.vault.blind(person.ref), at=at)
    waves = desk.town.charter.waves
    if waves.enforcement is Enforcement.OFF:
        return False
    number = books.arrivals.count(desk.account, chat, since=at - waves.within)
    seen = f"{channel.name} ({counted(number, waves.within)})"
    return number > waves.most and _met(desk, books, channel.discussion, seen, at)


def _met(desk: Desk, books: Books, chat: Address, seen: str, at: datetime) -> bool:
    """Tell the staff once of a wave, and then slow the discussion down where the charter says so and nobody has."""
    waves = desk.town.charter.waves
    about, detail = of_place(desk.account, chat), Wording(fr=seen, en=seen)
    matter = Matter(kind=AlertKind.WAVE, about=about, detail=detail, until=at + waves.lasts)
    if any(each.matter.name == matter.name and each.over_at is None for each in books.alerts.standing()):
        return False
    books.alerts.open(matter, at=at)
    slowed = any(each.kind is SanctionKind.SLOW_MODE for each in books.sanctions.about(desk.account, chat, b""))
    able = desk.powers.keeps(SanctionKind.SLOW_MODE) and waves.enforcement is Enforcement.ENFORCE
    return able and not slowed and _slow_down(desk, books, chat, at)


def _slow_down(desk: Desk, books: Books, chat: Address, at: datetime) -> bool:
    waves = desk.town.charter.waves
    measure = Measure(kind=SanctionKind.SLOW_MODE, lasts=waves.lasts)
    order = Order(measure=measure, account=desk.account, chat=chat, pause=waves.pause)
    sanction = impose(books, order, at=at, by=SERVICE, staff=desk.staff, vault=desk.vault)
    books.deliveries.plan(
        occurrence=None,
        message=PlaceNotice(
            kind=SanctionKind.SLOW_MODE.value,
            by_rule=True,
            pause=waves.pause,
            until=sanction.until,
            zone=desk.town.zone,
        ),
        recipients=[(desk.account, Recipient(RecipientKind.CHAT, chat))],
        urgency=Urgency.NOTICE,
        due_at=at,
        expires_at=at + _SAID_IN_TIME,
    )
    return True
