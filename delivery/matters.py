"""What needs a human now, as the books show it: doubts, failures in public, accounts that stand still.

One matter for all deliveries of an occurrence, however many they are: what is public is named, what is private is only
counted. Where a network shows what we wrote, a doubt is no matter before it was looked for there.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from core.admission import RequestState
from core.alert import KEPT, AlertKind, Matter, of_account, of_channel, of_delivery, of_occurrence
from core.audience import RecipientKind
from core.capabilities import Capabilities
from core.delivery import LEASE, DeliveryState
from core.identifiers import AccountName
from core.ports.books.deliveries import Ailing
from core.ports.engine import halt, listening, sending
from core.ports.store import Books
from core.wording import Wording
from delivery.filters import unfiltered

LOOKED = LEASE + timedelta(seconds=10)  # after the call: whoever looks back has had the time to
STOPS_LAST = timedelta(minutes=5)  # an account that is tried again seems to work meanwhile
FAILING = timedelta(minutes=2)  # a sanction: what passes by itself needs nobody
_PUBLIC = frozenset({RecipientKind.CHANNEL, RecipientKind.CHAT})

Found = dict[tuple[AlertKind, str], Matter]


class Matters:
    """Finds them. ``accounts`` are all that send or listen; ``capabilities`` is asked at each look."""

    def __init__(
        self,
        *,
        accounts: Iterable[AccountName],
        capabilities: Callable[[], Mapping[AccountName, Capabilities]],
    ) -> None:
        self._accounts = tuple(accounts)
        self._capabilities = capabilities

    def find(self, books: Books, now: datetime) -> Found:
        """All that stand, by their names."""
        known = self._capabilities()
        ailing = [each for each in books.deliveries.ailing(since=now - KEPT) if _is_ripe(each, known, now)]
        doubts = [each for each in ailing if each.state is DeliveryState.UNCERTAIN]
        failures = [each for each in ailing if each.state is not DeliveryState.UNCERTAIN]
        found = (
            *_gathered(AlertKind.DOUBT, doubts),
            *_gathered(AlertKind.FAILURE, failures),
            *self._halts(books, now),
            *_unkept(books, now),
            *self._unfiltered(books),
            *_asking(books, now),
        )
        return {matter.name: matter for matter in found}

    def _halts(self, books: Books, now: datetime) -> Iterator[Matter]:
        away = books.corrections.away() | books.deliveries.away()
        for account in self._accounts:
            stands = next(filter(None, (halt(books, lane(account)) for lane in (sending, listening))), None)
            said = away.get(account) if stands is None else stands.why
            if said is not None:
                why = Wording(fr=said, en=said)
                yield Matter(kind=AlertKind.HALT, about=of_account(account), detail=why, until=now + STOPS_LAST)

    def _unfiltered(self, books: Books) -> Iterator[Matter]:
        for account in self._accounts:
            said = books.town.fact(unfiltered(account))
            if said is not None:
                why = Wording(fr=said, en=said)
                yield Matter(kind=AlertKind.FILTER, about=of_account(account), detail=why)


def _unkept(books: Books, now: datetime) -> Iterator[Matter]:
    """One for each account, however many sanctions fail there."""
    failing: dict[AccountName, str] = {}
    for each in books.sanctions.failing():
        if each.failing_since is not None and now - each.failing_since >= FAILING:
            failing.setdefault(each.account, each.trouble)
    for account, trouble in failing.items():
        why = Wording(fr=trouble, en=trouble)
        yield Matter(kind=AlertKind.SANCTION, about=of_account(account), detail=why)


def _asking(books: Books, now: datetime) -> Iterator[Matter]:
    """Requests to join, for each channel: those that wait for the staff, and those that nobody answered in time."""
    waiting = Counter(
        (AlertKind.UNANSWERED if each.is_left(now) else AlertKind.REQUESTS, each.place)
        for each in books.requests.all()
        if each.is_left(now) or each.state is RequestState.HELD
    )
    for (kind, place), number in waiting.items():
        said = f"{place} ({number})"
        yield Matter(kind=kind, about=of_channel(place), detail=Wording(fr=said, en=said))


def _is_ripe(ailing: Ailing, known: Mapping[AccountName, Capabilities], now: datetime) -> bool:
    """Whether nobody but a human can say more."""
    on = known.get(ailing.account)
    looks = on is not None and on.looks_back and ailing.kind in _PUBLIC and ailing.state is DeliveryState.UNCERTAIN
    return not looks or ailing.claimed_at is None or now - ailing.claimed_at >= LOOKED


def _gathered(kind: AlertKind, ailing: Iterable[Ailing]) -> Iterator[Matter]:
    about: dict[str, list[Ailing]] = {}
    for each in ailing:
        place = of_delivery(each.id) if each.occurrence is None else of_occurrence(each.occurrence)
        about.setdefault(place, []).append(each)
    for place, some in about.items():
        public = tuple(each.id for each in some if each.kind in _PUBLIC)
        yield Matter(kind=kind, about=place, deliveries=public, private=len(some) - len(public))
