"""Arriving, choosing a language, asking for news, leaving. Nobody is remembered before they choose or ask."""

from bots.desk import Desk, Request, language
from core.answers import Answer
from core.events import Departed
from core.folding import fold
from core.identifiers import Locale
from core.messages import HelpShown, LanguageChosen, LanguageOffered, Subscribed, Unsubscribed, Welcome
from core.ports.store import Books

_LANGUAGES = {
    "fr": Locale.FR,
    "francais": Locale.FR,
    "french": Locale.FR,
    "en": Locale.EN,
    "anglais": Locale.EN,
    "english": Locale.EN,
}


def welcome(desk: Desk, request: Request, books: Books) -> Welcome:
    """Greet, and remember nothing."""
    citizen = books.citizens.find(desk.vault.blind(request.person.ref))
    return Welcome(town=desk.town.name, subscribed=citizen is not None and citizen.subscribed)


def show_help(desk: Desk, _request: Request, _books: Books) -> HelpShown:
    """Show the commands."""
    return HelpShown(town=desk.town.name)


def choose_language(desk: Desk, request: Request, books: Books) -> LanguageChosen | LanguageOffered:
    """Remember the language named; offer the choice when none is."""
    chosen = _LANGUAGES.get(fold(request.arguments[0])) if request.arguments else None
    if chosen is None:
        return LanguageOffered()
    _remember(desk, request, books, chosen, subscribed=None)
    return LanguageChosen()


def subscribe(desk: Desk, request: Request, books: Books) -> Subscribed:
    """Remember whom to write to."""
    _remember(desk, request, books, language(desk, books, request.person), subscribed=True)
    return Subscribed()


def unsubscribe(desk: Desk, request: Request, books: Books) -> Unsubscribed:
    """Stop private news; what was planned is cancelled."""
    books.citizens.unsubscribe(desk.vault.blind(request.person.ref))
    return Unsubscribed()


async def depart(desk: Desk, event: Departed) -> tuple[Answer, ...]:
    """Stop private news to someone who closed the door."""
    blind = desk.vault.blind(event.person.ref)

    def work(books: Books) -> None:
        books.inbox.done((event.received.order,))
        books.citizens.unsubscribe(blind)

    await desk.store.write(work)
    return ()


def _remember(desk: Desk, request: Request, books: Books, locale: Locale, *, subscribed: bool | None) -> None:
    person = request.person.ref
    books.citizens.remember(
        blind=desk.vault.blind(person),
        sealed=desk.vault.seal(person),
        account=desk.account,
        locale=locale,
        subscribed=subscribed,
        at=request.received.at,
    )
