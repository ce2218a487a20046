"""Somebody asks to join a discussion: they are shown the rules in private, and let in once they have read them.

    /enter                     by whoever asked: I have read the rules (the button says the same)
    /admit place               by moderators: let in all who wait for them there
    /decline place             turn all of them down

While a wave of arrivals lasts that the charter acts on, or when who asks stands banned, the request waits for the
staff; so does one that comes too late to be answered in private. ``delivery.admissions`` tells the network what was
decided.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bots.answering import answer
from bots.desk import Desk, language
from bots.orders import Instruction, Verb
from bots.places import addresses, discussed, placed
from bots.rules import shown
from core.admission import JoinRequest, Requests, RequestState
from core.alert import AlertKind, of_channel, of_place
from core.answers import Answer, Say
from core.audience import Channel
from core.audit import Deed
from core.events import ButtonPressed, Command, CommandGiven, JoinRequested
from core.folding import fold
from core.identifiers import Address, Locale
from core.join_messages import JoinAdmitted, JoinAsked, JoinHeld, JoinUnknown
from core.place_messages import PlaceRefused, RequestsDecided
from core.ports.store import Books
from core.rules.clause import Enforcement
from core.sanction import SanctionKind, Subject
from core.sanctioning import closed
from core.staff import Act

REACHABLE = timedelta(minutes=5)  # for so long the network lets a bot write to who asks
_COMMANDS = frozenset({"enter", "entrer"})


async def receive(desk: Desk, event: JoinRequested) -> tuple[Answer, ...]:
    """Keep the request, and show the rules to who makes it; the intake is forgotten."""

    def work(books: Books) -> tuple[JoinAsked | JoinHeld | None, Locale]:
        books.inbox.done((event.received.order,))
        return _received(desk, books, event), language(desk, books, event.person)

    message, locale = await desk.store.write(work)
    return () if message is None else (Say(handle=event.handle, message=message, locale=locale),)


def asks_in(desk: Desk, event: ButtonPressed | CommandGiven) -> bool:
    """Whether somebody says that they have read the rules, where requests are answered."""
    action = event.action if isinstance(event, ButtonPressed) else event.command
    meant = isinstance(action, Command) and fold(action.name) in _COMMANDS
    linked = isinstance(event, CommandGiven) and event.followed  # anybody may copy a link
    return meant and not linked and desk.powers.admits and event.handle.private


async def enter(desk: Desk, event: ButtonPressed | CommandGiven) -> tuple[Answer, ...]:
    """Let them in, unless their request waits for the staff by now; the intake is forgotten."""

    def work(books: Books) -> tuple[JoinAdmitted | JoinHeld | JoinUnknown, Locale]:
        books.inbox.done((event.received.order,))
        return _entered(desk, books, event), language(desk, books, event.person)

    message, locale = await desk.store.write(work)
    if isinstance(message, JoinAdmitted):
        desk.wake()
    return (answer(event.handle, message, locale),)


def decide(desk: Desk, books: Books, order: Instruction) -> RequestsDecided | PlaceRefused:
    """Let in all who wait for the staff at one place, or turn them down."""
    channel = _channel_named(desk, order) or placed(desk, books, order)[0]
    if channel is None:
        return PlaceRefused(reason="which_place", places=tuple(each.name for each in _all_discussed(desk)))
    waiting = [
        each
        for each in books.requests.all()
        if each.place == channel.name and each.state is RequestState.HELD and not each.is_left(order.at)
    ]
    if not waiting:
        return PlaceRefused(reason="no_requests")
    admitted = order.spelling.verb is Verb.ADMIT
    for each in waiting:
        books.requests.save(replace(each, state=RequestState.ADMITTED if admitted else RequestState.DECLINED))
    about, act = of_channel(channel.name), Act.ADMIT if admitted else Act.DECLINE
    for alert in books.alerts.standing():
        if alert.matter.name == (AlertKind.REQUESTS, about) and alert.over_at is None:
            books.alerts.save(replace(alert, over_at=order.at))
    books.audit.record(Deed(who=order.member.key, at=order.at, act=act, about=about, content=str(len(waiting))))
    return RequestsDecided(place=channel.name, admitted=admitted, number=len(waiting))


def _received(desk: Desk, books: Books, event: JoinRequested) -> JoinAsked | JoinHeld | None:
    """What to tell who asks; nothing where it is not for us to answer, or when it was told before."""
    wanted, person = desk.town.charter.waves.requests, desk.vault.blind(event.person.ref)
    channel = next((each for each in discussed(desk) if event.chat in addresses(desk, books, each)), None)
    before = books.requests.find(desk.account, event.chat, person)
    if wanted is Requests.OFF or channel is None or (before is not None and before.at >= event.asked_at):
        return None
    late = event.received.at - event.asked_at > REACHABLE
    held = wanted is Requests.STAFF or late or _needs_the_staff(desk, books, (channel,), person, event.received.at)
    books.requests.save(
        JoinRequest(
            account=desk.account,
            chat=event.chat,
            person=person,
            sealed=closed(desk.vault, Subject(person=event.person.ref, number=event.person.number)),
            place=channel.name,
            at=event.asked_at,
            state=RequestState.HELD if held else RequestState.ASKED,
        )
    )
    if late:
        return None
    articles = tuple((number, wording) for number, wording, _ in shown(desk.town).articles)
    return JoinHeld(town=desk.town.name) if held else JoinAsked(town=desk.town.name, articles=articles)


def _entered(desk: Desk, books: Books, event: ButtonPressed | CommandGiven) -> JoinAdmitted | JoinHeld | JoinUnknown:
    at, person = event.received.at, desk.vault.blind(event.person.ref)
    theirs = [each for each in books.requests.of(person) if each.account == desk.account and not each.is_left(at)]
    states = {_stands(desk, books, each, at) for each in theirs} - {RequestState.DECLINED}
    if not states:
        return JoinUnknown()
    return JoinAdmitted() if RequestState.ADMITTED in states else JoinHeld(town=desk.town.name)


def _stands(desk: Desk, books: Books, request: JoinRequest, at: datetime) -> RequestState:
    """Where it stands now that the rules are read."""
    if request.state is not RequestState.ASKED:
        return request.state
    there = [each for each in discussed(desk) if each.name == request.place]
    held = _needs_the_staff(desk, books, there, request.person, at)
    state = RequestState.HELD if held else RequestState.ADMITTED
    books.requests.save(replace(request, state=state))
    return state


def _needs_the_staff(desk: Desk, books: Books, there: Iterable[Channel], person: bytes, at: datetime) -> bool:
    """Whether many come in at once there, or this person stands banned."""
    places = {of_place(desk.account, each.discussion or Address("")) for each in there}
    wave = desk.town.charter.waves.enforcement is Enforcement.ENFORCE and any(
        each.matter.kind is AlertKind.WAVE
        and each.matter.about in places
        and each.over_at is None
        and (each.matter.until is None or at < each.matter.until)
        for each in books.alerts.standing()
    )
    bans = (each for each in books.sanctions.of(person) if each.kind is SanctionKind.BAN)
    return wave or any(each.is_in_force(at) for each in bans)


def _channel_named(desk: Desk, order: Instruction) -> Channel | None:
    """The channel that the command names, whichever account hears it: the staff is asked on all its networks."""
    name = fold(order.words[0]) if order.words else ""
    return next((each for each in _all_discussed(desk) if fold(each.name) == name), None)


def _all_discussed(desk: Desk) -> tuple[Channel, ...]:
    return tuple(each for each in desk.town.channels if each.discussion)
