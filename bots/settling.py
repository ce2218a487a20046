"""Somebody of the staff says in chat whether something is out: by a button under an alert, a command, or an answer.

    /settle 41 out      it is published        /settle 41 again    it is to be sent again

A button also says about which call it was asked: a message that is late to change must not settle the next one.

Who it is, is known by the number of their account, as the configuration names it. The command stands in no menu, and to
everybody else it does not exist. Whoever comes second learns who was first, and changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bots.answering import answer
from bots.desk import Desk, language
from core.alert import stamp
from core.answers import Answer
from core.audience import RecipientKind
from core.delivery import Delivery, DeliveryState
from core.events import ButtonPressed, Command, CommandGiven, Handle, MessagePosted
from core.folding import fold, words
from core.identifiers import DeliveryId, Locale
from core.messages import Answered
from core.ports.store import Books
from core.post import UNSAID
from core.settling import OUT, again, out, settled
from core.staff import Act, Member
from core.staff_messages import DeliverySettled, SettlingRefused, StaffAlert

Work = Callable[[Books], Answered]

_COMMANDS = frozenset({"settle", "regler"})
_SAID = {
    **dict.fromkeys(("1", "out", "publie", "published", "oui", "yes"), True),
    **dict.fromkeys(("2", "again", "renvoyer", "send", "non", "no"), False),
}
_OPEN = frozenset({DeliveryState.UNCERTAIN, DeliveryState.FAILED})
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody of the staff wants to settle, and how: None for what nobody can read. ``call``: of which call."""

    member: Member | None
    delivery: DeliveryId | None
    out: bool | None
    call: str | None = None


def ordered(desk: Desk, event: ButtonPressed | CommandGiven) -> Order | None:
    """The order that a press or a command is; None for anything else, and for commands of people who are not staff."""
    action = event.action if isinstance(event, ButtonPressed) else event.command
    if not isinstance(action, Command) or fold(action.name) not in _COMMANDS:
        return None
    member = desk.staff.behind(desk.account, event.person.number)
    if isinstance(event, CommandGiven) and (event.followed or member is None):
        return None
    return Order(member, *_read(action.arguments))


async def settle(desk: Desk, event: ButtonPressed | CommandGiven, order: Order) -> tuple[Answer, ...]:
    """Settle it, once; the intake is forgotten."""
    return await _answered(desk, event, lambda books: _settled(desk, books, event.handle, order))


async def heard(desk: Desk, event: MessagePosted) -> tuple[Answer, ...] | None:
    """What an answer of the staff to an alert settles; None for any other message, which others deal with."""
    member = desk.staff.behind(desk.account, event.person.number)
    if member is None or event.answers is None or event.edited:
        return None
    alert = await desk.store.read(lambda books: _answered_alert(desk, books, event))
    if alert is None:
        return None
    said = [_SAID[word] for word in words(event.text) if word in _SAID]

    def work(books: Books) -> Answered:
        number = _only_one(books, alert)
        return _settled(desk, books, event.handle, Order(member, number, said[0] if len(set(said)) == 1 else None))

    return await _answered(desk, event, work)


async def _answered(desk: Desk, event: ButtonPressed | CommandGiven | MessagePosted, work: Work) -> tuple[Answer, ...]:
    def whole(books: Books) -> tuple[Answered, Locale]:
        books.inbox.done((event.received.order,))
        return work(books), language(desk, books, event.person)

    message, locale = await desk.store.write(whole)
    if isinstance(message, DeliverySettled) and not message.before:
        desk.wake()
    return (answer(event.handle, message, locale),)


def _read(arguments: Sequence[str]) -> tuple[DeliveryId | None, bool | None, str | None]:
    number = arguments[0] if arguments and arguments[0].isascii() and arguments[0].isdecimal() else None
    call = arguments[2] if len(arguments) == 3 and arguments[2].isdecimal() else None
    said = _SAID.get(fold(arguments[1])) if len(arguments) == (2 if call is None else 3) else None
    return (DeliveryId(int(number)) if number is not None and len(number) < 19 else None), said, call


def _settled(desk: Desk, books: Books, handle: Handle, order: Order) -> DeliverySettled | SettlingRefused:
    stands = books.deliveries.get(order.delivery) if order.delivery is not None else None
    reason = _refused(desk, books, handle, order) or _impossible(books, stands, order)
    if order.member is None or stands is None or reason:
        return SettlingRefused(reason=reason)
    if order.call not in {None, stamp(stands.claimed_at or stands.due_at)}:
        return _settled_before(desk, books, stands)
    at, by = desk.clock.now(), order.member.key
    done = (
        out(books, stands.id, at=at, by=by)
        if order.out
        else again(books, stands.id, at=at, by=by, channels=desk.town.channels)
    )
    if not done:
        failed = stands.state is DeliveryState.FAILED
        return SettlingRefused(reason="not_failed") if failed else _settled_before(desk, books, stands)
    name = order.member.name
    return DeliverySettled(delivery=stands.id, out=bool(order.out), by=name, at=at, zone=desk.town.zone)


def _refused(desk: Desk, books: Books, handle: Handle, order: Order) -> str:
    """Why this person may not say it here; empty when they may."""
    if order.member is None or not order.member.may(Act.SETTLE):
        return "staff_only"
    return "" if _is_among_staff(desk, books, handle) else "not_here"


def _impossible(books: Books, stands: Delivery | None, order: Order) -> str:
    """Why it cannot be said of this delivery; empty when it can."""
    if order.delivery is None or order.out is None:
        return "unclear"
    if stands is None or stands.recipient.kind is RecipientKind.STAFF:
        return "unknown"
    stopped = stands.occurrence is not None and books.campaigns.is_stopped(stands.occurrence)
    return "stopped" if stopped and not order.out else ""


def _settled_before(desk: Desk, books: Books, stands: Delivery) -> DeliverySettled | SettlingRefused:
    deed = settled(books, stands.id, since=_EVER)
    if deed is None:
        return SettlingRefused(reason="by_itself")
    by = desk.staff.name_of(deed.who)
    return DeliverySettled(
        delivery=stands.id, out=deed.content == OUT, by=by, at=deed.at, zone=desk.town.zone, before=True
    )


def _is_among_staff(desk: Desk, books: Books, handle: Handle) -> bool:
    """Whether citizens would not read it: in private, by a press, or in a channel of the staff."""
    if handle.private or handle.press is not None:
        return True
    rooms = (room for room in desk.town.staff_channels if room.account == desk.account)
    return any(handle.chat in {room.address, books.town.address(desk.account, room.address)} for room in rooms)


def _answered_alert(desk: Desk, books: Books, event: MessagePosted) -> StaffAlert | None:
    place = UNSAID if event.handle.private else event.handle.chat
    if place is None or event.answers is None:
        return None
    number = books.deliveries.of_message(desk.account, place, event.answers)
    copy = books.deliveries.get(number) if number is not None else None
    return copy.message if copy is not None and isinstance(copy.message, StaffAlert) else None


def _only_one(books: Books, told: StaffAlert) -> DeliveryId | None:
    """The delivery that the alert asks about; when it asks about none any more, the only one that it was about."""
    alert = books.alerts.get(told.alert)
    found = [books.deliveries.get(each) for each in alert.matter.deliveries] if alert is not None else []
    known = [each for each in found if each is not None]
    asked = [each for each in known if each.state in _OPEN] or known
    return asked[0].id if len(asked) == 1 else None
