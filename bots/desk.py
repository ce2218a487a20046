"""What a handler needs, and the shape of nearly every handler: some work in one transaction, then one message."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bots.answering import answer
from bots.catalogue import Name
from core.answers import Answer
from core.citizen import Person
from core.events import Choice, Handle, Received, Target
from core.identifiers import AccountName, Locale, PersonRef, PlatformName
from core.messages import Answered
from core.ports.clock import Clock
from core.ports.moderator import NO_POWERS, Powers
from core.ports.store import Books, Store
from core.ports.vault import Vault
from core.rules.recent import Recent
from core.staff import Staff
from core.town import Town


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where one bot account receives people. ``wake`` is called when there is something new to send.

    ``recent`` is touched in writing transactions only, which come one at a time. ``powers`` are what the network can do
    to keep order.
    """

    store: Store
    vault: Vault
    clock: Clock
    town: Town
    platform: PlatformName
    account: AccountName
    wake: Callable[[], None] = lambda: None
    staff: Staff = Staff()  # noqa: RUF009  a frozen value
    recent: Recent = field(default_factory=Recent)
    powers: Powers = NO_POWERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A person asks something, typed or by a button. ``target`` is the message that it answers, where that is told."""

    received: Received
    person: Person
    handle: Handle
    name: Name
    arguments: tuple[str, ...] = ()
    target: Target | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A person presses the button of an option."""

    received: Received
    person: Person
    handle: Handle
    choice: Choice


Work = Callable[[Desk, Request, Books], Answered]
Handler = Callable[[Desk, Request], Awaitable[tuple[Answer, ...]]]


def handler(work: Work) -> Handler:
    """Make a handler of some work on the books: its effect is stored and its intake forgotten in one transaction."""

    async def handle(desk: Desk, request: Request) -> tuple[Answer, ...]:
        message, locale = await desk.store.write(lambda books: _settled(desk, request, books, work))
        return (answer(request.handle, message, locale),)

    return handle


def language(desk: Desk, books: Books, person: Person) -> Locale:
    """The language a person chose, else the one of their application."""
    blind = desk.vault.blind(person.ref)
    return books.citizens.locales((blind,)).get(blind, person.locale)


def voter(desk: Desk, books: Books, person: PersonRef) -> PersonRef:
    """Who votes when this person does: the bond of linked accounts, else the account itself."""
    blind = desk.vault.blind(person)
    return books.bonds.of((blind,)).get(blind, person)


async def tell(
    desk: Desk, message: Answered, *, received: Received, person: Person, handle: Handle
) -> tuple[Answer, ...]:
    """Answer this, whatever was asked; the intake is forgotten."""

    def work(books: Books) -> Locale:
        books.inbox.done((received.order,))
        return language(desk, books, person)

    return (answer(handle, message, await desk.store.write(work)),)


def _settled(desk: Desk, request: Request, books: Books, work: Work) -> tuple[Answered, Locale]:
    books.inbox.done((request.received.order,))
    message = work(desk, request, books)
    return message, language(desk, books, request.person)  # read last: the work may have chosen it
